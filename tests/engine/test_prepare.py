"""Stage 1 chooses rows and columns, says what it left out, and refuses what cannot be learned."""

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.prepare import Ready, prepare
from engine.problems import CannotTrain
from tests.engine.helpers import Heard, a_regression, a_spec

ROWS = 60


def _table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"species": ["a", "b", "c"] * 20, "size": np.arange(ROWS) / 7, **columns})


def _ready(table: pd.DataFrame, heard: Heard, **columns: Any) -> Ready:
    return prepare(table, a_spec(columns=columns), heard)


def test_kinds_are_those_of_the_table(titanic: pd.DataFrame, heard: Heard) -> None:
    kinds = prepare(titanic, a_spec(target="survived"), heard).kinds
    assert kinds["age"] == kinds["pclass"] == "numeric"
    assert kinds["sex"] == kinds["adult_male"] == kinds["deck"] == "categorical"


def test_the_person_may_say_otherwise(titanic: pd.DataFrame, heard: Heard) -> None:
    spec = a_spec(target="survived", columns={"kinds": {"pclass": "categorical"}, "drop": ["alive"]})
    ready = prepare(titanic, spec, heard)
    assert ready.kinds["pclass"] == "categorical"
    assert set(ready.features["pclass"]) == {"1", "2", "3"}
    assert "alive" not in ready.kinds


def test_classes_are_the_words_of_the_data(titanic: pd.DataFrame, heard: Heard) -> None:
    assert prepare(titanic, a_spec(target="survived"), heard).classes == ("0", "1")
    assert prepare(titanic, a_spec(target="alone"), heard).classes == ("false", "true")
    assert prepare(titanic, a_spec(target="embark_town"), heard).classes[0] == "Cherbourg"


def test_classes_that_are_numbers_stand_in_their_order(heard: Heard) -> None:
    table = _table(grade=[2, 10, 9] * 20)
    assert prepare(table, a_spec(target="grade"), heard).classes == ("2", "9", "10")


def test_whole_numbers_with_gaps_stay_whole_as_classes(heard: Heard) -> None:
    table = _table(grade=[1.0, 2.0, None] * 20)
    ready = prepare(table, a_spec(target="grade"), heard)
    assert (ready.classes, ready.without_target) == (("1", "2"), 20)


def test_rows_without_a_target_are_left_out_and_counted(titanic: pd.DataFrame, heard: Heard) -> None:
    ready = prepare(titanic, a_spec(target="embarked"), heard)
    assert ready.without_target == 2
    assert 61 not in ready.rows
    assert "Left out 2 rows without embarked." in heard.sentences("log")


def test_a_target_that_is_infinite_counts_as_missing(heard: Heard) -> None:
    table = _table(mpg=[1.0, 2.0, np.inf] * 20)
    assert prepare(table, a_regression(), heard).without_target == 20


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([f"note {i}" for i in range(ROWS)], "a text of their own"),
        (["same"] * ROWS, "the same value"),
        ([7] * ROWS, "the same value"),
        ([None] * ROWS, "no row has a value"),
        ([np.nan] * ROWS, "no row has a value"),
        ([datetime.time(i % 20) for i in range(ROWS)], "neither numbers, words nor dates"),
        ([[i] for i in range(ROWS)], "neither numbers, words nor dates"),
        ([bytes([i % 5]) for i in range(ROWS)], "neither numbers, words nor dates"),
    ],
)
def test_a_column_of_no_use_is_left_out_with_a_reason(values: Any, why: str, heard: Heard) -> None:
    assert _ready(_table(odd=values), heard).kinds == {"size": "numeric"}
    assert heard.sentences().startswith("Left out odd: ")
    assert why in heard.sentences()


def test_names_of_cars_are_not_learned_by_heart(cars: pd.DataFrame, heard: Heard) -> None:
    assert "name" not in prepare(cars, a_regression(), heard).kinds
    assert "Left out name" in heard.sentences()


def test_a_column_of_own_texts_is_used_where_the_person_says_it_is_a_category(heard: Heard) -> None:
    table = _table(odd=[f"note {i}" for i in range(ROWS)])
    assert _ready(table, heard, kinds={"odd": "categorical"}).kinds["odd"] == "categorical"


