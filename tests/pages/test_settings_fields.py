"""A field for each setting, made from the learners' own schemas: bounds, defaults and refusals in words."""

from dataclasses import replace
from typing import Any

import pytest

from engine.learners import CATALOG, describe
from experiments.forms.models import asked, cards
from experiments.forms.posted import Posted
from experiments.forms.settings import NotRead, Setting, between, setting, settings

FOREST = {field.library: field for field in settings(describe(CATALOG["random_forest"])["settings"], "m-")}
NETWORK = {field.library: field for field in settings(describe(CATALOG["dense_network"])["settings"], "")}
LEARNS = {field.library: field for field in settings(describe(CATALOG["dense_network"])["training"], "")}
LINE = {field.library: field for field in settings(describe(CATALOG["linear_regression"])["settings"], "")}


def read(field: Setting, text: str) -> Any:
    return field.filled(text).read()


def test_a_number_brings_its_bounds_and_its_default() -> None:
    trees = FOREST["n_estimators"]
    assert (trees.kind, trees.min, trees.max, trees.step, trees.placeholder) == (
        "number",
        10,
        5000,
        "1",
        "300",
    )
    assert trees.hint.endswith("10 to 5,000.")


def test_an_empty_field_is_not_set() -> None:
    assert not FOREST["n_estimators"].is_set


def test_a_choice_lists_its_values_after_the_default() -> None:
    assert NETWORK["activation"].options[0] == ("", "relu (default)")
    assert ("tanh", "tanh") in NETWORK["activation"].options


def test_a_list_of_numbers_is_typed_with_commas() -> None:
    assert NETWORK["units"].placeholder == "64, 32"
    assert read(NETWORK["units"], "16, 8") == [16, 8]


def test_a_box_is_set_when_it_differs_from_the_default() -> None:
    assert not LINE["fit_intercept"].filled("on").is_set
    assert LINE["fit_intercept"].filled("").is_set


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (FOREST["n_estimators"], "9", "Must be between 10 and 5,000."),
        (FOREST["n_estimators"], "3.5", "A whole number is needed, as 10."),
        (FOREST["n_estimators"], "٣", "A whole number is needed, as 10."),
        (LEARNS["learning_rate"], "0", "Must be above 0, at most 10."),
        (LEARNS["learning_rate"], "nan", "A number is needed, as 0.1."),
        (LEARNS["learning_rate"], "1e999", "A number is needed, as 0.1."),
        (LEARNS["optimizer"], "best", "Choose one of the values in the list."),
        (NETWORK["units"], "16, x", "A whole number is needed, as 10."),
        (NETWORK["units"], "5000", "Must be between 1 and 4,096."),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(field: Setting, text: str, sentence: str) -> None:
    with pytest.raises(NotRead, match="^" + sentence.replace(".", r"\.") + "$"):
        read(field, text)


def test_bounds_are_written_as_people_say_them() -> None:
    assert between({"minimum": 1}) == "at least 1"
    assert between({}) == ""


@pytest.mark.parametrize("algo", CATALOG)
def test_every_setting_of_every_learner_has_a_field(algo: str) -> None:
    described = describe(CATALOG[algo])
    properties = {
        **described["settings"]["properties"],
        **((described["training"] or {}).get("properties", {})),
    }
    card = next(card for card in cards(described["tasks"][0], Posted(), {}) if card.algo == algo)
    assert [field.library for field in card.fields] == list(properties)
    assert all(field.label for field in card.fields)


def test_a_stored_spec_fills_the_same_fields_again() -> None:
    spec = {
        "task": "classification",
        "model": {"algo": "dense_network", "units": [16, 8], "activation": "relu", "dropout": 0.0},
        "training": {"epochs": 3, "optimizer": "adam"},
    }
    card = asked(spec)
    assert card.request() == {"model": {"algo": "dense_network", "units": [16, 8]}, "training": {"epochs": 3}}


def test_a_refusal_stands_at_its_field() -> None:
    sent = Posted(
        {"shown": ["random_forest"], "algo": ["random_forest"], "m-random_forest-n_estimators": ["1"]}
    )
    card = next(card for card in cards("classification", sent, {}) if card.chosen)
    assert card.refusals() == {"m-random_forest-n_estimators": "Must be between 10 and 5,000."}
    assert card.is_open


def test_a_lone_value_is_a_choice_too() -> None:
    field = setting(
        "weight", {"anyOf": [{"const": "balanced", "type": "string"}, {"type": "null"}], "default": None}
    )
    assert field.options == (("", "none"), ("balanced", "balanced"))
    assert replace(field, value="balanced").read() == "balanced"
