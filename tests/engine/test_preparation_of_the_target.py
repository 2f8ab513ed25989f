"""A target of numbers may be learned as its logarithm or a power; answers and scores are in real units."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from sklearn.linear_model import LinearRegression
from sklearn.metrics import root_mean_squared_error
from sklearn.preprocessing import PowerTransformer

from engine import bundle, target
from engine.predict import turned_back
from engine.problems import CannotTrain, explain
from engine.spec import RunSpec
from engine.train import train
from tests.engine.helpers import NO_FOLDS, QUICK, Heard, a_spec

WAYS = ["log", "power"]


def _growing(rows: int = 200) -> pd.DataFrame:
    """A price that grows by a factor with each step of x."""
    random = np.random.default_rng(3)
    x = random.uniform(0, 6, rows)
    return pd.DataFrame({"x": x, "price": np.exp(x + random.normal(0, 0.2, rows))})


def _spec(way: str, algo: str = "linear_regression", **more: Any) -> RunSpec:
    asked = {"target": "price", "task": "regression", "validation": NO_FOLDS, **more}
    return a_spec(algo, QUICK.get(algo, {}), preprocessing={"target": way}, **asked)


@pytest.mark.parametrize("way", WAYS)
def test_a_price_that_grows_by_factors_is_learned_better_bent(way: str) -> None:
    bent, straight = (train(_growing(), _spec(choice)).metrics["test"]["r2"] for choice in (way, "none"))
    assert bent > 0.8 > straight


@pytest.mark.parametrize("algo", ["linear_regression", "random_forest", "dense_network"])
@pytest.mark.parametrize("way", WAYS)
def test_scores_and_the_model_file_speak_in_real_units(way: str, algo: str, tmp_path: Path) -> None:
    table = _growing()
    report = train(table, _spec(way, algo))
    report.write(tmp_path)
    told = report.predictions
    error = root_mean_squared_error(told["actual"], told["predicted"])
    assert report.metrics["test"]["rmse"] == pytest.approx(error)
    again = bundle.load(tmp_path / "model.zip").predict(table.iloc[told["row"]])
    np.testing.assert_allclose(again["prediction"], told["predicted"], rtol=1e-5)


def test_the_logarithm_is_that_of_a_pipeline_made_by_hand() -> None:
    table = _growing()
    told = train(table, _spec("log")).predictions
    learned = table.drop(told["row"])
    by_hand = LinearRegression().fit(learned[["x"]], np.log1p(learned["price"]))
    expected = np.expm1(by_hand.predict(table[["x"]].iloc[told["row"]]))
    np.testing.assert_allclose(told["predicted"], expected, rtol=1e-9)


def test_the_power_is_that_of_scikit_learn_and_comes_from_training_rows() -> None:
    table = _growing()
    report = train(table, _spec("power"))
    learned = table.drop(report.predictions["row"])[["price"]]
    theirs = PowerTransformer().fit(learned.to_numpy())
    bend = report.fitted.bend
    assert bend is not None
    assert bend["lambda"] == pytest.approx(theirs.lambdas_[0])
    assert (bend["low"], bend["high"]) == (learned["price"].min(), learned["price"].max())


@pytest.mark.parametrize("way", WAYS)
def test_folds_are_checked_in_real_units_too(way: str) -> None:
    report = train(_growing(), _spec(way, validation={"kind": "kfold", "folds": 3}))
    assert report.metrics["validation"]["r2"]["mean"] > 0.8


_TARGETS = {
    "prices": np.exp(np.linspace(0, 9, 50)),
    "both signs": np.linspace(-30, 70, 50) ** 3,
    "below zero": -np.exp(np.linspace(0, 5, 50)),
    "huge": np.linspace(-1, 3, 50) * 1e30,
    "tiny": np.linspace(-1, 3, 50) * 1e-30,
    "all the same": np.full(50, 7.0),
    "far from zero": 1e9 + np.arange(50.0),
}


@pytest.mark.parametrize("values", _TARGETS.values(), ids=list(_TARGETS))
def test_a_power_and_back_is_where_it_began(values: np.ndarray) -> None:
    bent, bend = target.learn("power", values)
    assert np.isfinite(bent).all()
    np.testing.assert_allclose(turned_back(bent, bend), values, rtol=1e-6, atol=1e-6 * np.abs(values).max())


@pytest.mark.parametrize("power", [-1.5, 0.0, 0.5, 1.0, 2.0, 3.0])
def test_every_power_is_turned_back(power: float) -> None:
    values = np.array([[-0.3], [0.0], [0.4], [2.0]])
    theirs = PowerTransformer(standardize=False).fit(values)
    theirs.lambdas_ = np.array([power])
    plain = {"unit": 1.0, "mean": 0.0, "scale": 1.0, "low": -9.0, "high": 9.0}
    bend = {"kind": "power", "lambda": power, **plain}
    np.testing.assert_allclose(turned_back(theirs.transform(values)[:, 0], bend), values[:, 0], atol=1e-12)


@pytest.mark.parametrize("said", [-1e9, -50.0, 50.0, 1e9])
def test_no_answer_of_a_power_leaves_the_range_of_training(said: float) -> None:
    _, bend = target.learn("power", _TARGETS["prices"])
    (answer,) = turned_back(np.array([said]), bend)
    assert answer in (pytest.approx(1.0), pytest.approx(np.exp(9)))


def test_a_logarithm_is_never_turned_back_to_infinity() -> None:
    assert np.isfinite(turned_back(np.array([1e6]), {"kind": "log"})).all()


def test_a_logarithm_of_what_is_below_zero_is_refused() -> None:
    table = _growing()
    table.loc[:1, "price"] = -1.0
    with pytest.raises(CannotTrain, match="price is below 0 in 2 rows") as refusal:
        train(table, _spec("log"))
    assert refusal.value.field == "preprocessing.target"


def test_classes_have_no_logarithm() -> None:
    with pytest.raises(ValidationError) as refusal:
        a_spec(preprocessing={"target": "log"})
    assert "Only a target of numbers can be transformed" in explain(refusal.value)[0]["detail"]


@pytest.mark.parametrize(("way", "said"), [("log", "the logarithm of price"), ("power", "a power of price")])
def test_it_is_told_what_is_learned(way: str, said: str, heard: Heard) -> None:
    train(_growing(), _spec(way), heard)
    assert f"Learns {said}. Losses are told in its units" in heard.sentences("log")


def test_nothing_is_bent_unless_asked(heard: Heard) -> None:
    report = train(_growing(), _spec("none"), heard)
    assert report.fitted.bend is None
    assert "Learns" not in heard.sentences("log")
