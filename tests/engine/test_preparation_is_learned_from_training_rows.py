"""What prepares the columns learns from training rows, and does to gaps, words and scales what was asked."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.build import build
from engine.prepare import prepare
from engine.train import train
from tests.engine.helpers import NO_FOLDS, Heard, a_regression, a_spec


def _fitted(table: pd.DataFrame, rows: int | None = None, **preprocessing: Any) -> Any:
    """The fitted preparation of the first `rows` rows, and all rows prepared by it."""
    spec = a_spec("dummy", preprocessing=preprocessing)
    ready = prepare(table, spec, Heard())
    step = build(spec, ready)["prepare"]
    step.fit(ready.features.iloc[:rows], ready.target[:rows])
    return step.transform(ready.features)


def _words(values: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({"species": ["a", "b"] * (len(values) // 2), "word": values})


def _numbers(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"species": ["a", "b"] * (len(values) // 2), "x": values})


@pytest.mark.parametrize(
    ("way", "filled"), [("mean", 4.0), ("median", 2.0), ("most_frequent", 1.0), ("constant", 0.0)]
)
def test_gaps_in_numbers_are_filled_as_asked(way: str, filled: float) -> None:
    table = _numbers([1, 1, 2, 4, 12, np.nan])
    assert _fitted(table, numeric={"missing": way, "scale": "none"})[5, 0] == filled


@pytest.mark.parametrize(
    ("way", "low", "high"),
    [("standard", -1.0, 1.0), ("minmax", 0.0, 1.0), ("robust", -0.5, 0.5), ("none", 2.0, 4.0)],
)
def test_numbers_are_scaled_as_asked(way: str, low: float, high: float) -> None:
    ready = _fitted(_numbers([2, 4] * 4), numeric={"scale": way})[:, 0]
    assert (ready.min(), ready.max()) == (low, high)


def test_gaps_in_words_become_the_most_frequent_or_a_word_of_their_own() -> None:
    table = _words(["x", "x", "x", "y", "y", None])
    assert _fitted(table)[5].tolist() == _fitted(table)[0].tolist()
    assert _fitted(table, categorical={"missing": "constant"}).shape[1] == 3


def test_words_become_columns_or_numbers() -> None:
    table = _words(["x", "y", "z", "x"] * 3)
    assert _fitted(table).sum(axis=1).tolist() == [1.0] * 12
    assert set(_fitted(table, categorical={"encode": "ordinal"})[:, 0]) == {0.0, 1.0, 2.0}


def test_a_word_may_stand_for_the_target_it_goes_with() -> None:
    table = pd.DataFrame({"species": ["a"] * 20 + ["b"] * 20, "word": ["x"] * 20 + ["y"] * 20})
    ready = _fitted(table, categorical={"encode": "target"})[:, 0]
    assert ready[0] < 0.1 < 0.9 < ready[-1]


@pytest.mark.parametrize("encode", ["one_hot", "ordinal", "target"])
def test_a_word_that_training_did_not_see_is_no_error(encode: str) -> None:
    ready = _fitted(_words(["x", "y"] * 10 + ["new", "newer"]), rows=20, categorical={"encode": encode})
    assert np.isfinite(ready).all()


def test_rare_words_are_taken_together() -> None:
    table = _words(["x"] * 50 + ["y"] * 46 + ["p", "q", "r", "s"])
    assert _fitted(table, categorical={"min_frequency": 0.05}).shape[1] == 3
    assert _fitted(table, categorical={"min_frequency": 0.0}).shape[1] == 6


def test_the_scale_is_that_of_the_training_rows(penguins: pd.DataFrame) -> None:
    spec = a_spec(validation=NO_FOLDS)
    report = train(penguins, spec)
    scaler = report.fitted.pipeline["prepare"].named_transformers_["numeric"]["scale"]
    learned = report.ready.features.loc[report.split["part"] == "train", "bill_length_mm"]
    assert scaler.mean_[0] == pytest.approx(learned.fillna(learned.median()).mean(), rel=1e-12)


def test_changing_test_rows_does_not_change_the_model(penguins: pd.DataFrame) -> None:
    spec = a_spec(validation=NO_FOLDS)
    before = train(penguins, spec)
    tested = before.split.loc[before.split["part"] == "test", "row"]
    penguins.loc[tested, "bill_length_mm"] = 1e6
    after = train(penguins, spec)
    assert (before.fitted.pipeline["model"].coef_ == after.fitted.pipeline["model"].coef_).all()


@pytest.mark.parametrize("encode", ["one_hot", "ordinal", "target"])
@pytest.mark.parametrize("missing", ["mean", "median", "most_frequent", "constant"])
def test_every_preparation_trains(cars: pd.DataFrame, encode: str, missing: str) -> None:
    spec = a_regression(
        preprocessing={"numeric": {"missing": missing, "scale": "robust"}, "categorical": {"encode": encode}}
    )
    assert train(cars, spec).metrics["test"]["r2"] > 0.7


def test_a_gap_that_fills_a_whole_fold_is_no_error(heard: Heard) -> None:
    values = [np.nan] * 98 + [1.0, 2.0]
    table = pd.DataFrame({"species": ["a", "b"] * 50, "x": np.arange(100.0), "gaps": values})
    words = table.assign(gaps=[None] * 98 + ["p", "q"])
    for odd in (table, words):
        assert len(train(odd, a_spec(), heard).predictions) == 100


@pytest.mark.parametrize("validation", [NO_FOLDS, {"kind": "kfold", "folds": 2}])
def test_the_smallest_table_can_be_encoded_by_its_target(validation: dict[str, Any], heard: Heard) -> None:
    table = pd.DataFrame({"species": ["a", "b"] * 3, "word": ["x", "y", "y"] * 2})
    preprocessing = {"categorical": {"encode": "target"}}
    assert len(train(table, a_spec(preprocessing=preprocessing, validation=validation), heard).split) == 6


def test_what_was_filled_is_told(titanic: pd.DataFrame, heard: Heard) -> None:
    train(titanic, a_spec(target="survived", validation=NO_FOLDS, columns={"drop": ["alive"]}), heard)
    assert "Filled age in" in heard.sentences("log")
    assert "with the median" in heard.sentences("log")
    assert "with the most frequent value" in heard.sentences("log")
