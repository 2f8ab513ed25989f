"""Sentences about uploads, files and what becomes of them."""
