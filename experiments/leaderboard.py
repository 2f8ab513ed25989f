"""The runs of an experiment, best first, and no run before another that it cannot be told from.

A run is ranked by the mean of its validation folds where it has them, else by the test rows. All runs share
the same folds, so two of them are compared fold by fold, by the corrected paired test: a run shares the place
of the leader of its group until the first clear difference starts a new group. Without folds only equal
scores share a place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.metrics import METRICS, Metric
from experiments.models import Experiment, Run
from experiments.significance import corrected_t_test
from experiments.states import State


@dataclass(frozen=True)
class Row:
    """One run on the board. `place` and `score` are None while there is nothing to rank."""

    run: Run
    score: float | None = None
    std: float | None = None
    folds: tuple[float, ...] = ()
    place: int | None = None
    distance: float | None = None
    """How far behind the first, 0 for the first itself."""

    @property
    def is_tied(self) -> bool:
        """Whether the place is shared with a run whose score is better."""
        return bool(self.place is not None and self.distance) and self.place == 1


@dataclass(frozen=True)
class Board:
    """`rows` best first, then what is still running, then what ended without a score."""

    metric: Metric
    rows: list[Row]
    baseline: float | None
    """The score of always saying the most frequent class or the mean, on the same test rows."""
    is_validated: bool
    """Whether the scores are means over validation folds."""


def rank(experiment: Experiment) -> Board:
    """The leaderboard of an experiment: one query."""
    metric = METRICS[experiment.metric]
    runs = list(experiment.runs.select_related("owner").order_by("-queued_at"))
    scored = [row for row in (_scored(run, metric) for run in runs) if row.score is not None]
    placed = place(scored, metric, checked_to_learned(experiment.spec["validation"]))
    ranked = {row.run.pk for row in placed}
    rest = [Row(run) for run in runs if run.pk not in ranked]
    rest.sort(key=lambda row: row.run.is_finished)
    return Board(metric, placed + rest, _baseline(runs, metric), any(row.folds for row in placed))


def _scored(run: Run, metric: Metric) -> Row:
    if run.state != State.SUCCEEDED:
        return Row(run)
    score, std, folds = score_of(run.metrics, metric.name)
    return Row(run, score, std, folds)


def score_of(metrics: dict[str, Any], name: str) -> tuple[float | None, float | None, tuple[float, ...]]:
    """Score, standard deviation and folds of one metric: of the validation if there is one, else the test."""
    validation = (metrics.get("validation") or {}).get(name)
    if validation and validation.get("mean") is not None:
        folds = tuple(fold for fold in validation.get("folds") or () if fold is not None)
        return validation["mean"], validation.get("std"), folds
    return (metrics.get("test") or {}).get(name), None, ()


def checked_to_learned(validation: Mapping[str, Any]) -> float:
    """Rows that a fold checks for one that it learns from; 0 where there are no folds."""
    folds = validation.get("folds")
    return 1 / (folds - 1) if folds else 0.0


def place(rows: Sequence[Row], metric: Metric, checked_to_learned: float) -> list[Row]:
    """The rows best first, each with its place and its distance to the first."""
    sign = 1 if metric.higher_is_better else -1
    ordered = sorted(rows, key=lambda row: -sign * (row.score or 0.0))
    placed: list[Row] = []
    leader: Row | None = None
    for number, row in enumerate(ordered, start=1):
        if leader is None or not cannot_be_told_apart(leader, row, checked_to_learned):
            leader = replace(row, place=number)
        distance = abs((row.score or 0.0) - (ordered[0].score or 0.0))
        placed.append(replace(row, place=leader.place, distance=distance))
    return placed


def cannot_be_told_apart(one: Row, other: Row, checked_to_learned: float) -> bool:
    """Whether the folds show no clear difference between two runs."""
    difference = corrected_t_test(one.folds, other.folds, checked_to_learned)
    return one.score == other.score if difference is None else not difference.is_clear


def _baseline(runs: Sequence[Run], metric: Metric) -> float | None:
    for run in runs:
        score = ((run.metrics.get("baseline") or {}).get("test") or {}).get(metric.name)
        if score is not None:
            return float(score)
    return None
