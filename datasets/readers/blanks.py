"""Blanks that say nothing: rows without any value, and spaces around words. In the child."""
# ruff: noqa: S608 - every name passes through quoted()

from collections.abc import Sequence
from typing import Any

from datasets.tables import Column, quoted


def empty_rows(con: Any, columns: Sequence[Column]) -> int:
    """How many rows of `raw`, whose columns are settled, hold nothing in any cell."""
    if not all("" in column.missing_words for column in columns):
        return 0
    (count,) = con.execute(f"SELECT count(*) FROM raw WHERE {_first(columns)} IS NULL").fetchone()
    return int(count)


def leave_out_rows(con: Any, columns: Sequence[Column]) -> None:
    """Takes those rows out of `raw`."""
    if _is_table(con):
        con.execute(f"DELETE FROM raw WHERE {_first(columns)} IS NULL")
    else:
        con.execute("ALTER VIEW raw RENAME TO every_row")
        con.execute(f"CREATE VIEW raw AS SELECT * FROM every_row WHERE {_first(columns)} IS NOT NULL")


def _first(columns: Sequence[Column]) -> str:
    """The first cell of a row that holds something; NULL where none does."""
    values = ", ".join(f"nullif(trim({quoted(column.raw)}), '')" for column in columns)
    return f"coalesce({values})"


def _is_table(con: Any) -> bool:
    return con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'raw'").fetchone() is not None


def strip(columns: Sequence[Column]) -> None:
    """Words lose the spaces around them, in the columns where some have any."""
    for column in columns:
        if column.type == "VARCHAR" and column.padded:
            column.sql = f"trim({column.sql})"
