"""What a run says of single classes, slices and rows, as tables of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.metrics import METRICS, Metric

MOST_CLASSES = 50


@dataclass(frozen=True)
class Level:
    """The rows of one slice: their scores in the order of the table's head."""

    name: str | None
    rows: int
    scores: list[float | None]
    is_worse: bool


@dataclass(frozen=True)
class Slices:
    """Scores by the levels of each category; `worst` is a sentence, or "" where none is clearly worse."""

    metrics: list[Metric]
    columns: list[tuple[str, list[Level]]]
    worst: str


def slices(measured: Mapping[str, Any], own: str) -> Slices | None:
    """Of the content of metrics.json, with the experiment's own metric; None where there are none."""
    found = measured.get("slices") or {}
    if not found.get("columns"):
        return None
    known = found["columns"][0]["levels"][0]["scores"]
    beside = ("accuracy", "f1") if "accuracy" in known else ("mae", "r2")
    names = [name for name in dict.fromkeys((own, *beside)) if name in known]
    columns = [(one["column"], [_level(level, names) for level in one["levels"]]) for one in found["columns"]]
    return Slices([METRICS[name] for name in names], columns, (found.get("worst") or {}).get("text", ""))


def _level(level: Mapping[str, Any], names: list[str]) -> Level:
    scores = [level["scores"].get(name) for name in names]
    return Level(level["level"], level["rows"], scores, level["is_worse"])


def classes(measured: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Precision, recall, F1 and support of each class; none where they are too many to read."""
    found: list[Mapping[str, Any]] = measured.get("classes") or []
    return found if len(found) <= MOST_CLASSES else []
