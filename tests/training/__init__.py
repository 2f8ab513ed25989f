"""Sentences about the queue and what works on it."""
