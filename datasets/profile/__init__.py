"""What the columns of a table hold, and which one is likely the answer. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from datasets import quality
from datasets.profile.kinds import kind_of
from datasets.tables import Column, batches, quoted

BINS = 20
TOP = 10
MANY = 2_000_000  # rows from which distinct values and quantiles are estimates
SHOWN = 80  # characters of a value
LOOKED_AT, EXAMPLES = 200, 5  # rows, and different values of them
FEW = 100  # different words of which the most common are always counted

TYPES = {
    "BIGINT": "int64",
    "DOUBLE": "float64",
    "BOOLEAN": "bool",
    "TIMESTAMP": "datetime",
    "BLOB": "image",
}
Facts = dict[str, Any]


def describe(con: Any, columns: Sequence[Column], rows: int) -> list[Facts]:
    """One dict for each column of the table `typed`; all of it fits into JSON."""
    found: list[Facts] = []
    for batch in batches(con, "typed", columns, [column.name for column in columns]):
        examples = _examples(con, batch)
        for column, facts, some in zip(batch, _measure(con, batch, rows), examples, strict=True):
            found.append(_finish(con, column, facts, rows) | {"examples": some})
    _mark_target(found)
    return found


def _measure(con: Any, columns: Sequence[Column], rows: int) -> list[Facts]:
    parts = [part for column in columns for part in _measures(column, rows)]
    values = con.execute(f"SELECT {', '.join(parts)} FROM typed").fetchone()
    width = len(_MEASURED)
    return [
        dict(zip(_MEASURED, values[place * width : (place + 1) * width], strict=True))
        for place in range(len(columns))
    ]


_MEASURED = ("present", "unique", "min", "max", "mean", "std", "quantiles", "length", "spaces")


def _measures(column: Column, rows: int) -> list[str]:
    cell = quoted(column.name)
    unique = f"count(DISTINCT {cell})" if rows <= MANY else f"approx_count_distinct({cell})"
    if column.type == "BLOB":
        return [f"count({cell})", f"count(DISTINCT hash({cell}))", *["NULL"] * 7]
    if column.type == "VARCHAR":
        spaces = f"avg(length({cell}) - length(replace({cell}, ' ', '')))"
        return [f"count({cell})", unique, *["NULL"] * 5, f"avg(length({cell}))", spaces]
    if column.type not in ("BIGINT", "DOUBLE"):
        return [f"count({cell})", unique, f"min({cell})", f"max({cell})", *["NULL"] * 5]
    wide = f"CAST({cell} AS DOUBLE)"
    quantile = "quantile_cont" if rows <= MANY else "approx_quantile"
    quantiles = f"{quantile}({wide}, [0.25, 0.5, 0.75])"
    spread = f"CASE WHEN max(abs({wide})) < 1e150 THEN stddev_samp({wide}) END"
    mean = f"avg({wide} / 2) * 2"  # the sum of the largest numbers has no room
    return [f"count({cell})", unique, f"min({cell})", f"max({cell})", mean, spread, quantiles, "NULL", "NULL"]


def _finish(con: Any, column: Column, facts: Facts, rows: int) -> Facts:
    few = facts["present"] and facts["unique"] <= max(FEW, 0.9 * facts["present"]) and column.type != "BLOB"
    top = _top(con, column) if few and _has_words(column, facts) else []
    kind, why = kind_of(column, facts | {"top": top}, rows)
    shape = facts["present"] and kind not in ("text", "identifier", "image")
    return {
        "name": column.name,
        "original_name": column.original_name[:200],
        "kind": kind,
        "type": TYPES.get(column.type, "string"),
        "reason": "; ".join([why, *column.notes]),
        "notes": column.notes,
        "missing": rows - facts["present"],
        "unique": facts["unique"],
        "min": _plain(facts["min"]),
        "max": _plain(facts["max"]),
        "mean": _plain(facts["mean"]),
        "std": _plain(facts["std"]),
        "quantiles": [_plain(value) for value in facts["quantiles"] or []],
        "top": top if shape else [],
        "histogram": _histogram(con, column, facts) if shape else None,
        "target_reason": "",
        **column.facts,
    }


def _has_words(column: Column, facts: Facts) -> bool:
    return column.type in ("VARCHAR", "BOOLEAN") or facts["unique"] <= TOP


def _plain(value: Any) -> Any:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value


def _top(con: Any, column: Column) -> list[list[Any]]:
    """The most common values with their counts, most common first."""
    cell = quoted(column.name)
    query = f"SELECT {cell}, count(*) AS n FROM typed WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1"
    return [[_word(value), count] for value, count in con.execute(f"{query} LIMIT {TOP}").fetchall()]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(_plain(value))[:SHOWN]


def _histogram(con: Any, column: Column, facts: Facts) -> Facts | None:
    """{"from", "to", "counts"}: equal steps from the least to the greatest value."""
    if column.type not in ("BIGINT", "DOUBLE", "TIMESTAMP") or facts["min"] == facts["max"]:
        return None
    cell, low, high = _as_double(column, facts)
    bins = min(BINS, int(high - low) + 1) if column.type == "BIGINT" else BINS
    step = high / bins - low / bins
    if step <= 0:
        return None
    place = f"CAST(least(greatest(floor({cell} / {step!r} - {low / step!r}), 0), {bins - 1}) AS INTEGER)"
    query = f"SELECT {place} AS bin, count(*) FROM typed WHERE {cell} IS NOT NULL GROUP BY 1"
    counts = dict(con.execute(query).fetchall())
    return {
        "from": _plain(facts["min"]),
        "to": _plain(facts["max"]),
        "counts": [counts.get(number, 0) for number in range(bins)],
    }


def _as_double(column: Column, facts: Facts) -> tuple[str, float, float]:
    if column.type == "TIMESTAMP":
        zone = "+00:00"
        low, high = (datetime.fromisoformat(f"{facts[end]}{zone}").timestamp() for end in ("min", "max"))
        return f"epoch({quoted(column.name)})", low, high
    return f"CAST({quoted(column.name)} AS DOUBLE)", float(facts["min"]), float(facts["max"])


def _examples(con: Any, columns: Sequence[Column]) -> list[list[str]]:
    """A few different values of each column, from its first rows."""
    names = ", ".join("NULL" if column.type == "BLOB" else quoted(column.name) for column in columns)
    rows = con.execute(f"SELECT {names} FROM typed LIMIT {LOOKED_AT}").fetchall()
    different = [
        dict.fromkeys(value for value in values if value is not None) for values in zip(*rows, strict=True)
    ]
    return [[_word(value) for value in islice(values, EXAMPLES)] for values in different]


def _mark_target(found: Sequence[Facts]) -> None:
    """Says of one column that it is likely what somebody wants to know, and why."""
    for name, why in quality.suggested(found)[:1]:
        next(facts for facts in found if facts["name"] == name)["target_reason"] = why
