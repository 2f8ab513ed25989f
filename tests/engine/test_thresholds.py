"""A decision threshold is tuned on answers out of fold, used wherever a class is said, and kept."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from engine import bundle, thresholds
from engine.fit import Answer
from engine.problems import CannotTrain
from engine.train import train
from tests.engine.helpers import NO_FOLDS, Heard, a_regression, a_spec

SCORES: dict[str, Any] = {
    "f1": metrics.f1_score,
    "balanced_accuracy": metrics.balanced_accuracy_score,
    "mcc": metrics.matthews_corrcoef,
}


def _rare(rows: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Truth and probabilities of a rare class; rounded, so that some are equal."""
    random = np.random.default_rng(seed)
    truth = (random.random(rows) < 0.15).astype("int64")
    share = np.clip(0.1 + 0.2 * truth + random.normal(0, 0.1, rows), 0.01, 0.99).round(2)
    return truth, np.stack([1 - share, share], axis=1)


def _titanic(**more: Any) -> Any:
    return a_spec(target="survived", columns={"drop": ["alive"]}, **more)


@pytest.mark.parametrize("name", SCORES)
def test_no_other_threshold_has_a_better_score(name: str) -> None:
    truth, shares = _rare()
    found = thresholds.tuned(truth, shares, name)
    tried = [SCORES[name](truth, shares[:, 1] >= cut) for cut in np.unique(shares[:, 1])]
    assert SCORES[name](truth, shares[:, 1] >= found) == pytest.approx(max(tried))


@pytest.mark.parametrize("name", SCORES)
def test_a_threshold_lies_between_probabilities_that_occur(name: str) -> None:
    truth, shares = _rare()
    found = thresholds.tuned(truth, shares, name)
    assert found not in shares[:, 1]
    assert 0 < found < 1


def test_of_equally_good_thresholds_the_one_nearest_to_one_half_is_taken() -> None:
    share = np.array([0.05, 0.1, 0.9, 0.95])
    found = thresholds.tuned(np.array([0, 0, 1, 1]), np.stack([1 - share, share], axis=1), "f1")
    assert found == pytest.approx(0.5)


@pytest.mark.parametrize("name", SCORES)
def test_answers_that_do_not_tell_the_classes_apart_have_a_threshold_too(name: str) -> None:
    shares = np.full((10, 2), 0.5)
    assert 0 < thresholds.tuned(np.array([0, 1] * 5), shares, name) <= 0.5


def test_without_a_threshold_an_answer_stays_as_it_is() -> None:
    answer = Answer(np.array([1.5]), None)
    assert thresholds.decided(answer, None) is answer
    assert thresholds.decided(answer, 0.3) is answer


def test_a_fold_is_decided_by_the_rows_of_the_other_folds() -> None:
    truth, shares = _rare(120)
    halves = (np.arange(60), np.arange(60, 120))
    folds = [
        (place, rows, Answer(shares[rows].argmax(axis=1), shares[rows])) for place, rows in enumerate(halves)
    ]
    first, second = thresholds.decided_folds(folds, truth, "f1")
    by_the_second = thresholds.tuned(truth[60:], shares[60:], "f1")
    assert (first[2].predicted == (shares[:60, 1] >= by_the_second)).all()
    by_the_first = thresholds.tuned(truth[:60], shares[:60], "f1")
    assert (second[2].predicted == (shares[60:, 1] >= by_the_first)).all()


def test_the_test_rows_are_answered_with_the_threshold(titanic: pd.DataFrame, heard: Heard) -> None:
    report = train(titanic, _titanic(evaluation={"threshold": "f1"}), heard)
    threshold = report.metrics["threshold"]
    test = report.predictions[report.predictions.part == "test"]
    assert threshold != 0.5
    assert (test.predicted == np.where(test["probability_1"] >= threshold, "1", "0")).all()
    assert "Says 1 from a probability of" in heard.sentences("log")
    assert report.figures["threshold"]["data"]["chosen"] == threshold


def test_the_threshold_is_that_of_the_answers_out_of_fold(titanic: pd.DataFrame) -> None:
    report = train(titanic, _titanic(evaluation={"threshold": "mcc"}))
    out = report.predictions[report.predictions.part != "test"]
    shares = out[["probability_0", "probability_1"]].to_numpy()
    found = thresholds.tuned((out.actual == "1").to_numpy().astype("int64"), shares, "mcc")
    assert report.metrics["threshold"] == found


def test_scores_of_probabilities_do_not_change_with_the_threshold(titanic: pd.DataFrame) -> None:
    plain = train(titanic, _titanic())
    tuned = train(titanic, _titanic(evaluation={"threshold": "balanced_accuracy"}))
    assert plain.metrics["threshold"] is None
    for name in ("roc_auc", "log_loss", "brier"):
        assert tuned.metrics["test"][name] == plain.metrics["test"][name]
        assert tuned.metrics["validation"][name] == plain.metrics["validation"][name]
    assert tuned.metrics["test"]["recall"] != plain.metrics["test"]["recall"]
    assert tuned.metrics["validation"]["recall"] != plain.metrics["validation"]["recall"]


def test_a_saved_model_decides_as_it_was_tested(titanic: pd.DataFrame, tmp_path: Path) -> None:
    report = train(titanic, _titanic(evaluation={"threshold": "balanced_accuracy"}))
    report.write(tmp_path)
    predictor = bundle.load(tmp_path / "model.zip")
    test = report.predictions[report.predictions.part == "test"]
    again = predictor.predict(titanic.iloc[test.row])
    assert predictor.manifest["threshold"] == report.metrics["threshold"]
    assert list(again.prediction) == list(test.predicted)
    assert (again.prediction != np.where(again["probability_1"] > 0.5, "1", "0")).any()


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        pytest.param(a_spec(evaluation={"threshold": "f1"}), "species has 3 classes", id="three classes"),
        pytest.param(
            a_spec(target="sex", evaluation={"threshold": "f1"}, validation=NO_FOLDS), "no", id="no folds"
        ),
        pytest.param(
            a_regression(target="body_mass_g", evaluation={"threshold": "mcc"}), "a number", id="a number"
        ),
    ],
)
def test_where_no_threshold_can_be_tuned_nothing_is_trained(
    penguins: pd.DataFrame, heard: Heard, spec: Any, words: str
) -> None:
    with pytest.raises(CannotTrain) as raised:
        train(penguins, spec, heard)
    assert words in raised.value.detail
    assert raised.value.field == "evaluation.threshold"
    assert "fit" not in [stage["stage"] for stage in heard.of("stage")]
