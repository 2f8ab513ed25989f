"""What the columns of a table hold, and which one is likely the answer. In the child."""

from collections.abc import Sequence
from typing import Any

from datasets import quality
from datasets.profile.figures import extremes, measure
from datasets.profile.kinds import kind_of
from datasets.profile.shapes import TOP, counts, examples, histogram, plain, top
from datasets.tables import WIDE, Column, Tell, batches

TOLD = 50  # columns of a wide table between two words of progress
FEW = 100  # different words of which the most common are always counted
TYPES = {
    "BIGINT": "int64",
    "DOUBLE": "float64",
    "BOOLEAN": "bool",
    "TIMESTAMP": "datetime",
    "BLOB": "image",
}
Facts = dict[str, Any]


def describe(con: Any, columns: Sequence[Column], rows: int, tell: Tell) -> list[Facts]:
    """One dict for each column of `typed`, a table or a view of Parquet; all of it fits into JSON."""
    found: list[Facts] = []
    _tell(tell, 0, len(columns))
    for batch in batches(con, "typed", columns, [column.name for column in columns]):
        ends = extremes(con, batch)
        measured = measure(con, batch, rows, ends, list(map(counts, batch, ends)))
        shown = examples(con, batch)
        for column, known, more, some in zip(batch, ends, measured, shown, strict=True):
            facts = known | more | {"examples": some}
            facts["top"] = top(con, column) if _has_words(column, facts) else []
            found.append(_finish(column, facts | {"histogram": histogram(column, facts)}, rows))
            _tell(tell, len(found), len(columns))
    _mark_target(found)
    return found


def _tell(tell: Tell, done: int, columns: int) -> None:
    if done % TOLD == 0 or columns < WIDE:
        tell("progress", {"stage": "columns", "done": done, "of": columns})


def _has_words(column: Column, facts: Facts) -> bool:
    """Whether values come often enough to be counted."""
    if not facts["present"] or column.type == "BLOB":
        return False
    if column.type in ("VARCHAR", "BOOLEAN"):
        return bool(facts["unique"] <= max(FEW, 0.9 * facts["present"]))
    return bool(facts["unique"] <= TOP)


def _finish(column: Column, facts: Facts, rows: int) -> Facts:
    kind, why = kind_of(column, facts, rows)
    has_shape = facts["present"] and kind not in ("text", "identifier", "image")
    five = [plain(value) for value in facts["quantiles"] or []]
    return {
        "name": column.name,
        "original_name": column.original_name[:200],
        "kind": kind,
        "type": TYPES.get(column.type, "string"),
        "reason": "; ".join([why, *column.notes]),
        "notes": column.notes,
        "missing": rows - facts["present"],
        "unique": facts["unique"],
        "min": plain(facts["min"]),
        "max": plain(facts["max"]),
        "mean": facts["mean"],
        "std": facts["std"],
        "quantiles": five[1:4],
        "percentiles": five,
        "lengths": facts["lengths"] if facts["present"] else None,
        "estimated": facts["estimated"],
        "top": facts["top"] if has_shape else [],
        "histogram": facts["histogram"] if has_shape else None,
        "examples": facts["examples"],
        "target_reason": "",
        **column.facts,
    }


def _mark_target(found: Sequence[Facts]) -> None:
    """Says of one column that it is likely what somebody wants to know, and why."""
    for name, why in quality.suggested(found)[:1]:
        next(facts for facts in found if facts["name"] == name)["target_reason"] = why