def test_yes_and_no_with_gaps_are_words(heard: Heard) -> None:
    ready = _ready(_table(flag=[True, False, None] * 20), heard)
    assert ready.features["flag"].iloc[:2].tolist() == ["true", "false"]
    assert ready.features["flag"].isna().sum() == 20


def test_decimals_are_numbers(heard: Heard) -> None:
    ready = _ready(_table(price=[Decimal(i % 9) / 3 for i in range(ROWS)]), heard)
    assert ready.features["price"].dtype == "float64"


def test_text_read_as_numbers_says_what_is_lost(heard: Heard) -> None:
    ready = _ready(_table(price=["1.5", "2", "none"] * 20), heard, kinds={"price": "numeric"})
    assert ready.features["price"].isna().sum() == 20
    assert "price holds 20 values that are no numbers or too large" in heard.sentences()


def test_words_read_as_numbers_leave_nothing(heard: Heard) -> None:
    ready = _ready(_table(word=["x", "y", "z"] * 20), heard, kinds={"word": "numeric"})
    assert "word" not in ready.kinds
    assert "Left out word: no row has a value." in heard.sentences()


def test_infinite_numbers_become_missing(heard: Heard) -> None:
    ready = _ready(_table(odd=[1.0, np.inf, -np.inf] * 20, more=[1.0, 2.0, np.inf] * 20), heard)
    assert "odd" not in ready.kinds
    assert ready.features["more"].isna().sum() == 20


def test_numbers_too_large_for_the_learners_become_missing(heard: Heard) -> None:
    ready = _ready(_table(odd=[1.0, 1e31, 2.0] * 20), heard)
    assert ready.features["odd"].isna().sum() == 20
    assert "odd holds 20 values that are no numbers or too large" in heard.sentences()


def test_mixed_words_and_numbers_are_words(heard: Heard) -> None:
    ready = _ready(_table(mixed=["1", 1, 2.0] * 20), heard)
    assert set(ready.features["mixed"]) == {"1", "2"}


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"target": "zoo"}, {}, "target_missing"),
    ({"target": "nothing"}, {"nothing": [None] * ROWS}, "target_missing"),
    ({"target": "same"}, {"same": ["x"] * ROWS}, "target_constant"),
    ({"target": "own"}, {"own": [f"t{i}" for i in range(ROWS)]}, "too_many_classes"),
    ({"task": "regression", "model": {"algo": "dummy"}}, {}, "target_not_numeric"),
    (
        {"task": "regression", "model": {"algo": "dummy"}, "target": "f"},
        {"f": [True, False] * 30},
        "target_not_numeric",
    ),
    (
        {"task": "regression", "model": {"algo": "dummy"}, "target": "n"},
        {"n": [None] * ROWS},
        "target_missing",
    ),
    ({"task": "regression", "model": {"algo": "dummy"}, "target": "n"}, {"n": [3] * ROWS}, "target_constant"),
    ({"columns": {"drop": ["size"]}}, {}, "no_features"),
    ({"columns": {"drop": ["zoo"]}}, {}, "unknown_column"),
    ({"columns": {"kinds": {"zoo": "numeric"}}}, {}, "unknown_column"),
]


@pytest.mark.parametrize(("change", "columns", "code"), REFUSED)
def test_what_cannot_be_learned_is_refused_in_a_sentence(
    change: dict[str, Any], columns: dict[str, Any], code: str, heard: Heard
) -> None:
    spec = a_spec().model_validate({**a_spec().model_dump(), **change})
    with pytest.raises(CannotTrain, match=r"\.$") as refusal:
        prepare(_table(**columns), spec, heard)
    assert refusal.value.code == code


def test_a_handful_of_rows_is_too_few(heard: Heard) -> None:
    with pytest.raises(CannotTrain, match="Only 4 rows have a species") as refusal:
        _ready(_table().iloc[:4], heard)
    assert refusal.value.problem["code"] == "too_few_rows"


def test_the_table_itself_is_not_changed(titanic: pd.DataFrame, heard: Heard) -> None:
    before = titanic.copy()
    prepare(titanic, a_spec(target="embarked"), heard)
    pd.testing.assert_frame_equal(titanic, before)
