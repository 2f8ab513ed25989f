"""A column on its card: the shape to scale, the facts in words."""

from typing import Any

import pytest

from datasets import cards

NUMBER: dict[str, Any] = {
    "name": "age",
    "original_name": "age",
    "kind": "number",
    "type": "float64",
    "reason": "Every value is a number",
    "missing": 0,
    "unique": 88,
    "min": 0.42,
    "max": 80.0,
    "quantiles": [20.0, 28.0, 38.0],
    "top": [],
    "histogram": {"from": 0.42, "to": 80.0, "counts": [10, 0, 5, 20]},
    "target_reason": "",
}
WORD = NUMBER | {
    "kind": "category",
    "min": None,
    "max": None,
    "quantiles": [],
    "histogram": None,
    "unique": 3,
    "top": [["S", 70], ["C", 20], ["Q", 10]],
}


def test_the_tallest_bar_fills_the_drawing_and_none_is_drawn_for_nothing() -> None:
    bars = cards.path(NUMBER["histogram"]).split("M")[1:]
    assert len(bars) == 3
    assert [bar.split("v-")[1].split("h")[0] for bar in bars] == ["25", "12", "50"]


@pytest.mark.parametrize(
    "shape", [None, {"from": 0, "to": 1, "counts": []}, {"from": 0, "to": 1, "counts": [0, 0]}]
)
def test_without_counts_there_is_no_drawing(shape: dict[str, Any] | None) -> None:
    assert cards.path(shape) == ""


def test_a_number_says_its_range_and_its_median() -> None:
    card = cards.card(NUMBER, 100)
    assert card.facts == [("Range", "0.42 to 80"), ("Median", "28"), ("Missing", "none")]
    assert card.title == "Distribution of age, from 0.42 to 80"


def test_a_word_says_its_values_with_their_shares() -> None:
    card = cards.card(WORD, 100)
    assert [(bar.value, bar.share) for bar in card.bars] == [
        ("S", "70.0\u00a0%"),
        ("C", "20.0\u00a0%"),
        ("Q", "10.0\u00a0%"),
    ]
    assert card.facts[:2] == [("Values", "3"), ("Most common", "S")]


def test_few_whole_numbers_stand_in_their_order() -> None:
    column = NUMBER | {"kind": "integer", "unique": 3, "top": [["3", 50], ["1", 30], ["2", 20]]}
    assert [bar.value for bar in cards.card(column, 100).bars] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({}, ""),
        ({"missing": 19}, ""),
        ({"missing": 20}, "20 % missing"),
        ({"missing": 100}, "All missing"),
        ({"target_reason": "It is the last column", "missing": 50}, "Likely target"),
        ({"original_name": "=age"}, "Renamed"),
    ],
)
def test_what_is_worth_a_look_is_marked(changes: dict[str, Any], mark: str) -> None:
    assert cards.card(NUMBER | changes, 100).mark == mark


def test_minus_and_dates_are_written_for_people() -> None:
    cold = cards.card(NUMBER | {"min": -3.5, "max": -1}, 10)
    assert cold.facts[0] == ("Range", "\u22123.5 to \u22121")
    dates = NUMBER | {
        "kind": "datetime",
        "min": "2012-01-01 00:00:00",
        "max": "2012-11-05 10:00:00",
        "quantiles": [],
    }
    assert cards.card(dates, 10).facts[0] == ("Range", "2012-01-01 to 2012-11-05 10:00:00")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1970, "1970"),
        (12_345.678, "12,346"),
        (-40_000, "\u221240,000"),
        (0.42, "0.42"),
        (14.4542, "14.45"),
        (1e300, "1e+300"),
    ],
)
def test_numbers_are_written_for_people(value: float, said: str) -> None:
    column = NUMBER | {"min": value, "max": value}
    assert ("Range", f"{said} to {said}") in cards.card(column, 100).facts


def test_what_a_card_has_no_room_for() -> None:
    column = NUMBER | {
        "mean": 29.699,
        "std": 14.526,
        "percentiles": [4.0, 20.125, 28.0, 38.0, 56.0],
        "estimated": ["unique"],
        "examples": ["22.0", "38.5"],
    }
    assert cards.more(column) == [
        ("Mean", "29.7"),
        ("Standard deviation", "14.53"),
        ("5 % are below", "4"),
        ("25 % are below", "20.12"),
        ("50 % are below", "28"),
        ("75 % are below", "38"),
        ("95 % are below", "56"),
        ("Different values", "88"),
        ("Estimated", "how many values differ"),
        ("Examples", "22, 38.5"),
    ]


@pytest.mark.parametrize(
    ("column", "kept", "said"),
    [
        (WORD | {"type": "string"}, "v2.0", "v2.0"),
        (NUMBER | {"type": "datetime"}, "2024-01-03 00:00:00", "2024-01-03"),
        (NUMBER | {"type": "datetime"}, "2024-01-03 10:00:00", "2024-01-03 10:00:00"),
    ],
)
def test_examples_are_written_as_the_rows_show_them(column: dict[str, Any], kept: str, said: str) -> None:
    assert ("Examples", said) in cards.more(column | {"examples": [kept]})


def test_a_text_says_how_long_it_is() -> None:
    assert cards.more(WORD | {"lengths": [1.0, 4.704, 6.0]}) == [
        ("Shortest", "1 signs"),
        ("Mean length", "4.7 signs"),
        ("Longest", "6 signs"),
    ]


def test_the_head_of_a_table_shows_words_by_how_often_they_come() -> None:
    assert cards.tiny(WORD).count("M") == 3
    assert cards.tiny(NUMBER).count("M") == 3
    assert cards.tiny(WORD | {"top": []}) == ""


def test_pictures_say_how_large_they_are() -> None:
    side = {"min": 8, "median": 8, "max": 512}
    pictures = {"widths": side, "heights": side, "formats": {"PNG": 1797}, "modes": {"L": 1790, "RGB": 7}}
    column = WORD | {"kind": "image", "top": [], "pictures": pictures}
    assert cards.more(column) == [
        ("Width", "8 to 512 px"),
        ("Height", "8 to 512 px"),
        ("Colours", "L (1,790), RGB (7)"),
    ]
    assert ("Median size", "8 × 8") in cards.card(column, 100).facts
