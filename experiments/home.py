"""What the workspace's home shows: work in progress, the latest experiments, the first steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, F, FloatField, Max, Q, QuerySet, When
from django.db.models.functions import Coalesce

from accounts import quotas
from accounts.models import User, Workspace
from datasets.models import Dataset
from engine.metrics import METRICS, Metric
from experiments import charts
from experiments.learning import SHORT, best_of, place, watched, words
from experiments.models import Experiment, Run, RunEvent
from experiments.states import State
from web.templatetags.words import score

AT_WORK = 10
RECENT = 8
LATEST = 60  # events of each run: enough for a spark line
SHOWN = ("storage", "running_runs")
RISING = [name for name, metric in METRICS.items() if metric.higher_is_better]


@dataclass(frozen=True)
class Job:
    """A run at work: the stage in words, progress, and the curve so far."""

    run: Run
    words: str
    done: int | None
    of: int
    spark: charts.Spark | None
    value: str


@dataclass(frozen=True)
class Known:
    """An experiment with its best run beside the naive guess."""

    experiment: Experiment
    metric: Metric
    best: Run | None
    trained: int

    @property
    def naive(self) -> float | None:
        baseline = (self.best.metrics.get("baseline") or {}) if self.best else {}
        value = (baseline.get("test") or {}).get(self.metric.name)
        return None if value is None else float(value)


@dataclass(frozen=True)
class Home:
    """What the first page of a workspace shows to one person."""

    workspace: Workspace
    user: User

    @cached_property
    def jobs(self) -> list[Job]:
        return jobs(self.workspace)

    @cached_property
    def experiments(self) -> list[Known]:
        return known(latest_first(Experiment.objects.filter(workspace=self.workspace))[:RECENT])

    @cached_property
    def steps(self) -> list[tuple[str, bool]]:
        """What to do first, and whether it is done."""
        trained = [known for known in self.experiments if known.best]
        compared = any(known.trained > 1 for known in trained)
        return [
            ("Add data", self.has_data),
            ("Train a model", bool(trained)),
            ("Compare two models", compared),
        ]

    @cached_property
    def has_data(self) -> bool:
        if self.experiments:
            return True
        return Dataset.objects.filter(workspace=self.workspace, deleted_at=None).exists()

    @property
    def is_bare(self) -> bool:
        """There is nothing yet to train with, so this is the place to bring it."""
        return not self.has_data

    @property
    def is_new(self) -> bool:
        """Nothing has been trained yet, so the first steps stand on top."""
        return not self.experiments

    @property
    def usage(self) -> list[quotas.Usage]:
        """The limits that a person meets first."""
        return quotas.usage(self.user, self.workspace, only=SHOWN)

    @property
    def all_done(self) -> bool:
        return all(done for _, done in self.steps)

    @property
    def next_step(self) -> str:
        return next((name for name, done in self.steps if not done), "")


def latest_first(experiments: QuerySet[Experiment]) -> QuerySet[Experiment]:
    """Experiments with their number of runs and when a run last began in them, the latest change first."""
    counted = experiments.select_related("dataset_version__dataset").annotate(
        run_count=Count("runs"),
        trained_count=Count("runs", filter=Q(runs__state=State.SUCCEEDED)),
        changed_at=Coalesce(Max("runs__queued_at"), F("created_at")),
    )
    return counted.order_by("-changed_at", "pk")


def known(experiments: Iterable[Any]) -> list[Known]:
    """Each experiment of `latest_first` with its best run: one query for them all."""
    listed = list(experiments)
    better = Case(
        When(experiment__metric__in=RISING, then=-F("score")), default=F("score"), output_field=FloatField()
    )
    scored = Run.objects.filter(experiment__in=listed, state=State.SUCCEEDED, score__isnull=False)
    best = scored.annotate(order=better).order_by("experiment_id", "order").distinct("experiment_id")
    by_experiment = {run.experiment_id: run for run in best}
    return [Known(one, METRICS[one.metric], by_experiment.get(one.pk), one.trained_count) for one in listed]


def jobs(workspace: Workspace) -> list[Job]:
    """The runs at work and waiting, those at work first; two queries."""
    runs = Run.objects.filter(experiment__workspace=workspace).unfinished()
    shown = list(runs.select_related("experiment", "owner").order_by("-state", "queued_at")[:AT_WORK])
    return [_job(run, events) for run, events in zip(shown, _latest(shown), strict=True)]


def _latest(runs: Sequence[Run]) -> list[list[tuple[str, dict[str, Any]]]]:
    """The latest events of each run, oldest first."""
    found: dict[Any, list[tuple[str, dict[str, Any]]]] = {run.pk: [] for run in runs}
    events = RunEvent.objects.filter(
        run__in=runs,
        attempt=F("run__attempt"),
        kind__in=("stage", "epoch", "iteration", "fold"),
        seq__gt=F("run__last_seq") - LATEST,
    )
    own = events.exclude(kind="iteration", data__has_key="fold")
    for pk, kind, data in own.order_by("seq").values_list("run_id", "kind", "data"):
        found[pk].append((kind, data))
    return [found[run.pk] for run in runs]


def _job(run: Run, events: list[tuple[str, dict[str, Any]]]) -> Job:
    if run.state == State.QUEUED:
        return Job(run, "Waiting for a free place", None, 1, None, "")
    kind, data = events[-1] if events else ("", {})
    where, done, of = _where(kind, data)
    spark, value = _curve([data for kind, data in events if kind in ("epoch", "iteration")])
    return Job(run, where, done, of, spark, value)


def _where(kind: str, data: dict[str, Any]) -> tuple[str, int | None, int]:
    if kind in ("epoch", "iteration"):
        return f"Fit: {words(data)}", *place(data)[1:]
    if kind == "fold":
        return f"Evaluate: fold {data['fold']} of {data['folds']}", data["fold"], data["folds"]
    return str(data.get("stage", "starting")).capitalize(), None, 1


def _curve(told: list[dict[str, Any]]) -> tuple[charts.Spark | None, str]:
    """The watched score so far, on rows kept aside where there are any, and its best."""
    if not told:
        return None, ""
    name = watched(told)
    label, best = f"validation {SHORT.get(name, name)}", best_of(told, name)
    values = [value for data in told if (value := data["metrics"].get(f"val_{name}")) is not None]
    said = f"{score(best['metrics'][f'val_{name}'])} {label}" if best else ""
    if best is None:
        label, values = f"training {SHORT.get(name, name)}", [data["metrics"].get(name) for data in told]
    known = [value for value in values if value is not None]
    return charts.spark(known, label[0].upper() + label[1:]), said
