"""Progress: a callable is told what happens. If it raises, the work stops."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

Listener = Callable[[str, dict[str, Any]], None]
Stage = Literal["prepare", "split", "build", "fit", "evaluate", "report"]
Timings = dict[str, float]
OnStep = Callable[[int, int, dict[str, float], float], None]
"""Hears of an epoch or iteration: its number from 1, how many there may be, scores, seconds."""


def ignore(kind: str, data: dict[str, Any]) -> None:
    """The listener for those who do not listen."""


def log(tell: Listener, message: str) -> None:
    """A sentence for the log."""
    tell("log", {"message": message, "level": "info"})


def warn(tell: Listener, message: str) -> None:
    """A sentence the person should know before trusting the result."""
    tell("warning", {"message": message})


@contextmanager
def stage(tell: Listener, name: Stage, timings: Timings) -> Iterator[None]:
    """Tell when a stage starts and ends, and keep its seconds in `timings`."""
    began = time.perf_counter()
    tell("stage", {"stage": name, "state": "started", "seconds": 0.0})
    yield
    timings[name] = time.perf_counter() - began
    tell("stage", {"stage": name, "state": "done", "seconds": round(timings[name], 6)})


def finite(value: float) -> float | None:
    """A plain number, or None where it is not finite: NaN has no place in JSON."""
    value = float(value)
    return value if math.isfinite(value) else None


def all_finite(numbers: Mapping[str, float]) -> dict[str, float | None]:
    """`finite` for each number of a table of scores."""
    return {name: finite(value) for name, value in numbers.items()}
