"""A file becomes typed Parquet and a profile, whatever its format."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

import json
from pathlib import Path
from typing import Any

from datasets import profile
from datasets.knowledge.look import look
from datasets.readers import formats
from datasets.tables import Table, Tell, Work, literal, quoted

ROW_GROUP = 10_240  # small, so that a page of scattered rows unpacks little
SMALLEST = 2048  # rows of a group, which is as few as it writes
CELLS = 20_000_000  # in one group of rows of a wide table


def ingest(
    tell: Tell, *, source: str, out: str, options: dict[str, Any], limits: dict[str, int], name: str = ""
) -> None:
    """Writes `table.parquet` and `profile.json` into `out`. Raises CannotRead with a code and a sentence."""
    work = Work(Path(source), Path(out), tell, limits, options, name)
    table = formats.reader_of(work)(work)
    _write(table, work.folder / "table.parquet")
    found = profile.describe(table.con, table.columns, table.rows)
    body = {"rows": table.rows, "columns": found, "decisions": table.decisions, "format": table.format}
    body |= look(table.con, work.folder / "table.parquet", found, table.rows)
    (work.folder / "profile.json").write_text(json.dumps(body, allow_nan=False), encoding="utf-8")
    table.con.close()


def _write(table: Table, target: Path) -> None:
    """The typed table, in the order of the file."""
    typed = ", ".join(f"{column.sql} AS {quoted(column.name)}" for column in table.columns)
    table.con.execute(f"CREATE TABLE typed AS SELECT {typed} FROM {table.relation}")
    table.con.execute("DROP TABLE IF EXISTS raw")
    is_heavy = any(column.type == "BLOB" for column in table.columns)
    group = SMALLEST if is_heavy else min(max(CELLS // len(table.columns), SMALLEST), ROW_GROUP)
    parquet = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group}"
    table.con.execute(f"COPY typed TO {literal(str(target))} ({parquet})")
