"""JSON and JSON Lines: records become rows; what lies in them, columns or cells of JSON. In the child."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from datasets.problems import CannotRead
from datasets.readers import blanks, decisions, jsontext, staging, text
from datasets.readers.encodings import encoding_name
from datasets.readers.headers import looks_like_names
from datasets.readers.jsontext import PIECE, REPAIR, Numbered
from datasets.readers.kinds import settle
from datasets.readers.staging import Stage
from datasets.readers.text import Encoding
from datasets.tables import Decision, Table, Work, decision

SAMPLE_ROWS = 300
TRIED = 2000  # records of a reading that is only tried
WHOLE = 12  # times its size that a file takes once it is read at once


def read(work: Work) -> Table:
    """Raises CannotRead `json_…`, `encoding_unknown`, `field_too_long`, and what any table is refused for."""
    stage, nested, source = Stage(work), dict[str, None](), _Source(work)
    for line, record in islice(source.records(), TRIED if "tried" in work.limits else None):
        stage.add(_flat(record, nested), line)
    columns = stage.columns(source.called)
    staging.check_size(columns, stage.rows)
    settle(stage.con, columns, work.options)
    if work.options.get("blanks") == "strip":
        blanks.strip(columns)
    said = [
        *source.decisions(),
        *_inside(nested),
        *decisions.common(columns, work.options),
        staging.kept(stage.rows),
    ]
    return Table(stage.con, "raw", columns, stage.rows, decisions=said, format=source.format)


class _Source:
    """A text in JSON: its encoding, its shape, and what the columns of lists without names are called."""

    def __init__(self, work: Work) -> None:
        self.path, self.format, self.shape = work.path, "json", "a list of records"
        self.called: list[str] = []
        with work.path.open("rb") as file:
            head = file.read(PIECE)
        name = work.options.get("encoding") or _encoding_by(head)
        why = "you chose it" if work.options.get("encoding") else "its first bytes say so"
        self._encoding = Encoding(name, why, others=text.others(head, name))
        self._codec = text.codec(name, head)
        self._header, self._most = work.options.get("header"), work.limits["memory"] // WHOLE

    def records(self) -> Iterator[Numbered]:
        """Every record as a dict. Of lists without names, the places "0", "1", … stand for them."""
        try:
            with self.path.open(encoding=self._codec) as file:
                yield from self._named(self._values(file))
        except UnicodeError as error:
            raise CannotRead(
                "encoding_unknown",
                "This file is not UTF-8, as JSON has to be. Choose its encoding, or save it again.",
                "encoding",
            ) from error

    def decisions(self) -> list[Decision]:
        return [
            decision("Format", "JSON Lines" if self.format == "jsonl" else "JSON", self.shape),
            decisions.encoding_of(self._encoding),
        ]

    def _values(self, file: IO[str]) -> Iterator[Numbered]:
        start = jsontext.start_of(file)
        if start in ("[", "{") and jsontext.are_lines(file):
            self.format, self.shape = "jsonl", "one record in each line"
            yield from jsontext.lines(file)
        elif start == "[":
            yield from jsontext.elements(file)
        elif start == "{":
            self.shape, rows = _table_in(_whole(file, self.path, self._most))
            yield from enumerate(rows, start=1)
        else:
            raise CannotRead("json_no_table", "A table as JSON begins with [ or {. This file does not.")

    def _named(self, values: Iterator[Numbered]) -> Iterator[Numbered]:
        first = next(values, None)
        if first is None:
            return
        rest: Iterator[Numbered] = chain([first], values)
        if isinstance(first[1], list):
            rest = self._without_names(rest)
        for line, value in rest:
            if not isinstance(value, dict):
                raise CannotRead("json_mixed", f"Line {line:,} holds {_kind(value)}, not a record. {REPAIR}")
            yield line, value

    def _without_names(self, values: Iterator[Numbered]) -> Iterator[Numbered]:
        """Lists of cells; the first may hold the names."""
        some = list(islice(values, SAMPLE_ROWS))
        rows = [[_as_word(cell) for cell in value] for _, value in some if isinstance(value, list)]
        has_names = looks_like_names(rows[0], rows[1:]) if self._header is None else self._header
        width = max(len(row) for row in rows)
        self.called = (rows[0] if has_names else [])[:width]
        self.called += [""] * (width - len(self.called))
        self.shape = f"a list of lists; the names are {'in the first' if has_names else 'made up'}"
        for line, value in chain(some[has_names:], values):
            if isinstance(value, list) and len(value) > width:
                raise CannotRead("json_ragged", f"Line {line:,} holds more than {width:,} cells. {REPAIR}")
            yield line, {str(n): cell for n, cell in enumerate(value)} if isinstance(value, list) else value


def _encoding_by(head: bytes) -> str:
    """The encoding that the first bytes of a JSON tell: its first sign is one of ASCII."""
    return text.wide_encoding(head) or encoding_name(json.detect_encoding(head)) or "utf-8"


def _whole(file: IO[str], path: Path, most: int) -> dict[str, Any]:
    """A file that is one object."""
    if path.stat().st_size > most:
        raise CannotRead(
            "json_too_large",
            f"A file that is one object is read at once, so it holds at most {most // 2**20:,} MB."
            " Save it as JSON Lines, one record in each line, and upload that.",
        )
    found: dict[str, Any] = jsontext.parsed(file.read(), 1)
    return found


def _table_in(found: dict[str, Any]) -> tuple[str, Iterable[Any]]:
    """Which shape the table in one object has, and its rows."""
    if isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):
        names = [_as_word(name) for name in found["columns"]]
        return "names in “columns”, rows in “data”", chain([names], found["data"])
    for name, value in found.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            return f"the records in “{name[:80]}”", value
    columns = list(found.values())
    if columns and all(isinstance(cells, list) for cells in columns):
        return "a list of cells for each column", _across(found)
    if columns and all(isinstance(cells, dict) for cells in columns):
        return "cells by the number of their row for each column", _by_row(found)
    raise CannotRead(
        "json_no_table",
        "No table can be found in this JSON. Save it as a list of records, such as"
        ' [{"age": 20, "city": "Rome"}, …], and upload that.',
    )


def _across(found: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    lengths = {name: len(cells) for name, cells in found.items()}
    if len(set(lengths.values())) > 1:
        short, long = min(lengths, key=lengths.__getitem__), max(lengths, key=lengths.__getitem__)
        raise CannotRead(
            "json_ragged",
            f"“{long[:80]}” has {lengths[long]:,} cells, but “{short[:80]}” has {lengths[short]:,}. {REPAIR}",
        )
    for cells in zip(*found.values(), strict=True):
        yield dict(zip(found, cells, strict=True))


def _by_row(found: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys(key for cells in found.values() for key in cells):
        yield {name: cells.get(key) for name, cells in found.items()}


def _flat(record: Mapping[str, Any], nested: dict[str, None]) -> dict[str, Any]:
    """One level of what lies inside becomes columns with a dot; the rest stays as JSON, and is noted."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {
                f"{name}.{inner}": _kept(f"{name}.{inner}", cell, nested) for inner, cell in value.items()
            }
        else:
            flat[name] = _kept(name, value, nested)
    return flat


def _kept(name: str, value: Any, nested: dict[str, None]) -> Any:
    if not isinstance(value, list | dict):
        return value
    if not value:
        return None
    nested[name] = None
    return json.dumps(value, ensure_ascii=False)


def _inside(nested: Mapping[str, None]) -> list[Decision]:
    if not nested:
        return []
    shown = ", ".join(f"“{name[:40]}”" for name in list(nested)[:8])
    return [decision("Nested values", shown, "they hold lists or objects, which stay as JSON in one cell")]


def _as_word(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _kind(value: Any) -> str:
    kinds = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
