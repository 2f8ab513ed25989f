"""What a run will take, said before it starts: from what is known of the columns, without the table."""

import time
from typing import Any

import pandas as pd
import pytest

from engine import learners
from engine.estimate import Estimate, estimate
from engine.learners import members
from engine.learners.base import Cost
from engine.metrics import Task
from engine.spec import RunSpec
from engine.train import train
from tests.engine.helpers import EXAMPLES, ROOT, on_one_thread

KINDS = {
    "a": "number",
    "b": "integer",
    "word": "category",
    "when": "datetime",
    "said": "text",
    "id": "identifier",
}
UNIQUES = {"a": 5000, "b": 40, "word": 12, "when": 900, "said": 9000, "id": 10_000}
COLUMNS = [
    *({"name": name, "kind": kind, "unique": UNIQUES[name], "missing": 0} for name, kind in KINDS.items()),
    {"name": "answer", "kind": "category", "unique": 3, "missing": 1000},
    {"name": "amount", "kind": "number", "unique": 8000, "missing": 0},
]
ROWS = 10_000


def _spec(algo: str = "logistic_regression", **more: Any) -> RunSpec:
    drop = {"columns": {"drop": ["amount"]}}
    return RunSpec.model_validate(
        {"task": "classification", "target": "answer", "model": {"algo": algo}, **drop, **more}
    )


def _estimate(algo: str = "logistic_regression", rows: int = ROWS, **more: Any) -> Estimate:
    return estimate(_spec(algo, **more), COLUMNS, rows)


def test_it_counts_the_rows_that_have_an_answer_and_are_not_kept_aside() -> None:
    assert _estimate().rows == round((ROWS - 1000) * 0.8)


@pytest.mark.parametrize(
    ("more", "columns"),
    [
        ({}, 2 + 12 + 9),
        ({"features": {"dates": False}}, 2 + 12),
        ({"columns": {"drop": ["amount", "word", "when"]}}, 2),
        ({"columns": {"drop": ["amount", "when"], "kinds": {"b": "categorical"}}}, 1 + 12 + 40),
        ({"preprocessing": {"categorical": {"encode": "target"}}}, 2 + 1 + 9),
        ({"preprocessing": {"categorical": {"encode": "hashing", "hash_width": 64}}}, 2 + 64 + 9),
        ({"preprocessing": {"categorical": {"min_frequency": 0.25}}}, 2 + 4 + 9),
        ({"preprocessing": {"numeric": {"indicator": True}}}, 4 + 12 + 9),
        ({"features": {"polynomial": {"degree": 2}}}, 2 + 3 + 12 + 9),
        ({"features": {"bins": {"n_bins": 7}}}, 2 + 14 + 12 + 9),
        ({"features": {"ratios": [["a", "b"]], "logs": ["a"]}}, 2 + 2 + 12 + 9),
        ({"features": {"text": {"max_features": 500}}}, 2 + 12 + 9 + 500),
        ({"features": {"text": {"svd": 20}}}, 2 + 12 + 9 + 20),
        ({"features": {"pca": {"n_components": 5}}}, 5),
        ({"features": {"selection": {"k": 4}}}, 4),
        ({"split": {"kind": "group", "column": "word"}}, 2 + 9),
    ],
    ids=str,
)
def test_it_counts_the_columns_that_the_model_gets(more: dict[str, Any], columns: int) -> None:
    assert _estimate(**more).columns == columns


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({"validation": {"kind": "none"}}, 1),
        ({"validation": {"kind": "kfold", "folds": 10}}, 10),
        ({"validation": {"kind": "repeated", "folds": 5, "repeats": 4}}, 17),
        ({"validation": {"kind": "none"}, "evaluation": {"data_sizes": True}}, 2.4),
    ],
    ids=str,
)
def test_it_counts_the_fits(more: dict[str, Any], fits: float) -> None:
    """With a learner whose cost is all in the fit, time follows the rows that are fitted together."""
    one = _estimate("linear_svm", rows=1_000_000, validation={"kind": "none"}).seconds
    assert _estimate("linear_svm", rows=1_000_000, **more).seconds == pytest.approx(fits * one, rel=0.15)


