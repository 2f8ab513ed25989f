"""A page of rows is the rows of the file, wherever it begins."""

import json
from pathlib import Path
from typing import Any

import pytest

from datasets.readers.rows import preview
from tests.datasets.conftest import Read


def page(folder: Path, offset: int, limit: int) -> list[list[Any]]:
    table = str(folder / "table.parquet")
    preview(lambda kind, data: None, parquet=table, offset=offset, limit=limit, out=str(folder))
    rows: list[list[Any]] = json.loads((folder / "rows.json").read_text())
    return rows


@pytest.fixture(scope="module")
def long() -> str:
    return "place,word\n" + "".join(f"{number},w{number % 7}\n" for number in range(250_000))


@pytest.mark.parametrize(
    ("offset", "limit", "places"),
    [
        (0, 3, [0, 1, 2]),
        (99_999, 2, [99_999, 100_000]),
        (199_998, 4, [199_998, 199_999, 200_000, 200_001]),
        (249_999, 10, [249_999]),
        (250_000, 10, []),
        (10**12, 10, []),
        (5, 0, []),
    ],
)
def test_rows_come_from_where_they_lie(
    read: Read, long: str, offset: int, limit: int, places: list[int]
) -> None:
    rows = page(read(long)["folder"], offset, limit)
    assert [row[0] for row in rows] == places


def test_cells_are_what_json_can_carry(read: Read) -> None:
    text = (
        "day,yes,share,word\n2020-01-02,true,1.5,"
        + "x" * 600
        + "\n,false,,short\n2020-01-03,true,2.5,short\n"
    )
    first, second, _ = page(read(text)["folder"], 0, 10)
    assert first[:3] == ["2020-01-02 00:00:00", True, 1.5]
    assert first[3] == "x" * 500 + "…"
    assert second == [None, False, None, "short"]


def test_some_columns_of_many_come_alone(read: Read) -> None:
    folder = read("a.b,c,d\n1,2,3\n4,5,6\n")["folder"]
    table = str(folder / "table.parquet")
    preview(lambda kind, data: None, parquet=table, offset=1, limit=5, out=str(folder), columns=["a.b", "d"])
    assert json.loads((folder / "rows.json").read_text()) == [[4, 6]]


def test_a_wide_table_is_read_whole_and_in_its_order(read: Read) -> None:
    width = 450
    names = ",".join(f"c{number}" for number in range(width))
    rows = "".join(",".join(str(row * width + number) for number in range(width)) + "\n" for row in range(5))
    profile = read(f"{names}\n{rows}")
    assert [column["min"] for column in profile["columns"]] == list(range(width))
    assert [column["max"] for column in profile["columns"]] == [4 * width + number for number in range(width)]
    assert page(profile["folder"], 2, 1) == [list(range(2 * width, 3 * width))]
