"""Blanks that say nothing: rows without any value, and spaces around words. In the child."""
# ruff: noqa: S608 - every name passes through quoted()

from collections.abc import Sequence
from typing import Any

from datasets.tables import Column, quoted


def leave_out_rows(con: Any, columns: Sequence[Column]) -> int:
    """Takes rows whose cells are all empty out of `raw`, whose columns are settled; how many there were."""
    if not all("" in column.missing_words for column in columns):
        return 0
    values = ", ".join(f"nullif(trim({quoted(column.raw)}), '')" for column in columns)
    first = f"coalesce({values})"
    (count,) = con.execute(f"SELECT count(*) FROM raw WHERE {first} IS NULL").fetchone()
    if count and _is_table(con):
        con.execute(f"DELETE FROM raw WHERE {first} IS NULL")
    elif count:
        con.execute("ALTER VIEW raw RENAME TO every_row")
        con.execute(f"CREATE VIEW raw AS SELECT * FROM every_row WHERE {first} IS NOT NULL")
    return int(count)


def _is_table(con: Any) -> bool:
    return con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'raw'").fetchone() is not None


def strip(columns: Sequence[Column]) -> None:
    """Words lose the spaces around them, in the columns where some have any."""
    for column in columns:
        if column.type == "VARCHAR" and column.padded:
            column.sql = f"trim({column.sql})"
