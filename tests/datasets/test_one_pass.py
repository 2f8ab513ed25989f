"""A large file that is what its first rows seem is read once; at a surprise it is read as any other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from datasets.problems import CannotRead
from datasets.readers import choices, delimited, kinds, loading, writing
from datasets.tables import Work
from tests.datasets.conftest import LIMITS, Read, decision

ROWS, PEEKED = 120, 80
LAST = ROWS - 1
COLUMNS: dict[str, Callable[[int], str]] = {
    "whole": lambda n: str(n - 100) if n % 7 else "",
    "signed": lambda n: f"{('+', '-')[n % 2]}{n}",
    "number": lambda n: f"{n / 8}",
    "tiny": lambda n: f"{n}e-{n % 30}",
    "day": lambda n: f"2021-02-{n % 28 + 1:02}",
    "moment": lambda n: f"2021-02-{n % 28 + 1:02}T10:{n % 60:02}:30",
    "turn": lambda n: f"{n % 28 + 1}/{n % 12 + 1}/2021",
    "truth": lambda n: ("true", "False", "")[n % 3],
    "code": lambda n: f"{n:06}",
    "price": lambda n: f"${n}.50",
    "word": lambda n: ("red", "", "Grün", '"two\nlines, quoted"', '"say ""no"""', "x")[n % 6],
}
SURPRISES = {
    "a decimal among whole numbers": {"whole": "0.5"},
    "a word among whole numbers": {"whole": "many"},
    "a word that says nothing, among numbers": {"number": "NA"},
    "a word that says nothing, among words": {"word": "n/a"},
    "a short word that says nothing": {"word": "?"},
    "blanks that say nothing": {"word": "  "},
    "blanks before a word": {"word": " red"},
    "blanks behind a long word": {"word": "red as a rose "},
    "zeros before a number": {"number": "007"},
    "a number without end": {"number": "inf"},
    "a number beyond 64 bits": {"whole": "9" * 25},
    "a day that never was": {"day": "0000-00-00"},
    "a day in another form": {"day": "3/2/2021"},
    "another sign of money": {"price": "€3"},
    "neither true nor false": {"truth": "perhaps"},
    "a row without any value": dict.fromkeys(COLUMNS, ""),
    "a cell too many": {"word": "red,blue"},
    "a cell whose quotes end early": {"code": '"12"34'},
}


def table(changed: dict[str, str] | None = None, at: int = LAST) -> str:
    rows = [{name: cell(number) for name, cell in COLUMNS.items()} for number in range(ROWS)]
    rows[at] |= changed or {}
    return "".join(",".join(row) + "\n" for row in [list(COLUMNS), *(row.values() for row in rows)])


@dataclass(frozen=True)
class Outcome:
    """What a text became: typed cells, columns and decisions; or why it was not read."""

    is_read_once: bool
    told: Any
    cells: list[dict[str, Any]]


@pytest.fixture
def outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Reads a text as a large file or as a small one is read, of which few rows are looked at first."""
    number = iter(range(100))
    monkeypatch.setattr(kinds, "PEEKED", PEEKED)

    def _outcome(text: str, *, is_large: bool, **options: Any) -> Outcome:
        monkeypatch.setattr(loading, "LARGE", 0 if is_large else 2**30)
        folder = tmp_path / str(next(number))
        folder.mkdir()
        (folder / "text.csv").write_bytes(text.encode())
        work = Work(folder / "text.csv", folder, _ignore, LIMITS, options)
        try:
            found = delimited.read(work)
        except CannotRead as error:
            return Outcome(False, error.problem, [])
        told = [*found.decisions, *choices.apply(found, options)]
        writing.write(found, work.parquet, _ignore)
        found.con.close()
        seen = [
            (column.name, column.type, column.why, column.notes, column.habit) for column in found.columns
        ]
        assert [file.name for file in folder.glob("*.parquet")] == [work.parquet.name]
        return Outcome(found.is_written, (found.rows, seen, told), pq.read_table(work.parquet).to_pylist())

    return _outcome


def _ignore(kind: str, told: dict[str, Any]) -> None:
    """How far it is, nobody asks."""


@pytest.fixture
def same(outcome: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Reads a text in both ways, which have to agree; how it was read as a large one."""

    def _same(text: str, **options: Any) -> Outcome:
        small, large = (outcome(text, is_large=is_large, **options) for is_large in (False, True))
        assert (small.told, small.cells) == (large.told, large.cells)
        return large

    return _same


Same = Callable[..., Outcome]


def test_a_file_that_is_what_it_seems_is_read_once(same: Same) -> None:
    found = same(table())
    assert found.is_read_once
    types = {name: kind for name, kind, *_ in found.told[1]}
    assert types == {
        "whole": "BIGINT",
        "signed": "BIGINT",
        "number": "DOUBLE",
        "tiny": "DOUBLE",
        "day": "TIMESTAMP",
        "moment": "TIMESTAMP",
        "turn": "TIMESTAMP",
        "truth": "BOOLEAN",
        "code": "VARCHAR",
        "price": "DOUBLE",
        "word": "VARCHAR",
    }


@pytest.mark.parametrize("surprise", SURPRISES)
def test_a_surprise_in_the_last_row_changes_a_large_file_as_it_does_a_small_one(
    same: Same, surprise: str
) -> None:
    assert not same(table(SURPRISES[surprise])).is_read_once


def test_a_last_line_that_is_cut_off_is_told(same: Same) -> None:
    text = table() + "1,2,3"
    (kept,) = (said for said in same(text).told[2] if said["what"] == "Rows kept")
    assert kept["lines"] == [{"line": text.count("\n") + 1, "reason": "too few cells"}]


@pytest.mark.parametrize(
    "options",
    [
        {"drop": ["word"]},
        {"kinds": {"whole": "number"}},
        {"missing": ["red"]},
        {"missing": []},
        {"missing_values": {"word": ["red"]}},
    ],
    ids=str,
)
def test_what_a_person_chose_for_columns_holds_for_large_files(same: Same, options: dict[str, Any]) -> None:
    assert not same(table(), **options).is_read_once


@pytest.mark.parametrize(
    "cells",
    [["", "", "7"], ["1,234", "5", "6"], ["1/2/2021", "3/4/2021", "5/6/2021"]],
    ids=["nothing in the first rows", "commas of two meanings", "days or months first"],
)
def test_a_column_that_its_first_rows_leave_open_is_looked_at_as_a_whole(
    same: Same, cells: list[str]
) -> None:
    rows = [*cells[:-1] * PEEKED, cells[-1]]
    text = "open,word\n" + "".join(f'"{cell}",a{number}\n' for number, cell in enumerate(rows))
    assert not same(text).is_read_once


def test_copies_are_left_out_of_a_file_that_was_read_once(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", 0)
    text = table()
    found = read(text + text[text.index("\n") + 1 :], duplicates="leave_out")
    assert found["rows"] == pq.read_metadata(found["folder"] / "table.parquet").num_rows == ROWS
    assert decision(found, "Copied rows")["value"] == f"{ROWS:,} left out"
