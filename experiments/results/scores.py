"""One score of a run, beside the naive guess, with its spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.metrics import Metric
from experiments import charts

Interval = tuple[float, float] | None


@dataclass(frozen=True)
class Score:
    """One metric: on the test rows, by the naive guess, over the folds, on the rows it learned from."""

    metric: Metric
    test: float | None
    naive: float | None
    train: float | None
    interval: Interval
    train_interval: Interval
    mean_interval: Interval
    mean: float | None
    std: float | None
    folds: tuple[float, ...]

    @property
    def arrow(self) -> str:
        return "↑" if self.metric.higher_is_better else "↓"

    @property
    def versus(self) -> charts.Versus | None:
        return None if self.test is None else charts.versus(self.test, self.naive, self.interval)


def score(metric: Metric, metrics: Mapping[str, Any]) -> Score:
    """The numbers of one metric out of those of a run."""
    validation = _part(metrics, "validation").get(metric.name) or {}
    return Score(
        metric=metric,
        test=_part(metrics, "test").get(metric.name),
        naive=((metrics.get("baseline") or {}).get("test") or {}).get(metric.name),
        train=_part(metrics, "train").get(metric.name),
        interval=_interval(metrics, "intervals", metric.name),
        train_interval=_interval(metrics, "intervals_train", metric.name),
        mean_interval=_interval(metrics, "intervals_validation", metric.name),
        mean=validation.get("mean"),
        std=validation.get("std"),
        folds=tuple(fold for fold in validation.get("folds") or () if fold is not None),
    )


def _part(metrics: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return metrics.get(name) or {}


def _interval(metrics: Mapping[str, Any], name: str, metric: str) -> Interval:
    found = _part(metrics, name).get(metric)
    return (found[0], found[1]) if found and None not in found else None
