"""A single column may be treated otherwise than its kind, in words that suit what it holds."""

from typing import Any

import pandas as pd
import pytest

from engine.choices.preprocessing import Preprocessing
from engine.choices.single_columns import categorical_of, check, marks_gaps, missing_of, numeric_of, order_of
from engine.problems import CannotTrain
from engine.train import train
from tests.engine.helpers import NO_FOLDS, Heard, a_spec
from tests.engine.preparing import Prepared, a_table

KINDS = {"age": "numeric", "town": "categorical", "born": "date", "note": "text"}


def _with(name: str, **said: Any) -> Preprocessing:
    return Preprocessing.model_validate({"columns": {name: said}})


def test_what_is_left_empty_is_as_for_the_kind() -> None:
    chosen = Preprocessing.model_validate(
        {"numeric": {"missing": "mean", "clip": 0.1}, "columns": {"age": {"scale": "power"}}}
    )
    assert numeric_of(chosen, "age") == chosen.numeric.model_copy(update={"scale": "power"})
    assert numeric_of(chosen, "income") == chosen.numeric
    assert missing_of(chosen, "age", "numeric") == "mean"


def test_an_order_alone_makes_a_column_ordinal() -> None:
    chosen = _with("town", order=["Aa", "Cork"])
    assert categorical_of(chosen, "town").encode == "ordinal"
    assert categorical_of(chosen, "size").encode == "one_hot"
    assert (order_of(chosen, "town"), order_of(chosen, "size")) == (("Aa", "Cork"), ())


@pytest.mark.parametrize(
    ("special", "kind", "marked"),
    [
        (None, "numeric", True),
        (None, "categorical", False),
        (False, "numeric", False),
        (True, "categorical", True),
    ],
)
def test_gaps_are_marked_by_kind_unless_said(special: bool | None, kind: str, marked: bool) -> None:
    columns = {} if special is None else {"it": {"indicator": special}}
    chosen = Preprocessing.model_validate({"numeric": {"indicator": True}, "columns": columns})
    assert marks_gaps(chosen, "it", kind) is marked


@pytest.mark.parametrize(
    ("name", "said", "sentence", "field"),
    [
        ("age", {"encode": "ordinal"}, "age holds numbers, and this is for words. Leave it empty.", "encode"),
        ("age", {"order": ["a"]}, "age holds numbers, and this is for words", "order"),
        ("age", {"hash_width": 9}, "age holds numbers", "hash_width"),
        ("town", {"scale": "minmax"}, "town holds words, and this is for numbers", "scale"),
        ("town", {"clip": 0.1}, "town holds words, and this is for numbers", "clip"),
        ("town", {"fill_value": 1.0}, "town holds words, and this is for numbers", "fill_value"),
        ("town", {"missing": "knn"}, "Choose one of most_frequent, constant, drop for its gaps.", "missing"),
        ("town", {"order": ["a", "b"], "encode": "one_hot"}, "has an order, which is for ordinal", "encode"),
        ("town", {"order": ["a", "b", "a"]}, "The order of town names a word twice", "order"),
        ("born", {"missing": "mean"}, "born holds dates, and this is for numbers and words", "missing"),
        ("note", {"indicator": True}, "note holds texts, and this is for numbers and words", "indicator"),
    ],
)
def test_what_does_not_suit_a_column_is_refused(
    name: str, said: dict[str, Any], sentence: str, field: str
) -> None:
    with pytest.raises(CannotTrain, match=sentence) as refusal:
        check(_with(name, **said), KINDS)
    assert refusal.value.field == f"preprocessing.columns.{name}.{field}"


@pytest.mark.parametrize(
    ("name", "said"),
    [("age", {"missing": "knn"}), ("town", {"missing": "drop", "encode": "target"}), ("gone", {"clip": 0.1})],
)
def test_what_suits_a_column_or_meets_none_is_taken(name: str, said: dict[str, Any]) -> None:
    check(_with(name, **said), KINDS)


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(CannotTrain, match="There is no column gone") as refusal:
        train(a_table(), a_spec(preprocessing={"columns": {"gone": {"scale": "minmax"}}}))
    assert refusal.value.field == "preprocessing.columns"


def test_what_does_not_suit_a_column_is_refused_before_anything_learns() -> None:
    with pytest.raises(CannotTrain, match="town holds words"):
        train(a_table(), a_spec(preprocessing={"columns": {"town": {"clip": 0.1}}}))


def test_columns_that_are_treated_alike_stand_together() -> None:
    columns = {"age": {"scale": "minmax"}, "town": {"encode": "frequency"}, "size": {"encode": "frequency"}}
    step = Prepared(preprocessing={"columns": columns}).step
    assert [(name, list(names)) for name, _, names in step.transformers_] == [
        ("numeric", ["age"]),
        ("numeric 1", ["income"]),
        ("categorical", ["town", "size"]),
    ]


def test_two_columns_each_keep_their_own_order() -> None:
    columns = {"town": {"order": ["Cork", "Bergen", "Aa"]}, "size": {"order": ["small", "middle", "large"]}}
    found = Prepared(preprocessing={"columns": columns})
    towns, sizes = (pd.Series(found.column(name)).groupby(a_table()[name]).first() for name in columns)
    assert towns.to_dict() == {"Cork": 0.0, "Bergen": 1.0, "Aa": 2.0}
    assert sizes.to_dict() == {"small": 0.0, "middle": 1.0, "large": 2.0}


def test_words_beyond_an_order_are_told(heard: Heard) -> None:
    chosen = {"columns": {"size": {"order": ["small", "middle"]}}}
    report = train(a_table(), a_spec("dummy", preprocessing=chosen, validation=NO_FOLDS), heard)
    learned = report.split.loc[report.split["part"] == "train", "row"]
    large = int((a_table()["size"].iloc[learned] == "large").sum())
    assert f"In {large} rows, size is a word that its order does not name." in heard.sentences()
