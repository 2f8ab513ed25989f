"""What stands around a table in its file: titles above, notes below, comments in between. In the child."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from datasets.readers.cells import is_value
from datasets.readers.separators import BLANKS, Line, Marks, Row, rows_of

TAIL = 64 * 1024  # bytes
COMMENT = "#"
SENTENCE = 4  # words
RARE = 0.2  # share of rows that may be comments
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
    """How many of the last lines are footnotes and the blank lines around them; 0 where there are none."""
    below = takewhile(lambda line: not line.strip() or _is_note(line, marks, width), reversed(lines))
    block = list(below)[::-1]
    notes = [line for line in block if line.strip()]
    if not notes or len(block) == len(lines):
        return 0
    is_whole = sum(line.count(marks.quote or "\0") for line in block) % 2 == 0
    is_apart = not block[0].strip() or _is_sentence(notes[0])
    return len(block) if is_whole and is_apart else 0


def _is_note(line: str, marks: Marks, width: int) -> bool:
    """Whether a line is no row: it ends early, and what it holds is little and no number."""
    try:
        cells = next((row for _, row in rows_of([line], marks)), [])
    except csv.Error:
        return False
    if marks.separator in BLANKS:
        return len(cells) != width and not any(is_value(cell) for cell in cells[1:2])
    return len(cells) < width and is_thin(cells, width) and _is_remark(cells)


def _is_remark(cells: Row) -> bool:
    """Whether cells hold words: no figures, or beside them a sentence, as in a numbered note."""
    is_bare = not any(is_value(cell) for cell in cells)
    return is_bare or any(len(cell.split()) >= SENTENCE for cell in cells)


def _is_sentence(line: str) -> bool:
    return len(line.split()) > 1
