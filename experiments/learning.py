"""How a model learns, epoch by epoch or tree by tree: its tiles, its curves, and how long it still takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.learners import CATALOG
from experiments.charts import Drawing, Look, Series, curves, waiting
from web.templatetags.words import score, seconds

SHORT = {"loss": "loss", "accuracy": "accuracy", "mae": "MAE"}
LABELS = {"loss": "Loss", "accuracy": "Accuracy", "mae": "Mean absolute error"}
RISING = ("accuracy", "auc")
WATCHED = {"classification": "accuracy", "regression": "mae"}
"""What a network is watched by, beside its loss."""

Data = dict[str, Any]


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    note: str = ""
    is_good: bool = False


@dataclass(frozen=True)
class Awaited:
    """What a model that has yet to learn will tell: `kind` is epoch or iteration, `checks` whether on rows
    kept aside as well."""

    kind: str
    names: tuple[str, ...]
    checks: bool


def awaited(spec: Data) -> Awaited | None:
    """What the model of a stored spec tells while it learns; None where it tells nothing."""
    learner = CATALOG.get(spec["model"]["algo"])
    if learner is None or not learner.step:
        return None
    if learner.is_network:
        return Awaited(learner.step, ("loss", WATCHED[spec["task"]]), checks=True)
    return Awaited(learner.step, ("loss",), checks=bool(spec["model"].get("early_stopping_rounds")))


def place(data: Data) -> tuple[str, int, int]:
    """(epoch or iteration, its number, how many there may be) of what was told."""
    kind = "epoch" if "epoch" in data else "iteration"
    return kind, data[kind], data[f"{kind}s"]


def told_of_fit(epochs: Sequence[Data], iterations: Sequence[Data]) -> list[Data]:
    """What was told of the model that is kept. Those of the folds name their fold."""
    return [*epochs] or [data for data in iterations if "fold" not in data]


def words(data: Data) -> str:
    """Where it is: "epoch 3 of 10"."""
    kind, number, most = place(data)
    return f"{kind} {number:,} of {most:,}"


def left(told: Sequence[Data]) -> str:
    """About how long until the last one, from the pace of the latest; empty where it is soon."""
    _, number, most = place(told[-1])
    recent = [data["seconds"] for data in told[-20:] if data.get("seconds") is not None]
    rest = (most - number) * sum(recent) / len(recent) if recent else 0.0
    return f"about {seconds(rest)} left" if rest >= 1 else ""


def watched(told: Sequence[Data]) -> str:
    """The score that the curves and tiles speak of: the first beside the loss, else the loss."""
    names = [name for data in told[-1:] for name in data["metrics"] if not name.startswith("val_")]
    return next((name for name in names if name != "loss"), "loss")


def best_of(told: Sequence[Data], name: str) -> Data | None:
    """The epoch or iteration with the best validation value of `name`; None where there is none."""
    known = [data for data in told if data["metrics"].get(f"val_{name}") is not None]
    if not known:
        return None
    choose = max if name in RISING else min
    return choose(known, key=lambda data: data["metrics"][f"val_{name}"])


def tiles(told: Sequence[Data], plan: Awaited | None) -> list[Tile]:
    """Always the same tiles, so that nothing moves while their numbers come."""
    name = watched(told) if told or plan is None else plan.names[-1]
    label, arrow = SHORT.get(name, name), "↑" if name in RISING else "↓"
    last = told[-1]["metrics"] if told else {}
    learned = Tile(f"Training {label}", score(last.get(name)), "on rows it learns from")
    if not (f"val_{name}" in last if told or plan is None else plan.checks):
        return [learned]
    now = Tile(f"Validation {label} now {arrow}", score(last.get(f"val_{name}")), "on rows kept aside")
    return [now, *_best_tiles(told, name, plan.kind if plan else place(told[-1])[0]), learned]


def _best_tiles(told: Sequence[Data], name: str, kind: str) -> list[Tile]:
    best = best_of(told, name)
    if best is None:
        return [Tile("Best so far", "none", f"no {kind} yet"), Tile("Without a better one", "0", f"{kind}s")]
    value, at = score(best["metrics"][f"val_{name}"]), place(best)[1]
    since = place(told[-1])[1] - at
    return [
        Tile("Best so far", value, f"{kind} {at:,}", is_good=True),
        Tile("Without a better one", f"{since:,}", kind if since == 1 else f"{kind}s"),
    ]


def curves_of(told: Sequence[Data]) -> list[Drawing]:
    """The loss and the watched score, training beside validation; nothing before anything was told."""
    if not told:
        return []
    return [_curve(told, name) for name in dict.fromkeys(["loss", watched(told)])]


def frames(plan: Awaited) -> list[Drawing]:
    """The empty frames of curves that are still to come."""
    said = f"No {plan.kind} has ended yet."
    return [
        waiting(Look(f"{LABELS[name]} by {plan.kind}", said, plan.kind.capitalize(), LABELS[name]))
        for name in plan.names
    ]


def _curve(told: Sequence[Data], name: str) -> Drawing:
    kind, number, most = place(told[-1])
    label, best = LABELS.get(name, name), best_of(told, name)
    lines = [
        _series(told, name, "training", "s0 line--thin"),
        _series(told, f"val_{name}", "validation", "s1"),
    ]
    said = f"{label} after {number:,} of {most:,} {kind}s."
    if best is not None:
        value = score(best["metrics"][f"val_{name}"])
        said += f" Best on validation rows: {value} in {kind} {place(best)[1]:,}."
    look = Look(f"{label} by {kind}", said, kind.capitalize(), label, x_range=(0, most))
    return curves([line for line in lines if line.last], look, best=place(best)[1] if best else None)


def _series(told: Sequence[Data], key: str, name: str, style: str) -> Series:
    return Series(name, [(place(data)[1], data["metrics"].get(key)) for data in told], style)
