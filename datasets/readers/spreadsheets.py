"""Spreadsheets: the sheet with the table, where it stands, and its cells as they are. In the child."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from datasets.problems import CannotRead
from datasets.readers import decisions, sheet_cells, staging
from datasets.readers.books import Book, Sheet, open_book
from datasets.readers.headers import looks_like_names
from datasets.readers.kinds import settle
from datasets.readers.sheet_cells import Cells, Numbered
from datasets.readers.staging import Stage, as_text
from datasets.tables import Decision, Rejects, Table, Work, decision

HEAD = 300  # rows that show where the table stands
NOTES = 20  # rows below a table that may be notes
LISTED = 1000
FORMATS = {"xlsx": "Excel", "xls": "Excel 97–2003", "ods": "OpenDocument"}


@dataclass(frozen=True)
class Place:
    """Where a table stands: `above` rows are left out before it, `called` are its names, made up or not."""

    above: int
    has_names: bool
    called: list[str]
    usual: int  # filled cells of most rows


def read(work: Work) -> Table:
    """Raises CannotRead: what `books.open_book` does, `unknown_sheet`, and what any table is refused for."""
    book = open_book(work)
    chosen = _choose(book, work.options.get("sheet"))
    sheet = book.cells_of(chosen)
    staging.check_width(sheet.width, work.limits["columns"])
    written = Counter[str]()
    rows = sheet_cells.table_rows(sheet, written)
    head = list(islice(rows, HEAD))
    place = _place(head, sheet.width, work.options)
    stage, left_out = Stage(work), list[dict[str, Any]]()
    body = sheet_cells.present(islice(chain(head, rows), place.above + place.has_names, None))
    footer = work.options.get("skip_footer")
    for number, cells in _without_notes(body, place, footer, left_out):
        stage.add({str(n): cell for n, cell in enumerate(cells)}, number)
    columns = stage.columns(place.called)
    staging.check_size(columns, stage.rows)
    settle(stage.con, columns, work.options)
    told, as_words = book.errors.get(chosen.name, 0), written.total()
    errors = max(told, as_words) if book.format == "ods" else told + as_words
    said = _decisions(book, chosen, place, work.options, sheet_cells.merged_count(sheet), errors)
    said += decisions.common(columns, work.options)
    said.append(staging.kept(stage.rows, left_out[:LISTED]))
    rejects = Rejects(len(left_out), left_out[:LISTED])
    return Table(stage.con, "raw", columns, stage.rows, rejects, said, format=book.format)


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
    return Place(above, has_names, called, usual)


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


def _decisions(
    book: Book, chosen: Sheet, place: Place, options: Mapping[str, Any], merged: int, errors: int
) -> list[Decision]:
    said = [decision("Format", FORMATS.get(book.format, book.format), "its first bytes say so")]
    said.append(_about_sheet(book, chosen, options))
    said.append(_about_names(place, chosen=options.get("header") is not None))
    if merged:
        value = f"{merged:,} {'range' if merged == 1 else 'ranges'}"
        said.append(decision("Merged cells", value, "each row of them gets the value that they show"))
    if errors:
        why = "they show an error such as #N/A or #DIV/0!, so they are read as missing"
        said.append(decision("Error cells", f"{errors:,} {'cell' if errors == 1 else 'cells'}", why))
    return said


def _about_sheet(book: Book, chosen: Sheet, options: Mapping[str, Any]) -> Decision:
    tables = [sheet for sheet in book.sheets if sheet.kind != "chart"]
    charts = [sheet.name for sheet in book.sheets if sheet.kind == "chart"]
    why = "you chose it" if options.get("sheet") else "it holds the largest table"
    if len(tables) == 1:
        why = "it is the only one with cells"
    also = f"; left out are those with a chart only: {', '.join(charts)[:200]}" if charts else ""
    choices = [{"value": sheet.name, "label": _label(sheet)} for sheet in tables]
    return decision("Sheet", chosen.name, why + also, option="sheet", choices=choices)


def _label(sheet: Sheet) -> str:
    hidden = ", hidden" if sheet.kind == "hidden" else ""
    return f"{sheet.name} ({sheet.rows:,} rows, {sheet.columns:,} columns{hidden})"


def _about_names(place: Place, *, chosen: bool) -> Decision:
    choices = [{"value": True, "label": "The first row holds them"}, {"value": False, "label": "Made up"}]
    above = f"; {place.above:,} {'row' if place.above == 1 else 'rows'} above left out" if place.above else ""
    if place.has_names:
        why = "you chose it" if chosen else "the first row of the table differs from those below it"
        return decision("Names", "from the first row", why + above, option="header", choices=choices)
    why = ("you chose it" if chosen else "the first row looks like those below it") + above
    return decision("Names", "made up", why, option="header", choices=choices)
