"""A workbook: opened where it cannot hurt, with what its sheets are and how much they hold. In the child."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets import signatures
from datasets.readers import book_checks
from datasets.readers.book_faults import broken, encrypted
from datasets.tables import Work

SHEETS = 200  # that are looked at
SAMPLE_ROWS = 1000  # of which the filled cells are counted


@dataclass
class Sheet:
    """One sheet: how many `rows` and `columns` its cells span; about how many are `filled`; `cells` where
    they are in memory still.

    `kind` is "table", "hidden" or "chart".
    """

    name: str
    kind: str
    rows: int = 0
    columns: int = 0
    filled: float = 0.0
    cells: Any = None


@dataclass
class Book:
    """An open workbook. `errors` says how many cells of a sheet show an error, where the format tells."""

    opened: Any
    format: str
    sheets: list[Sheet]
    errors: dict[str, int]

    def cells_of(self, sheet: Sheet) -> Any:
        return sheet.cells or _get(self.opened, sheet.name)


def open_book(work: Work) -> Book:
    """Raises CannotRead: `encrypted`, `sheet_too_large`, `spreadsheet_broken`, `zip_…`, `type_mismatch`."""
    with work.path.open("rb") as file:
        is_zip = signatures.family_of(file.read(signatures.HEAD)) == signatures.ZIP
    look = book_checks.look_into_zip if is_zip else book_checks.look_into_office
    kind, errors = look(work)
    _survive(work.path)
    opened = _opened(work.path)
    listed = opened.sheets_metadata[:SHEETS]
    sheets = [_described(opened, about, keep=len(listed) == 1) for about in listed]
    return Book(opened, kind, sheets, errors)


def _opened(path: Path) -> Any:
    import python_calamine as calamine

    with _told():
        return calamine.CalamineWorkbook.from_path(path)


def _get(opened: Any, name: str) -> Any:
    with _told():
        return opened.get_sheet_by_name(name)


class _told:  # noqa: N801 - a context, used like a function
    """Faults of the file in our words. The library raises some as a panic, which is no Exception."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None or kind is MemoryError:
            return
        if kind.__name__ == "PasswordError":
            raise encrypted() from error
        if kind.__name__ == "PanicException" or issubclass(kind, Exception):
            raise broken("its sheets cannot be read") from error


def _described(opened: Any, about: Any, *, keep: bool = False) -> Sheet:
    kind = str(about.typ).rpartition(".")[2]
    if kind not in ("WorkSheet", "DialogSheet"):
        return Sheet(about.name, "chart")
    visible = str(about.visible).endswith(".Visible")
    found = _get(opened, about.name)
    looked = min(found.height, SAMPLE_ROWS)
    filled = sum(cell != "" for row in _first(found, looked) for cell in row)
    more = found.height / looked if looked else 0.0
    kind, cells = "table" if visible else "hidden", found if keep else None
    return Sheet(about.name, kind, found.height, found.width, filled * more, cells)


def _first(sheet: Any, count: int) -> Iterator[list[Any]]:
    """The first rows of the part that is used."""
    start = sheet.start[0] if sheet.start else 0
    for place, row in enumerate(sheet.iter_rows()):
        if place >= start + count:
            return
        if place >= start:
            yield row


def _survive(path: Path) -> None:
    """Opens it in a process of its own first: a hostile file can end that at once, without an exception."""
    pid = os.fork()
    if pid == 0:
        try:
            opened = _opened(path)
            for about in opened.sheets_metadata[:SHEETS]:
                _described(opened, about)
        finally:
            os._exit(0)  # a mere exception comes again, where it can be told
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        raise broken("reading its cells ends the reader")
