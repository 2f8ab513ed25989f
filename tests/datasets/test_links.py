"""Addresses inside a dataset's page: each leads to the rows that a number counts."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from datasets import links

AGE: dict[str, Any] = {
    "name": "age",
    "type": "float64",
    "histogram": {"from": 0.0, "to": 80.0, "counts": [10, 0, 5, 20]},
}
DAY: dict[str, Any] = {
    "name": "day",
    "type": "datetime",
    "histogram": {"from": "2024-01-01 00:00:00", "to": "2024-01-05 00:00:00", "counts": [1, 2, 3, 4]},
}


@pytest.mark.parametrize(
    ("facts", "place", "conditions"),
    [
        (AGE, 0, [["age", "ge", 0.0], ["age", "lt", 20.0]]),
        (AGE, 3, [["age", "ge", 60.0], ["age", "le", 80.0]]),
        (DAY, 0, [["day", "ge", "2024-01-01 00:00:00"], ["day", "lt", "2024-01-02 00:00:00"]]),
        (DAY, 3, [["day", "ge", "2024-01-04 00:00:00"], ["day", "le", "2024-01-05 00:00:00"]]),
    ],
)
def test_a_bar_is_the_rows_between_its_edges(facts: dict[str, Any], place: int, conditions: Any) -> None:
    assert links.bar(facts, place) == conditions


@pytest.mark.parametrize("place", [-1, 4])
def test_there_is_no_bar_beside_the_drawing(place: int) -> None:
    with pytest.raises(IndexError):
        links.bar(AGE, place)
    with pytest.raises(IndexError):
        links.bar(AGE | {"histogram": None}, 0)


def test_the_widest_numbers_have_edges_too() -> None:
    edges = links.edges({"from": -1e308, "to": 1e308, "counts": [1, 2]})
    assert edges == [-1e308, 0.0, 1e308]


@pytest.mark.parametrize(
    ("kind", "word", "value"),
    [("int64", "3", 3), ("float64", "0.5", 0.5), ("bool", "true", True), ("string", "3", "3")],
)
def test_a_common_value_is_compared_as_its_column_holds_it(kind: str, word: str, value: Any) -> None:
    assert links.same({"name": "a", "type": kind}, word) == ["a", "eq", value]


def test_any_name_travels_in_an_address() -> None:
    address = links.rows([['a"&b=', "eq", "ü, 1"]], sort="-x", q="")
    assert parse_qsl(address[1:]) == [("tab", "rows"), ("where", '["a\\"&b=", "eq", "ü, 1"]'), ("sort", "-x")]
    assert links.column("/dataset-versions/1/", "a&b") == "/dataset-versions/1/column/?name=a%26b"
