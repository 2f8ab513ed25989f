"""What can be asked of a table: pure rules over a version's columns, told before anything is trained."""

from experiments.rules.cost import expected
from experiments.rules.parts import remarks, why_not_parts
from experiments.rules.question import (
    MAX_CLASSES,
    MIN_ROWS,
    NUMERIC,
    recognise_task,
    refused,
    why_not_learn,
    why_not_metric,
    why_not_target,
)
from experiments.rules.run import why_not_run

__all__ = [
    "MAX_CLASSES",
    "MIN_ROWS",
    "NUMERIC",
    "expected",
    "recognise_task",
    "refused",
    "remarks",
    "why_not_learn",
    "why_not_metric",
    "why_not_parts",
    "why_not_run",
    "why_not_target",
]
