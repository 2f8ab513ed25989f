"""A text of unusual layout becomes plain CSV, line for line, without comments and footnotes. In the child."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from datasets.problems import CannotRead
from datasets.readers import edges
from datasets.readers.dialect import Dialect
from datasets.readers.separators import BLANKS, csv_reader, words_of

LISTED = 200  # lines left out that are shown
SHOWN = 120  # letters of such a line
EMPTY = " \t\r\n,;|"  # what a line without any value is made of

Listed = list[dict[str, Any]]


@dataclass
class LeftOut:
    """Lines that are no rows: how many, and the first of them as {"line", "reason": what stands there}."""

    comments: int = 0
    rows: int = 0  # rows without any value
    comment_lines: Listed = field(default_factory=list)
    above_lines: Listed = field(default_factory=list)
    footer_lines: Listed = field(default_factory=list)


def as_plain(path: Path, layout: Dialect, work: Path) -> tuple[Path, Dialect, LeftOut]:
    """A file in UTF-8 and its layout, such that any reader of CSV takes them; the file itself where it does.

    Lines keep their numbers. Raises CannotRead `unclosed_quote`, `no_rows`.
    """
    left_out = LeftOut(above_lines=_first_lines(path, layout.above))
    if not (_is_unusual(layout) or layout.comment or layout.footer) and _is_plain_above(path, layout):
        return path, layout, left_out
    plain = work / "plain.csv"
    with (
        path.open(encoding="utf-8", newline="") as source,
        plain.open("w", encoding="utf-8", newline="") as out,
    ):
        lines = _without_footer(source, layout.footer, left_out)
        body = _without_comments(lines, layout, left_out)
        out.writelines(_written_anew(body, layout) if _is_unusual(layout) else body)
    usual = replace(layout, separator="\t") if layout.separator in BLANKS else layout
    return (
        plain,
        replace(usual, skip=0, plain_ends=_is_unusual(layout), quote=usual.quote and '"', escape=""),
        left_out,
    )


def _is_unusual(layout: Dialect) -> bool:
    return layout.has_odd_ends or not layout.marks.is_usual


def _is_plain_above(path: Path, layout: Dialect) -> bool:
    """Whether the lines above the rows can be counted: a quote among them may run over several."""
    with path.open(encoding="utf-8", newline="") as file:
        return layout.skip - layout.above < 2 and '"' not in "".join(islice(file, layout.above))


def _first_lines(path: Path, count: int) -> Listed:
    with path.open(encoding="utf-8", newline="") as file:
        return _listed(enumerate(islice(file, min(count, LISTED)), 1))


def _listed(lines: Iterable[tuple[int, str]]) -> Listed:
    return [{"line": number, "reason": line.strip()[:SHOWN]} for number, line in lines if line.strip(EMPTY)]


def _without_footer(lines: Iterable[str], footer: int, left_out: LeftOut) -> Iterator[str]:
    held: deque[str] = deque()
    passed = 0
    for line in lines:
        held.append(line)
        if len(held) > footer:
            passed += 1
            yield held.popleft()
    left_out.footer_lines += _listed(islice(enumerate(held, passed + 1), LISTED))


def _without_comments(lines: Iterable[str], layout: Dialect, left_out: LeftOut) -> Iterator[str]:
    """Lines above the rows become blank: they may hold what they like."""
    left = iter(lines)
    yield from map(edges.end_of, islice(left, layout.skip))
    checked = edges.with_comments(left, layout.comment, layout.quote)
    for number, (line, is_comment) in enumerate(checked, layout.skip + 1):
        left_out.comments += is_comment
        if is_comment and len(left_out.comment_lines) < LISTED:
            left_out.comment_lines += _listed([(number, line)])
        yield edges.end_of(line) if is_comment else line


def _written_anew(lines: Iterator[str], layout: Dialect) -> Iterator[str]:
    """The rows as commas and quotes would have them, each on the lines where it was."""
    yield from ("\n" for _ in islice(lines, layout.skip))
    out = io.StringIO()
    separator = "\t" if layout.separator in BLANKS else layout.separator
    writer = csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    rows = _split(lines, layout)
    try:
        for row in rows:
            writer.writerow(row)
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    except csv.Error as error:
        raise CannotRead(
            "unclosed_quote", "A cell is longer than 4 MB. A quote may not be closed. Repair it.", "quotes"
        ) from error


def _split(lines: Iterator[str], layout: Dialect) -> Iterator[list[str]]:
    if layout.separator in BLANKS:
        return (words_of(line, layout.marks) for line in lines)
    return iter(csv_reader(lines, layout.marks))
