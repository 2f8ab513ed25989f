"""What stands around a table in its file: titles above, notes below, comments in between. In the child."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from datasets.readers.cells import is_missing, is_value
from datasets.readers.separators import BLANKS, Line, Marks, Row, rows_of

TAIL = 64 * 1024  # bytes
COMMENT = "#"
SENTENCE = 4  # words
RARE = 0.2  # share of rows that may be comments
TOTALS = frozenset({"total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "insgesamt"})
TOTALS |= {"totale", "totaal", "total général", "suma", "итого", "всего", "合計", "合计", "总计"}
_END = re.compile(r"\r\n|\r|\n")


def filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def is_thin(row: Row, width: int) -> bool:
    """Whether a row holds too little to be one of a table this wide."""
    return filled(row) <= max(1, width // 3)


def first_row(rows: Sequence[Line], width: int) -> int:
    """Where the table begins: rows above it are blank, or hold a title, or name and value of a remark."""
    for place, (_, row) in enumerate(rows):
        is_title = is_thin(row, width) and not any(is_value(cell) for cell in row)
        if filled(row) and not (is_title and width > 1 and (len(row) < width or width > 2)):
            return place
    return 0


def comment_sign(rows: Sequence[Line], width: int) -> str:
    """ "#" where some rows begin with it and do not fit the table."""
    marked = [row for _, row in rows if row[0].lstrip().startswith(COMMENT)]
    others = [row for _, row in rows if not row[0].lstrip().startswith(COMMENT)]
    if not marked or not others or all(len(row) == width for row in marked):
        return ""
    above = next((place for place, (_, row) in enumerate(rows) if row in others), 0)
    return COMMENT if len(marked) - above <= RARE * len(rows) else ""


def with_comments(lines: Iterable[str], sign: str, quote: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is a comment. A sign inside quotes is a letter."""
    is_open = False
    for line in lines:
        is_comment = not is_open and bool(sign) and line.lstrip(" \t").startswith(sign)
        if not is_comment:
            is_open = is_open != bool(quote and line.count(quote) % 2)
        yield line, is_comment


def end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def last_lines(path: Path) -> list[str]:
    """The lines at the end of a file in UTF-8; the first of them may be half, unless the file is small."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - TAIL, 0))
        text = file.read().decode("utf-8", errors="replace")
    lines = _END.split(text)
    whole = lines if size <= TAIL else lines[1:]
    return whole if whole and whole[-1] else whole[:-1]


def footer(lines: Sequence[str], marks: Marks, width: int) -> int:
    """How many of the last lines are footnotes, blank, or a row of totals; 0 where there are no such.

    Blank lines alone are none, nor is a row of totals that nothing parts from the rows.
    """
    rows = [_cells(line, marks) for line in lines]
    size = _notes(lines, rows, marks, width)
    above = rows[: len(rows) - size]
    is_apart = size > 0 or (len(above) > 1 and not filled(above[-2]))
    if is_apart and above and _is_total(above[-1]):
        return size + 1
    return size if any(map(filled, rows[len(above) :])) else 0


def _notes(lines: Sequence[str], rows: Sequence[Row], marks: Marks, width: int) -> int:
    """How many of the last lines hold a remark or nothing."""
    below = takewhile(lambda row: not filled(row) or _is_note(row, marks, width), reversed(rows))
    size = len(list(below))
    while size and _is_full(rows[-size], width) and not _is_label(rows[-size][0]):
        size -= 1
    notes = [row for row in rows[len(rows) - size :] if filled(row)]
    if size == len(rows) or not size:
        return 0
    is_whole = sum(line.count(marks.quote or "\0") for line in lines[-size:]) % 2 == 0
    is_apart = not filled(rows[-size]) or len(lines[-size].split()) > 1
    return size if is_whole and (is_apart or not notes) else 0


def _cells(line: str, marks: Marks) -> Row:
    try:
        return next((row for _, row in rows_of([line], marks)), [])
    except csv.Error:
        return [line]


def _is_note(row: Row, marks: Marks, width: int) -> bool:
    """Whether a line is no row: it ends early, or after its first cell, and holds little and no number."""
    if marks.separator in BLANKS:
        return len(row) != width and not any(is_value(cell) for cell in row[1:2])
    ends_early = len(row) < width or _is_full(row, width)
    return ends_early and is_thin(row, width) and _is_remark(row)


def _is_full(row: Row, width: int) -> bool:
    """Whether it is as wide as the table with nothing but its first cell."""
    return len(row) == width > 1 and bool(row[0].strip()) and filled(row) == 1


def _is_label(cell: str) -> bool:
    """Source: …, Note: … and their like."""
    return cell.split()[0].endswith(":") and len(cell.split()) > 1


def _is_total(row: Row) -> bool:
    """Whether a row sums up those above it."""
    is_named = row[:1] != [] and row[0].strip().rstrip(":").lower() in TOTALS
    return is_named and any(not is_missing(cell) for cell in row[1:])


def _is_remark(cells: Row) -> bool:
    """Whether cells hold words: no figures, or beside them a sentence, as in a numbered note."""
    is_bare = not any(is_value(cell) for cell in cells)
    return is_bare or any(len(cell.split()) >= SENTENCE for cell in cells)
