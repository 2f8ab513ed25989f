"""What a run has been doing, told from its events: stages, progress, curves and log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.metrics import METRICS
from experiments.charts import Drawing, Look, Series, curves, waiting
from experiments.models import Run, RunEvent
from experiments.states import State
from web.templatetags.words import score, seconds

STAGES = ("prepare", "split", "build", "fit", "evaluate", "report")
LINES = 80  # the log on the page; log.txt has all of it
COUNTED = ("stage", "epoch", "fold", "iteration")
SHORT = {"loss": "loss", "accuracy": "accuracy", "mae": "MAE"}
LABELS = {"loss": "Loss", "accuracy": "Accuracy", "mae": "Mean absolute error"}
RISING = ("accuracy", "auc")
WATCHED = {"classification": "accuracy", "regression": "mae"}
"""What a network is watched by, beside its loss."""

Data = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """A stage: `state` is done, now, failed or "" for still to come."""

    name: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the work is, in words and as a share; `done` is None where nobody can know."""

    words: str
    done: int | None = None
    of: int = 1
    left: str = ""


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    note: str = ""
    is_good: bool = False


@dataclass(frozen=True)
class Line:
    seq: int
    at: datetime
    text: str
    level: str = ""


@dataclass(frozen=True)
class Story:
    """A run as its events tell it. `after` leaves out the log lines that a watcher already has."""

    run: Run
    after: int = 0

    @property
    def seq(self) -> int:
        return self.run.last_seq

    @cached_property
    def told(self) -> dict[str, list[Data]]:
        """The data of the counted events of this attempt, by kind and in order."""
        found: dict[str, list[Data]] = {kind: [] for kind in COUNTED}
        rows = self.run.events.filter(attempt=self.run.attempt, kind__in=COUNTED).order_by("seq")
        for kind, data in rows.values_list("kind", "data"):
            found[kind].append(data)
        return found

    @property
    def epochs(self) -> list[Data]:
        return self.told["epoch"]

    @property
    def folds(self) -> list[Data]:
        return self.told["fold"]

    @cached_property
    def stage(self) -> str:
        """The stage at work, or the last one that was; empty before the first."""
        return str(self.told["stage"][-1]["stage"]) if self.told["stage"] else ""

    @cached_property
    def steps(self) -> list[Step]:
        waited = self.run.started_at - self.run.queued_at if self.run.started_at else None
        if self.run.state == State.QUEUED:
            return [Step("Queue", "now", "waiting"), *(Step(name.capitalize(), "") for name in STAGES)]
        queue = Step("Queue", "done", seconds(waited.total_seconds()) if waited else "")
        return [queue, *(self._step(name) for name in STAGES)]

    def _step(self, name: str) -> Step:
        seen = [data for data in self.told["stage"] if data["stage"] == name]
        if not seen:
            return Step(name.capitalize(), "")
        if seen[-1]["state"] == "done":
            return Step(name.capitalize(), "done", seconds(seen[-1].get("seconds")))
        stopped = self.run.is_finished
        return Step(
            name.capitalize(), "failed" if stopped else "now", "stopped here" if stopped else self._at(name)
        )

    def _at(self, stage: str) -> str:
        if stage == "fit" and self.epochs:
            return f"epoch {self.epochs[-1]['epoch']} of {self.epochs[-1]['epochs']}"
        if stage == "evaluate" and self.folds:
            return f"fold {self.folds[-1]['fold']} of {self.folds[-1]['folds']}"
        return "now"

    @cached_property
    def progress(self) -> Progress:
        if self.run.state == State.QUEUED:
            return Progress("Waiting for a free place.")
        if self.stage == "fit" and self.epochs:
            return _epochs_left(self.epochs)
        if self.stage == "evaluate" and self.folds:
            last = self.folds[-1]
            return Progress(f"Fold {last['fold']} of {last['folds']}", last["fold"], last["folds"])
        return Progress(self.stage.capitalize() or "Starting")

    @cached_property
    def tiles(self) -> list[Tile]:
        if self.epochs or self.will_learn:
            watches = WATCHED[self.run.experiment.task]
            return [*_epoch_tiles(self.epochs, watches), *self._naive(watches)]
        metric = self.run.experiment.metric
        return [*_fold_tiles(self.folds, metric), *self._naive(metric)] if self.folds else []

    def _naive(self, metric: str) -> list[Tile]:
        """The naive guess, where another run of the experiment has measured it: it is the same for all."""
        if self.run.is_finished:
            return []
        others = Run.objects.filter(experiment=self.run.experiment_id, state=State.SUCCEEDED)
        known = others.values_list(f"metrics__baseline__test__{metric}", flat=True).first()
        return [] if known is None else [Tile("Naive guess", score(known), "on the test rows")]

    @property
    def will_learn(self) -> bool:
        """Whether epochs are still to come, so that their curves keep their place on the page."""
        return not self.run.is_finished and "epochs" in (self.run.spec.get("training") or {})

    @cached_property
    def charts(self) -> list[Drawing]:
        told = [data for data in self.epochs if data.get("metrics")]
        if not told and self.will_learn:
            return [_awaited(name) for name in ("loss", WATCHED[self.run.experiment.task])]
        return curves_of(told)

    @cached_property
    def lines(self) -> list[Line]:
        """The last lines of the log after `after`, oldest first."""
        events = self.run.events.filter(seq__gt=self.after).exclude(
            kind__in=("stage", "iteration", "finished")
        )
        return [line for event in reversed(events.order_by("-seq")[:LINES]) if (line := line_of(event))]

    @property
    def has_file(self) -> bool:
        """Whether the whole log can be downloaded."""
        return self.run.is_finished and self.run.artifacts.filter(name="log.txt").exists()

    @property
    def again(self) -> str:
        """What to know when this is not the first attempt."""
        if self.run.attempt < 2 or self.run.is_finished:
            return ""
        return f"The worker stopped, so the run started again. This is attempt {self.run.attempt}."


