"""Parts are kept as a table, and a table that is not of these rows is refused."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.parts import DoesNotFit, Parts, of_table
from engine.prepare import prepare
from engine.problems import CannotTrain
from engine.split import split
from tests.engine.helpers import Heard, a_spec
from tests.engine.splits import parts_of

SPECS: dict[str, dict[str, Any]] = {
    "folds": {},
    "repeated": {"validation": {"kind": "repeated", "folds": 3, "repeats": 4}},
    "none": {"validation": {"kind": "none"}},
    "time": {
        "split": {"kind": "time", "column": "body_mass_g"},
        "validation": {"kind": "time", "folds": 3},
    },
}
every_kind = pytest.mark.parametrize("more", SPECS.values(), ids=SPECS)


def _again(penguins: pd.DataFrame, stored: pd.DataFrame, **more: Any) -> Parts:
    spec = a_spec(**more)
    return split(prepare(penguins, spec, Heard()), spec, Heard(), stored)


def _stored(penguins: pd.DataFrame, **more: Any) -> pd.DataFrame:
    return parts_of(penguins, **more).table(np.arange(len(penguins)))


@every_kind
def test_stored_parts_are_the_same_again(penguins: pd.DataFrame, more: dict[str, Any]) -> None:
    first, again = parts_of(penguins, **more), _again(penguins, _stored(penguins, **more), **more)
    for one, other in zip(first.each_fold(), again.each_fold(), strict=True):
        assert one[0] == other[0]
        assert np.array_equal(one[1], other[1])
        assert np.array_equal(one[2], other[2])
    assert np.array_equal(first.test, again.test)
    assert np.array_equal(first.train, again.train)


def test_what_is_stored_decides_and_not_the_seed(penguins: pd.DataFrame) -> None:
    stored = _stored(penguins)
    assert np.array_equal(_again(penguins, stored, seed=7).test, parts_of(penguins).test)


def test_the_table_has_a_fold_for_each_deal(penguins: pd.DataFrame) -> None:
    table = _stored(penguins, **SPECS["repeated"])
    assert list(table) == ["row", "part", "fold", "fold_2", "fold_3", "fold_4"]
    assert set(table["fold_3"].dropna()) == {7, 8, 9}
    assert (table["fold_2"].isna() == (table["part"] == "test")).all()


def test_the_table_without_folds_has_an_empty_one(penguins: pd.DataFrame) -> None:
    table = _stored(penguins, **SPECS["none"])
    assert list(table) == ["row", "part", "fold"]
    assert table["fold"].isna().all()


def test_the_first_rows_of_time_learn_and_are_not_checked(penguins: pd.DataFrame) -> None:
    table = _stored(penguins, **SPECS["time"])
    assert (table["fold"].isna() & (table["part"] == "train")).sum() > 50


def _spoiled(table: pd.DataFrame, how: str) -> pd.DataFrame:
    ways: dict[str, Any] = {
        "fewer rows": lambda: table.iloc[1:],
        "a row more": lambda: pd.concat([table, table.tail(1).assign(row=344)], ignore_index=True),
        "a row twice": lambda: pd.concat([table, table.tail(1)], ignore_index=True),
        "another order": lambda: table.iloc[::-1],
        "no folds": lambda: table.drop(columns="fold"),
        "other parts": lambda: table.assign(part="learn"),
        "no test": lambda: table.assign(part="train"),
        "no training": lambda: table.assign(part="test", fold=pd.array([pd.NA] * 344, dtype="Int64")),
        "a fold less": lambda: table.assign(fold=table["fold"].replace(5, 4)),
        "a fold more": lambda: table.assign(fold=table["fold"].replace(5, 6)),
        "words for rows": lambda: table.assign(row=table["row"].astype(str).astype(object)),
        "words for folds": lambda: table.assign(fold="one"),
        "folds of the test": lambda: table.assign(fold=1),
        "negative folds": lambda: table.assign(fold=table["fold"].replace(1, -1)),
    }
    found: pd.DataFrame = ways[how]()
    return found


@pytest.mark.parametrize(
    "how",
    [
        *("fewer rows", "a row more", "a row twice", "another order", "no folds", "other parts", "no test"),
        *("no training", "a fold less", "a fold more", "words for rows", "words for folds"),
        *("folds of the test", "negative folds"),
    ],
)
def test_a_table_of_other_rows_is_refused_in_a_sentence(penguins: pd.DataFrame, how: str) -> None:
    with pytest.raises(CannotTrain, match=r"does not fit its rows: .*Start a new experiment") as refusal:
        _again(penguins, _spoiled(_stored(penguins), how))
    assert refusal.value.code == "split_unfit"


def test_rows_may_have_any_rising_numbers() -> None:
    rows = np.array([3, 7, 8, 20])
    parts = Parts(np.array([0, 2, 3]), np.array([1]), np.array([[1, 0, 2, 1]], dtype="int16"))
    table = parts.table(rows)
    assert list(table["row"]) == [3, 7, 8, 20]
    again = of_table(table, rows, 1, past_only=False)
    assert np.array_equal(again.deals, parts.deals)
    with pytest.raises(DoesNotFit, match="its rows are others"):
        of_table(table, rows + 1, 1, past_only=False)


def test_the_past_alone_learns_where_folds_follow_in_time() -> None:
    parts = Parts(np.arange(5), np.array([5]), np.array([[0, 1, 0, 2, 1, 0]], dtype="int16"), past_only=True)
    folds = [(number, list(learn), list(check)) for number, learn, check in parts.each_fold()]
    assert folds == [(1, [0, 2], [1, 4]), (2, [0, 1, 2, 4], [3])]
