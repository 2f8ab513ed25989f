"""A page of rows, read back from the Parquet: found first by few columns, then fetched. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from datasets.database import connect
from datasets.problems import CannotRead
from datasets.tables import Tell, literal, quoted

MAX_CELL = 500  # characters of a cell on a page of rows
MEMORY = "1200MB"
NUMBER = "file_row_number"
SIGNS = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
Condition = Sequence[Any]
Key = Sequence[Any]


def preview(
    tell: Tell,
    *,
    parquet: str,
    out: str,
    page: tuple[int, int],
    columns: list[str] | None = None,
    **asked: Any,
) -> None:
    """Writes `page` (offset, limit) of the rows that were asked for into `out`/rows.json.

    `asked` are `where`, `sort` and `q` as `datasets.asking` checks them. {"count": how many fit, "numbers":
    the place of each row in the file from 0, "cells": a list of lists}. `columns` None: all. Pictures are
    not sent; {"thumb": number of the row} stands for each.
    """
    file = File(parquet, out)
    count, numbers = file.find(Question(**asked), *page)
    body = {"count": count, "numbers": numbers, "cells": file.fetch(numbers, columns)}
    (Path(out) / "rows.json").write_text(json.dumps(body, allow_nan=False), encoding="utf-8")


def pick(tell: Tell, *, parquet: str, out: str, numbers: list[int], columns: list[str]) -> None:
    """Writes the rows with these numbers into `out`/rows.json, in their order: {"cells": a list of lists}."""
    cells = File(parquet, out).fetch(numbers, columns)
    (Path(out) / "rows.json").write_text(json.dumps({"cells": cells}, allow_nan=False), encoding="utf-8")


def export(
    tell: Tell, *, parquet: str, out: str, most: int, columns: list[str] | None = None, **asked: Any
) -> None:
    """Writes the rows that were asked for into `out`/rows.csv, safe to open as a sheet; no pictures.

    Raises CannotRead where there are more than `most`.
    """
    file, question = File(parquet, out), Question(**asked)
    file.write_csv(question, Path(out) / "rows.csv", most, columns)


class Question:
    """Which rows, in which order, as SQL."""

    def __init__(
        self, where: Iterable[Condition] = (), sort: Iterable[Key] = (), q: str = "", **_: Any
    ) -> None:
        self.where, self.keys, self.q = list(where), list(sort), q

    def condition(self, texts: Iterable[str]) -> str:
        """What holds for each row; "" where all fit. A search looks into the columns of text."""
        parts = [_condition(*one) for one in self.where]
        if self.q:
            looks = [_contains(name, self.q) for name in texts]
            parts.append(f"({' OR '.join(looks)})" if looks else "false")
        return " AND ".join(parts)

    @property
    def order(self) -> str:
        """Missing values last; rows that are equal as they lie in the file."""
        keys = [f"{quoted(name)} {'DESC' if falls else 'ASC'} NULLS LAST" for name, falls in self.keys]
        return ", ".join([*keys, NUMBER])


class File:
    """The Parquet of one version, and its columns with their types."""

    def __init__(self, parquet: str, folder: str) -> None:
        self.con = connect(folder, MEMORY)
        self.con.execute("SET preserve_insertion_order = false")  # the number of a row keeps the order
        self.con.execute("SET parquet_metadata_cache = true")  # each query would read the footer anew
        self.source = f"read_parquet({literal(parquet)}, file_row_number=true)"
        described = self.con.execute(f"DESCRIBE SELECT * EXCLUDE ({NUMBER}) FROM {self.source}").fetchall()
        self.types = {str(name): str(kind) for name, kind, *_ in described}

    @property
    def texts(self) -> list[str]:
        return [name for name, kind in self.types.items() if kind == "VARCHAR"]

    @property
    def rows(self) -> int:
        return int(self._all(f"SELECT count(*) FROM {self.source}")[0][0])

    def find(self, question: Question, offset: int, limit: int) -> tuple[int, list[int]]:
        """How many rows fit, and the numbers of those on the page."""
        condition = question.condition(self.texts)
        if not condition and not question.keys:
            count = self.rows
            return count, list(range(min(offset, count), min(offset + limit, count)))
        place = f"LIMIT {int(limit)} OFFSET {int(offset)}"
        if not condition:
            return self.rows, self._numbers(f"FROM {self.source} ORDER BY {question.order} {place}")
        self._keep(question, condition)
        count = int(self._all("SELECT count(*) FROM fitting")[0][0])
        return count, self._numbers(f"FROM fitting ORDER BY {question.order} {place}")

    def _keep(self, question: Question, condition: str) -> None:
        """One pass over what the conditions need; the text of a search is looked through only once."""
        kept = ", ".join([NUMBER, *dict.fromkeys(quoted(name) for name, _ in question.keys)])
        self.con.execute(f"CREATE TEMP TABLE fitting AS SELECT {kept} FROM {self.source} WHERE {condition}")

    def _numbers(self, rest: str) -> list[int]:
        return [int(number) for (number,) in self._all(f"SELECT {NUMBER} {rest}")]

    def fetch(self, numbers: list[int], columns: list[str] | None) -> list[list[Any]]:
        """The cells of these rows, in the order of the numbers."""
        names = list(self.types) if columns is None else columns
        if not numbers or not names:
            return [[] for _ in numbers]
        shown = ", ".join([NUMBER, *(self._shown(name) for name in names)])
        found = self._all(f"SELECT {shown} FROM {self.source} WHERE {_among(numbers)}")
        cells = {number: [_cell(value, number) for value in row] for number, *row in found}
        return [cells[number] for number in numbers]

    def _shown(self, name: str) -> str:
        kind, column = self.types[name], quoted(name)
        if kind == "BLOB":
            return f"CASE WHEN {column} IS NOT NULL THEN ''::BLOB END"
        return f"left({column}, {MAX_CELL + 1})" if kind == "VARCHAR" else column

    def write_csv(self, question: Question, target: Path, most: int, columns: list[str] | None) -> None:
        condition = question.condition(self.texts) or "true"
        count = int(self._all(f"SELECT count(*) FROM {self.source} WHERE {condition}")[0][0])
        if count > most:
            raise CannotRead(
                "too_many_rows",
                f"These are {count:,} rows. Up to {most:,} can be downloaded at once. "
                "Filter the rows, or take the original file.",
            )
        names = [name for name in columns or self.types if self.types[name] != "BLOB"]
        cells = ", ".join(f"{self._safe(name)} AS {quoted(_harmless(name))}" for name in names)
        rows = f"SELECT {cells} FROM {self.source} WHERE {condition} ORDER BY {question.order}"
        self.con.execute(f"COPY ({rows}) TO {literal(str(target))} (FORMAT csv, HEADER)")

    def _safe(self, name: str) -> str:
        """A text that a sheet would take for a formula gets an apostrophe before it."""
        column = quoted(name)
        if self.types[name] != "VARCHAR":
            return column
        return (
            f"CASE WHEN regexp_matches({column}, {literal(FORMULA)}) THEN '''' || {column} ELSE {column} END"
        )

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.con.execute(query).fetchall()
        return found


FORMULA = "^[=+@\\t\\r\\n-]"


def _harmless(name: str) -> str:
    return f"'{name}" if name[:1] in "=+@\t\r\n-" else name


def _condition(name: str, op: str, value: Any) -> str:
    column = quoted(name)
    if op in ("missing", "present"):
        return f"{column} IS {'NOT ' if op == 'present' else ''}NULL"
    if op == "contains":
        return _contains(name, value)
    if op == "ne":
        return f"{column} IS DISTINCT FROM {_value(value)}"
    return f"{column} {SIGNS[op]} {_value(value)}"


def _contains(name: str, value: str) -> str:
    return f"contains(lower({quoted(name)}), lower({literal(value)}))"


def _value(value: Any) -> str:
    """A constant: a whole number as it is, a text so that it takes the type of the column."""
    if isinstance(value, bool | int):
        return str(value)
    return f"{literal(repr(value))}::DOUBLE" if isinstance(value, float) else literal(value)


def _among(numbers: list[int]) -> str:
    first, last = min(numbers), max(numbers)
    if last - first + 1 == len(numbers):
        return f"{NUMBER} BETWEEN {first} AND {last}"
    return f"{NUMBER} IN ({', '.join(map(str, numbers))})"


def _cell(value: Any, number: int) -> Any:
    """What JSON can carry: numbers and truth as they are, dates as text, long text cut, a picture's row."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value if len(value) <= MAX_CELL else value[:MAX_CELL] + "…"
    if isinstance(value, bytes):
        return {"thumb": number}
    return value.isoformat(sep=" ") if hasattr(value, "hour") else str(value)
