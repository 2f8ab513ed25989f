"""What a training tells while it works, and how it is stopped."""

import json
import math

import pandas as pd
import pytest

from engine.events import all_finite
from engine.train import train
from tests.engine.helpers import NO_FOLDS, Heard, a_regression, a_spec

STAGES = ["prepare", "split", "build", "fit", "evaluate", "report"]


class StopIt(Exception):
    """The person asked to stop."""


@pytest.fixture
def network(penguins: pd.DataFrame, heard: Heard) -> Heard:
    train(penguins, a_spec("dense_network", {"epochs": 4}), heard)
    return heard


def test_each_stage_starts_and_ends_in_order(penguins: pd.DataFrame, heard: Heard) -> None:
    train(penguins, a_spec(), heard)
    told = [(data["stage"], data["state"]) for data in heard.of("stage")]
    assert told == [(stage, state) for stage in STAGES for state in ("started", "done")]
    assert all(data["seconds"] >= 0 for data in heard.of("stage"))


def test_each_fold_tells_its_scores(penguins: pd.DataFrame, heard: Heard) -> None:
    train(penguins, a_spec(), heard)
    assert [data["fold"] for data in heard.of("fold")] == [1, 2, 3, 4, 5]
    assert all(data["folds"] == 5 and 0.9 < data["metrics"]["accuracy"] <= 1 for data in heard.of("fold"))


def test_a_network_tells_each_epoch_of_the_final_model_once(network: Heard) -> None:
    told = network.of("epoch")
    assert [data["epoch"] for data in told] == [1, 2, 3, 4]
    assert set(told[0]["metrics"]) == {"loss", "val_loss", "accuracy", "val_accuracy"}
    assert all(data["epochs"] == 4 and data["seconds"] > 0 for data in told)


def test_the_final_model_is_fitted_before_the_folds(network: Heard) -> None:
    kinds = [kind for kind, _ in network.events if kind in ("epoch", "iteration", "fold")]
    assert kinds[:4] == ["epoch"] * 4
    assert kinds[4:9] == ["iteration"] * 4 + ["fold"]


def test_the_epochs_of_folds_are_iterations_that_count_up(network: Heard) -> None:
    told = network.of("iteration")
    assert [data["iteration"] for data in told] == list(range(1, 21))
    assert {data["iterations"] for data in told} == {20}


def test_many_epochs_of_a_fold_are_told_in_few_events(penguins: pd.DataFrame, heard: Heard) -> None:
    spec = a_spec(
        "dense_network", {"epochs": 50, "batch_size": 200}, validation={"kind": "kfold", "folds": 2}
    )
    train(penguins, spec, heard)
    assert len(heard.of("epoch")) == 50
    assert len(heard.of("iteration")) <= 50


def test_a_network_for_numbers_tells_errors_in_the_unit_of_the_target(
    cars: pd.DataFrame, heard: Heard
) -> None:
    train(cars, a_regression("dense_network", validation=NO_FOLDS), heard)
    last = heard.of("epoch")[-1]["metrics"]
    assert set(last) == {"loss", "val_loss", "mae", "val_mae"}
    assert 1 < last["mae"] < 6
    assert last["mae"] ** 2 < last["loss"] * 2


def test_the_preparation_is_told_in_a_sentence(penguins: pd.DataFrame, heard: Heard) -> None:
    train(penguins, a_spec(), heard)
    told = heard.sentences("log")
    assert "Prepared: 6 columns in, 9 out." in told
    assert "Filled sex in 7 rows with the most frequent value." in told


def test_a_search_that_does_not_settle_is_a_warning(penguins: pd.DataFrame, heard: Heard) -> None:
    train(penguins, a_spec("logistic_regression", {"max_iter": 10, "C": 1e6}, validation=NO_FOLDS), heard)
    assert "ended before it settled" in heard.sentences()


@pytest.mark.parametrize("algo", ["logistic_regression", "dense_network"])
def test_every_event_is_strict_json(penguins: pd.DataFrame, heard: Heard, algo: str) -> None:
    train(penguins, a_spec(algo), heard)
    for event in heard.events:
        json.dumps(event, allow_nan=False)


def test_numbers_that_are_not_finite_are_told_as_none() -> None:
    assert all_finite({"a": math.nan, "b": math.inf, "c": 0.5}) == {"a": None, "b": None, "c": 0.5}


@pytest.mark.parametrize("kind", ["stage", "log", "epoch", "iteration", "fold"])
def test_raising_in_the_listener_stops_the_training(penguins: pd.DataFrame, kind: str) -> None:
    told = []

    def stop_at(found: str, data: dict[str, object]) -> None:
        told.append(found)
        if found == kind:
            raise StopIt

    with pytest.raises(StopIt):
        train(penguins, a_spec("dense_network", {"epochs": 3}), stop_at)
    assert told.count(kind) == 1
