"""The rows that are looked at closely: all of a small table, blocks spread over a large one. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.tables import literal, quoted

ROWS = 50_000
CELLS = 10_000_000
COLUMNS = 1000  # of a wider table, the first ones
BLOCKS = 25
FEW = 1000  # numbers of a column that have words
LARGEST = 1e100  # beyond, sums of squares have no room
LONGEST = 200  # letters of a text; what follows is not looked at
NUMERIC = ("integer", "number")

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Cells:
    """One column of the sample.

    `codes` (int64, n): the number of each value by first appearance, -1 where there is none; `distinct`: how
    many differ. `words`: what the codes stand for, as text; of many numbers, none. `numbers` (float64, n; NaN
    where missing): values up to LARGEST, or seconds of dates; None of words.
    """

    name: str
    kind: str
    type: str
    codes: Any
    distinct: int
    words: list[str]
    numbers: Any = None

    @property
    def present(self) -> Any:
        return self.codes >= 0


@dataclass(frozen=True)
class Sample:
    """`size` of `rows` rows, in the order of the file."""

    rows: int
    size: int
    columns: Mapping[str, Cells]

    def __iter__(self) -> Any:
        return iter(self.columns.values())


def relation(parquet: Path) -> str:
    """The table as a query selects from it."""
    return f"read_parquet({literal(str(parquet))}, file_row_number=true)"


def take(con: Any, parquet: Path, columns: Sequence[Facts], rows: int, besides: str = "") -> Sample:
    """The same rows each time. `besides` is a column that is wanted however far to the right it stands."""
    wanted = [facts for facts in columns if facts["kind"] != "image"]
    chosen = wanted[:COLUMNS] + [facts for facts in wanted[COLUMNS:] if facts["name"] == besides]
    if not chosen:
        return Sample(rows, 0, {})
    most = max(min(ROWS, CELLS // len(chosen)), 1000)
    parts = ", ".join(_cell(facts) for facts in chosen)
    query = f"SELECT {parts} FROM {relation(parquet)} WHERE {_blocks(rows, most)}"
    table = con.cursor().sql(query).to_arrow_table()
    cells = {facts["name"]: _cells(facts, table.column(place)) for place, facts in enumerate(chosen)}
    return Sample(rows, table.num_rows, cells)


def _cell(facts: Facts) -> str:
    name = quoted(facts["name"])
    return f"left({name}, {LONGEST}) AS {name}" if facts["type"] == "string" else name


def _blocks(rows: int, most: int) -> str:
    """Which rows: reading a few blocks costs a fraction of reading rows picked one by one."""
    if rows <= most:
        return "true"
    step, length = rows // BLOCKS, most // BLOCKS
    starts = (block * step for block in range(BLOCKS))
    return " OR ".join(f"file_row_number BETWEEN {start} AND {start + length - 1}" for start in starts)


def _cells(facts: Facts, column: Any) -> Cells:
    import numpy as np

    encoded = _whole(_whole(column).dictionary_encode())
    found = encoded.indices.to_numpy(zero_copy_only=False)
    codes = np.where(np.isnan(found), -1, found).astype(np.int64)
    values = encoded.dictionary
    are_few = facts["type"] == "string" or len(values) <= FEW
    words = [_word(value) for value in values.to_pylist()] if are_few else []
    numbers = _numbers(encoded, codes)
    return Cells(facts["name"], facts["kind"], facts["type"], codes, len(values), words, numbers)


def _whole(column: Any) -> Any:
    """One array instead of chunks."""
    return column.combine_chunks() if hasattr(column, "combine_chunks") else column


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat(sep=" ") if hasattr(value, "hour") else str(value)


def _numbers(encoded: Any, codes: Any) -> Any:
    """The values as float64, by way of the few that differ; None where they are words."""
    import numpy as np
    import pyarrow as pa

    values, of = encoded.dictionary, encoded.dictionary.type
    if pa.types.is_timestamp(of):
        found = values.to_numpy(zero_copy_only=False).astype("datetime64[us]").astype(np.int64) / 1e6
    elif pa.types.is_boolean(of) or pa.types.is_integer(of) or pa.types.is_floating(of):
        found = values.to_numpy(zero_copy_only=False).astype(np.float64)
    else:
        return None
    return np.append(np.clip(found, -LARGEST, LARGEST), np.nan)[codes]
