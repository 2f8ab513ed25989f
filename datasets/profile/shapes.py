"""What columns look like: their histograms, their most common values, a few examples."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Sequence
from datetime import datetime
from itertools import islice, pairwise
from typing import Any

from datasets.tables import Column, quoted

BINS = 20
TOP = 10
SHOWN = 80  # characters of a value
LOOKED_AT, EXAMPLES = 200, 5  # rows, and different values of them

Facts = dict[str, Any]


def counts(column: Column, ends: Facts) -> str:
    """SQL for how many values lie in equal steps from the least to the greatest; NULL where none do."""
    edges = _edges(column, ends)
    return f"histogram({_as_double(column)}, [{', '.join(map(repr, edges))}])" if edges else "NULL"


def histogram(column: Column, facts: Facts) -> Facts | None:
    """{"from", "to", "counts"}, of what was counted in these steps."""
    edges = _edges(column, facts)
    if not edges:
        return None
    counted = [facts["counts"].get(edge, 0) for edge in edges]
    return {"from": plain(facts["min"]), "to": plain(facts["max"]), "counts": counted}


def _edges(column: Column, facts: Facts) -> list[float]:
    """Where the bars end; the last one at the greatest value. A few whole numbers have a bar each."""
    if column.type not in ("BIGINT", "DOUBLE", "TIMESTAMP") or facts["min"] == facts["max"]:
        return []
    low, high = (_number(facts[end]) for end in ("min", "max"))
    bins = min(BINS, int(high - low) + 1) if column.type == "BIGINT" else BINS
    shares = [place / bins for place in range(1, bins)]
    ends = [*(low * (1 - share) + high * share for share in shares), high]
    return ends if all(one < other for one, other in pairwise([low, *ends])) else []


def _number(value: Any) -> float:
    if isinstance(value, datetime):
        return datetime.fromisoformat(f"{value}+00:00").timestamp()
    return float(value)


def _as_double(column: Column) -> str:
    cell = quoted(column.name)
    return f"epoch({cell})" if column.type == "TIMESTAMP" else f"CAST({cell} AS DOUBLE)"


def top(con: Any, column: Column) -> list[list[Any]]:
    """The most common values with their counts, most common first."""
    cell = quoted(column.name)
    query = f"SELECT {cell}, count(*) AS n FROM typed WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1"
    return [[word(value), count] for value, count in con.execute(f"{query} LIMIT {TOP}").fetchall()]


def examples(con: Any, columns: Sequence[Column]) -> list[list[str]]:
    """A few different values of each column, from its first rows."""
    names = ", ".join("NULL" if column.type == "BLOB" else quoted(column.name) for column in columns)
    rows = con.execute(f"SELECT {names} FROM typed LIMIT {LOOKED_AT}").fetchall()
    different = [
        dict.fromkeys(value for value in values if value is not None) for values in zip(*rows, strict=True)
    ]
    return [[word(value) for value in islice(values, EXAMPLES)] for values in different]


def word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain(value))[:SHOWN]


def plain(value: Any) -> Any:
    """What JSON can carry."""
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value
