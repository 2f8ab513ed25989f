"""A page of rows, read back from the Parquet. In the child."""

import json
from pathlib import Path
from typing import Any

from datasets.tables import Tell

MAX_CELL = 500  # characters of a cell on a page of rows


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
