"""A comparison as the page shows it: dots on one axis, differences in words, and the table as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from engine.metrics import METRICS, Metric
from experiments import board, charts, comparison, leaderboard
from experiments.comparison import Compared, Comparison
from experiments.models import Run

UNSET = "–"
PARTS = (("test", "On the test rows"), ("folds", "On the rows of the folds"))


@dataclass(frozen=True)
class Line:
    """One run: its folds on the common axis, and what the test against the baseline says."""

    compared: Compared
    dots: charts.Dots | None
    interval: tuple[float, float] | None
    is_baseline: bool

    @property
    def run(self) -> Run:
        return self.compared.run

    @property
    def verdict(self) -> str:
        found = self.compared.difference
        if self.is_baseline:
            return "baseline"
        if found is None:
            return "no folds to compare"
        return "clear" if found.is_clear else "may be chance"


@dataclass(frozen=True)
class Page:
    """`query` is the address's, without its page."""

    found: Comparison
    query: QueryDict

    @cached_property
    def axis(self) -> charts.Axis | None:
        folds = [one.folds for one in self.found.runs if one.folds]
        return charts.fold_axis(folds) if folds else None

    @property
    def ticks(self) -> list[tuple[str, str]]:
        if self.axis is None:
            return []
        pairs = zip(self.axis.ticks, self.axis.labels(), strict=True)
        return [(f"{self.axis.at(tick):.1f}", words) for tick, words in pairs]

    @property
    def lines(self) -> list[Line]:
        return [self._line(one) for one in self.found.runs]

    def _line(self, one: Compared) -> Line:
        interval = board.interval(one.score, one.folds)
        return Line(one, self._dots(one), interval, one.run.pk == self.found.baseline.pk)

    def _dots(self, one: Compared) -> charts.Dots | None:
        if self.axis is None or not one.folds or one.score is None:
            return None
        leader = leaderboard.score_of(self.found.baseline.metrics, self.found.metric.name)[0]
        half = board.half_width(one.folds)
        return charts.fold_dots(one.folds, self.axis, mean=one.score, leader=leader or one.score, half=half)

    @property
    def test(self) -> list[tuple[Metric, list[tuple[float | None, bool]]]]:
        """Each score on the test rows: per run its value and whether it is the best."""
        return [(metric, _marked(metric, self.found.runs)) for metric in self.found.metrics]

    @property
    def settings(self) -> list[tuple[str, list[str]]]:
        return [(one.name, [_said(value) for value in one.values]) for one in self.found.settings]

    @property
    def is_pair(self) -> bool:
        return len(self.found.runs) == comparison.LEAST

    @property
    def address(self) -> str:
        """The query that asks for the same runs."""
        return self.query.urlencode()


@dataclass(frozen=True)
class Part:
    """What two runs said to the same rows of one part."""

    heading: str
    rows: int
    metrics: list[tuple[Metric, Mapping[str, float | None], bool]]
    mcnemar: Mapping[str, float] | None


def parts(first: Run, second: Run) -> list[Part]:
    """Raises as comparison.row_by_row does."""
    found = comparison.row_by_row(first, second)
    return [_part(heading, found[name]) for name, heading in PARTS if found.get(name)]


def _part(heading: str, found: Mapping[str, Any]) -> Part:
    known = [(metric, found["metrics"][name]) for name, metric in METRICS.items() if name in found["metrics"]]
    rows = [(metric, numbers, _is_clear(numbers)) for metric, numbers in known]
    return Part(heading, found["rows"], rows, found["mcnemar"])


def _is_clear(numbers: Mapping[str, float | None]) -> bool:
    """Whether the interval leaves out 0."""
    low, high = numbers["low"], numbers["high"]
    return low is not None and high is not None and (low > 0 or high < 0)


def _marked(metric: Metric, runs: list[Compared]) -> list[tuple[float | None, bool]]:
    values = [one.test.get(metric.name) for one in runs]
    known = [value for value in values if value is not None]
    best = (max if metric.higher_is_better else min)(known) if known else None
    return [(value, value is not None and value == best) for value in values]


def _said(value: Any) -> str:
    if value is None:
        return UNSET
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(part) for part in value) or UNSET
    return str(value) or UNSET
