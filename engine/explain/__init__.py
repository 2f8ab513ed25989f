"""After the training: why a model answers as it does. A job of its own, for it takes longer than a click."""

from engine.explain.job import run

__all__ = ["run"]