ALONE = [
    (learner.model_fields["algo"].default, task, classes)
    for learner in members.SINGLE
    for task, classes in (("regression", 0), ("classification", 2), ("classification", 7))
    if task in learner.tasks
]


@pytest.mark.parametrize(("algo", "task", "classes"), ALONE)
def test_what_a_learner_costs_grows_with_the_table(algo: str, task: Task, classes: int) -> None:
    made = learners.create(task=task, algo=algo)
    sizes = [(100, 3), (1000, 3), (1000, 30), (100_000, 300)]
    costs = [made.cost(task, rows, columns, classes) for rows, columns in sizes]
    assert costs == sorted(costs)
    assert all(isinstance(cost, Cost) and 0 < cost.seconds < 1e9 and cost.bytes >= 0 for cost in costs)
    seconds = [made.answer_seconds(rows, rows, columns, classes) for rows, columns in sizes]
    assert seconds == sorted(seconds)
    assert seconds[0] > 0


def test_a_machine_that_is_twice_as_fast_needs_half_the_time() -> None:
    slow, fast = (estimate(_spec("svm"), COLUMNS, ROWS, speed=speed) for speed in (1.0, 2.0))
    assert fast.seconds == pytest.approx(slow.seconds / 2, rel=0.01)
    assert (fast.memory_bytes, fast.rows, fast.columns) == (slow.memory_bytes, slow.rows, slow.columns)


def test_memory_grows_with_what_the_columns_become() -> None:
    few = _estimate("knn", rows=500_000)
    many = _estimate("knn", rows=500_000, features={"polynomial": {"degree": 4, "interaction_only": False}})
    assert 300_000_000 < few.memory_bytes < many.memory_bytes


def test_a_gaussian_process_is_known_to_be_dear() -> None:
    assert _estimate("gaussian_process").seconds > 100 * _estimate("logistic_regression").seconds


def test_a_table_without_rows_costs_little_and_does_not_fail() -> None:
    nothing = estimate(_spec(), [], 0)
    assert (nothing.rows, nothing.columns) == (1, 1)
    assert nothing.seconds < 1


# Against measured runs, as a ratio to a plain learner in the same process, so that no machine is too slow.

TABLES = {
    "penguins": (EXAMPLES / "penguins.csv", "body_mass_g", "species"),
    "titanic": (EXAMPLES / "titanic.csv", "fare", "survived"),
    "diamonds": (ROOT / "tests" / "data" / "diamonds.csv", "price", "cut"),
    "housing": (ROOT / "tests" / "data" / "housing.csv", "median_house_value", "ocean_proximity"),
}
MEASURED = (
    *("linear_regression", "logistic_regression", "ridge", "lasso", "naive_bayes"),
    *("sgd", "linear_svm", "svm", "knn", "mlp"),
)


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_the_estimate_is_right_within_a_factor_of_three(name: str) -> None:
    path, number, word = TABLES[name]
    table = pd.read_csv(path)
    with on_one_thread():
        for task, target in (("classification", word), ("regression", number)):
            # The machine's own factor is taken from the naive guess.
            slower = _measured_by_said(table, target, task, "dummy")
            for algo in (algo for algo in MEASURED if task in learners.CATALOG[algo].tasks):
                found = _measured_by_said(table, target, task, algo) / slower
                assert 1 / 3 < found < 3, (algo, task, found)


def _measured_by_said(table: pd.DataFrame, target: str, task: str, algo: str) -> float:
    few = {"kind": "kfold", "folds": 3}
    spec = RunSpec.model_validate(
        {"task": task, "target": target, "model": {"algo": algo}, "validation": few}
    )
    measured = _seconds(table, spec)
    if measured < 1:
        measured = min(measured, *(_seconds(table, spec) for _ in range(2)))
    return measured / estimate(spec, _profile(table), len(table)).seconds


def _seconds(table: pd.DataFrame, spec: RunSpec) -> float:
    began = time.process_time()
    train(table, spec)
    return time.process_time() - began


def _profile(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "kind": _kind(column),
            "unique": column.nunique(),
            "missing": int(column.isna().sum()),
        }
        for name, column in table.items()
    ]


def _kind(column: "pd.Series[Any]") -> str:
    if pd.api.types.is_numeric_dtype(column.dtype):
        return "number"
    return "text" if column.nunique() > len(column) / 2 else "category"
