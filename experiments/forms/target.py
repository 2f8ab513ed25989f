"""Step 1: what should be predicted. A guess with its reason, the task it makes, its answers as bars."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasets.models import DatasetVersion
from web.templatetags.words import SPACE, count, score

Column = Mapping[str, Any]
BARS = 6


@dataclass(frozen=True)
class Bar:
    name: str
    count: int


def guess(version: DatasetVersion) -> str:
    """The column that the profile takes for the answer, else the last one that can be one."""
    marked = [column for column in version.columns if column.get("target_reason")]
    usable = [column for column in version.columns if _can_be(column, version.rows or 0)]
    chosen = next((some for some in (marked, usable[-1:], version.columns[-1:]) if some), [])
    return str(chosen[0]["name"]) if chosen else ""


def _can_be(column: Column, rows: int) -> bool:
    usable = column["kind"] in ("integer", "number", "category", "boolean")
    return usable and column["missing"] < rows and column["unique"] > 1


def why(column: Column, task: str) -> str:
    """What speaks for a column and its task, as a sentence."""
    chosen = f"Chosen for you: {column['target_reason']}. " if column.get("target_reason") else ""
    unique, missing = column["unique"], column["missing"]
    gaps = f"{count(missing)} rows without it are left out" if missing else "nothing is missing"
    what = "different answers" if task == "classification" else "different values"
    return f"{chosen}{count(unique)} {what}; {gaps}."


def bars(column: Column, rows: int) -> list[Bar]:
    """The most frequent answers and how often each comes, and the rest together."""
    top = [Bar(str(value), number) for value, number in column.get("top", [])[:BARS]]
    rest = rows - column.get("missing", 0) - sum(bar.count for bar in top) if top else 0
    return [*top, Bar("others", rest)] if rest > 0 else top


def spread(column: Column) -> str:
    """The range of a number in one line; empty where it is none."""
    if column.get("min") is None or not isinstance(column["min"], int | float):
        return ""
    ends = f"{_plain(column['min'])} to {_plain(column['max'])}"
    return f"{ends}, mean{SPACE}{score(column.get('mean'))}" if column.get("mean") is not None else ends


def _plain(value: float) -> str:
    """Whole numbers in full, others in four digits."""
    return count(int(value)) if value == int(value) else score(value)
