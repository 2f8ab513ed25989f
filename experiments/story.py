"""What a run has been doing, told from its events: stages, progress, curves and log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.metrics import METRICS
from experiments import learning
from experiments.charts import Drawing
from experiments.learning import Awaited, Tile, curves_of
from experiments.models import Run, RunEvent
from experiments.states import State
from web.templatetags.words import score, seconds

STAGES = ("prepare", "split", "build", "fit", "evaluate", "report")
LINES = 80  # the log on the page; log.txt has all of it
COUNTED = ("stage", "epoch", "fold", "iteration")
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

    @cached_property
    def learned(self) -> list[Data]:
        """Epochs or iterations of the model that is kept, in order."""
        return learning.told_of_fit(self.told["epoch"], self.told["iteration"])

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
        if stage == "fit" and self.learned:
            return learning.words(self.learned[-1])
        if stage == "evaluate" and self.folds:
            return f"fold {self.folds[-1]['fold']} of {self.folds[-1]['folds']}"
        return "now"

    @cached_property
    def progress(self) -> Progress:
        if self.run.state == State.QUEUED:
            return Progress("Waiting for a free place.")
        if self.stage == "fit" and self.learned:
            return _how_far(self.learned)
        if self.stage == "evaluate" and self.folds:
            last = self.folds[-1]
            return Progress(f"Fold {last['fold']} of {last['folds']}", last["fold"], last["folds"])
        return Progress(self.stage.capitalize() or "Starting")

    @cached_property
    def tiles(self) -> list[Tile]:
        if self.learned or self.plan:
            tiles = learning.tiles(self.learned, self.plan)
            # What a network is watched by is a score; a loss has no counterpart among the measures.
            watches = learning.WATCHED[self.run.experiment.task]
            return (
                [*tiles, *self._naive(watches)] if tiles and not tiles[-1].label.endswith("loss") else tiles
            )
        metric = self.run.experiment.metric
        return [*_fold_tiles(self.folds, metric), *self._naive(metric)] if self.folds else []

    def _naive(self, metric: str) -> list[Tile]:
        """The naive guess, where another run of the experiment has measured it: it is the same for all."""
        if self.run.is_finished:
            return []
        others = Run.objects.filter(experiment=self.run.experiment_id, state=State.SUCCEEDED)
        known = others.values_list(f"metrics__baseline__test__{metric}", flat=True).first()
        return [] if known is None else [Tile("Naive guess", score(known), "on the test rows")]

    @cached_property
    def plan(self) -> Awaited | None:
        """What is still to be told, so that its tiles and curves keep their place on the page."""
        return None if self.run.is_finished else learning.awaited(self.run.spec)

    @cached_property
    def charts(self) -> list[Drawing]:
        told = [data for data in self.learned if data.get("metrics")]
        return learning.frames(self.plan) if self.plan and not told else curves_of(told)

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


def _how_far(learned: Sequence[Data]) -> Progress:
    last = learned[-1]
    _, number, most = learning.place(last)
    return Progress(learning.words(last).capitalize(), number, most, learning.left(learned))


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
