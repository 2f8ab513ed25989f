"""Trees take sparse tables and 32 bits where they say so, and give the same numbers."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from engine import learners
from engine.metrics import TASKS, Task
from tests.engine.helpers import QUICK

TREES = [
    "decision_tree",
    "random_forest",
    "extra_trees",
    "adaboost",
    "gradient_boosting",
    "hist_gradient_boosting",
    "xgboost",
    "lightgbm",
    "bagging",
]
PAIRS = [(algo, task) for algo in TREES for task in TASKS]


def _rows(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of 64 bits, most of them 0 as where words become columns."""
    random = np.random.default_rng(0)
    features = random.normal(size=(400, 8)) * (random.random((400, 8)) < 0.3)
    signal = features[:, 0] - features[:, 1] * features[:, 2] + 0.1 * random.normal(size=400)
    return features, signal if task == "regression" else np.digitize(signal, [-0.2, 0.2])


def _said(algo: str, task: Task, features: object, target: np.ndarray) -> np.ndarray:
    learner = learners.CATALOG[algo].model_validate({"algo": algo, **QUICK.get(algo, {})})
    model = learner.build(task, 5, 1)
    learner.fit(model, features, target)
    said: np.ndarray = model.predict_proba(features) if task == "classification" else model.predict(features)
    return said


def _takes(algo: str, what: str) -> bool:
    return bool(getattr(learners.CATALOG[algo].model_validate({"algo": algo}), what))


@pytest.mark.parametrize(("algo", "task"), [pair for pair in PAIRS if _takes(pair[0], "takes_sparse")])
def test_a_sparse_table_gives_the_same_numbers(algo: str, task: Task) -> None:
    features, target = _rows(task)
    dense = _said(algo, task, features.astype("float32"), target)
    sparse = _said(algo, task, csr_matrix(features.astype("float32")), target)
    # Sums in another order may decide otherwise between questions that are equally good.
    equal = np.isclose(dense, sparse, rtol=1e-9, atol=1e-12).mean()
    assert equal > (0.4 if algo in ("bagging", "random_forest") else 0.99)
    assert np.corrcoef(dense.ravel(), sparse.ravel())[0, 1] > 0.99


@pytest.mark.parametrize(("algo", "task"), [pair for pair in PAIRS if _takes(pair[0], "takes_float32")])
def test_32_bits_give_the_same_numbers(algo: str, task: Task) -> None:
    features, target = _rows(task)
    np.testing.assert_array_equal(
        _said(algo, task, features, target), _said(algo, task, features.astype("float32"), target)
    )


@pytest.mark.parametrize("algo", TREES)
def test_trees_want_no_scale(algo: str) -> None:
    assert not _takes(algo, "wants_scale")
