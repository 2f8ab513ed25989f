"""A table becomes Parquet, in the order of the file, without ever being in memory. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from pathlib import Path

from datasets.profile import figures
from datasets.readers.waiting import patiently
from datasets.tables import WIDE, Decision, Table, Tell, decision, literal, quoted

ROW_GROUP = 10_240  # small, so that a page of scattered rows unpacks little
SMALLEST = 2048  # rows of a group, which is as few as it writes
CELLS = 20_000_000  # in one group of rows of a wide table
FEW = 2_000_000  # cells of a table that is looked at where it lies, not through its file
COPIES = {"keep": "kept", "leave_out": "left out"}


def write(table: Table, target: Path, tell: Tell) -> None:
    """Writes the file, and makes it known as `typed`. `table.rows` is how many rows have to arrive."""
    if not table.is_written:
        tell("progress", {"stage": "writing"})
        typed = ", ".join(f"{column.sql} AS {quoted(column.name)}" for column in table.columns)
        copy(table, f"SELECT {typed} FROM {table.relation}", target, tell)
    (written,) = table.con.execute(f"SELECT count(*) FROM {_read(target)}").fetchone()
    if written != table.rows:
        raise RuntimeError(f"{table.rows} rows were read and {written} written")
    for kind in ("TABLE", "VIEW"):
        if _is(table, "raw", kind):
            table.con.execute(f"DROP {kind} raw")
    _know(table, target)


def leave_out_copies(table: Table, target: Path, tell: Tell) -> list[Decision]:
    """Writes the file anew without rows that are in it already; the first of each stays."""
    names = ", ".join(quoted(column.name) for column in table.columns)
    marks = f"hash({names}), hash('again', {names})"
    numbered = f"read_parquet({literal(str(target))}, file_row_number=true)"
    place = f"row_number() OVER (PARTITION BY {marks} ORDER BY file_row_number)"
    table.con.execute(
        f"CREATE TEMP TABLE copies AS SELECT file_row_number AS number FROM"
        f" (SELECT file_row_number, {place} AS place FROM {numbered}) WHERE place > 1"
    )
    (count,) = table.con.execute("SELECT count(*) FROM copies").fetchone()
    if count:
        beside = target.with_name("rows.parquet")
        kept = f"SELECT {names} FROM {numbered} WHERE file_row_number NOT IN (SELECT number FROM copies)"
        table.con.execute("DROP VIEW IF EXISTS typed" if _is(table, "typed", "VIEW") else "DROP TABLE typed")
        copy(table, kept, beside, tell)
        beside.replace(target)
        table.rows -= count
        _know(table, target)
    choices = [{"value": value, "label": label} for value, label in COPIES.items()]
    value = f"{count:,} left out" if count else "none"
    why = "they are the same as a row above them in every cell"
    return [decision("Copied rows", value, why, option="duplicates", choices=choices)]


def copy(table: Table, query: str, target: Path, tell: Tell) -> int:
    """Writes the rows of a query, about as many as the table has; returns how many they were."""
    is_heavy = any(column.type == "BLOB" for column in table.columns)
    group = SMALLEST if is_heavy else min(max(CELLS // len(table.columns), SMALLEST), ROW_GROUP)
    parquet = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {group}"
    (written,) = patiently(
        table.con, f"COPY ({query}) TO {literal(str(target))} ({parquet})", table.rows, tell
    )
    return int(written)


def _know(table: Table, target: Path) -> None:
    is_near = table.rows * len(table.columns) <= FEW or len(table.columns) > WIDE
    kind = "TABLE" if is_near else "VIEW"
    table.con.execute(f"CREATE {kind} typed AS SELECT * FROM {_read(target)}")
    if table.rows > figures.EXACT:
        numbered = f"read_parquet({literal(str(target))}, file_row_number=true)"
        some = f"SELECT * FROM {numbered} WHERE {figures.blocks(table.rows)}"
        table.con.execute(f"CREATE OR REPLACE VIEW sampled AS {some}")


def _read(target: Path) -> str:
    return f"read_parquet({literal(str(target))})"


def _is(table: Table, name: str, kind: str) -> bool:
    catalog = {"TABLE": "duckdb_tables", "VIEW": "duckdb_views"}[kind]
    query = f"SELECT 1 FROM {catalog}() WHERE {kind.lower()}_name = ? AND NOT internal"
    return table.con.execute(query, [name]).fetchone() is not None
