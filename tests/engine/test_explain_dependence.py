"""How the answer moves with one column: up where the truth goes up, over words and days as over numbers."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.explain.dependence import MOST_CURVES, MOST_POINTS
from tests.engine.explaining import Explained, explained, of_planted

WAYS = {"x0": 1, "x1": -1}


def columns(found: Explained) -> dict[str, Any]:
    return {column["name"]: column for column in found.read("dependence.json")["columns"]}


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize(("algo", "target"), [("ridge", "number"), ("logistic_regression", "yes or no")])
def test_where_the_truth_is_monotone_the_dependence_is(algo: str, target: str, name: str) -> None:
    mean = np.array(columns(of_planted(algo, target))[name]["mean"])[:, 0]
    assert (np.diff(mean) * WAYS[name] > 0).all()


def test_of_a_linear_model_it_is_a_line_with_the_weight_as_its_slope() -> None:
    column = columns(of_planted("ridge", "number"))["x0"]
    slopes = np.diff(np.array(column["mean"])[:, 0]) / np.diff(column["grid"])
    assert slopes == pytest.approx(np.full(len(slopes), 2.0), rel=0.05)


def test_each_curve_is_of_one_row_and_their_mean_is_near_the_dependence() -> None:
    column = columns(of_planted("random_forest", "number"))["x0"]
    curves, mean = np.array(column["ice"]), np.array(column["mean"])[:, 0]
    assert curves.shape == (MOST_CURVES, len(column["grid"]))
    assert np.corrcoef(curves.mean(axis=0), mean)[0, 1] > 0.99


def test_curves_come_from_everywhere_in_a_sorted_table() -> None:
    """One line for each group of a table that is sorted by group."""
    table = pd.DataFrame({"group": np.repeat([0.0, 100.0], 100), "x": np.tile(np.arange(100.0), 2)})
    table["y"] = table["group"] + table["x"]
    found = explained(table, {"task": "regression", "target": "y", "model": {"algo": "linear_regression"}})
    starts = np.array(columns(found)["x"]["ice"])[:, 0]
    assert sorted(set(starts.round(-2))) == [0.0, 100.0]
    assert 5 < (starts > 50).sum() < 25


def test_at_most_8_columns_and_20_points_and_the_most_important_first() -> None:
    found = of_planted("random_forest", "number").read("dependence.json")["columns"]
    assert len(found) == 8
    assert [column["name"] for column in found[:2]] == ["x0", "x1"]
    assert all(len(column["grid"]) <= MOST_POINTS for column in found)


def test_points_say_how_many_rows_lie_near_them() -> None:
    for column in columns(of_planted("ridge", "number")).values():
        assert sum(column["rows"]) == pytest.approx(1.0, abs=0.01)
        assert min(column["rows"]) > 0


def test_of_two_classes_the_second_is_drawn_and_of_three_each() -> None:
    assert of_planted("logistic_regression", "yes or no").read("dependence.json")["outputs"] == ["yes"]
    found = of_planted("logistic_regression", "three").read("dependence.json")
    assert sorted(found["outputs"]) == ["low", "middle", "up"]
    shares = np.array(found["columns"][0]["mean"])
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(shares)))


@pytest.fixture(scope="module")
def shop() -> Explained:
    """Red costs more, and prices rise with the days."""
    random = np.random.default_rng(4)
    colours = random.choice(["red", "green", "blue"], 400, p=[0.5, 0.3, 0.2])
    table = pd.DataFrame(
        {
            "colour": pd.Series(colours).mask(random.random(400) < 0.1),
            "day": pd.date_range("2025-01-01", periods=400).strftime("%Y-%m-%d"),
            "doors": random.integers(2, 5, 400).astype("float64"),
            "y": np.where(colours == "red", 50.0, 10.0) + np.arange(400) / 10,
        }
    )
    spec = {
        "task": "regression",
        "target": "y",
        "model": {"algo": "random_forest", "n_estimators": 30},
        "columns": {"kinds": {"day": "date"}},
    }
    return explained(table, spec)


def test_words_come_by_how_often_they_are(shop: Explained) -> None:
    column = columns(shop)["colour"]
    held_out = shop.opened.ready.features["colour"].iloc[shop.opened.test]
    assert column["grid"] == list(held_out.value_counts().index)
    assert column["rows"] == sorted(column["rows"], reverse=True)
    mean = dict(zip(column["grid"], (value[0] for value in column["mean"]), strict=True))
    assert mean["red"] > mean["green"] + 20
    assert abs(mean["blue"] - mean["green"]) < 5


def test_days_are_dates_in_order(shop: Explained) -> None:
    column = columns(shop)["day"]
    assert column["grid"] == sorted(column["grid"])
    assert column["grid"][0].startswith("2025-")
    assert column["mean"][-1][0] > column["mean"][0][0] + 15


def test_few_numbers_are_all_shown(shop: Explained) -> None:
    assert columns(shop)["doors"]["grid"] == [2.0, 3.0, 4.0]
