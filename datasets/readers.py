"""A file of text becomes typed Parquet and a profile; a page of rows is read back. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasets import decisions, dialect, names, profile, signatures, text
from datasets.dialect import Dialect
from datasets.kinds import Column, literal, quoted, settle
from datasets.loading import Rejects, Tell, database, load
from datasets.problems import CannotRead
from datasets.text import Encoding

RAGGED = 20  # one row in so many may not fit
ROW_GROUP = 100_000
CELLS = 20_000_000  # in one group of rows of a wide table
MAX_CELL = 500  # characters of a cell on a page of rows


def ingest(tell: Tell, *, source: str, out: str, options: dict[str, Any], limits: dict[str, int]) -> None:
    """Writes `table.parquet` and `profile.json` into `out`. Raises CannotRead with a code and a sentence.

    `options`: `delimiter`, `encoding`, `header`, each only where somebody chose it.
    `limits`: `columns`, `memory` in bytes, `threads`.
    """
    path, work = Path(source), Path(out)
    encoding, plain, layout = recognise(path, work, options)
    _check_width(layout, limits["columns"])
    con = database(work, limits, readable=[path, plain], width=layout.width)
    columns = [
        Column(name, original, f"c{place}")
        for place, (name, original) in enumerate(
            zip(names.column_names(layout.names), layout.names, strict=True)
        )
    ]
    loaded = load(con, plain, work, layout, tell)
    _check_rows(loaded.rows, loaded.rejects, layout)
    settle(con, columns)
    _write(con, columns, work / "table.parquet")
    found = profile.describe(con, columns, loaded.rows)
    said = decisions.of(encoding, layout, columns, loaded)
    body = {"rows": loaded.rows, "columns": found, "decisions": said}
    (work / "profile.json").write_text(json.dumps(body, allow_nan=False), encoding="utf-8")
    con.close()


def recognise(path: Path, work: Path, options: Mapping[str, Any]) -> tuple[Encoding, Path, Dialect]:
    """How the file is encoded and laid out, and where its text in UTF-8 lies."""
    with path.open("rb") as file:
        head = file.read(signatures.HEAD)
    if not head:
        raise CannotRead("file_empty", "This file is empty. Choose one with rows in it.")
    if reason := signatures.why_not_bytes(head):
        raise CannotRead("type_mismatch", reason)
    encoding = text.detect(path, options.get("encoding") or "")
    plain = text.as_utf8(path, encoding, work)
    return encoding, plain, dialect.sniff(plain, options)


def _check_width(layout: Dialect, most: int) -> None:
    if layout.width > most:
        raise CannotRead(
            "too_many_columns",
            f"This table has {layout.width:,} columns. Keep the {most:,} that matter and upload those.",
        )
    if layout.width < 2:
        raise CannotRead(
            "too_few_columns",
            "Only one column was found. A model needs one to learn from and one to predict."
            " If the cells are separated by an unusual character, choose it.",
            "delimiter",
        )


def _check_rows(rows: int, rejects: Rejects, layout: Dialect) -> None:
    if rejects.count * RAGGED > rows + rejects.count:
        first = rejects.listed[0]
        raise CannotRead(
            "ragged_rows",
            f"{rejects.count:,} of {rows + rejects.count:,} rows do not fit the {layout.width} columns. First"
            f" is line {first['line']}: {first['reason']}. Repair the file, or choose another separator.",
            "delimiter",
        )
    if rows == 0:
        raise CannotRead(
            "no_rows", "This file has names of columns but no rows. Add rows and upload it again."
        )
    if rows == 1:
        raise CannotRead("too_few_rows", "This file has a single row. A model learns from many.")


def _write(con: Any, columns: list[Column], target: Path) -> None:
    """The typed table, in the order of the file."""
    typed = ", ".join(f"{column.sql} AS {quoted(column.name)}" for column in columns)
    con.execute(f"CREATE TABLE typed AS SELECT {typed} FROM raw")
    con.execute("DROP TABLE raw")
    group = min(max(CELLS // len(columns), 2048), ROW_GROUP)
    parquet = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group}"
    con.execute(f"COPY typed TO {literal(str(target))} ({parquet})")


def preview(
    tell: Tell, *, parquet: str, offset: int, limit: int, out: str, columns: list[str] | None = None
) -> None:
    """Writes rows `offset` to `offset + limit` into `out`/rows.json: a list of lists. None: all columns."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(parquet)
    rows: list[list[Any]] = []
    passed = 0
    for group in range(file.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        start, end = max(offset - passed, 0), min(offset + limit - passed, count)
        if start < end:
            rows += _rows_of(file.read_row_group(group, columns).slice(start, end - start))
        passed += count
    (Path(out) / "rows.json").write_text(json.dumps(rows, allow_nan=False), encoding="utf-8")


def _rows_of(table: Any) -> list[list[Any]]:
    columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _cell(value: Any) -> Any:
    """What JSON can carry: numbers and truth as they are, dates as text, long text cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= MAX_CELL else value[:MAX_CELL] + "…"
    return value.isoformat(sep=" ")
