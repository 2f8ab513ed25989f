"""Findings: what would make a model of this table lie, told before anything is trained. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from datasets.quality import answers, columns, copies, leaks, rows
from datasets.quality.facts import DANGER, SEVERITIES, Evidence, Facts, Same, Target, by_danger
from datasets.quality.suggest import suggested as suggested

FEW_NUMBERS = 10
"""Whole numbers with at most so many different values are read as classes."""


def findings(of: Sequence[Facts], seen: Evidence) -> list[dict[str, Any]]:
    """What there is to know of a table whatever is predicted; the worst first.

    `of` are the profiles of the columns, `seen` what their rows showed.
    """
    return [found.as_dict() for found in by_danger([*columns.findings(of, seen), *rows.findings(of, seen)])]


def about(of: Sequence[Facts], target: Target) -> list[dict[str, Any]]:
    """What there is to know when this column is the answer; the worst first."""
    return [found.as_dict() for found in by_danger([*leaks.findings(of, target), *answers.findings(target)])]


def duplicates(of: Sequence[Facts], same: Sequence[Same]) -> list[dict[str, Any]]:
    """Columns that repeat each other, where no column is the answer."""
    return [found.as_dict() for found in copies.duplicates(of, same)]


def merged(found: Sequence[Mapping[str, Any]], more: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Two lists of findings as one, the worst first."""
    return sorted((dict(one) for one in [*found, *more]), key=_danger)


def _danger(found: Mapping[str, Any]) -> tuple[int, int]:
    return SEVERITIES.index(found["severity"]), DANGER.index(found["kind"])


def task_of(facts: Facts) -> Literal["classification", "regression"]:
    """The task that a target with this profile most likely asks for."""
    if facts["kind"] == "number":
        return "regression"
    if facts["kind"] == "integer":
        return "classification" if facts["unique"] <= FEW_NUMBERS else "regression"
    return "classification"
