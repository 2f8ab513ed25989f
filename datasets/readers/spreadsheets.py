"""Spreadsheets: the sheet with the table, where it stands, and its cells as they are. In the child."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from datasets.problems import CannotRead
from datasets.readers import blanks, decisions, sheet_cells, staging
from datasets.readers.books import Book, Sheet, open_book
from datasets.readers.headers import looks_like_names
from datasets.readers.kinds import settle
from datasets.readers.sheet_cells import Cells, Numbered
from datasets.readers.sheet_decisions import LISTED, Look, Place
from datasets.readers.staging import Stage, as_text
from datasets.tables import Rejects, Table, Work

HEAD = 300  # rows that show where the table stands
NOTES = 20  # rows below a table that may be notes


def read(work: Work) -> Table:
    """Raises CannotRead: what `books.open_book` does, `unknown_sheet`, and what any table is refused for."""
    book = open_book(work)
    chosen = _choose(book, work.options.get("sheet"))
    sheet = book.cells_of(chosen)
    staging.check_width(sheet.width, work.limits["columns"])
    look = Look(book, chosen, work.options, merged=sheet_cells.merged_count(sheet))
    rows = sheet_cells.table_rows(sheet, look.written, fill=work.options.get("merged_cells") != "keep")
    head = list(islice(rows, HEAD))
    look.place = _place(head, sheet.width, work.options)
    stage = Stage(work)
    for number, cells in _body(chain(head, rows), look):
        stage.add({str(n): cell for n, cell in enumerate(cells)}, number)
    columns = stage.columns(look.place.called)
    staging.check_size(columns, stage.rows)
    settle(stage.con, columns, work.options)
    if work.options.get("blanks") == "strip":
        blanks.strip(columns)
    said = [*look.decisions(), *decisions.common(columns, work.options)]
    said.append(staging.kept(stage.rows, look.notes[:LISTED]))
    rejects = Rejects(len(look.notes), look.notes[:LISTED])
    return Table(stage.con, "raw", columns, stage.rows, rejects, said, format=book.format)


def _body(rows: Iterator[Numbered], look: Look) -> Iterator[Numbered]:
    """The rows of the table, as far as somebody wants them; what is left out is written into `look`."""
    place, keep = look.place, look.options.get("empty_rows") == "keep"
    below = sheet_cells.present(islice(rows, place.above + place.has_names, None))
    body = _without_notes(below, place, look.options.get("skip_footer"), look.notes)
    for gap, row in sheet_cells.with_gaps(body, place.start + place.above + place.has_names, keep=keep):
        look.empty += gap
        yield row


def _choose(book: Book, wanted: str | None) -> Sheet:
    """The sheet that somebody wants, else the one with the largest table."""
    tables = {sheet.name: sheet for sheet in book.sheets if sheet.kind != "chart"}
    shown = ", ".join(f"“{name[:40]}”" for name in tables)
    if wanted is not None:
        if wanted not in tables:
            raise CannotRead(
                "unknown_sheet", f"There is no sheet “{wanted[:40]}” with cells. There are {shown}.", "sheet"
            )
        return tables[wanted]
    visible = [sheet for sheet in tables.values() if sheet.kind == "table" and sheet.filled]
    if visible:
        return max(visible, key=lambda sheet: sheet.filled)
    hidden = [sheet.name for sheet in tables.values() if sheet.filled]
    if hidden:
        raise CannotRead(
            "no_sheet", f"The only sheet with cells, “{hidden[0][:40]}”, is hidden. Choose it.", "sheet"
        )
    raise CannotRead(
        "no_sheet", "No sheet of this workbook holds cells. Save it with the table in it and upload it again."
    )


def _place(head: Sequence[Numbered], width: int, options: Mapping[str, Any]) -> Place:
    sizes = [sheet_cells.size(cells) for _, cells in head]
    counts = Counter(size for size in sizes if size > 1)
    usual = max(counts, key=lambda size: (counts[size], size), default=1)
    above = options.get("skip_rows")
    if above is None:
        above = next((place for place, size in enumerate(sizes) if size * 2 > usual and size), 0)
    else:
        above = max(above - (head[0][0] - 1 if head else 0), 0)  # blank rows above are gone already
    texts = [[as_text(cell, number) or "" for cell in cells] for number, cells in head[above:]]
    texts = [row for row in texts if any(row)]
    header = options.get("header")
    has_names = bool(texts) and (looks_like_names(texts[0], texts[1:]) if header is None else header)
    called = texts[0] if has_names else [""] * width
    return Place(above, has_names, called, usual, start=head[0][0] - 1 if head else 0)


def _without_notes(
    rows: Iterator[Numbered], place: Place, footer: int | None, left_out: list[dict[str, Any]]
) -> Iterator[Numbered]:
    """The rows of the table. What stands below it in single cells of words is listed instead."""
    waiting: deque[Numbered] = deque()
    for row in rows:
        if footer is None:
            if not _is_note(row[1], place.usual) or len(waiting) == NOTES:
                yield from _emptied(waiting)
            if not _is_note(row[1], place.usual):
                yield row
                continue
        waiting.append(row)
        if footer is not None and len(waiting) > footer:
            yield waiting.popleft()
    left_out += [{"line": number, "reason": "a note below the table"} for number, _ in waiting]


def _emptied(waiting: deque[Numbered]) -> Iterator[Numbered]:
    while waiting:
        yield waiting.popleft()


def _is_note(cells: Cells, usual: int) -> bool:
    if usual < 3 or cells.count("") + cells.count(None) <= len(cells) - usual:
        return False  # most rows: told without looking at each cell
    there = [cell for cell in cells if sheet_cells.has(cell)]
    return len(there) == 1 and isinstance(there[0], str)
