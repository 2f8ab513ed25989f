"""Scores by slice: each is that of its rows alone, and only what is clearly worse is called so."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.fit import Answer
from engine.prepare import Ready
from engine.scoring import score
from engine.slices import LEAST_ROWS, MOST_COLUMNS, MOST_LEVELS, slices
from engine.train import train
from tests.engine.helpers import NO_FOLDS, a_regression, a_spec


def _ready(words: dict[str, Any], target: np.ndarray, classes: tuple[str, ...] = ("no", "yes")) -> Ready:
    features = pd.DataFrame(words, dtype=object)
    return Ready(
        task="classification" if classes else "regression",
        features=features,
        kinds=dict.fromkeys(features, "categorical"),
        target=target,
        classes=classes,
        rows=np.arange(len(target)),
        without_target=0,
    )


def _sure(predicted: np.ndarray) -> Answer:
    return Answer(predicted, np.eye(2)[predicted] * 0.8 + 0.1)


def test_each_slice_has_the_scores_of_its_rows(penguins: pd.DataFrame) -> None:
    report = train(penguins, a_spec(target="species", validation=NO_FOLDS))
    by_name = {column["column"]: column["levels"] for column in report.metrics["slices"]["columns"]}
    assert set(by_name) == {"island", "sex"}
    test = report.predictions[report.predictions.part == "test"]
    islands = penguins["island"].iloc[test.row].to_numpy()
    for level in by_name["island"]:
        there = test[islands == level["level"]]
        assert level["rows"] == len(there) >= LEAST_ROWS
        assert level["scores"]["accuracy"] == pytest.approx((there.actual == there.predicted).mean())


def test_slices_of_numbers_have_errors(cars: pd.DataFrame) -> None:
    report = train(cars, a_regression(validation=NO_FOLDS))
    (origin,) = [one for one in report.metrics["slices"]["columns"] if one["column"] == "origin"]
    test = report.predictions[report.predictions.part == "test"]
    for level in origin["levels"]:
        there = test[(cars["origin"].iloc[test.row] == level["level"]).to_numpy()]
        assert level["scores"]["mae"] == pytest.approx(np.abs(there.actual - there.predicted).mean())


def test_a_slice_where_it_is_mostly_wrong_is_said() -> None:
    truth = np.array([0, 1] * 100)
    inside = np.arange(200) < 40
    answer = _sure(np.where(inside, 1 - truth, truth))
    found = slices(_ready({"region": np.where(inside, "north", "south")}, truth), np.arange(200), answer)
    assert found["worst"] == {
        "column": "region",
        "level": "north",
        "text": "Where region is “north” it is right for 0 of 100 rows, elsewhere for 100.",
    }
    worse = {level["level"]: level["is_worse"] for level in found["columns"][0]["levels"]}
    assert worse == {"south": False, "north": True}


def test_numbers_are_said_in_their_unit() -> None:
    random = np.random.default_rng(0)
    truth, inside = random.normal(100, 10, 300), np.arange(300) < 60
    answer = Answer(truth + np.where(inside, 20, 2) * random.choice([-1, 1], 300), None)
    ready = _ready({"region": [None if one else "south" for one in inside]}, truth, ())
    worst = slices(ready, np.arange(300), answer)["worst"]
    assert worst["text"] == "Where region is missing it is off by 20 on average, elsewhere by 2."
    assert worst["level"] is None


@pytest.mark.parametrize("seed", range(5))
def test_chance_alone_is_not_called_worse(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth = random.integers(2, size=400)
    answer = _sure(np.where(random.random(400) < 0.75, truth, 1 - truth))
    words = {f"c{i}": random.choice(["a", "b", "c", "d", "e"], 400) for i in range(10)}
    assert slices(_ready(words, truth), np.arange(400), answer)["worst"] is None


def test_small_levels_and_single_ones_are_left_out() -> None:
    truth = np.array([0, 1] * 30)
    words = {"one": ["a"] * 60, "small": ["a"] * 51 + ["b"] * 9, "two": ["a", "b"] * 30}
    found = slices(_ready(words, truth), np.arange(60), _sure(truth))
    assert [column["column"] for column in found["columns"]] == ["two"]


def test_a_wide_table_is_looked_at_in_part() -> None:
    truth = np.array([0, 1] * 200)
    words = {f"c{i}": [f"w{row % 20}" for row in range(400)] for i in range(15)}
    found = slices(_ready(words, truth), np.arange(400), _sure(truth))
    assert len(found["columns"]) == MOST_COLUMNS
    assert {len(column["levels"]) for column in found["columns"]} == {MOST_LEVELS}


def test_without_categories_there_are_no_slices(penguins: pd.DataFrame) -> None:
    table = penguins[["species", "body_mass_g", "flipper_length_mm"]]
    report = train(table, a_spec(validation=NO_FOLDS))
    assert report.metrics["slices"] == {"columns": [], "worst": None}


def test_what_a_slice_cannot_say_is_left_open() -> None:
    truth = np.array([0] * 20 + [1] * 20)
    words = {"side": ["left"] * 20 + ["right"] * 20}
    found = slices(_ready(words, truth), np.arange(40), _sure(truth))
    for level in found["columns"][0]["levels"]:
        assert level["scores"]["roc_auc"] is None
        assert level["scores"]["accuracy"] == 1


def test_the_scores_are_all_those_of_the_task() -> None:
    truth = np.array([0, 1] * 20)
    ready = _ready({"side": ["left"] * 20 + ["right"] * 20}, truth)
    (column,) = slices(ready, np.arange(40), _sure(truth))["columns"]
    assert set(column["levels"][0]["scores"]) == set(score(truth, _sure(truth)))
