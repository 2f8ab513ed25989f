"""Figures are plain numbers that anyone can draw."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve

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


def _two(rows: int = 300) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    share = random.random(rows).round(2)
    return (random.random(rows) < share).astype("int64"), np.stack([1 - share, share], axis=1)


def test_the_shares_of_a_confusion_matrix_are_of_the_true_class() -> None:
    data = figures.confusion_matrix(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), ("a", "b", "c"))["data"]
    assert data["shares"] == [[pytest.approx(2 / 3), pytest.approx(1 / 3), 0], [0, 1, 0], [0, 0, 0]]


def test_precision_and_recall_equal_those_of_scikit_learn() -> None:
    truth, shares = _two()
    (curve,) = figures.precision_recall(truth, shares, ("a", "b"), 0.5)["data"]["curves"]
    precision, recall, thresholds = metrics.precision_recall_curve(truth, shares[:, 1])
    assert curve["threshold"] == pytest.approx(thresholds[::-1])
    assert curve["precision"] == pytest.approx(precision[:-1][::-1])
    assert curve["recall"] == pytest.approx(recall[:-1][::-1])
    assert curve["base"] == truth.mean()


def test_calibration_equals_that_of_scikit_learn_and_counts_its_rows() -> None:
    truth, shares = _two()
    data = figures.calibration(truth, shares, ("a", "b"), 0.1)["data"]
    observed, predicted = calibration_curve(truth, shares[:, 1], n_bins=10)
    assert data["observed"] == pytest.approx(observed)
    assert data["predicted"] == pytest.approx(predicted)
    assert sum(data["count"]) == len(truth)
    for low, share, high in zip(data["low"], data["observed"], data["high"], strict=True):
        assert 0 <= low <= share <= high <= 1


def test_probabilities_that_mean_something_else_are_said() -> None:
    truth = np.array([1] * 90 + [0] * 10)
    shares = np.tile([0.7, 0.3], (100, 1))
    words = figures.calibration(truth, shares, ("a", "b"), 0.45)["description"]
    assert words == "Brier score 0.45. Where it says 30 %, it is so for 90 %."
    honest = figures.calibration(truth, np.tile([0.1, 0.9], (100, 1)), ("a", "b"), 0.09)["description"]
    assert honest.endswith("its probabilities mean what they say.")


def test_calibration_of_many_classes_is_that_of_the_class_that_is_chosen() -> None:
    truth = np.array([0, 1, 2, 2])
    shares = np.array([[0.6, 0.2, 0.2], [0.6, 0.2, 0.2], [0.1, 0.1, 0.8], [0.1, 0.1, 0.8]])
    data = figures.calibration(truth, shares, ("a", "b", "c"), None)["data"]
    assert (data["class"], data["observed"], data["count"]) == (None, [0.5, 1.0], [2, 2])


def test_the_gain_of_a_perfect_ranking_is_all_of_the_class_in_its_share_of_rows() -> None:
    truth = np.array([1] * 20 + [0] * 80)
    share = np.linspace(0.99, 0.01, 100)
    figure = figures.gain(truth, np.stack([1 - share, share], axis=1), ("no", "yes"))
    (curve,) = figure["data"]["curves"]
    assert np.interp(0.2, curve["share"], curve["found"]) == pytest.approx(1)
    assert curve["lift"][1] == pytest.approx(5)
    assert (
        figure["description"] == "The first tenth of the rows holds 50 % of yes, 5 times what chance finds."
    )


def test_the_counts_of_each_threshold_are_those_of_its_decision() -> None:
    truth, shares = _two()
    data = figures.threshold_curve(truth, shares[:, 1], shares.argmax(axis=1), "b", 0.3)["data"]
    for place in (0, 17, 30, 50, 99, 100):
        said = shares[:, 1] >= data["threshold"][place]
        (tn, fp), (fn, tp) = metrics.confusion_matrix(truth, said, labels=[0, 1]).tolist()
        assert [data[name][place] for name in ("tn", "fp", "fn", "tp")] == [tn, fp, fn, tp]
        assert data["said"][place] == pytest.approx(said.mean())
        assert data["f1"][place] == pytest.approx(metrics.f1_score(truth, said))
    assert data["chosen"] == 0.3


def test_without_a_threshold_one_half_is_what_the_model_said() -> None:
    shares = np.array([[0.5, 0.5], [0.4, 0.6], [0.9, 0.1]])
    data = figures.threshold_curve(np.array([0, 1, 0]), shares[:, 1], shares.argmax(axis=1), "b", None)[
        "data"
    ]
    assert [data[name][50] for name in ("tn", "fp", "fn", "tp")] == [2, 0, 0, 1]


def test_a_threshold_that_no_row_reaches_has_no_precision() -> None:
    shares = np.array([[0.8, 0.2], [0.7, 0.3]])
    figure = figures.threshold_curve(np.array([0, 1]), shares[:, 1], np.array([0, 0]), "b", None)
    assert figure["data"]["precision"][90] is None
    assert "which no test row reaches" in figure["description"]


def test_normal_errors_lie_on_the_line_of_the_normal_distribution() -> None:
    truth = np.random.default_rng(0).normal(0, 3, 20_000)
    figure = figures.qq(truth, Answer(np.zeros(20_000), None))
    expected, found = (np.array(figure["data"][name]) for name in ("expected", "residual"))
    assert len(expected) == 500
    assert found[5:-5] == pytest.approx(expected[5:-5], abs=0.3)
    assert figure["description"].startswith("0.3 % of the errors")


def test_the_error_of_each_tenth_is_that_of_its_rows() -> None:
    truth = np.arange(100.0)
    data = figures.error_by_quantile(truth, Answer(truth + np.where(truth >= 90, 5, -1), None))["data"]
    assert data["mae"] == [1] * 9 + [5]
    assert data["bias"] == [-1] * 9 + [5]
    assert (data["from"][-1], data["to"][-1], sum(data["rows"])) == (90, 99, 100)


def test_fewer_rows_than_tenths_make_fewer_bars() -> None:
    data = figures.error_by_quantile(np.arange(4.0), Answer(np.zeros(4), None))["data"]
    assert data["rows"] == [1, 1, 1, 1]


def test_a_learning_curve_without_rows_kept_aside_is_that_of_the_loss() -> None:
    steps = [{"iteration": i, "metrics": {"loss": 1 / i}} for i in (1, 2, 4)]
    figure = figures.learning_curve(steps, "iteration")
    assert figure["description"] == "Loss goes from 1 to 0.25 in 4 iterations."


def test_two_classes_have_a_threshold_and_more_have_none(titanic: pd.DataFrame) -> None:
    drawn = train(
        titanic, a_spec(target="survived", columns={"drop": ["alive"]}, validation=NO_FOLDS)
    ).figures
    data, counts = drawn["threshold"]["data"], drawn["confusion_matrix"]["data"]["counts"]
    assert [[data["tn"][50], data["fp"][50]], [data["fn"][50], data["tp"][50]]] == counts
    assert list(data["threshold"]) == sorted(data["threshold"])
