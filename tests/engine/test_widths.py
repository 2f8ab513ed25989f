"""Words that one-hot would spread over too many columns are refused before anything is learned."""

from typing import Any

import pandas as pd
import pytest

from engine.events import ignore
from engine.prepare import Ready, prepare
from engine.problems import CannotTrain
from engine.widths import check
from tests.engine.helpers import a_spec

ROWS = 48_000
MANY = {"min_frequency": 0}


@pytest.fixture(scope="module")
def cities() -> pd.DataFrame:
    """12,000 different words, each in four rows, beside two that are frequent."""
    city = [f"city {row % 12_000}" for row in range(ROWS)]
    return pd.DataFrame(
        {"city": city, "side": ["left", "right"] * (ROWS // 2), "species": ["a", "b"] * (ROWS // 2)}
    )


def _ready(table: pd.DataFrame, **more: Any) -> Ready:
    return prepare(table, a_spec(**more), ignore)


def test_a_column_for_each_of_many_words_is_refused(cities: pd.DataFrame) -> None:
    more: dict[str, Any] = {"preprocessing": {"categorical": MANY}}
    with pytest.raises(CannotTrain, match="would make 12,002 columns, 12,000 of them of city") as refusal:
        check(a_spec(**more), _ready(cities, **more))
    assert (refusal.value.code, refusal.value.field) == (
        "too_many_columns",
        "preprocessing.categorical.encode",
    )


@pytest.mark.parametrize(
    "preprocessing",
    [
        {},
        {"categorical": {"min_frequency": 0.0002}},
        {"categorical": {**MANY, "encode": "target"}},
        {"categorical": {**MANY, "encode": "hashing"}},
        {"categorical": MANY, "columns": {"city": {"encode": "frequency"}}},
        {"categorical": MANY, "columns": {"city": {"min_frequency": 0.01}}},
    ],
    ids=["rare together", "few together", "target", "hashing", "one by frequency", "one rare together"],
)
def test_what_keeps_columns_few_is_not(cities: pd.DataFrame, preprocessing: dict[str, Any]) -> None:
    more: dict[str, Any] = {"preprocessing": preprocessing}
    check(a_spec(**more), _ready(cities, **more))


def test_a_column_that_is_left_out_makes_none(cities: pd.DataFrame) -> None:
    more: dict[str, Any] = {"preprocessing": {"categorical": MANY}, "columns": {"drop": ["city"]}}
    check(a_spec(**more), _ready(cities, **more))


def test_few_words_of_many_rows_are_all_kept(cities: pd.DataFrame) -> None:
    few = cities.assign(city=[f"city {row % 9_000}" for row in range(ROWS)])
    more: dict[str, Any] = {"preprocessing": {"categorical": MANY}}
    check(a_spec(**more), _ready(few, **more))
