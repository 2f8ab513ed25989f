"""The cells of a sheet, row by row: without errors, and with what merged cells show. In the child."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

MERGED = 100_000  # cells of merged ranges that are filled
ERRORS = frozenset(("#N/A", "#DIV/0!", "#NULL!", "#NAME?", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"))
_ERROR = re.compile(r"Err:[0-9]{3}")

Cells = list[Any]
Numbered = tuple[int, Cells]  # a row with its number on the sheet, from 1
Spot = tuple[int, int]  # row and column, from 0


def rows_of(sheet: Any) -> Iterator[Numbered]:
    """From the first row with a cell on."""
    start = sheet.start[0] if sheet.start else 0
    yield from islice(enumerate(sheet.iter_rows(), start=1), start, None)


def without_errors(rows: Iterator[Numbered], written: Counter[str]) -> Iterator[Numbered]:
    """Errors that come as words say nothing; they are counted."""
    for number, cells in rows:
        for place, cell in enumerate(cells):
            if (
                isinstance(cell, str)
                and cell[:1] in ("#", "E")
                and (cell in ERRORS or _ERROR.fullmatch(cell))
            ):
                written[cell] += 1
                cells[place] = None
        yield number, cells


def _ranges(sheet: Any) -> list[Any]:
    return list(sheet.merged_cell_ranges or [])


def merged(sheet: Any) -> dict[Spot, Spot]:
    """For each cell that a merged range hides, the cell whose value is shown over it, from 0."""
    left = sheet.start[1] if sheet.start else 0
    hidden: dict[Spot, Spot] = {}
    for (top, first), (bottom, last) in _ranges(sheet):
        if len(hidden) + (bottom - top + 1) * (last - first + 1) > MERGED:
            return hidden
        corner = (top, first - left)
        cells = ((row, column - left) for row in range(top, bottom + 1) for column in range(first, last + 1))
        hidden |= {cell: corner for cell in cells if cell != corner}
    return hidden


def filled(rows: Iterator[Numbered], hidden: Mapping[tuple[int, int], tuple[int, int]]) -> Iterator[Numbered]:
    """Merged cells down a column each get the value they show; those along a row are a title, and stay."""
    shown: dict[Spot, Any] = {}
    corners = {corner for cell, corner in hidden.items() if cell[0] != corner[0]}
    for number, cells in rows:
        for column in range(len(cells)) if hidden else ():
            here = (number - 1, column)
            if here in corners:
                shown[here] = cells[column]
            corner = hidden.get(here)
            if corner in shown and corner is not None and corner[0] != here[0]:
                cells[column] = shown[corner]
        yield number, cells


def merged_count(sheet: Any) -> int:
    return sum(bottom > top for (top, _), (bottom, _) in _ranges(sheet))


def has(cell: Any) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace())


def size(cells: Sequence[Any]) -> int:
    return sum(map(has, cells))


def present(rows: Iterator[Numbered]) -> Iterator[Numbered]:
    return (row for row in rows if any(map(has, row[1])))


def with_gaps(rows: Iterator[Numbered], last: int, *, keep: bool) -> Iterator[tuple[int, Numbered]]:
    """Each row below row `last`, with how many were missing before it; `keep` brings those back, empty."""
    for number, cells in rows:
        gap = number - last - 1
        for blank in range(last + 1, number) if keep else ():
            yield 0, (blank, [])
        yield gap, (number, cells)
        last = number


def table_rows(sheet: Any, written: Counter[str], *, fill: bool) -> Iterator[Numbered]:
    """Every row, as it looks where `fill`; the errors that came as words are counted in `written`."""
    return filled(without_errors(rows_of(sheet), written), merged(sheet) if fill else {})
