"""Sentences about what people may expect, run against real servers."""
