"""Two runs on the same rows: the lead of one, and how sure it is."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.compare import run
from engine.events import ignore
from engine.train import train
from tests.engine.helpers import EXAMPLES, a_regression, a_spec

FOLDS = {"kind": "kfold", "folds": 3}


def compared(first: pd.DataFrame, second: pd.DataFrame, folder: Path) -> dict[str, Any]:
    for name, table in (("first", first), ("second", second)):
        table.to_parquet(folder / f"{name}.parquet")
    run(ignore, first=str(folder / "first.parquet"), second=str(folder / "second.parquet"), out=str(folder))
    found: dict[str, Any] = json.loads((folder / "compared.json").read_text())
    return found


def trained(algo: str, **more: Any) -> tuple[pd.DataFrame, dict[str, Any]]:
    report = train(pd.read_csv(EXAMPLES / "penguins.csv"), a_spec(algo, validation=FOLDS, **more))
    return report.predictions, report.metrics["test"]


def test_scores_are_those_of_the_runs_and_their_difference(tmp_path: Path) -> None:
    (one, scores), (other, others) = trained("logistic_regression"), trained("dummy")
    found = compared(one, other, tmp_path)["test"]
    assert found["rows"] == (one["part"] == "test").sum()
    for name, numbers in found["metrics"].items():
        assert numbers["first"] == pytest.approx(scores[name])
        assert numbers["second"] == pytest.approx(others[name])
        assert numbers["difference"] == pytest.approx(scores[name] - others[name])
        assert numbers["low"] <= numbers["difference"] <= numbers["high"]


def test_a_learner_leads_a_guess_clearly_on_test_and_folds(tmp_path: Path) -> None:
    (one, _), (other, _) = trained("logistic_regression"), trained("dummy")
    found = compared(one, other, tmp_path)
    for part in ("test", "folds"):
        assert found[part]["metrics"]["accuracy"]["low"] > 0
        assert found[part]["mcnemar"]["p"] < 0.001


def test_a_run_does_not_differ_from_itself(tmp_path: Path) -> None:
    one, _ = trained("random_forest", settings={"n_estimators": 20})
    found = compared(one, one, tmp_path)["folds"]
    assert {numbers["difference"] for numbers in found["metrics"].values()} == {0}
    assert {numbers["low"] for numbers in found["metrics"].values()} == {0}
    assert (found["mcnemar"]["first"], found["mcnemar"]["p"]) == (0, 1)


def test_rows_are_counted_by_who_is_right(tmp_path: Path) -> None:
    said = {"row": range(6), "part": "test", "actual": list("aabbba")}
    shares = {"probability_a": 0.5, "probability_b": 0.5}
    one = pd.DataFrame({**said, "predicted": list("aabbaa"), **shares})
    other = pd.DataFrame({**said, "predicted": list("abbaab"), **shares})
    found = compared(one, other, tmp_path)
    assert {name: found["test"]["mcnemar"][name] for name in ("both", "first", "second", "neither")} == {
        "both": 2,
        "first": 3,
        "second": 0,
        "neither": 1,
    }
    assert found["test"]["mcnemar"]["p"] == pytest.approx(0.25)
    assert found["folds"] is None


def test_only_rows_that_both_answered_count_in_whatever_order(tmp_path: Path) -> None:
    one, _ = trained("logistic_regression")
    shuffled = one.sample(frac=1, random_state=0).iloc[:100]
    found = compared(one, shuffled, tmp_path)
    assert found["test"]["rows"] + found["folds"]["rows"] == 100
    assert found["folds"]["metrics"]["accuracy"]["difference"] == 0


def test_numbers_have_no_test_of_right_and_wrong(tmp_path: Path) -> None:
    table = pd.read_csv(EXAMPLES / "mpg.csv")
    reports = [train(table, a_regression(algo, validation=FOLDS)) for algo in ("linear_regression", "dummy")]
    found = compared(reports[0].predictions, reports[1].predictions, tmp_path)["test"]
    assert found["mcnemar"] is None
    assert found["metrics"]["rmse"]["high"] < 0


def test_the_interval_of_a_mean_holds_it_about_as_often_as_it_says(tmp_path: Path) -> None:
    """The paired bootstrap of the mean absolute error, against the plain interval of a mean."""
    random = np.random.default_rng(0)
    truth = random.normal(size=400)
    one, other = truth + random.normal(size=400), truth + random.normal(size=400) * 1.1
    said = {"row": range(400), "part": "test", "actual": truth}
    tables = [pd.DataFrame({**said, "predicted": answers}) for answers in (one, other)]
    found = compared(tables[0], tables[1], tmp_path)["test"]["metrics"]["mae"]
    differences = np.abs(one - truth) - np.abs(other - truth)
    half = 1.96 * differences.std() / np.sqrt(400)
    assert found["low"] == pytest.approx(differences.mean() - half, abs=0.02)
    assert found["high"] == pytest.approx(differences.mean() + half, abs=0.02)