def line_of(event: RunEvent) -> Line | None:
    """An event as a line of the log; None where it has nothing to say."""
    data = event.data
    text = data.get("message") or _said(event.kind, data)
    level = "warning" if event.kind == "warning" else str(data.get("level", ""))
    return Line(event.seq, event.at, text, level if level in ("warning", "error") else "") if text else None


def _said(kind: str, data: Data) -> str:
    numbers = ", ".join(f"{name} {score(value)}" for name, value in (data.get("metrics") or {}).items())
    if kind == "epoch":
        return f"Epoch {data.get('epoch')} of {data.get('epochs')}: {numbers}"
    if kind == "fold":
        return f"Fold {data.get('fold')} of {data.get('folds')}: {numbers}"
    return ""


def _epochs_left(epochs: Sequence[Data]) -> Progress:
    last = epochs[-1]
    recent = [data["seconds"] for data in epochs[-20:] if data.get("seconds") is not None]
    left = (last["epochs"] - last["epoch"]) * sum(recent) / len(recent) if recent else 0.0
    words = f"Epoch {last['epoch']} of {last['epochs']}"
    return Progress(words, last["epoch"], last["epochs"], f"about {seconds(left)} left" if left >= 1 else "")


def watched(epochs: Sequence[Data]) -> str:
    """The score that the curves and tiles speak of: the first beside the loss, else the loss."""
    names = [name for data in epochs[-1:] for name in data["metrics"] if not name.startswith("val_")]
    return next((name for name in names if name != "loss"), "loss")


def best_epoch(epochs: Sequence[Data], name: str) -> Data | None:
    """The epoch with the best validation value of `name`; None where there is none."""
    known = [data for data in epochs if data["metrics"].get(f"val_{name}") is not None]
    if not known:
        return None
    choose = max if name in RISING else min
    return choose(known, key=lambda data: data["metrics"][f"val_{name}"])


def _epoch_tiles(epochs: Sequence[Data], awaited: str) -> list[Tile]:
    """Always the same tiles, so that nothing moves while their numbers come."""
    name = watched(epochs) if epochs else awaited
    label, arrow = SHORT.get(name, name), "↑" if name in RISING else "↓"
    last = epochs[-1]["metrics"] if epochs else {}
    return [
        Tile(f"Validation {label} now {arrow}", score(last.get(f"val_{name}")), "on rows kept aside"),
        *_best_tiles(epochs, name),
        Tile(f"Training {label}", score(last.get(name)), "on rows it learns from"),
    ]


def _best_tiles(epochs: Sequence[Data], name: str) -> list[Tile]:
    best = best_epoch(epochs, name)
    if best is None:
        return [Tile("Best so far", "none", "no epoch yet"), Tile("Without a better one", "0", "epochs")]
    value, since = score(best["metrics"][f"val_{name}"]), epochs[-1]["epoch"] - best["epoch"]
    return [
        Tile("Best so far", value, f"epoch {best['epoch']}", is_good=True),
        Tile("Without a better one", str(since), "epoch" if since == 1 else "epochs"),
    ]


def _fold_tiles(folds: Sequence[Data], metric: str) -> list[Tile]:
    known = [value for data in folds if (value := (data.get("metrics") or {}).get(metric)) is not None]
    if not known:
        return []
    label = METRICS[metric].label
    mean = sum(known) / len(known)
    return [
        Tile(f"{label} of the last fold", score(known[-1])),
        Tile("Mean so far", score(mean), f"{len(known)} of {folds[-1]['folds']} folds", is_good=True),
    ]


def curves_of(epochs: Sequence[Data]) -> list[Drawing]:
    """The loss and the watched score by epoch, training beside validation; nothing before the first epoch."""
    if not epochs:
        return []
    names = dict.fromkeys(["loss", watched(epochs)])
    return [_curve(epochs, name) for name in names]


def _awaited(name: str) -> Drawing:
    """The empty frame of a curve that is still to come."""
    label = LABELS.get(name, name)
    return waiting(Look(f"{label} by epoch", "No epoch has ended yet.", "Epoch", label))


def _curve(epochs: Sequence[Data], name: str) -> Drawing:
    label = LABELS.get(name, name)
    best = best_epoch(epochs, name)
    lines = [
        _series(epochs, name, "training", "s0 line--thin"),
        _series(epochs, f"val_{name}", "validation", "s1"),
    ]
    kept = [line for line in lines if line.last]
    said = f"{label} after {epochs[-1]['epoch']} of {epochs[-1]['epochs']} epochs."
    if best is not None:
        said += f" Best on validation rows: {score(best['metrics'][f'val_{name}'])} in epoch {best['epoch']}."
    look = Look(f"{label} by epoch", said, "Epoch", label, x_range=(0, epochs[-1]["epochs"]))
    return curves(kept, look, best=best["epoch"] if best else None)


def _series(epochs: Sequence[Data], key: str, name: str, style: str) -> Series:
    return Series(name, [(data["epoch"], data["metrics"].get(key)) for data in epochs], style)
