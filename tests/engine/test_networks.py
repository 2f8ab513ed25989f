"""A network learns, stops early with its best weights, and gives the same numbers each time."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.networks.machine import _batches
from engine.problems import CannotTrain
from engine.report import Report
from engine.train import train
from tests.engine.helpers import EXAMPLES, NO_FOLDS, Heard, a_regression, a_spec, in_fresh_process

SHARES = ({"path": str(EXAMPLES / "mpg.csv"), "most": 1}, {"path": str(EXAMPLES / "mpg.csv"), "most": 64})
ON_SOME_PROCESSORS = """
import json, os
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:{most}])
import pandas as pd
from engine.train import train
from tests.engine.helpers import a_regression
model = {{"units": [512, 512], "epochs": 5}}
spec = a_regression("dense_network", settings=model, validation={{"kind": "none"}})
print(json.dumps(train(pd.read_csv({path!r}), spec, threads={most}).metrics["test"]))
"""


def _trained(table: pd.DataFrame, heard: Heard, **settings: Any) -> Report:
    return train(table, a_spec("dense_network", settings, validation=NO_FOLDS), heard)


def test_more_epochs_fit_closer(penguins: pd.DataFrame, heard: Heard) -> None:
    _trained(penguins, heard, epochs=30, learning_rate=0.01)
    losses = [data["metrics"]["loss"] for data in heard.of("epoch")]
    assert losses[-1] < losses[0] / 5


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "sgd"])
def test_every_optimizer_learns(penguins: pd.DataFrame, heard: Heard, optimizer: str) -> None:
    report = _trained(penguins, heard, epochs=40, optimizer=optimizer, learning_rate=0.02, batch_size=64)
    assert report.metrics["test"]["accuracy"] > 0.9


def test_dropout_and_several_layers_learn(penguins: pd.DataFrame, heard: Heard) -> None:
    report = _trained(
        penguins, heard, units=[32, 16, 8], dropout=0.3, activation="elu", epochs=30, learning_rate=0.01
    )
    assert report.metrics["test"]["accuracy"] > 0.9


def test_training_stops_when_nothing_gets_better(penguins: pd.DataFrame, heard: Heard) -> None:
    _trained(penguins, heard, epochs=500, learning_rate=0.05, early_stopping_patience=3)
    losses = [data["metrics"]["val_loss"] for data in heard.of("epoch")]
    assert len(losses) < 500
    assert int(np.argmin(losses)) == len(losses) - 5


def test_stopping_early_keeps_the_best_weights(penguins: pd.DataFrame) -> None:
    settings = {"learning_rate": 0.05, "early_stopping_patience": 3}
    heard = Heard()
    stopped = _trained(penguins, heard, epochs=500, **settings)
    best = int(np.argmin([data["metrics"]["val_loss"] for data in heard.of("epoch")])) + 1
    exact = _trained(penguins, Heard(), epochs=best, learning_rate=0.05)
    assert stopped.metrics["test"] == exact.metrics["test"]


def test_a_loss_that_is_not_finite_stops_at_once_with_advice(cars: pd.DataFrame, heard: Heard) -> None:
    spec = a_regression(
        "dense_network", model={"algo": "dense_network", "optimizer": "sgd", "learning_rate": 10}
    )
    with pytest.raises(CannotTrain, match="smaller learning_rate") as refusal:
        train(cars, spec, heard)
    assert refusal.value.problem["code"] == "loss_not_finite"
    assert len(heard.of("epoch")) < 50


def test_values_far_from_zero_are_learned(cars: pd.DataFrame) -> None:
    cars["mpg"] = cars["mpg"] * 1e4 + 1e7
    report = train(cars, a_regression("dense_network", validation=NO_FOLDS))
    assert report.metrics["test"]["r2"] > 0.6


def test_training_again_in_the_same_process_gives_the_same_numbers(
    penguins: pd.DataFrame, heard: Heard
) -> None:
    one, other = (_trained(penguins, heard, epochs=3, dropout=0.5) for _ in range(2))
    assert one.metrics["test"] == other.metrics["test"]


def _shares(report: Report, rows: pd.DataFrame) -> np.ndarray:
    (answer,) = report.fitted.answers(rows, np.arange(len(rows)))
    assert answer.shares is not None
    return answer.shares


def test_the_folds_leave_the_final_model_alone(penguins: pd.DataFrame) -> None:
    spec = a_spec("dense_network", {"epochs": 3})
    with_folds = train(penguins, spec)
    without = train(penguins, a_spec("dense_network", {"epochs": 3}, validation=NO_FOLDS))
    rows = with_folds.ready.features
    np.testing.assert_array_equal(_shares(with_folds, rows), _shares(without, rows))


@pytest.mark.slow
def test_more_processors_and_threads_do_not_change_the_numbers() -> None:
    one, all_of_them = (in_fresh_process(ON_SOME_PROCESSORS.format(**share)) for share in SHARES)
    assert json.dumps(one) == json.dumps(all_of_them)


@pytest.mark.parametrize(("rows", "size"), [(10, 4), (8, 4), (3, 4), (100, 32)])
def test_every_batch_has_the_same_size_and_every_row_comes_once(rows: int, size: int) -> None:
    seen: list[int] = []
    for indices, weights, real in _batches(rows, size, np.random.default_rng(0)):
        assert len(indices) == len(weights) == size
        assert weights.sum() == pytest.approx(size)
        assert (weights[real:] == 0).all()
        seen += indices[:real].tolist()
    assert sorted(seen) == list(range(rows))
