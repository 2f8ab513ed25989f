"""How a text is laid out as a table: what separates its cells and where its names stand. In the child."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from datasets.problems import CannotRead

SAMPLE = 4 * 1024 * 1024  # characters
SAMPLE_ROWS = 300
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
MISSING = frozenset({"", "NA", "N/A", "NAN", "NULL", "NONE", "?", "-"})
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")

Row = list[str]


@dataclass(frozen=True)
class Dialect:
    """`skip` lines stand before the first row of data; `names` are as the file has them, or made up."""

    separator: str
    skip: int
    header: bool
    names: tuple[str, ...]
    title_lines: int = 0

    @property
    def width(self) -> int:
        return len(self.names)

    @property
    def separator_name(self) -> str:
        return SEPARATORS.get(self.separator, f"“{self.separator}”")


def sniff(path: Path, options: Mapping[str, Any]) -> Dialect:
    """The layout of a UTF-8 file. Raises CannotRead `file_empty`, `no_rows`, `too_few_columns`."""
    with path.open(encoding="utf-8", newline="") as file:
        sample = file.read(SAMPLE)
        whole = not file.read(1)
    if not sample.strip("\ufeff \t\r\n\x00"):
        raise CannotRead("file_empty", "This file is empty. Choose one with rows in it.")
    sample = sample.removeprefix("\ufeff")
    separator = options.get("delimiter") or likeliest_separator(sample, whole=whole)
    rows = _rows(sample, separator, whole=whole)
    return _lay_out(rows, separator, options.get("header"))


def likeliest_separator(sample: str, *, whole: bool) -> str:
    """The separator that cuts most rows into the same number of cells; a comma where none cuts any."""
    fits = {mark: _fit(_rows(sample, mark, whole=whole)) for mark in SEPARATORS}
    return max(fits, key=lambda mark: fits[mark])


def _fit(rows: Sequence[tuple[int, Row]]) -> tuple[float, int]:
    width = _usual_width(rows)
    same = sum(len(row) == width for _, row in rows)
    return (same / len(rows), width) if rows and width > 1 else (0.0, 0)


def _rows(sample: str, separator: str, *, whole: bool) -> list[tuple[int, Row]]:
    """The first rows that hold anything, each with the number of the line it ends on."""
    csv.field_size_limit(SAMPLE)
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        rows = [(reader.line_num, row) for row in islice(reader, SAMPLE_ROWS) if row]
    except csv.Error:
        return []
    cut = not whole and len(rows) < SAMPLE_ROWS and len(rows) > 1
    return rows[:-1] if cut else rows


def _usual_width(rows: Sequence[tuple[int, Row]]) -> int:
    widths = Counter(len(row) for _, row in rows)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _lay_out(rows: Sequence[tuple[int, Row]], separator: str, header: bool | None) -> Dialect:
    if not rows:
        raise CannotRead("file_empty", "No rows can be found in this file.")
    width = _usual_width(rows)
    first = _first_row(rows, width)
    body = [row for _, row in rows[first + 1 :]]
    has_names = looks_like_names(rows[first][1], body) if header is None else header
    end = rows[first][0] if has_names else (rows[first - 1][0] if first else 0)
    cells = _pad(rows[first][1], body) if has_names else [""] * width
    return Dialect(separator, end, has_names, tuple(cells), title_lines=first)


def _first_row(rows: Sequence[tuple[int, Row]], width: int) -> int:
    """Where the table begins: title lines above it have one cell with words at most."""
    for place, (_, row) in enumerate(rows):
        if len(row) == width or sum(bool(cell.strip()) for cell in row) > 1:
            return place
    return 0


def _pad(names: Row, body: Sequence[Row]) -> Row:
    """A separator at the end of every row of data makes one more cell, which is always empty."""
    longer = [row for row in body if len(row) == len(names) + 1]
    if longer and len(longer) == len(body) and not any(row[-1].strip() for row in longer):
        return [*names, ""]
    return names


def looks_like_names(first: Row, body: Sequence[Row]) -> bool:
    """Whether the first row names the columns: it differs in kind from what stands below it."""
    if not body:
        return True
    votes = sum(
        _vote(cell, [row[place] for row in body if place < len(row)]) for place, cell in enumerate(first)
    )
    return votes > 0 or (votes == 0 and _all_words(first))


def _vote(cell: str, below: Sequence[str]) -> int:
    """+1: a name; -1: a value like those below; 0: cannot tell."""
    values = [value.strip() for value in below if not is_missing(value)]
    if not values or is_missing(cell):
        return 0
    numbers = sum(is_number(value) for value in values)
    if numbers > 0.9 * len(values):
        return -1 if is_number(cell) else 1
    if cell.strip() in values:
        return -1
    return 1 if len(set(values)) * 2 <= len(values) else 0


def _all_words(row: Row) -> bool:
    cells = [cell.strip() for cell in row]
    return all(cell and not is_number(cell) and len(cell) <= 60 for cell in cells) and len(set(cells)) == len(
        cells
    )


def is_missing(cell: str) -> bool:
    return cell.strip().upper() in MISSING


def is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None
