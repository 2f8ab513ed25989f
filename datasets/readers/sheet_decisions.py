"""How a sheet was read, in words: where the table stands on it, and what did not come along. In the child."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datasets.readers import decisions
from datasets.readers.books import Book, Sheet
from datasets.tables import Decision, decision

LISTED = 1000
FORMATS = {"xlsx": "Excel", "xls": "Excel 97–2003", "ods": "OpenDocument"}


@dataclass(frozen=True)
class Place:
    """Where a table stands: `above` rows are left out before it, `called` are its names, made up or not."""

    above: int = 0
    has_names: bool = False
    called: list[str] = field(default_factory=list)
    usual: int = 0  # filled cells of most rows
    start: int = 0  # blank rows above everything on the sheet


@dataclass
class Look:
    """What one look at a sheet found: errors that came as words, rows without a value, notes below."""

    book: Book
    sheet: Sheet
    options: Mapping[str, Any]
    merged: int  # ranges over several rows
    place: Place = field(default_factory=Place)
    written: Counter[str] = field(default_factory=Counter)
    empty: int = 0  # rows
    notes: list[dict[str, Any]] = field(default_factory=list)

    def decisions(self) -> list[Decision]:
        return [
            decision("Format", FORMATS.get(self.book.format, self.book.format), "its first bytes say so"),
            self._sheet(),
            self._names(),
            *self._above(),
            *self._footer(),
            *decisions.empty_rows(self.empty, self.options),
            *self._merged(),
            *self._errors(),
        ]

    def _sheet(self) -> Decision:
        tables = [sheet for sheet in self.book.sheets if sheet.kind != "chart"]
        charts = [sheet.name for sheet in self.book.sheets if sheet.kind == "chart"]
        why = "you chose it" if self.options.get("sheet") else "it holds the largest table"
        if len(tables) == 1:
            why = "it is the only one with cells"
        also = f"; left out are those with a chart only: {', '.join(charts)[:200]}" if charts else ""
        choices = [_choice(sheet.name, _label(sheet)) for sheet in tables]
        return decision("Sheet", self.sheet.name, why + also, option="sheet", choices=choices)

    def _names(self) -> Decision:
        choices = [_choice(True, "The first row holds them"), _choice(False, "Made up")]
        value, why = "made up", "the first row looks like those below it"
        if self.place.has_names:
            value, why = "from the first row", "the first row of the table differs from those below it"
        why = "you chose it" if self.options.get("header") is not None else why
        return decision("Names", value, why, option="header", choices=choices)

    def _above(self) -> list[Decision]:
        """The option counts rows as the sheet numbers them, the words without blank ones above everything."""
        count, start = self.place.above, self.place.start
        chosen = self.options.get("skip_rows") is not None
        if not count and not chosen:
            return []
        choices = [
            _choice(start + left if left else 0, _rows(left)) for left in sorted({0, count, count + 1})
        ]
        why = "you chose it" if chosen else "they hold hardly a cell, so they are titles"
        return [decision("Rows above", _rows(count), why, option="skip_rows", choices=choices)]

    def _footer(self) -> list[Decision]:
        count, chosen = len(self.notes), self.options.get("skip_footer") is not None
        if not count and not chosen:
            return []
        choices = [_choice(left, _rows(left)) for left in sorted({0, 1, count})]
        why = "you chose it" if chosen else "notes below the table are no rows of it"
        more = {"lines": self.notes[:LISTED]} if count else {}
        return [decision("Footer", _rows(count), why, option="skip_footer", choices=choices, **more)]

    def _merged(self) -> list[Decision]:
        if not self.merged:
            return []
        ranges = f"{self.merged:,} {'range' if self.merged == 1 else 'ranges'}"
        words = {"fill": f"{ranges}, for each row", "keep": f"{ranges}, for the first row"}
        value = words[self.options.get("merged_cells") or "fill"]
        choices = [_choice(what, label) for what, label in words.items()]
        why = "the value that they show counts there"
        return [decision("Merged cells", value, why, option="merged_cells", choices=choices)]

    def _errors(self) -> list[Decision]:
        told, as_words = self.book.errors.get(self.sheet.name, 0), self.written.total()
        count = max(told, as_words) if self.book.format == "ods" else told + as_words
        why = "they show an error such as #N/A or #DIV/0!, so they are read as missing"
        value = f"{count:,} {'cell' if count == 1 else 'cells'}"
        return [decision("Error cells", value, why)] if count else []


def _choice(value: Any, label: str) -> dict[str, Any]:
    return {"value": value, "label": label}


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'} left out" if count else "none"


def _label(sheet: Sheet) -> str:
    hidden = ", hidden" if sheet.kind == "hidden" else ""
    return f"{sheet.name} ({sheet.rows:,} rows, {sheet.columns:,} columns{hidden})"
