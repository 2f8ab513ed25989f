"""Figures are plain numbers that anyone can draw."""

import json

import numpy as np
import pandas as pd
import pytest

from engine import figures
from engine.fit import Answer
from engine.train import train
from tests.engine.helpers import NO_FOLDS, a_regression, a_spec


def test_classes_have_a_confusion_matrix_and_a_roc_curve(penguins: pd.DataFrame) -> None:
    report = train(penguins, a_spec(validation=NO_FOLDS))
    assert set(report.figures) == {"confusion_matrix", "roc", "precision_recall", "calibration", "gain"}
    counts = np.array(report.figures["confusion_matrix"]["data"]["counts"])
    assert counts.sum() == 69
    assert np.trace(counts) / 69 == pytest.approx(report.metrics["test"]["accuracy"])
    assert [curve["class"] for curve in report.figures["roc"]["data"]["curves"]] == [
        "Adelie",
        "Chinstrap",
        "Gentoo",
    ]


def test_two_classes_have_one_curve_whose_area_is_the_score(titanic: pd.DataFrame) -> None:
    spec = a_spec(target="survived", columns={"drop": ["alive"]}, validation=NO_FOLDS)
    report = train(titanic, spec)
    (curve,) = report.figures["roc"]["data"]["curves"]
    assert curve["class"] == "1"
    area = np.trapezoid(curve["tpr"], curve["fpr"])
    assert area == pytest.approx(report.metrics["test"]["roc_auc"])


def test_numbers_have_residuals_and_predicted_against_true(cars: pd.DataFrame) -> None:
    report = train(cars, a_regression(validation=NO_FOLDS))
    assert set(report.figures) == {"residuals", "predicted_actual", "qq", "error_by_quantile"}
    residuals = report.figures["residuals"]["data"]["residual"]
    assert np.abs(residuals).mean() == pytest.approx(report.metrics["test"]["mae"])


def test_a_network_has_a_learning_curve(penguins: pd.DataFrame) -> None:
    report = train(penguins, a_spec("dense_network", {"epochs": 3}, validation=NO_FOLDS))
    data = report.figures["learning_curve"]["data"]
    assert data["epoch"] == [1, 2, 3]
    assert data["series"]["loss"] == [epoch["metrics"]["loss"] for epoch in report.fitted.steps]


@pytest.mark.parametrize("algo", ["dummy", "logistic_regression"])
def test_every_figure_has_words_and_a_drawing_and_is_strict_json(penguins: pd.DataFrame, algo: str) -> None:
    for figure in train(penguins, a_spec(algo, validation=NO_FOLDS)).figures.values():
        assert set(figure) == {"kind", "title", "description", "data", "plotly"}
        assert figure["description"].endswith(".")
        assert set(figure["plotly"]) == {"data", "layout"}
        json.dumps(figure, allow_nan=False)


def test_many_rows_are_thinned_to_two_thousand_points() -> None:
    truth = np.linspace(0, 1, 50_000)
    answer = Answer(truth**2, None)
    drawn = figures.predicted_actual(truth, answer, np.arange(50_000), 0.9)
    assert len(drawn["data"]["actual"]) == 2000
    assert drawn["data"]["row"][0] == 0
    assert drawn["data"]["row"][-1] == 49_999


def test_a_roc_curve_of_many_rows_keeps_its_ends_and_its_area() -> None:
    random = np.random.default_rng(0)
    share = random.random(50_000)
    truth = (random.random(50_000) < share).astype("int64")
    (curve,) = figures.roc(truth, np.stack([1 - share, share], axis=1), ("no", "yes"), None)["data"]["curves"]
    assert len(curve["fpr"]) <= 2000
    assert (curve["fpr"][0], curve["tpr"][0], curve["fpr"][-1], curve["tpr"][-1]) == (0, 0, 1, 1)
    assert np.trapezoid(curve["tpr"], curve["fpr"]) == pytest.approx(5 / 6, abs=0.01)


def test_a_class_that_the_test_lacks_has_no_curve() -> None:
    shares = np.array([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1]])
    drawn = figures.roc(np.array([0, 1]), shares, ("a", "b", "c"), None)
    assert [curve["class"] for curve in drawn["data"]["curves"]] == ["a", "b"]


def test_beyond_thirty_classes_the_rarest_are_taken_together() -> None:
    truth = np.concatenate([np.arange(40), np.arange(20)])
    drawn = figures.confusion_matrix(truth, truth, tuple(f"c{i}" for i in range(40)))
    assert len(drawn["data"]["classes"]) == 30
    assert drawn["data"]["classes"][-1] == "others"
    assert np.sum(drawn["data"]["counts"]) == 60
