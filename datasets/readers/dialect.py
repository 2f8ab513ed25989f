"""How a text is laid out as a table: what separates its cells and where its names stand. In the child."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from datasets.problems import CannotRead
from datasets.readers import edges, separators
from datasets.readers.cells import MISSING as MISSING
from datasets.readers.headers import looks_like_names
from datasets.readers.separators import BLANKS, SAMPLE, SEPARATORS, Line, Marks, Row, usual_width

_TOLD = re.compile(r'"?sep=(?P<mark>[,;|\t])"?[ \t]*(?=[\r\n])', re.IGNORECASE)

_END = re.compile(r"[\r\n]")
_IN_QUOTES = re.compile(r'"[^"]*"')
BLANKS_KEPT = 20
LINES = 5000  # that show how a text is laid out
ENDS = 64 * 1024  # characters that show how lines end


@dataclass(frozen=True)
class Dialect:
    """`skip` lines stand before the first row of data; `names` are as the file has them, or made up.

    The last `footer` lines hold no rows. `comment` begins lines that hold none either. `quotes`: whether a
    quote wraps cells, where a person said so; None: as the file is best read. `above` lines stand before
    the names. `has_odd_ends`: the ends of lines mislead. `plain_ends`: each line is known to end in \\n.
    `told`: a line above the names tells the separator. `widths`: how many columns each separator would
    make. `blanks`: cells of unusual blanks, which say nothing.
    """

    separator: str
    skip: int
    header: bool
    names: tuple[str, ...]
    above: int = 0
    quote: str = '"'
    escape: str = ""
    comment: str = ""
    footer: int = 0
    footer_chosen: bool = False
    has_quotes: bool = False
    has_odd_ends: bool = False
    plain_ends: bool = False
    told: bool = False
    quotes: bool | None = None
    widths: Mapping[str, int] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.names)

    @property
    def separator_name(self) -> str:
        return SEPARATORS.get(self.separator, f"“{self.separator}”")

    @property
    def marks(self) -> Marks:
        return Marks(self.separator, self.quote, self.escape)


@dataclass(frozen=True)
class _Sample:
    """The beginning of a file, without `above` lines; no more are left out where they are `fixed`."""

    text: str
    whole: bool
    above: int
    fixed: bool
    marks: Marks

    def rows(self) -> list[Line]:
        found = separators.cut(self.text, self.marks, whole=self.whole)
        return [(line + self.above, row) for line, row in found]

    def without_comments(self, sign: str) -> "_Sample":
        lines = edges.with_comments(io.StringIO(self.text, newline=""), sign, self.marks.quote)
        kept = (edges.end_of(line) if is_comment else line for line, is_comment in lines)
        return replace(self, text="".join(kept))


@dataclass(frozen=True)
class _Top:
    """Where a table begins: after `above` lines its names, if it has any, and after `skip` lines its rows."""

    above: int
    skip: int
    names: Row
    named: bool


def sniff(path: Path, options: Mapping[str, Any]) -> Dialect:
    """The layout of a UTF-8 file. Raises CannotRead `file_empty`."""
    sample, told = _without_top(*_head(path), options.get("skip_rows"))
    separator = options.get("delimiter") or told or separators.likeliest(sample.text, whole=sample.whole)
    marks = separators.quoting(sample.text, separator, whole=sample.whole, wanted=options.get("quotes"))
    layout = _lay_out(replace(sample, marks=marks), options, edges.last_lines(path))
    return replace(layout, told=bool(told) and separator == told)


def _head(path: Path) -> tuple[str, bool]:
    """The first characters of a file, and whether that is all of it."""
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read(SAMPLE)
        whole = not file.read(1)
    if not text.strip("\ufeff \t\r\n\x00"):
        raise CannotRead("file_empty", "This file is empty. Choose one with rows in it.")
    *lines, rest = text.removeprefix("\ufeff").split("\n", LINES)
    if len(lines) < LINES:
        return text.removeprefix("\ufeff"), whole
    return "\n".join([*lines, ""]), whole and not rest


def _without_top(text: str, whole: bool, skip: int | None) -> tuple[_Sample, str]:
    """What follows the lines that a person left out, or the one that tells the separator; and that."""
    told = _TOLD.match(text)
    above = skip if skip is not None else int(told is not None)
    rest = "".join(io.StringIO(text, newline="").readlines()[above:]) if above else text
    mark = told["mark"] if told else ""
    return _Sample(rest, whole, above, skip is not None, Marks(mark or ",")), mark


def _lay_out(sample: _Sample, options: Mapping[str, Any], tail: Sequence[str]) -> Dialect:
    comment = options.get("comment")
    if comment is None:
        comment = edges.comment_sign(sample.rows(), usual_width(sample.rows()))
    top = _top(sample, comment, options.get("header"))
    footer = options.get("skip_footer")
    return Dialect(
        separator=sample.marks.separator,
        skip=top.skip,
        header=top.named,
        names=tuple(top.names),
        above=top.above,
        quote=sample.marks.quote,
        escape=sample.marks.escape,
        comment=comment,
        footer=edges.footer(tail, sample.marks, len(top.names)) if footer is None else footer,
        footer_chosen=footer is not None,
        has_odd_ends=_has_odd_ends(sample.text),
        has_quotes=(sample.marks.quote or '"') in sample.text,
        quotes=options.get("quotes"),
        blanks=_blanks(sample.rows()),
        widths=separators.widths(sample.text, whole=sample.whole),
    )


def _blanks(rows: Sequence[Line]) -> tuple[str, ...]:
    """Cells of nothing but blanks that are no usual ones, such as those that keep words together."""
    cells = {cell.strip(" ") for _, row in rows for cell in row if not cell.isascii()}
    return tuple(sorted(cell for cell in cells if cell.isspace()))[:BLANKS_KEPT]


def _has_odd_ends(text: str) -> bool:
    """Whether lines end as on an old Macintosh, or the first end of a line stands inside quotes."""
    first = _END.search(text)
    is_inside = first is not None and text.count('"', 0, first.start()) % 2 == 1
    bare = _IN_QUOTES.sub("", text[:ENDS])
    return is_inside or ("\r" in bare and "\n" not in bare)


def _top(sample: _Sample, comment: str, wanted: bool | None) -> _Top:
    rows = (sample.without_comments(comment) if comment else sample).rows()
    if not rows:
        raise CannotRead("file_empty", "No rows can be found in this file.", "skip_rows")
    width = usual_width(rows)
    first = 0 if sample.fixed else edges.first_row(rows, width)
    end, cells = rows[first]
    above = max(_begin(rows[first]), rows[first - 1][0] if first else sample.above)
    body = [row for _, row in rows[first + 1 :]]
    if looks_like_names(cells, body) if wanted is None else wanted:
        return _Top(above, end, _fitted(cells, body, sample.marks), named=True)
    marked = _marked_names(sample, comment, above) if wanted is None and comment else None
    return marked or _Top(above, above, [""] * width, named=False)


def _marked_names(sample: _Sample, comment: str, above: int) -> _Top | None:
    """The names where they stand in the comment right above the first row: # id, name."""
    rows = sample.rows()
    place = next((place for place, (line, _) in enumerate(rows) if line > above), 0)
    if not place:
        return None
    line, cells = rows[place - 1]
    names = [cells[0].lstrip().removeprefix(comment).strip(), *cells[1:]]
    body = [row for _, row in rows[place:]]
    if not names[0] and sample.marks.separator in BLANKS:
        names = names[1:]
    fits = len(names) == usual_width(rows[place:]) > 1
    return _Top(line - 1, line, names, named=True) if fits and looks_like_names(names, body) else None


def _begin(line: Line) -> int:
    """How many lines stand before a row, which may run over several."""
    end, cells = line
    return end - 1 - sum(len(cell.splitlines()) - 1 for cell in cells if "\n" in cell or "\r" in cell)


def _fitted(names: Row, body: Sequence[Row], marks: Marks) -> Row:
    """One more name where every row of data has one more cell.

    A separator at the end of each makes a last one, always empty; R writes the names of rows without a name.
    """
    if not body or any(len(row) != len(names) + 1 for row in body):
        return names
    if marks.separator in BLANKS:
        return ["", *names]
    return names if any(row[-1].strip() for row in body) else [*names, ""]
