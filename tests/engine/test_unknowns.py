"""The model card says for every choice what becomes of gaps, new words and numbers far out."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from engine.choices.preprocessing import Categorical, Numeric, Preprocessing
from engine.train import train
from engine.unknowns import unknowns
from tests.engine.helpers import a_spec
from tests.engine.preparing import a_table, each_choice

KINDS = {"age": "numeric", "income": "numeric", "town": "categorical", "size": "categorical", "born": "date"}


def _said(**chosen: Any) -> list[str]:
    return unknowns(Preprocessing.model_validate(chosen), KINDS)


def test_what_is_alike_for_all_columns_is_said_once() -> None:
    assert _said() == [
        "A missing number, or one beyond 1e30: the median of the training rows stands in.",
        "A missing word: the most frequent word of the training rows stands in.",
        "A word that training did not see: it is treated like the rare ones, or as no known word.",
        "A missing date: its parts are filled as numbers are. What is no date is refused.",
    ]


def test_columns_that_differ_are_named() -> None:
    said = _said(columns={"age": {"missing": "constant", "fill_value": 7.5}, "town": {"encode": "frequency"}})
    assert "A missing number, or one beyond 1e30 in age: 7.5 stands in." in said
    assert (
        "A missing number, or one beyond 1e30 in income: the median of the training rows stands in." in said
    )
    assert "A word that training did not see in town: its share is 0." in said


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"numeric": {"clip": 0.05}}, "among the outer 0.05 of the training rows at either end"),
        ({"columns": {"size": {"order": ["small"]}}}, "it comes below all that the order names"),
        ({"target": "log"}, "learned the logarithm of the target"),
        ({"target": "power"}, "stay in its range"),
        ({"numeric": {"missing": "knn"}}, "the mean of the five nearest training rows"),
        ({"numeric": {"missing": "drop"}}, "training left such rows out"),
    ],
    ids=str,
)
def test_each_treatment_has_its_sentence(chosen: dict[str, Any], sentence: str) -> None:
    assert sentence in " ".join(_said(**chosen))


@pytest.mark.parametrize(("kind", "choices"), [("numeric", Numeric), ("categorical", Categorical)])
def test_no_choice_is_without_words(kind: str, choices: Any) -> None:
    for name, value in each_choice(choices):
        assert all(sentence.endswith(".") for sentence in _said(**{kind: {name: value}}))


def test_columns_that_do_not_exist_are_not_spoken_of() -> None:
    assert unknowns(Preprocessing(), {}) == []


@pytest.mark.parametrize(
    ("kind", "first"), [("date", "A missing date: its parts"), ("text", "A missing text: it has")]
)
def test_dates_and_texts_have_a_sentence_of_their_own(kind: str, first: str) -> None:
    [sentence] = unknowns(Preprocessing(), {"one": kind, "other": kind})
    assert sentence.startswith(first)


def test_the_card_of_a_model_says_it(tmp_path: Path) -> None:
    train(a_table(), a_spec(preprocessing={"numeric": {"missing": "iterative"}})).write(tmp_path)
    card = ZipFile(tmp_path / "model.zip").read("model_card.md").decode()
    assert "- A missing number, or one beyond 1e30: what the other columns say stands in." in card
