"""What cuts a text into cells: each mark is tried, and the cells that make most sense win. In the child."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from datasets.readers.cells import is_missing, is_value

SAMPLE = 4 * 1024 * 1024  # characters
SAMPLE_ROWS = 300
QUOTED_ROWS = 5000  # in which is looked for quotes that swallow others
SAMPLE_CELLS = 20_000  # whose sense is judged
SPACE, WIDE = " ", "  "  # any run of blanks; a tab, or two blanks and more
BLANKS = (SPACE, WIDE)
SEPARATORS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "pipe",
    SPACE: "spaces",
    WIDE: "two spaces or more",
}
MOSTLY = 0.9
_GLUED = re.compile(r"\t|(?<=\S)[,;|](?=\S)")
_GLUED_BY_SPACES = re.compile(r"\t|.[,;|]|[,;|].")
_GAP = re.compile(r"\s{2,}|\t")
_WORD = re.compile(r'"(?:[^"]|"")*"(?=\s|$)|\S+')

Row = list[str]
Line = tuple[int, Row]  # the number of the line on which a row ends, and its cells


@dataclass(frozen=True)
class Marks:
    """`separator` parts cells; `quote` wraps one ("" where none does); `escape` stands before a quote."""

    separator: str
    quote: str = '"'
    escape: str = ""

    @property
    def is_usual(self) -> bool:
        """Whether any reader of CSV takes it as it is."""
        return self.separator not in BLANKS and self.quote in ('"', "") and not self.escape


def cut(sample: str, marks: Marks, *, whole: bool, most: int = SAMPLE_ROWS) -> list[Line]:
    """The first rows that hold anything. The last is left out where the sample may have cut it."""
    lines = io.StringIO(sample, newline="")
    try:
        rows = list(islice(rows_of(lines, marks), most))
    except csv.Error:
        return []
    is_half = not whole and len(rows) < most and len(rows) > 1
    return rows[:-1] if is_half else rows


def rows_of(lines: Iterable[str], marks: Marks) -> Iterator[Line]:
    """Each row that holds anything, with the number of the line on which it ends. Raises csv.Error."""
    if marks.separator in BLANKS:
        for number, line in enumerate(lines, 1):
            if words := words_of(line, marks):
                yield number, words
        return
    reader = csv_reader(lines, marks)
    for row in reader:
        if row and (len(row) > 1 or row[0].strip()):
            yield reader.line_num, row


def csv_reader(lines: Iterable[str], marks: Marks) -> Any:
    csv.field_size_limit(SAMPLE)
    return csv.reader(
        lines,
        delimiter=marks.separator,
        quotechar=marks.quote or None,
        quoting=csv.QUOTE_MINIMAL if marks.quote else csv.QUOTE_NONE,
        escapechar=marks.escape or None,
        skipinitialspace=True,
    )


def words_of(line: str, marks: Marks) -> Row:
    """The cells of a line that is cut by runs of blanks."""
    text = line.strip()
    if marks.separator == WIDE:
        words = _GAP.split(text) if text else []
    else:
        words = _WORD.findall(text) if marks.quote and '"' in text else text.split()
    return [_unquoted(word) for word in words] if marks.quote else words


def _unquoted(word: str) -> str:
    is_wrapped = len(word) > 1 and word[0] == word[-1] == '"'
    return word[1:-1].replace('""', '"') if is_wrapped else word


def likeliest(sample: str, *, whole: bool) -> str:
    """The separator whose cells make most sense; a comma where none cuts any."""
    scores = {mark: _score(cut(sample, Marks(mark), whole=whole), mark) for mark in SEPARATORS}
    return max(scores, key=lambda mark: scores[mark])


def widths(sample: str, *, whole: bool) -> dict[str, int]:
    """How many columns each separator would make."""
    return {mark: usual_width(cut(sample, Marks(mark), whole=whole)) for mark in SEPARATORS}


def _score(rows: Sequence[Line], mark: str) -> tuple[float, int]:
    """How well it cuts: rows of equal length, times cells that hold no other separator."""
    width = usual_width(rows)
    if width < 2:
        return 0.0, 0
    same = [row for _, row in rows if len(row) == width]
    fit = len(same) / len(rows)
    cells = list(islice((cell for row in same for cell in row), SAMPLE_CELLS))
    if mark in BLANKS and not _is_even(rows, width):
        return 0.0, 0
    if mark == SPACE and not _mostly_values(cells):
        return 0.0, 0
    whole_cells = sum(not _is_glued(cell, mark) for cell in cells) / len(cells)
    return fit * whole_cells**2, width


def _is_even(rows: Sequence[Line], width: int) -> bool:
    """Whether nearly all rows are this wide. The first may lack a name for the names of the rows."""
    below = [len(row) for _, row in rows[1:]]
    return bool(below) and below.count(width) >= MOSTLY * len(below)


def _mostly_values(cells: Sequence[str]) -> bool:
    """Words alone do not tell blanks between cells from blanks between words."""
    return sum(is_value(cell) or is_missing(cell) for cell in cells) * 2 >= len(cells)


def _is_glued(cell: str, mark: str) -> bool:
    """Whether it looks like several cells that another separator would part."""
    glue = _GLUED_BY_SPACES if mark in BLANKS else _GLUED
    return glue.search(cell) is not None and not is_value(cell)


def usual_width(rows: Sequence[Line]) -> int:
    counted = Counter(len(row) for _, row in rows)
    return max(counted, key=lambda width: (counted[width], width), default=0)


def quoting(sample: str, separator: str, *, whole: bool, wanted: bool | None) -> Marks:
    """What wraps the cells: quotes, or apostrophes where most cells stand in them, or nothing by choice."""
    usual = Marks(separator)
    if wanted is False:
        return replace(usual, quote="")
    if separator in BLANKS:
        return usual
    if separator == "\t" and wanted is None and _swallow(sample, usual, whole=whole):
        return replace(usual, quote="")
    if "'" in sample and _in_apostrophes(cut(sample, usual, whole=whole)):
        return replace(usual, quote="'")
    escaped = replace(usual, escape="\\")
    if '\\"' in sample and _fit(cut(sample, escaped, whole=whole)) > _fit(cut(sample, usual, whole=whole)):
        return escaped
    return usual


def _swallow(sample: str, marks: Marks, *, whole: bool) -> bool:
    """Whether quotes would put rows between tabs into a cell, while each line by itself is a row."""
    if marks.quote not in sample:
        return False
    rows = cut(sample, marks, whole=whole, most=QUOTED_ROWS)
    is_swallowed = any("\t" in cell and "\n" in cell for _, row in rows for cell in row)
    return is_swallowed and _fit(cut(sample, replace(marks, quote=""), whole=whole, most=QUOTED_ROWS)) == 1


def _in_apostrophes(rows: Sequence[Line]) -> bool:
    """Whether apostrophes open and close as many cells as there are rows."""
    cells = [cell.strip() for _, row in rows for cell in row]
    opened = sum(cell.startswith("'") for cell in cells)
    closed = sum(cell.endswith("'") for cell in cells)
    return bool(rows) and opened == closed and opened >= len(rows)


def _fit(rows: Sequence[Line]) -> float:
    width = usual_width(rows)
    return sum(len(row) == width for _, row in rows) / len(rows) if rows and width > 1 else 0.0
