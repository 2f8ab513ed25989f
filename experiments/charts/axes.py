"""Axes: round ticks, four to six of them, and where a value lies between two edges."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MINUS = "\u2212"
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST = 6


@dataclass(frozen=True)
class Axis:
    """Values from `lo` to `hi` drawn from pixel `start` to pixel `end`; ticks are round values inside."""

    lo: float
    hi: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """The pixel of a value."""
        return self.start + (value - self.lo) / (self.hi - self.lo) * (self.end - self.start)

    def labels(self) -> tuple[str, ...]:
        return tick_text(self.ticks)


def nice(lo: float, hi: float, *, whole: bool = False) -> tuple[float, ...]:
    """Round values that enclose `lo` to `hi`, four to six where possible; `whole` keeps to integers."""
    if not hi > lo:
        pad = abs(lo) * 0.1 or 1.0
        lo, hi = (lo, lo + 1) if whole else (lo - pad, hi + pad)
    return _ticks(lo, hi, _step(lo, hi, whole))


def _step(lo: float, hi: float, whole: bool) -> float:
    scale = 10.0 ** math.floor(math.log10((hi - lo) / _MOST))
    steps = [scale * step for step in _STEPS] + [scale * 20]
    fitting = [step for step in steps if not whole or (step >= 1 and step == int(step))]
    return next((step for step in fitting if len(_ticks(lo, hi, step)) <= _MOST), max(1.0, steps[-1]))


def _ticks(lo: float, hi: float, step: float) -> tuple[float, ...]:
    first = math.floor(lo / step + 1e-9)
    last = math.ceil(hi / step - 1e-9)
    return tuple(round(number * step, 12) for number in range(first, last + 1))


def axis(values: Iterable[float], start: float, end: float, *, whole: bool = False) -> Axis:
    """The axis that holds all `values`, its edges on round ticks. Without values it goes from 0 to 1."""
    seen = list(values) or [0.0, 1.0]
    ticks = nice(min(seen), max(seen), whole=whole)
    return Axis(ticks[0], ticks[-1], start, end, ticks)


def span(edges: tuple[float, float], start: float, end: float) -> Axis:
    """The axis with exactly these edges and the round whole ticks between them."""
    lo, hi = edges
    if not hi > lo:
        hi = lo + 1
    inside = tuple(tick for tick in nice(lo, hi, whole=True) if lo <= tick <= hi)
    return Axis(lo, hi, start, end, inside)


def tick_text(ticks: tuple[float, ...]) -> tuple[str, ...]:
    """Labels with the fewest decimals that keep the ticks apart: "0.80", "0.85"; a real minus, commas."""
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    if step < 1e-6 or max(map(abs, ticks), default=0) >= 1e9:
        return tuple(f"{tick:.3g}".replace("-", MINUS) for tick in ticks)
    decimals = next(count for count in range(9) if _is_whole(step * 10**count))
    return tuple("0" if tick == 0 else f"{tick:,.{decimals}f}".replace("-", MINUS) for tick in ticks)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6 * max(1.0, abs(value))
