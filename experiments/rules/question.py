"""Whether a column can be predicted, as what, and by which score runs are ranked."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from datasets import quality
from datasets.models import DatasetVersion
from engine import metrics, problems
from engine.metrics import Task
from web.problems import Invalid

Column = Mapping[str, Any]

NUMERIC = frozenset({"integer", "number"})
MAX_CLASSES = 500
"""So many classes are learned at most."""
MIN_ROWS = 10
"""So few rows cannot be split into parts that say anything."""


def recognise_task(column: Column) -> Task:
    """The task that a target with this profile most likely asks for."""
    return quality.task_of(column)


def why_not_learn(version: DatasetVersion) -> Invalid | None:
    """Why nothing can be learned from this version, whatever is asked; None where something can."""
    if all(column["kind"] != "image" for column in version.columns):
        return None
    text = "These models learn from tables, and this dataset holds pictures. Choose one of numbers or words."
    return Invalid(text, code="not_a_table", field="dataset_version")


def why_not_target(version: DatasetVersion, task: Task, target: str) -> Invalid | None:
    """Why this column cannot be predicted as this task; None where it can."""
    column = version.column(target)
    if column is None:
        return _no(
            "target_missing", f"There is no column “{target}”. Choose one of the columns of the dataset."
        )
    if len(version.columns) < 2:
        return _no("no_features", f"“{target}” is the only column. A model needs others to learn from.")
    reason = _why_empty(version, column)
    if reason is None:
        reason = _why_not_numbers(column) if task == "regression" else _why_not_classes(version, column)
    return reason


def _why_empty(version: DatasetVersion, column: Column) -> Invalid | None:
    name, present = column["name"], (version.rows or 0) - column["missing"]
    if present <= 0:
        return _no("target_missing", f"“{name}” has no values at all. Choose another target.")
    if column["unique"] <= 1:
        return _no("target_constant", f"“{name}” has the same value in every row. Choose another target.")
    if present < MIN_ROWS:
        text = f"“{name}” has a value in only {present} rows. At least {MIN_ROWS} are needed."
        return _no("too_few_rows", text)
    return None


def _why_not_numbers(column: Column) -> Invalid | None:
    if column["kind"] in NUMERIC:
        return None
    text = f"“{column['name']}” is not a number. Choose a number, or predict its classes instead."
    return _no("target_not_numeric", text)


def _why_not_classes(version: DatasetVersion, column: Column) -> Invalid | None:
    name, classes = column["name"], column["unique"]
    if classes >= (version.rows or 0) - column["missing"]:
        return _no("infeasible", f"“{name}” is different in every row, so nothing can be learned from it.")
    if classes > MAX_CLASSES:
        text = (
            f"“{name}” has {classes:,} classes; at most {MAX_CLASSES} can be learned. Choose another target."
        )
        return _no("infeasible", text)
    return None


def why_not_metric(task: Task, metric: str) -> Invalid | None:
    """Why runs of this task cannot be ranked by this score."""
    known = [score.name for score in metrics.for_task(task)]
    if metric in known:
        return None
    return Invalid(
        f"{task.capitalize()} is not scored by this. Choose one of {', '.join(known)}.", field="metric"
    )


def refused(error: ValidationError) -> Invalid:
    """A spec that pydantic refused, as the person reads it: each fault at the field as it was written."""
    faults = problems.explain(error)
    errors = [{"field": fault["field"] or "", "message": fault["detail"]} for fault in faults]
    first = faults[0]
    said = f"{first['field']}: {first['detail']}" if first["field"] else first["detail"]
    return Invalid(said, code=first["code"], errors=errors)


def _no(code: str, sentence: str) -> Invalid:
    return Invalid(sentence, code=code, field="target")
