"""The leaderboard as the page shows it: groups of tied runs, each with its folds on one axis."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from engine.metrics import METRICS, Metric
from experiments import charts, leaderboard, student_t
from experiments.leaderboard import Board, Row
from experiments.models import Experiment, Run

BESIDE = {"classification": ("accuracy", "log_loss", "roc_auc"), "regression": ("mae", "r2", "rmse")}
NAIVE = "dummy"


@dataclass(frozen=True)
class Line:
    """One ranked run."""

    row: Row
    place: str
    dots: charts.Dots | None
    interval: tuple[float, float] | None
    beside: list[tuple[float | None, bool]]

    @property
    def run(self) -> Run:
        return self.row.run


@dataclass(frozen=True)
class Group:
    """Runs that share a place; `heading` is empty where one stands alone."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True)
class Leaderboard:
    """All that the page shows of one experiment's runs. `start` and `end` are the ranked rows of the page."""

    experiment: Experiment
    board: Board
    start: int = 0
    end: int = 50

    def at(self, page: int) -> "Leaderboard":
        """The same board, turned to another page."""
        size = self.end - self.start
        return replace(self, start=(page - 1) * size, end=page * size)

    @cached_property
    def ranked(self) -> list[Row]:
        return [row for row in self.board.rows if row.place is not None]

    @property
    def unfinished(self) -> list[Run]:
        return [row.run for row in self.board.rows if not row.run.is_finished]

    @property
    def ended(self) -> list[Run]:
        """Failed, cancelled, and succeeded without this score; the latest only."""
        ended = [row.run for row in self.board.rows if row.place is None and row.run.is_finished]
        return ended[: self.end - self.start]

    @property
    def is_working(self) -> bool:
        return bool(self.unfinished)

    @property
    def beside(self) -> list[Metric]:
        """Two more scores than the one that ranks."""
        names = [name for name in BESIDE[self.experiment.task] if name != self.experiment.metric]
        return [METRICS[name] for name in names[:2]]

    @cached_property
    def axis(self) -> charts.Axis | None:
        """The axis of all rows of this page; the naive guess would push the others into one corner."""
        folds = [row.folds for row in self.ranked[self.start : self.end] if row.folds]
        telling = [
            row.folds for row in self.ranked[self.start : self.end] if row.folds and row.run.algo != NAIVE
        ]
        return charts.fold_axis(telling or folds) if folds else None

    @property
    def ticks(self) -> list[tuple[str, str]]:
        if self.axis is None:
            return []
        return [
            (f"{self.axis.at(tick):.1f}", words)
            for tick, words in zip(self.axis.ticks, self.axis.labels(), strict=True)
        ]

    @property
    def naive(self) -> float | None:
        return self.board.baseline

    @property
    def behind(self) -> float | None:
        """How far the naive guess is behind the first."""
        if self.naive is None or not self.ranked:
            return None
        return abs((self.ranked[0].score or 0.0) - self.naive)

    @cached_property
    def groups(self) -> list[Group]:
        shown = self.ranked[self.start : self.end]
        return [_group(place or 0, [self._line(row) for row in rows]) for place, rows in _by_place(shown)]

    @property
    def tied(self) -> int:
        """How many runs share the first place."""
        return sum(row.place == 1 for row in self.ranked)

    def _line(self, row: Row) -> Line:
        """Without dots where the score lies off the axis."""
        same = [other for other in self.ranked if other.place == row.place]
        half = half_width(row.folds)
        dots = None
        if self.axis and row.folds and row.score is not None and self.axis.lo <= row.score <= self.axis.hi:
            leader = self.ranked[0].score or 0.0
            dots = charts.fold_dots(row.folds, self.axis, mean=row.score, leader=leader, half=half)
        return Line(
            row=row,
            place=f"{row.place}=" if len(same) > 1 else str(row.place),
            dots=dots,
            interval=interval(row.score, row.folds) if dots else None,
            beside=[_beside(row, metric, self._best) for metric in self.beside],
        )

    @cached_property
    def _best(self) -> Mapping[str, float]:
        """The best value of each score that stands beside."""
        best = {}
        for metric in self.beside:
            values = [value for row in self.ranked if (value := _value(row, metric)) is not None]
            if values:
                best[metric.name] = max(values) if metric.higher_is_better else min(values)
        return best


def of(experiment: Experiment, size: int) -> Leaderboard:
    """The first `size` runs of an experiment, ranked among all."""
    return Leaderboard(experiment, leaderboard.rank(experiment), 0, size)


def interval(mean: float | None, folds: Sequence[float]) -> tuple[float, float] | None:
    """95 % of the mean over folds; None where there are no folds."""
    half = half_width(folds)
    return (mean - half, mean + half) if half and mean is not None else None


def half_width(folds: Sequence[float]) -> float:
    """Half of the 95 % interval of the mean over folds, by Student's t; 0 for fewer than two."""
    count = len(folds)
    if count < 2:
        return 0.0
    mean = sum(folds) / count
    spread = math.sqrt(sum((fold - mean) ** 2 for fold in folds) / (count - 1))
    return student_t.critical(count - 1) * spread / math.sqrt(count)


def _by_place(rows: Sequence[Row]) -> list[tuple[int | None, list[Row]]]:
    return [(place, list(same)) for place, same in groupby(rows, key=lambda row: row.place)]


def _group(place: int, lines: list[Line]) -> Group:
    if len(lines) < 2:
        return Group("", lines)
    if place == 1:
        return Group("Tied for first: the folds show no clear difference", lines)
    return Group(f"Tied for place {place}: clearly behind the places before", lines)


def _value(row: Row, metric: Metric) -> float | None:
    return leaderboard.score_of(row.run.metrics, metric.name)[0]


def _beside(row: Row, metric: Metric, best: Mapping[str, float]) -> tuple[float | None, bool]:
    value = _value(row, metric)
    return value, value is not None and value == best.get(metric.name)
