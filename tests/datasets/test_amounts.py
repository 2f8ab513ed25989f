"""Money and percentages are numbers, where every cell of a column agrees on the mark."""

from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.datasets.conftest import Read

AMOUNTS: dict[str, tuple[list[str], list[float], str]] = {
    "dollars": (["$9,418.33", "$3.00", "-$4", "$ 1,000"], [9418.33, 3, -4, 1000], "written with $"),
    "some without a mark": (["0", "$5", "12.5"], [0, 5, 12.5], "written with $"),
    "euros behind": (["12,50 €", "3,10 €", "1.200,00 €"], [12.5, 3.1, 1200], "written with €"),
    "euros in front": (["€ 12.50", "€3", "€ 1,000.5"], [12.5, 3, 1000.5], "written with €"),
    "a currency by its letters": (["CHF 5", "CHF 12.50", "7"], [5, 12.5, 7], "written with CHF"),
    "crowns": (["5 kr", "12 kr", "1 200 kr"], [5, 12, 1200], "written with kr"),
    "pounds with other blanks": (["£\u00a05", "£\u00a0-12", "£7.5"], [5, -12, 7.5], "written with £"),
    "brackets": (["(1,200.00)", "300.00", "(5)"], [-1200, 300, -5], "numbers in brackets are negative"),
    "dollars in brackets": (["$(1,200)", "($30.50)", "$5"], [-1200, -30.5, 5], "written with $; numbers in"),
    "percent": (["34%", "5 %", "-0.5%"], [34, 5, -0.5], "percent: 34% is 34"),
}


@pytest.mark.parametrize("what", AMOUNTS)
def test_amounts_are_numbers_with_a_note(read: Read, what: str) -> None:
    cells, values, note = AMOUNTS[what]
    profile = read("n\tamount\n" + "".join(f"{place}\t{cell}\n" for place, cell in enumerate(cells)))
    assert pq.read_table(profile["folder"] / "table.parquet")["amount"].to_pylist() == values
    assert note in profile["columns"][1]["notes"][0]


@pytest.mark.parametrize(
    "cells",
    [
        ["$5", "€ 7", "$9"],
        ["$5", "cheap", "$9"],
        ["34%", "5", "6%"],
        ["EUR123", "EUR456", "EUR789"],
        ["$007", "$008", "$12"],
        ["(a)", "(5)", "(6)"],
    ],
)
def test_marks_that_differ_or_stand_beside_words_are_text(read: Read, cells: list[str]) -> None:
    profile = read("n\tamount\n" + "".join(f"{place}\t{cell}\n" for place, cell in enumerate(cells)))
    assert pq.read_table(profile["folder"] / "table.parquet")["amount"].to_pylist() == cells


@pytest.mark.parametrize(("kind", "expected"), [("number", [5.5, None, 9]), ("integer", [None, None, 9])])
def test_amounts_among_words_may_be_made_numbers(read: Read, kind: str, expected: list[Any]) -> None:
    profile = read("n,amount\n1,$5.50\n2,ask\n3,$9\n", kinds={"amount": kind})
    assert pq.read_table(profile["folder"] / "table.parquet")["amount"].to_pylist() == expected


def test_amounts_without_names_above_them_are_rows(read: Read) -> None:
    assert read("ann,$5\nbob,$7\ncara,$9\n")["rows"] == 3
