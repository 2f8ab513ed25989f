"""The figures of columns in one query for many of them; of a long table, some from a stated sample."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Sequence
from typing import Any

from datasets.tables import Column, quoted

EXACT = 1_000_000  # rows up to which distinct values are counted and quantiles are those of all rows
SHORT = 5000  # rows up to which a list of values is soon made
SAMPLE, BLOCKS = 409_600, 40  # rows of the sample that a longer table has, in blocks that lie evenly in it
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FAR = 1e150  # numbers beyond have no deviation that a number could hold

Facts = dict[str, Any]


def extremes(con: Any, columns: Sequence[Column]) -> list[Facts]:
    """The `min` and `max` of each column, which Parquet knows without a look at its cells."""
    return _ask(con, [_ends(column) for column in columns], "typed")


def measure(
    con: Any, columns: Sequence[Column], rows: int, ends: Sequence[Facts], counts: Sequence[str]
) -> list[Facts]:
    """Of each column: present, unique, mean, std, lengths, counts, quantiles, spaces, estimated.

    `typed` has all rows; of more than EXACT, `sampled` has some. `ends` are its extremes, `counts` is what
    else to ask of all rows, in SQL. `quantiles` are those at 5, 25, 50, 75 and 95 percent. `estimated` names
    what is not exact.
    """
    told = zip(columns, ends, counts, strict=True)
    asked = [_of_all(column, rows, known) | {"counts": more} for column, known, more in told]
    some = [_of_some(column) for column in columns]
    if rows > EXACT:
        found = zip(_ask(con, asked, "typed"), _ask(con, some, "sampled"), strict=True)
        whole = [facts | more for facts, more in found]
    else:
        whole = _ask(con, [parts | more for parts, more in zip(asked, some, strict=True)], "typed")
    for facts, column in zip(whole, columns, strict=True):
        facts["estimated"] = _estimated(column) if rows > EXACT else []
        facts["unique"] = min(facts["unique"], facts["present"])
    return whole


def _ask(con: Any, asked: Sequence[dict[str, str]], table: str) -> list[Facts]:
    sql = ", ".join(part for parts in asked for part in parts.values())
    left = iter(con.execute(f"SELECT {sql} FROM {table}").fetchone())
    return [{name: next(left) for name in parts} for parts in asked]


def _ends(column: Column) -> dict[str, str]:
    has_order = column.type in ("BIGINT", "DOUBLE", "TIMESTAMP", "BOOLEAN")
    return {end: f"{end}({quoted(column.name)})" if has_order else "NULL" for end in ("min", "max")}


def _of_all(column: Column, rows: int, ends: Facts) -> dict[str, str]:
    cell = quoted(column.name)
    what = f"hash({cell})" if column.type == "BLOB" else cell
    distinct = f"count(DISTINCT {what})" if rows <= EXACT else f"approx_count_distinct({what})"
    if rows <= SHORT:
        distinct = f"coalesce(list_unique(list({what})), 0)"  # the same, without a table of its own
    parts = {
        "present": f"count({cell})",
        "unique": distinct,
        "mean": "NULL",
        "std": "NULL",
        "lengths": "NULL",
    }
    if column.type in ("BIGINT", "DOUBLE"):
        wide = f"CAST({cell} AS DOUBLE)"
        is_far = _is_far(ends)
        parts["mean"] = f"avg({wide} / 2) * 2" if is_far else f"avg({wide})"  # a sum of those has no room
        parts["std"] = "NULL" if is_far else f"stddev_samp({wide})"
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


def _is_far(ends: Facts) -> bool:
    return any(end is not None and abs(end) >= FAR for end in ends.values())
