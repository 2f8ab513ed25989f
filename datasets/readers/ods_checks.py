"""OpenDocument says how often a row or a cell repeats: counted before it is done. In the child."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat  # definitions of entities are refused below

from datasets.readers.book_faults import broken, own_definitions, too_far

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_ERROR = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_LARGEST = 2**24  # a sheet has fewer rows and columns
Attributes = dict[str, str]


@dataclass
class _Sheets:
    """Where in a sheet the reader is: the next `row` and `column`, and the last that hold something."""

    most: int
    errors: dict[str, int] = field(default_factory=dict)
    name: str = ""
    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == f"{_TABLE}table":
            self.name = attributes.get(f"{_TABLE}name", "")
            self.row = self.last_row = self.last_column = 0
            self.errors[self.name] = 0
        elif tag == f"{_TABLE}table-row":
            self.column = 0
            self.row += _repeats(attributes, "number-rows-repeated")
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: Attributes) -> None:
        self.column += _repeats(attributes, "number-columns-repeated")
        if f"{_OFFICE}value-type" not in attributes:
            return
        if attributes.get(_ERROR) == "error":
            self.errors[self.name] = self.errors.get(self.name, 0) + 1
        self.last_row, self.last_column = self.row, max(self.last_column, self.column)
        if self.last_row * self.last_column > self.most:
            raise too_far(self.last_row, self.last_column)


def scan(pieces: Iterator[bytes], most: int) -> dict[str, int]:
    """How many cells of each sheet show an error. CannotRead where the cells of one span more than `most`."""
    sheets, parser = _Sheets(most), expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = sheets.start
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise broken("its sheets cannot be read") from error
    return sheets.errors


def _refuse(*_: Any) -> None:
    raise own_definitions()


def _repeats(attributes: Attributes, name: str) -> int:
    said = attributes.get(f"{_TABLE}{name}", "1")
    return min(int(said), _LARGEST) if said.isdecimal() and len(said) < 10 else _LARGEST
