"""The figures of columns in one query for many of them; of a long table, some from a stated sample."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Sequence
from typing import Any

from datasets.tables import Column, quoted

EXACT = 1_000_000  # rows up to which distinct values are counted and quantiles are those of all rows
SAMPLE, BLOCKS = 409_600, 40  # rows of the sample that a longer table has, in blocks that lie evenly in it
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FAR = 1e150  # numbers beyond have no deviation that a number could hold

Facts = dict[str, Any]


def measure(con: Any, columns: Sequence[Column], rows: int) -> list[Facts]:
    """Of each column: present, unique, min, max, mean, std, lengths, quantiles, spaces, estimated.

    `typed` has all rows; of more than EXACT, `sampled` has some. `quantiles` are those at 5, 25, 50, 75
    and 95 percent. `estimated` names what is not exact.
    """
    asked = [_of_all(column, rows) for column in columns]
    some = [_of_some(column) for column in columns]
    if rows > EXACT:
        found = zip(_ask(con, asked, "typed"), _ask(con, some, "sampled"), strict=True)
        whole = [facts | more for facts, more in found]
    else:
        whole = _ask(con, [parts | more for parts, more in zip(asked, some, strict=True)], "typed")
    for facts, column in zip(whole, columns, strict=True):
        facts["estimated"] = _estimated(column) if rows > EXACT else []
        facts["unique"] = min(facts["unique"], facts["present"])
        facts["std"] = None if _is_far(column, facts) else facts["std"]
    return whole


def _ask(con: Any, asked: Sequence[dict[str, str]], table: str) -> list[Facts]:
    sql = ", ".join(part for parts in asked for part in parts.values())
    left = iter(con.execute(f"SELECT {sql} FROM {table}").fetchone())
    return [{name: next(left) for name in parts} for parts in asked]


def _of_all(column: Column, rows: int) -> dict[str, str]:
    cell = quoted(column.name)
    what = f"hash({cell})" if column.type == "BLOB" else cell
    distinct = f"count(DISTINCT {what})" if rows <= EXACT else f"approx_count_distinct({what})"
    has_order = column.type in ("BIGINT", "DOUBLE", "TIMESTAMP", "BOOLEAN")
    parts = {
        "present": f"count({cell})",
        "unique": distinct,
        "min": f"min({cell})" if has_order else "NULL",
        "max": f"max({cell})" if has_order else "NULL",
        "mean": "NULL",
        "std": "NULL",
        "lengths": "NULL",
    }
    if column.type in ("BIGINT", "DOUBLE"):
        wide = f"CAST({cell} AS DOUBLE)"
        parts["mean"] = f"avg({wide} / 2) * 2"  # the sum of the largest numbers has no room
        parts["std"] = f"stddev_samp(CASE WHEN abs({wide}) < {FAR} THEN {wide} END)"
    if column.type == "VARCHAR":
        length = f"length({cell})"
        parts["lengths"] = f"[min({length}), avg({length}), max({length})]"
    return parts


def _of_some(column: Column) -> dict[str, str]:
    cell = quoted(column.name)
    spaces = f"avg(length({cell}) - length(replace({cell}, ' ', '')))"
    quantiles = f"quantile_cont(CAST({cell} AS DOUBLE), [{', '.join(map(str, QUANTILES))}])"
    return {
        "quantiles": quantiles if column.type in ("BIGINT", "DOUBLE") else "NULL",
        "spaces": spaces if column.type == "VARCHAR" else "NULL",
    }


def blocks(rows: int) -> str:
    """Which rows are sampled, by `file_row_number`: blocks, which are read far faster than single rows."""
    starts = (block * (rows // BLOCKS) for block in range(BLOCKS))
    length = SAMPLE // BLOCKS
    return " OR ".join(f"file_row_number BETWEEN {start} AND {start + length - 1}" for start in starts)


def _estimated(column: Column) -> list[str]:
    return ["unique", "quantiles"] if column.type in ("BIGINT", "DOUBLE") else ["unique"]


def _is_far(column: Column, facts: Facts) -> bool:
    if column.type not in ("BIGINT", "DOUBLE") or not facts["present"]:
        return False
    return bool(max(abs(facts["min"]), abs(facts["max"])) >= FAR)
