"""Boosting tells its trees one by one, stops where more do not help, and keeps the best: all five kinds."""

import inspect
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import learners
from engine.learners.boosting import Boosting
from engine.metrics import TASKS, Task
from engine.rounds import loss_of, parts
from engine.train import train
from tests.engine.helpers import Heard, a_spec

ALGOS = [algo for algo, learner in learners.CATALOG.items() if issubclass(learner, Boosting)]
every_boosting = pytest.mark.parametrize("algo", ALGOS)
every_task = pytest.mark.parametrize("task", TASKS)
TREES = {"hist_gradient_boosting": "max_iter"}
ROWS = 450

Told = list[tuple[int, int, dict[str, float], float]]


def _rows(task: Task, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    features = random.normal(size=(ROWS, 5))
    signal = features[:, 0] + features[:, 1] ** 2 + 0.5 * random.normal(size=ROWS)
    if task == "regression":
        return features, signal
    return features, np.digitize(signal, np.quantile(signal, np.arange(1, classes) / classes))


def _learner(algo: str, trees: int, **more: Any) -> Boosting:
    settings = {"algo": algo, TREES.get(algo, "n_estimators"): trees, "learning_rate": 0.3, **more}
    made = learners.CATALOG[algo].model_validate(settings)
    assert isinstance(made, Boosting)
    return made


def _fitted(
    learner: Boosting, task: Task, rows: tuple[np.ndarray, np.ndarray], *, heard: bool = True
) -> tuple[Any, Told]:
    told: Told = []
    model = learner.build(task, 7, 1)
    learner.fit(model, *rows, (lambda *said: told.append(said)) if heard else None)
    return model, told


def _says(model: Any, features: np.ndarray) -> np.ndarray:
    answer = model.predict_proba if hasattr(model, "predict_proba") else model.predict
    said: np.ndarray = answer(features)
    return said


def test_there_are_five_kinds() -> None:
    assert ALGOS == ["adaboost", "gradient_boosting", "hist_gradient_boosting", "xgboost", "lightgbm"]


@every_boosting
@every_task
def test_listening_changes_no_number(algo: str, task: Task) -> None:
    learner, rows = _learner(algo, 20), _rows(task)
    followed, _ = _fitted(learner, task, rows)
    alone, told = _fitted(learner, task, rows, heard=False)
    assert told == []
    assert (_says(followed, rows[0]) == _says(alone, rows[0])).all()


@every_boosting
@every_task
@pytest.mark.parametrize("classes", [2, 3])
def test_the_loss_of_the_last_tree_is_that_of_the_model(algo: str, task: Task, classes: int) -> None:
    rows = _rows(task, classes)
    model, told = _fitted(_learner(algo, 20), task, rows)
    assert told[-1][:2] == (20, 20)
    assert told[-1][2]["loss"] == pytest.approx(loss_of(_says(model, rows[0]), rows[1]), rel=1e-4)
    assert "val_loss" not in told[-1][2]


@every_boosting
@every_task
@pytest.mark.parametrize("classes", [2, 3])
def test_it_stops_early_and_keeps_the_best_trees(algo: str, task: Task, classes: int) -> None:
    rows = _rows(task, classes)
    learner = _learner(algo, 400, early_stopping_rounds=20, max_depth=4)
    model, told = _fitted(learner, task, rows)
    assert told[-1][0] < 400
    _, check = parts(*rows, model.random_state, is_classes=task == "classification", aside=True)
    assert check is not None
    best = loss_of(_says(model, check.features), check.target)
    assert best <= min(said[2]["val_loss"] for said in told) * (1 + 1e-4)
    assert best < told[-1][2]["val_loss"]


@every_boosting
@every_task
def test_all_trees_are_kept_that_helped(algo: str, task: Task) -> None:
    rows = _rows(task)
    quiet = _learner(algo, 3, early_stopping_rounds=10, learning_rate=0.05)
    model, told = _fitted(quiet, task, rows)
    assert told[-1][0] == 3
    assert np.isfinite(_says(model, rows[0])).all()


@every_boosting
def test_balanced_classes_find_more_of_the_rare_one(algo: str) -> None:
    random = np.random.default_rng(1)
    features = random.normal(size=(ROWS, 4))
    target = (features[:, 0] + random.normal(size=ROWS) > 2).astype(int)
    depth = {"max_depth": 2}
    plain, _ = _fitted(_learner(algo, 10, **depth), "classification", (features, target))
    even, _ = _fitted(
        _learner(algo, 10, **depth, class_weight="balanced"), "classification", (features, target)
    )
    found = [_says(model, features)[target == 1, 1].mean() for model in (plain, even)]
    assert found[1] > found[0] + 0.02


@every_boosting
def test_balanced_classes_can_stop_early_too(algo: str) -> None:
    rows = _rows("classification")
    learner = _learner(algo, 60, early_stopping_rounds=5, class_weight="balanced")
    model, told = _fitted(learner, "classification", rows)
    assert all({"loss", "val_loss"} == set(said[2]) for said in told)
    assert _says(model, rows[0]).shape == (ROWS, 3)


@every_boosting
def test_a_model_keeps_no_hook_and_no_second_copy_of_what_was_told(algo: str) -> None:
    model, _ = _fitted(_learner(algo, 5, early_stopping_rounds=2), "regression", _rows("regression"))
    assert not [name for name, value in vars(model).items() if inspect.isroutine(value)]
    assert not model.get_params().get("callbacks")


@pytest.mark.parametrize("algo", ["xgboost", "lightgbm", "hist_gradient_boosting"])
def test_an_inner_part_never_takes_the_only_row_of_a_class(algo: str) -> None:
    features, target = _rows("classification", 2)
    target[0] = 2
    model, _ = _fitted(_learner(algo, 5, early_stopping_rounds=2), "classification", (features, target))
    assert _says(model, features).shape == (ROWS, 3)


@pytest.mark.parametrize("rows", [3000, 12_000])
def test_lightgbm_gives_the_same_numbers_on_any_number_of_threads(rows: int) -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(rows, 6))
    target = features[:, 0] * features[:, 1] + random.normal(size=rows)
    learner = _learner("lightgbm", 15, subsample=0.7, colsample_bytree=0.7)
    said = []
    for threads in (1, 2):
        model = learner.build("regression", 3, threads)
        learner.fit(model, features, target)
        said.append(model.predict(features))
    assert (said[0] == said[1]).all()


def test_a_run_tells_its_trees_and_those_of_each_fold(penguins: pd.DataFrame, heard: Heard) -> None:
    folds = {"kind": "kfold", "folds": 2}
    train(
        penguins, a_spec("xgboost", {"n_estimators": 30, "early_stopping_rounds": 5}, validation=folds), heard
    )
    own = [data for data in heard.of("iteration") if "fold" not in data]
    assert [data["iteration"] for data in own] == list(range(1, len(own) + 1))
    assert all({"iteration", "iterations", "metrics", "seconds"} == set(data) for data in own)
    assert {data["fold"] for data in heard.of("iteration") if "fold" in data} == {1, 2}


def test_a_run_draws_how_its_trees_learned(penguins: pd.DataFrame, heard: Heard) -> None:
    report = train(penguins, a_spec("lightgbm", {"n_estimators": 20}, validation={"kind": "none"}), heard)
    curve = report.figures["learning_curve"]
    assert len(curve["data"]["series"]["loss"]) == 20
    assert "iteration" in curve["data"]
