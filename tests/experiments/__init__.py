"""Sentences about experiments and runs."""
