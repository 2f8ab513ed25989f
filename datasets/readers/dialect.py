"""How a text is laid out as a table: what separates its cells and where its names stand. In the child."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets.problems import CannotRead
from datasets.readers import edges, separators
from datasets.readers.cells import MISSING as MISSING
from datasets.readers.headers import looks_like_names
from datasets.readers.separators import SAMPLE, SEPARATORS, Line, Marks, Row, usual_width


@dataclass(frozen=True)
class Dialect:
    """`skip` lines stand before the first row of data; `names` are as the file has them, or made up.

    The last `footer` lines hold no rows. `comment` begins lines that hold none either. `quotes`: whether a
    quote wraps cells, where a person said so; None: as the file is best read. `above` lines stand before
    the names. `widths`: how many columns each separator would make.
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
    quotes: bool | None = None
    widths: Mapping[str, int] = field(default_factory=dict)

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
    """The beginning of a file: `above` lines of it are left out already."""

    text: str
    whole: bool
    above: int
    marks: Marks

    def rows(self) -> list[Line]:
        found = separators.cut(self.text, self.marks, whole=self.whole)
        return [(line + self.above, row) for line, row in found]

    def without_comments(self, sign: str) -> "_Sample":
        kept = edges.without_comments(io.StringIO(self.text, newline=""), sign, self.marks.quote)
        return _Sample("".join(line for line, _ in kept), self.whole, self.above, self.marks)


def sniff(path: Path, options: Mapping[str, Any]) -> Dialect:
    """The layout of a UTF-8 file. Raises CannotRead `file_empty`."""
    text, whole = _head(path)
    above = options.get("skip_rows") or 0
    text = "".join(io.StringIO(text, newline="").readlines()[above:]) if above else text
    separator = options.get("delimiter") or separators.likeliest(text, whole=whole)
    marks = separators.quoting(text, separator, whole=whole, wanted=options.get("quotes"))
    sample = _Sample(text, whole, above, marks)
    return _lay_out(sample, options, edges.last_lines(path))


def _head(path: Path) -> tuple[str, bool]:
    """The first characters of a file, and whether that is all of it."""
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read(SAMPLE)
        whole = not file.read(1)
    if not text.strip("\ufeff \t\r\n\x00"):
        raise CannotRead("file_empty", "This file is empty. Choose one with rows in it.")
    return text.removeprefix("\ufeff"), whole


def _lay_out(sample: _Sample, options: Mapping[str, Any], tail: Sequence[str]) -> Dialect:
    comment = options.get("comment")
    if comment is None:
        comment = edges.comment_sign(sample.rows(), usual_width(sample.rows()))
    rows = (sample.without_comments(comment) if comment else sample).rows()
    if not rows:
        raise CannotRead("file_empty", "No rows can be found in this file.", "skip_rows")
    width = usual_width(rows)
    first = 0 if sample.above else edges.first_row(rows, width)
    body = [row for _, row in rows[first + 1 :]]
    wanted = options.get("header")
    has_names = looks_like_names(rows[first][1], body) if wanted is None else wanted
    before = max(_begin(rows[first]), rows[first - 1][0] if first else sample.above)
    names = _pad(rows[first][1], body) if has_names else [""] * width
    footer = options.get("skip_footer")
    return Dialect(
        separator=sample.marks.separator,
        skip=rows[first][0] if has_names else before,
        header=has_names,
        names=tuple(names),
        above=before,
        quote=sample.marks.quote,
        escape=sample.marks.escape,
        comment=comment,
        footer=edges.footer(tail, sample.marks, len(names)) if footer is None else footer,
        footer_chosen=footer is not None,
        has_quotes=(sample.marks.quote or '"') in sample.text,
        quotes=options.get("quotes"),
        widths=separators.widths(sample.text, whole=sample.whole),
    )


def _begin(line: Line) -> int:
    """How many lines stand before a row, which may run over several."""
    end, cells = line
    return end - 1 - sum(len(cell.splitlines()) - 1 for cell in cells if "\n" in cell or "\r" in cell)


def _pad(names: Row, body: Sequence[Row]) -> Row:
    """A separator at the end of every row of data makes one more cell, which is always empty."""
    longer = [row for row in body if len(row) == len(names) + 1]
    if longer and len(longer) == len(body) and not any(row[-1].strip() for row in longer):
        return [*names, ""]
    return names
