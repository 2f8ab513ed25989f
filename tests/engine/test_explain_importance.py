"""Which columns matter: the planted ones do, chance does not, whatever the learner and the score."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.explain.canary import MOST_ROWS
from engine.explain.importance import Importance, is_more_than_chance, upper_limit
from engine.predict import CannotPredict
from engine.problems import CannotTrain
from tests.engine.explaining import NOISE, TRUE, Explained, again, explained, of_planted, planted
from tests.engine.helpers import EXAMPLES, a_spec

LEARNERS = ["ridge", "logistic_regression", "random_forest", "xgboost", "knn"]
CASES = [
    (algo, target)
    for algo in LEARNERS
    for target in ("yes or no", "number")
    if (algo, target) not in {("ridge", "yes or no"), ("logistic_regression", "number")}
]

RIDGE = {"task": "regression", "target": "y", "model": {"algo": "ridge"}}


def by_name(found: Explained) -> dict[str, Any]:
    return {column["name"]: column for column in found.read("importance.json")["columns"]}


@pytest.mark.parametrize(("algo", "target"), CASES)
def test_the_planted_columns_stand_out_and_all_others_are_chance(algo: str, target: str) -> None:
    columns = by_name(of_planted(algo, target))
    assert [name for name, column in columns.items() if not column["is_chance"]] == TRUE
    assert all(columns[name]["is_chance"] for name in NOISE)


@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "roc_auc", "mcc", "brier"])
def test_a_drop_is_a_loss_whichever_way_the_score_goes(metric: str) -> None:
    found = of_planted("logistic_regression", "yes or no", metric)
    columns = by_name(found)
    assert columns["x0"]["importance"] > columns["x1"]["importance"] > 0.05
    assert found.read("importance.json")["metric"] == metric


def test_the_score_is_the_one_of_the_test() -> None:
    found = of_planted("logistic_regression", "yes or no", "accuracy")
    test = json.loads((found.folder / "metrics.json").read_text())["test"]
    assert found.read("importance.json")["score"] == pytest.approx(test["accuracy"])


def test_the_chance_line_is_that_of_columns_that_know_nothing() -> None:
    found = of_planted("random_forest", "number").read("importance.json")
    chance = found["chance"]
    assert len(chance["drops"]) == 10
    assert chance["line"] >= max(chance["drops"])
    assert chance["line"] < found["columns"][1]["importance"] / 5
    assert chance["rows"] == 480 <= MOST_ROWS


def test_chance_may_be_left_out_and_the_shuffles_still_tell() -> None:
    trained = of_planted("ridge", "number")
    before = trained.read("importance.json")
    columns = by_name(again(trained, "regression", refit=False))
    told = trained.read("importance.json")
    again(trained, "regression")
    assert told["chance"] is None
    assert "takes too long" in told["why_no_chance"]
    assert [name for name, column in columns.items() if not column["is_chance"]] == TRUE
    assert trained.read("importance.json") == before


def test_a_model_that_takes_no_further_column_is_explained_without_a_chance_line() -> None:
    """Products of all columns nearly up to the most that are made: further columns are too many."""
    random = np.random.default_rng(0)
    table = pd.DataFrame(random.normal(size=(30, 27)), columns=[f"c{number}" for number in range(27)])
    table["y"] = table["c0"] + table["c1"]
    found = explained(
        table,
        {
            "task": "regression",
            "target": "y",
            "model": {"algo": "ridge"},
            "features": {"polynomial": {"degree": 3}},
        },
    ).read("importance.json")
    assert found["chance"] is None
    assert found["why_no_chance"].startswith("There is no chance line, as this model cannot take")


def test_text_words_and_dates_are_shuffled_as_they_are() -> None:
    random = np.random.default_rng(1)
    words = random.choice(["red", "green", "blue"], 300)
    table = pd.DataFrame(
        {
            "colour": words,
            "noise": random.normal(size=300),
            "day": pd.date_range("2025-01-01", periods=300).strftime("%Y-%m-%d"),
            "note": [f"{random.choice(['good', 'bad'])} thing number {i} of many words" for i in range(300)],
            "y": np.where(words == "red", "stop", "go"),
        }
    )
    spec = {
        "task": "classification",
        "target": "y",
        "model": {"algo": "random_forest", "n_estimators": 30},
        "columns": {"kinds": {"note": "text", "day": "date"}},
    }
    found = explained(table, spec)
    columns = by_name(found)
    assert {name: column["kind"] for name, column in columns.items()} == {
        "colour": "categorical",
        "noise": "numeric",
        "day": "date",
        "note": "text",
    }
    assert [name for name, column in columns.items() if not column["is_chance"]] == ["colour"]
    assert "note" not in [column["name"] for column in found.read("dependence.json")["columns"]]


def test_of_very_many_columns_those_that_the_model_weighs_most_are_shuffled() -> None:
    random = np.random.default_rng(2)
    table = pd.DataFrame(random.normal(size=(300, 230)), columns=[f"c{number}" for number in range(230)])
    table["y"] = 3 * table["c229"] - 2 * table["c120"]
    spec = {"task": "regression", "target": "y", "model": {"algo": "lasso", "alpha": 0.1}}
    found = explained(table, spec, refit=False).read("importance.json")
    assert found["left_out"] == 30
    assert [column["name"] for column in found["columns"] if not column["is_chance"]] == ["c229", "c120"]


def test_twice_is_the_same_to_the_last_bit() -> None:
    found = of_planted("random_forest", "yes or no")
    names = ["importance.json", "dependence.json", "inside.json", "shap.json", "rows.json"]
    before = {name: found.read(name) for name in names}
    again(found, "classification")
    assert {name: found.read(name) for name in names} == before


@pytest.mark.slow
def test_a_network_is_explained_by_its_answers_alone() -> None:
    found = of_planted("dense_network", "yes or no")
    columns = by_name(found)
    assert {"x0", "x1"} >= {name for name, column in columns.items() if not column["is_chance"]} >= {"x0"}
    assert "neither" in found.read("shap.json")["reason"]
    assert found.read("inside.json") == {"coefficients": None, "tree": None, "built_in": None}


@pytest.mark.parametrize("stage", ["importance", "canary", "dependence", "inside", "shap"])
def test_it_says_what_it_is_doing(stage: str) -> None:
    assert stage in [told["stage"] for told in of_planted("ridge", "number").heard.of("progress")]


def draws(mean: float, spread: float) -> Importance:
    return Importance("x", mean + spread * np.linspace(-1, 1, 10))


@pytest.mark.parametrize(
    ("mean", "spread", "columns", "stands_out"),
    [
        (0.2, 0.01, 10, True),
        (0.2, 0.2, 10, False),
        (0.03, 0.01, 1, True),
        (0.03, 0.01, 2000, False),
        (0.0, 0.0, 1, False),
        (-0.2, 0.01, 1, False),
    ],
)
def test_more_than_chance_counts_the_spread_and_how_many_are_asked(
    mean: float, spread: float, columns: int, stands_out: bool
) -> None:
    assert is_more_than_chance(draws(mean, spread), columns) is stands_out


def test_chance_alone_is_called_more_in_fewer_than_5_of_100_tables() -> None:
    random = np.random.default_rng(3)
    called = [
        any(
            is_more_than_chance(Importance("x", one[0] - one[1:]), 10) for one in random.normal(size=(10, 11))
        )
        for _ in range(400)
    ]
    assert np.mean(called) < 0.08


def test_the_limit_grows_with_what_is_still_to_come() -> None:
    limits = [upper_limit(1.0, 10, further) for further in (1, 10, 100, 1000)]
    assert limits == sorted(limits)
    assert limits[0] > 1.8


def test_a_run_whose_rows_are_gone_is_refused() -> None:
    found = explained(planted("number", 60), RIDGE)
    planted("number", 20).to_parquet(found.data)
    with pytest.raises(CannotTrain, match="no longer those"):
        again(found, "regression")


def test_a_damaged_model_is_refused() -> None:
    found = explained(planted("number", 60), RIDGE)
    (found.folder / "model.zip").write_bytes(b"PK nothing")
    with pytest.raises(CannotPredict, match="damaged"):
        again(found, "regression")


def test_a_real_table_with_gaps_and_words_is_explained() -> None:
    found = explained(pd.read_csv(EXAMPLES / "penguins.csv"), a_spec("random_forest").model_dump(mode="json"))
    best = [column["name"] for column in found.read("importance.json")["columns"][:3]]
    assert "bill_length_mm" in best
