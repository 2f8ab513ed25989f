"""Cells that come as values, not as a file of text, gathered into the table `raw`. In the child."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from datasets import names
from datasets.problems import CannotRead
from datasets.readers.loading import database
from datasets.tables import Column, Decision, Work, decision

CELLS = 200_000  # gathered before they are written
LONGEST = 4 * 2**20  # characters of a cell
_EXACT = 2**53  # below it a float holds every whole number
_LONE = dict.fromkeys(range(55296, 57344), "�")


class Stage:
    """The table `raw`, all text, whose columns appear as the rows bring them.

    `con` is the DuckDB that holds it, from the first row that was written on.
    """

    con: Any = None

    def __init__(self, work: Work) -> None:
        self._work = work
        self._places: dict[str, int] = {}
        self._waiting: list[list[str | None]] = []
        self._length = 0  # rows that wait
        self._made = 0  # columns that the table has
        self.rows = 0  # rows in all

    def add(self, row: Mapping[str, Any], line: int) -> None:
        """One row. Raises CannotRead `too_many_columns`, `field_too_long`, `nul_bytes`."""
        for name, value in row.items():
            place = self._places.get(name)
            if place is None:
                place = self._new(name)
            self._waiting[place].append(as_text(value, line))
        self._length += 1
        self.rows += 1
        if len(row) < len(self._waiting):
            self._fill()
        if self._length * max(len(self._waiting), 1) >= CELLS:
            self._write()

    def columns(self, called: Sequence[str] = ()) -> list[Column]:
        """All that was added is in the table now; its columns, without their types.

        `called`: what the file calls them, where the rows name them by their places "0", "1", ….
        """
        self._write()
        found = {str(n): name for n, name in enumerate(called)} or {name: name for name in self._places}
        shown = names.column_names(list(found.values()))
        pairs = zip(found.items(), shown, strict=True)
        there = [(self._places.get(key, -1), original, name) for (key, original), name in pairs]
        return [Column(name, original, f"c{place}") for place, original, name in there if place >= 0]

    def _new(self, name: str) -> int:
        place = self._places[name] = len(self._places)
        check_width(place + 1, self._work.limits["columns"])
        self._waiting.append([None] * self._length)
        return place

    def _fill(self) -> None:
        for cells in self._waiting:
            if len(cells) < self._length:
                cells.append(None)

    def _write(self) -> None:
        import pyarrow as pa

        labels = [f"c{place}" for place in range(len(self._waiting))]
        if not labels or not self._length:
            return
        if not self._made:
            self.con = database(self._work.folder, self._work.limits, readable=[], width=len(labels))
            self.con.execute(f"CREATE TABLE raw ({', '.join(f'{label} VARCHAR' for label in labels)})")
        for label in labels[self._made :] if self._made else ():
            self.con.execute(f"ALTER TABLE raw ADD COLUMN {label} VARCHAR")
        self._made = len(labels)
        cells = [pa.array(column, pa.string()) for column in self._waiting]
        self.con.register("piece", pa.Table.from_arrays(cells, labels))
        self.con.execute("INSERT INTO raw SELECT * FROM piece")
        self.con.unregister("piece")
        self._waiting, self._length = [[] for _ in self._waiting], 0
        self._work.tell("progress", {"rows": self.rows})


def as_text(value: Any, line: int) -> str | None:
    """A cell as text that says the same; None where it says nothing."""
    kind = type(value)
    if kind is str:
        return _checked(value, line) if value else None
    if kind is float:
        return _number(value)
    if kind is int:
        return str(value)
    if value is None:
        return None
    return _rarer(value)


def _rarer(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec=_precision(value))
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _precision(value: datetime) -> str:
    return "microseconds" if value.microsecond else "seconds"


def _checked(text: str, line: int) -> str:
    if len(text) > LONGEST:
        raise CannotRead("field_too_long", f"A cell in row {line:,} is longer than 4 MB. Shorten it.")
    if "\x00" in text:
        raise CannotRead("nul_bytes", f"Row {line:,} holds a NUL character. Take it out and upload again.")
    return text if text.isascii() else text.translate(_LONE)


def check_width(width: int, most: int) -> None:
    """Raises CannotRead `too_many_columns`."""
    if width > most:
        raise CannotRead(
            "too_many_columns",
            f"This table has more than {most:,} columns. Keep those that matter and upload them.",
        )


def check_size(columns: Sequence[Any], rows: int) -> None:
    """Raises CannotRead `no_rows`, `too_few_rows`, `too_few_columns`: what nothing can be learnt from."""
    if rows == 0:
        raise CannotRead("no_rows", "This table has no rows. Add rows and upload it again.")
    if len(columns) < 2:
        raise CannotRead(
            "too_few_columns",
            "Only one column was found. A model needs one to learn from and one to predict.",
        )
    if rows == 1:
        raise CannotRead("too_few_rows", "This table has a single row. A model learns from many.")


def kept(rows: int, left_out: Sequence[Mapping[str, Any]] = ()) -> Decision:
    """The decision about rows that every reader makes."""
    found = rows + len(left_out)
    if not left_out:
        return decision("Rows kept", f"{rows:,} of {found:,}", "every row of the file fits")
    why = "the rows listed here are left out"
    return decision("Rows kept", f"{rows:,} of {found:,}", why, lines=list(left_out))
