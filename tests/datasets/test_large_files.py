"""A large file is read where it lies, not copied, and comes out as a small one does."""

import json
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq
import pytest

from datasets.profile import figures
from datasets.readers import loading, writing
from datasets.tables import WIDE
from tests.datasets.conftest import Read, column, decision

ROWS = 400
COLUMNS: dict[str, Callable[[int], str]] = {
    "whole": lambda n: "" if n % 7 == 0 else str(n),
    "number": lambda n: ("NA", "inf", f"{n / 8}")[min(n % 20, 2)],
    "late": lambda n: "many" if n == ROWS - 1 else str(n),
    "later": lambda n: "0.5" if n == ROWS - 1 else str(n),
    "code": lambda n: f"{n:04}",
    "day": lambda n: "0000-00-00" if n == 3 else f"2021-02-{n % 28 + 1:02}",
    "turn": lambda n: f"{n % 12 + 1:02}/{n % 12 + 1:02}/2021",
    "comma": lambda n: f'"{n},5"',
    "truth": lambda n: ("true", "False")[n % 2],
    "empty": lambda n: "",
    "word": lambda n: ("red", " red", "blue ", '"two\nlines"', "?")[n % 5],
}


@pytest.fixture
def text() -> str:
    lines = [",".join(cell(number) for cell in COLUMNS.values()) for number in range(ROWS)]
    lines[200:200] = ["1,2,3"]
    return "\n".join([",".join(COLUMNS), *lines]) + "\n"


def stored(profile: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(profile["folder"] / "table.parquet").to_pylist()
    return rows


@pytest.mark.parametrize("options", [{}, {"duplicates": "leave_out"}, {"kinds": {"late": "integer"}}])
def test_a_large_file_comes_out_as_a_small_one(
    read: Read, text: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = read(text, **options)
    monkeypatch.setattr(loading, "LARGE", 0)
    monkeypatch.setattr(writing, "FEW", 0)
    large = read(text, **options)
    assert stored(small) == stored(large)
    assert json.dumps(small["columns"]) == json.dumps(large["columns"])
    assert small["decisions"] == large["decisions"]


@pytest.mark.parametrize(("width", "large"), [(2, loading.LARGE), (2, 0), (WIDE + 1, loading.LARGE)])
def test_rows_without_a_value_are_left_out_of_any_file(
    read: Read, width: int, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", large)
    cells = [[f"${number}.0{place}" if place % 2 else "" for place in range(width)] for number in range(5)]
    gap = [" " * (place % 2) for place in range(width)]
    names = [f"n{place}" for place in range(width)]
    lines = [names, *cells[:2], gap, gap, gap, *cells[2:]]
    profile = read("".join(",".join(line) + "\n" for line in lines), empty_columns="keep")
    assert [row["n1"] for row in stored(profile)] == [0.01, 1.01, 2.01, 3.01, 4.01]
    assert decision(profile, "Empty rows")["value"] == "3 left out"


@pytest.mark.parametrize("large", [loading.LARGE, 0])
def test_rows_without_a_value_and_spaces_around_words_can_be_kept(
    read: Read, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", large)
    profile = read("a,b\n red,1\n,\nblue , 2\n", empty_rows="keep", blanks="keep")
    assert stored(profile) == [{"a": " red", "b": 1}, {"a": None, "b": None}, {"a": "blue ", "b": 2}]
    assert decision(profile, "Empty rows")["value"] == "1 kept"
    assert decision(profile, "Spaces")["value"] == "around values kept"


def test_no_row_of_a_large_file_is_lost_where_a_cell_does_not_cast(
    read: Read, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", 0)
    profile = read(text)
    assert profile["rows"] == len(stored(profile)) == ROWS
    assert decision(profile, "Rows kept")["lines"] == [{"line": 242, "reason": "too few cells"}]
    kinds = {known["name"]: known["type"] for known in profile["columns"]}
    assert kinds == {
        "whole": "int64",
        "number": "float64",
        "late": "string",
        "later": "float64",
        "code": "string",
        "day": "datetime",
        "turn": "datetime",
        "comma": "float64",
        "truth": "bool",
        "word": "string",
    }
    assert "“many”" in column(profile, "late")["reason"]


def test_values_are_counted_alike_in_short_tables_and_in_long_ones(
    read: Read, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = read(text)["columns"]
    monkeypatch.setattr(figures, "SHORT", 0)
    assert json.dumps(read(text)["columns"]) == json.dumps(lists)


def test_a_long_table_says_which_of_its_figures_are_estimates(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "whole,word\n" + "".join(f"{n},w{n % 9}\n" for n in range(3000))
    exact = read(text)
    monkeypatch.setattr(figures, "EXACT", 100)
    monkeypatch.setattr(figures, "SAMPLE", 2000)
    monkeypatch.setattr(writing, "FEW", 0)
    estimated = read(text)
    assert (column(exact, "whole")["estimated"], column(exact, "whole")["unique"]) == ([], 3000)
    assert column(estimated, "whole")["estimated"] == ["unique", "quantiles"]
    assert column(estimated, "whole")["quantiles"][1] == pytest.approx(1500, rel=0.05)
    assert column(estimated, "whole")["unique"] == pytest.approx(3000, rel=0.1)
    assert column(estimated, "whole")["histogram"] == column(exact, "whole")["histogram"]
