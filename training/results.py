"""What a finished child left in its folder, read as carefully as anything that a child writes."""

import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from experiments import leaderboard
from experiments.artifacts import LARGEST
from experiments.models import Run
from sandbox.lines import clean

KEPT = (
    *("test", "train", "validation", "baseline", "rows"),
    *("intervals", "intervals_train", "intervals_validation"),
)
ASKED = ("threshold", "classes", "headline", "timings")
MOST_CLASSES = 50
STAGES = ("prepare", "fit", "evaluate")


class Unreadable(Exception):
    """The child ended well but left no results that can be read."""


def read(run: Run, folder: Path) -> dict[str, Any]:
    """The fields of a run that its metrics.json fills: metrics, timings (seconds), headline, score."""
    found = _json(folder / "metrics.json")
    metrics = {name: found[name] for name in KEPT if isinstance(found.get(name), dict)}
    metrics |= _of_classes(found)
    if "test" not in metrics:
        raise Unreadable("metrics.json has no test scores")
    score, _, _ = leaderboard.score_of(metrics, run.experiment.metric)
    headline = found.get("headline")
    return {
        "metrics": metrics,
        "timings": timings(run, found.get("timings")),
        "headline": headline if isinstance(headline, dict) else {},
        "score": score,
    }


def _of_classes(found: dict[str, Any]) -> dict[str, Any]:
    """The decision threshold where there is one, and the scores of each class where they are few."""
    threshold, classes = found.get("threshold"), found.get("classes")
    kept = {"threshold": threshold} if isinstance(threshold, int | float) else {}
    is_short = isinstance(classes, list) and 0 < len(classes) <= MOST_CLASSES
    return kept | ({"classes": classes} if is_short else {})


def timings(run: Run, told: Any = None) -> dict[str, float]:
    """Seconds: how long it was queued, what each stage took, and the total since it was asked for."""
    started = run.started_at or run.queued_at
    stages = told if isinstance(told, dict) else {}
    spans = {"queued": (started - run.queued_at).total_seconds()}
    spans |= {name: stages[name] for name in STAGES if isinstance(stages.get(name), int | float)}
    spans["total"] = (timezone.now() - run.queued_at).total_seconds()
    return {name: round(max(0.0, span), 4) for name, span in spans.items()}


def _json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST["metrics.json"] + 1)
    except OSError as error:
        raise Unreadable("there is no metrics.json") from error
    if len(raw) > LARGEST["metrics.json"]:
        raise Unreadable("metrics.json is too large")
    try:
        found = json.loads(raw)
        if isinstance(found, dict):  # the rest is long, and nobody here asks for it
            found = {name: clean(found[name]) for name in (*KEPT, *ASKED) if name in found}
    except (ValueError, RecursionError) as error:
        raise Unreadable("metrics.json is not JSON") from error
    if not isinstance(found, dict):
        raise Unreadable("metrics.json holds no object")
    return found
