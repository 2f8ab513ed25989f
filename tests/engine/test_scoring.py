"""The scores equal those of scikit-learn, for one sample and for many resamples at once."""

import numpy as np
import pytest
from sklearn import metrics

from engine.fit import Answer
from engine.intervals import intervals as _intervals
from engine.scoring import score


def _classes(classes: int, rows: int = 200, seed: int = 0) -> tuple[np.ndarray, Answer]:
    random = np.random.default_rng(seed)
    truth = random.integers(classes, size=rows)
    shares = random.dirichlet(np.ones(classes), size=rows) + np.eye(classes)[truth] * 0.4
    # Rounded, so that ties between rows occur.
    shares = np.round(shares / shares.sum(axis=1, keepdims=True), 1) + 0.01
    shares /= shares.sum(axis=1, keepdims=True)
    return truth, Answer(shares.argmax(axis=1), shares)


def _numbers(seed: int = 0) -> tuple[np.ndarray, Answer]:
    random = np.random.default_rng(seed)
    truth = random.normal(5, 2, size=200)
    return truth, Answer(truth + random.normal(size=200), None)


def _by_sklearn(truth: np.ndarray, answer: Answer) -> dict[str, float]:
    shares = answer.shares
    assert shares is not None
    two = shares.shape[1] == 2
    ranked = shares[:, 1] if two else shares
    found = {
        "accuracy": metrics.accuracy_score(truth, answer.predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, answer.predicted),
        "mcc": metrics.matthews_corrcoef(truth, answer.predicted),
        "brier": metrics.brier_score_loss(truth, ranked, labels=np.arange(shares.shape[1])),
        "log_loss": metrics.log_loss(truth, shares),
        "roc_auc": metrics.roc_auc_score(truth, ranked, multi_class="ovr"),
        "average_precision": metrics.average_precision_score(truth, ranked),
    }
    for average, suffix in (("binary" if two else "macro", ""), ("weighted", "_weighted")):
        for name in ("precision", "recall", "f1"):
            function = getattr(metrics, f"{name}_score")
            found[name + suffix] = function(truth, answer.predicted, average=average, zero_division=0)
    return found


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_the_scores_of_classes_equal_those_of_scikit_learn(classes: int) -> None:
    truth, answer = _classes(classes)
    found = {name: values[0] for name, values in score(truth, answer).items()}
    assert found == pytest.approx(_by_sklearn(truth, answer), rel=1e-12)


def test_the_scores_of_numbers_equal_those_of_scikit_learn() -> None:
    truth, answer = _numbers()
    expected = {
        "mse": metrics.mean_squared_error(truth, answer.predicted),
        "rmse": metrics.root_mean_squared_error(truth, answer.predicted),
        "mae": metrics.mean_absolute_error(truth, answer.predicted),
        "median_ae": metrics.median_absolute_error(truth, answer.predicted),
        "r2": metrics.r2_score(truth, answer.predicted),
        "explained_variance": metrics.explained_variance_score(truth, answer.predicted),
        "mape": metrics.mean_absolute_percentage_error(truth, answer.predicted),
    }
    found = {name: values[0] for name, values in score(truth, answer).items()}
    assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("classes", [2, 4])
def test_many_resamples_at_once_equal_one_after_the_other(classes: int) -> None:
    truth, answer = _classes(classes)
    drawn = np.random.default_rng(1).integers(len(truth), size=(5, len(truth)))
    weights = np.stack([np.bincount(rows, minlength=len(truth)) for rows in drawn]).astype("float64")
    together = score(truth, answer, weights)
    assert answer.shares is not None
    for i, rows in enumerate(drawn):
        expected = _by_sklearn(truth[rows], Answer(answer.predicted[rows], answer.shares[rows]))
        assert {name: values[i] for name, values in together.items()} == pytest.approx(expected, rel=1e-12)


def test_what_cannot_be_said_is_nan() -> None:
    shares = np.array([[0.8, 0.2], [0.6, 0.4]])
    found = score(np.array([0, 0]), Answer(np.array([0, 0]), shares))
    assert np.isnan(found["roc_auc"][0])
    assert found["accuracy"][0] == 1
    same = score(np.array([2.0, 2.0]), Answer(np.array([1.0, 3.0]), None))
    assert np.isnan(same["r2"][0])
    assert np.isnan(score(np.array([0.0, 1.0]), Answer(np.array([1.0, 1.0]), None))["mape"][0])


def test_a_class_that_is_missing_from_the_test_leaves_the_others_their_score() -> None:
    truth, answer = _classes(3)
    keep = truth != 2
    assert answer.shares is not None
    found = score(truth[keep], Answer(answer.predicted[keep], answer.shares[keep]))
    assert 0.5 < found["roc_auc"][0] < 1


def test_a_surely_wrong_answer_has_a_finite_log_loss() -> None:
    found = score(np.array([0, 1]), Answer(np.array([1, 1]), np.array([[0.0, 1.0], [0.0, 1.0]])))
    assert 10 < found["log_loss"][0] < 20


def test_the_interval_holds_the_score_and_is_the_same_each_time() -> None:
    truth, answer = _classes(3)
    intervals = _intervals(truth, answer, seed=1)
    for name, values in score(truth, answer).items():
        low, high = intervals[name]
        assert low is not None
        assert high is not None
        assert low <= values[0] <= high
    assert intervals == _intervals(truth, answer, seed=1)


def test_the_interval_of_a_mean_is_as_wide_as_theory_says() -> None:
    truth, answer = _numbers()
    low, high = _intervals(truth, answer, seed=3)["mae"]
    assert low is not None
    assert high is not None
    error = np.abs(truth - answer.predicted)
    assert high - low == pytest.approx(2 * 1.96 * error.std() / np.sqrt(len(error)), rel=0.1)


def test_an_interval_of_what_is_never_known_is_unknown() -> None:
    shares = np.array([[0.8, 0.2], [0.6, 0.4]])
    assert _intervals(np.array([0, 0]), Answer(np.array([0, 0]), shares), seed=1)["roc_auc"] == [None, None]
