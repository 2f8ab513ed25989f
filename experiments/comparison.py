"""Some runs of one experiment beside each other: scores on the same folds, and what they chose otherwise."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from datasets import preview
from engine.metrics import METRICS, Metric, for_task
from experiments import artifacts, leaderboard
from experiments.models import Artifact, Experiment, Run
from experiments.significance import Difference, corrected_t_test
from experiments.states import State
from web.problems import Invalid

LEAST, MOST = 2, 50
SECONDS = 60.0
FIXED = frozenset({"task", "target", "seed", "split", "validation"})
Predictions = Mapping[str, Any]


@dataclass(frozen=True)
class Compared:
    """One run. `difference` is its score less the baseline's on the folds; None where that cannot be said."""

    run: Run
    score: float | None
    folds: tuple[float, ...]
    difference: Difference | None
    test: Mapping[str, float | None]


@dataclass(frozen=True)
class Setting:
    """A setting that is not the same in all runs; `values` are in the order of the runs, None where unset."""

    name: str
    values: list[Any]


@dataclass(frozen=True)
class Comparison:
    metric: Metric
    metrics: tuple[Metric, ...]
    baseline: Run
    runs: list[Compared]
    settings: list[Setting]


def asked(experiment: Experiment, runs: Sequence[str], baseline: str = "") -> Comparison:
    """As `of`, from the words of an address. Raises Invalid also for a word that is no id."""
    try:
        return of(experiment, [UUID(word) for word in runs], UUID(baseline) if baseline else None)
    except ValueError as error:
        raise Invalid("Name each run by its id.", field="run") from error


def of(experiment: Experiment, runs: Sequence[UUID], baseline: UUID | None = None) -> Comparison:
    """The runs in the order given, each against `baseline` or the first of them: one query.

    Raises Invalid where they are fewer than two or more than 50, or one is not a run of this experiment that
    has ended well.
    """
    wanted = list(dict.fromkeys(runs))
    if not LEAST <= len(wanted) <= MOST:
        raise Invalid(f"Choose {LEAST} to {MOST} runs to compare.", field="run")
    found = {run.pk: run for run in experiment.runs.filter(pk__in=wanted, state=State.SUCCEEDED)}
    if missing := [pk for pk in wanted if pk not in found]:
        raise Invalid(f"{missing[0]} is no finished run of this experiment. Choose another.", field="run")
    first = found.get(baseline or wanted[0])
    if first is None:
        raise Invalid("The baseline is one of the runs that are compared.", field="baseline")
    every, metric = [found[pk] for pk in wanted], METRICS[experiment.metric]
    return Comparison(
        metric=metric,
        metrics=for_task(metric.task),
        baseline=first,
        runs=[_compared(run, first, metric) for run in every],
        settings=differing([run.spec for run in every]),
    )


def _compared(run: Run, baseline: Run, metric: Metric) -> Compared:
    score, _, folds = leaderboard.score_of(run.metrics, metric.name)
    difference = None
    if run.pk != baseline.pk:
        other = leaderboard.score_of(baseline.metrics, metric.name)[2]
        share = leaderboard.checked_to_learned(run.spec["validation"])
        difference = corrected_t_test(folds, other, share)
    return Compared(run, score, folds, difference, run.metrics.get("test") or {})


def differing(specs: Sequence[Mapping[str, Any]]) -> list[Setting]:
    """The settings that runs chose otherwise than each other, by dotted name."""
    flat = [dict(_leaves({name: part for name, part in spec.items() if name not in FIXED})) for spec in specs]
    names = list(dict.fromkeys(name for one in flat for name in one))
    rows = [Setting(name, [one.get(name) for one in flat]) for name in names]
    return [row for row in rows if any(value != row.values[0] for value in row.values)]


def _leaves(part: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in part.items():
        whole = f"{before}{name}"
        found += _leaves(value, f"{whole}.") if isinstance(value, dict) and value else [(whole, value)]
    return found


def row_by_row(first: Run, second: Run) -> Predictions:
    """What two runs said to the same rows, as engine.compare.run writes it: paired bootstrap, McNemar.

    Raises Invalid where one left no predictions, Refused and Away as datasets.preview does.
    """
    paths = [artifacts.path_of(_predictions(run)) for run in (first, second)]
    kwargs = {"first": str(paths[0]), "second": str(paths[1]), "seed": first.spec["seed"]}
    with preview.answered("engine.compare.run", kwargs, tuple(paths), SECONDS) as place:
        found: Predictions = json.loads((place / "compared.json").read_bytes())
    return found


def _predictions(run: Run) -> Artifact:
    found = run.artifacts.filter(name="predictions.parquet").first()
    if found is None:
        raise Invalid(f"{run.name} has no predictions to compare. Choose a finished run.", field="run")
    return found
