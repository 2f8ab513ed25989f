"""What trees cost: more of anything takes longer, and the seconds are right within a factor of three."""

import time
from typing import Any

import numpy as np
import pytest

from engine import learners
from engine.learners.tree_costs import columns_asked, levels, nodes_bytes
from engine.metrics import TASKS, Task
from tests.engine.helpers import on_one_thread

QUICK_TREES: dict[str, dict[str, Any]] = {
    "decision_tree": {},
    "random_forest": {"n_estimators": 10},
    "extra_trees": {"n_estimators": 10},
    "adaboost": {"n_estimators": 10},
    "gradient_boosting": {"n_estimators": 10},
    "hist_gradient_boosting": {"max_iter": 20},
    "xgboost": {"n_estimators": 20},
    "lightgbm": {"n_estimators": 20},
    "bagging": {"n_estimators": 5},
}
every_tree = pytest.mark.parametrize("algo", QUICK_TREES)


def _seconds(algo: str, rows: int = 10_000, columns: int = 10, classes: int = 2, **more: Any) -> float:
    learner = learners.CATALOG[algo].model_validate({"algo": algo, **QUICK_TREES[algo], **more})
    seconds: float = learner.cost(
        "classification" if classes else "regression", rows, columns, classes
    ).seconds
    return seconds


@every_tree
def test_more_rows_and_columns_take_longer(algo: str) -> None:
    assert _seconds(algo, rows=100_000) > 4 * _seconds(algo)
    assert _seconds(algo, columns=100) > 2 * _seconds(algo)


@pytest.mark.parametrize("algo", ["gradient_boosting", "hist_gradient_boosting", "xgboost", "lightgbm"])
def test_a_boosting_grows_a_tree_for_each_of_several_classes(algo: str) -> None:
    assert _seconds(algo, classes=5) == pytest.approx(5 * _seconds(algo), rel=0.1)
    assert _seconds(algo, classes=0) == pytest.approx(_seconds(algo), rel=0.1)


@pytest.mark.parametrize(
    ("algo", "name"),
    [
        (algo, "max_iter" if algo.startswith("hist") else "n_estimators")
        for algo in QUICK_TREES
        if algo[0] != "d"
    ],
)
def test_twice_the_trees_take_twice_as_long(algo: str, name: str) -> None:
    twice, once = (_seconds(algo, **{name: trees}) for trees in (200, 100))
    assert twice == pytest.approx(2 * once, rel=0.1)


@pytest.mark.parametrize(
    ("share", "columns", "asked"),
    [("sqrt", 100, 10), ("log2", 64, 6), ("log2", 1, 1), ("all", 7, 7), (None, 7, 7)],
)
def test_a_question_looks_at_a_share_of_the_columns(share: str | None, columns: int, asked: float) -> None:
    assert columns_asked(share, columns) == asked


@pytest.mark.parametrize(
    ("rows", "depth", "asked"), [(1024, None, 10), (1024, 3, 3), (4, 20, 2), (0, None, 1)]
)
def test_rows_are_asked_until_they_are_apart(rows: int, depth: int | None, asked: float) -> None:
    assert levels(rows, depth) == asked


def test_a_shallow_tree_is_small() -> None:
    assert nodes_bytes(100_000, 1, 3, 2) == 2 * 8 * (64 + 16)
    assert nodes_bytes(100_000, 10, None, 0) == 2 * 10_000 * (64 + 8)


@pytest.mark.slow
@every_tree
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(("rows", "columns"), [(2000, 10), (20_000, 10), (5000, 40)])
def test_the_seconds_are_right_within_a_factor_of_three(
    algo: str, task: Task, rows: int, columns: int
) -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(rows, columns)).astype("float32")
    signal = features[:, 0] * features[:, 1] + features[:, 2] + random.normal(size=rows)
    target = signal if task == "regression" else (signal > 0).astype(int)
    learner = learners.CATALOG[algo].model_validate({"algo": algo, **QUICK_TREES[algo]})
    with on_one_thread():
        taken = min(_taken(learner, task, features, target) for _ in range(3))
    said = learner.cost(task, rows, columns, 0 if task == "regression" else 2).seconds
    assert taken / 3 < said < taken * 3


def _taken(learner: Any, task: Task, features: np.ndarray, target: np.ndarray) -> float:
    model = learner.build(task, 0, 1)
    began = time.process_time()
    learner.fit(model, features, target)
    return time.process_time() - began
