"""Small marks that stand inside text and tables: spark lines, a score beside the naive guess, fold dots."""

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.charts.axes import Axis, axis
from experiments.charts.paths import line, number, thinned


@dataclass(frozen=True)
class Spark:
    d: str
    words: str


def spark(values: Sequence[float], name: str) -> Spark | None:
    """A line 96 by 28 through the values, and what it shows in words. None under two values."""
    if len(values) < 2:
        return None
    lo, hi = min(values), max(values)
    y = Axis(lo, hi if hi > lo else lo + 1, 25, 3, ())
    x = Axis(0, len(values) - 1, 2, 94, ())
    places = thinned([(float(place), value) for place, value in enumerate(values)], 60)
    d = line((x.at(place), y.at(value or 0.0)) for place, value in places)
    way = "rising" if values[-1] > values[0] else "falling"
    return Spark(d, f"{name}, {way} from {values[0]:.4g} to {values[-1]:.4g}")


@dataclass(frozen=True)
class Versus:
    """A score, its interval and the naive guess on one line, 200 by 28."""

    score: str
    naive: str
    interval: str


def versus(score: float, naive: float | None, interval: tuple[float, float] | None) -> Versus:
    """Each mark as path data; all three share one axis with room at both ends."""
    seen = [value for value in (score, naive, *(interval or ())) if value is not None]
    lo, hi = min(seen), max(seen)
    room = (hi - lo) * 0.15 or 1.0
    x = Axis(lo - room, hi + room, 4, 196, ())
    return Versus(
        score=f"M{number(x.at(score))} 5V23",
        naive="" if naive is None else f"M{number(x.at(naive))} 6V22",
        interval="" if interval is None else f"M{number(x.at(interval[0]))} 14H{number(x.at(interval[1]))}",
    )


@dataclass(frozen=True)
class Dots:
    """The folds of one run on the leaderboard's common axis, 260 by 24; `folds` is one path of round dots."""

    mean: str
    leader: str
    span: str
    folds: str


def fold_axis(folds: Sequence[Sequence[float]]) -> Axis:
    """The axis that all rows of a leaderboard share."""
    return axis([value for row in folds for value in row], 14, 246)


def fold_dots(folds: Sequence[float], x: Axis, *, mean: float, leader: float, half: float) -> Dots:
    """One row: each fold, the mean, `half` an interval to both sides, and where the leader stands."""
    lo, hi = (max(0.0, min(260.0, x.at(value))) for value in (mean - half, mean + half))
    return Dots(
        mean=number(x.at(mean)),
        leader=f"M{number(x.at(leader))} 0V24",
        span=f"M{number(lo)} 12H{number(hi)}",
        folds="".join(f"M{number(x.at(value))} 12h0" for value in folds),
    )
