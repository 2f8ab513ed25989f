"""What learners say of themselves is so: steps that change nothing, sparse input, 32 bits, weights."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from engine import learners
from engine.learners import Learner
from engine.metrics import Task
from engine.problems import CannotTrain
from engine.transformers.calibrated import Calibrated
from tests.engine.helpers import QUICK, on_one_thread

ROWS, COLUMNS = 300, 8
LINEAR_AND_NEAR = (
    *("linear_regression", "logistic_regression", "ridge", "lasso", "elastic_net", "sgd"),
    *("linear_svm", "svm", "knn", "naive_bayes", "gaussian_process", "mlp"),
)
PAIRS: list[tuple[str, Task]] = [
    (algo, task) for algo in LINEAR_AND_NEAR for task in learners.CATALOG[algo].tasks
]
TAKE_SPARSE = [pair for pair in PAIRS if learners.CATALOG[pair[0]].takes_sparse]
TAKE_32 = [pair for pair in PAIRS if learners.CATALOG[pair[0]].takes_float32]


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Any:
    with on_one_thread():
        yield


def _rows(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Mostly zeros, as one-hot columns are, and an answer that is partly chance."""
    random = np.random.default_rng(0)
    features = np.where(random.random((ROWS, COLUMNS)) < 0.6, 0.0, random.normal(size=(ROWS, COLUMNS)))
    said = features[:, 0] - 2 * features[:, 1] + 0.5 * random.normal(size=ROWS)
    return features, (said > 0.3).astype("int64") if task == "classification" else 100 + 10 * said


def _learner(algo: str, task: Task, **settings: Any) -> Learner:
    return learners.create(task=task, algo=algo, **{**QUICK.get(algo, {}), **settings})


def _answers(learner: Learner, task: Task, features: Any, asked: Any, on_step: Any = None) -> np.ndarray:
    model = learner.build(task, 0, 1)
    learner.fit(model, features, _rows(task)[1], on_step)
    answer: np.ndarray = (
        model.predict_proba(asked)[:, 1] if task == "classification" else model.predict(asked)
    )
    return np.asarray(answer, dtype="float64")


@pytest.mark.parametrize(("algo", "task"), TAKE_SPARSE)
def test_sparse_rows_give_the_same_answers(algo: str, task: Task) -> None:
    features, target = _rows(task)
    thin, learner = sparse.csr_matrix(features), _learner(algo, task)
    dense = _answers(learner, task, features, features)
    difference = np.abs(_answers(learner, task, thin, thin) - dense).max()
    assert difference < 2e-3 * max(1.0, target.std())


@pytest.mark.parametrize(("algo", "task"), TAKE_32)
def test_rows_of_32_bits_give_the_same_scores(algo: str, task: Task) -> None:
    features, target = _rows(task)
    learner, half = _learner(algo, task), features.astype("float32")
    whole, short = _answers(learner, task, features, features), _answers(learner, task, half, half)
    assert _error(short, target) == pytest.approx(_error(whole, target), rel=2e-3)


def _error(answers: np.ndarray, target: np.ndarray) -> float:
    return float(np.sqrt(np.mean((answers - target) ** 2)))


STEPPING: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd that stops early": ("sgd", {"early_stopping": True}),
    "mlp": ("mlp", {"max_iter": 30}),
    "mlp that stops early": ("mlp", {"max_iter": 200, "early_stopping": True, "n_iter_no_change": 3}),
    "balanced mlp": ("mlp", {"max_iter": 30, "class_weight": "balanced"}),
    "mlp by sgd": ("mlp", {"max_iter": 30, "solver": "sgd"}),
}
each_stepping = pytest.mark.parametrize("name", STEPPING)


@each_stepping
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_to_be_heard_changes_no_number(name: str, task: Task) -> None:
    algo, settings = STEPPING[name]
    features, _ = _rows(task)
    heard: list[int] = []
    learner = _learner(algo, task, **settings)
    alone = _answers(learner, task, features, features)
    followed = _answers(learner, task, features, features, lambda number, *_: heard.append(number))
    assert followed.tolist() == alone.tolist()
    assert heard == list(range(1, len(heard) + 1))
    assert 3 <= len(heard) <= settings.get("max_iter", 1000)


@each_stepping
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_each_step_tells_finite_scores_and_its_seconds(name: str, task: Task) -> None:
    algo, settings = STEPPING[name]
    told: list[tuple[Any, ...]] = []
    learner = _learner(algo, task, **settings)
    _answers(learner, task, _rows(task)[0], _rows(task)[0], lambda *step: told.append(step))
    for _, most, scores, seconds in told:
        assert most == settings.get("max_iter", learner.model_dump()["max_iter"])
        assert np.isfinite(list(scores.values())).all()
        assert seconds >= 0
    assert told[-1][2]["loss"] < told[0][2]["loss"]
    watched = {"val_loss", "val_score"} & set(told[0][2])
    assert bool(watched) == settings.get("early_stopping", False)


def test_a_perceptron_that_was_followed_keeps_nothing_of_the_listener() -> None:
    learner = _learner("mlp", "classification")
    model = learner.build("classification", 0, 1)
    learner.fit(model, *_rows("classification"), lambda *_: None)
    assert "_update_no_improvement_count" not in vars(model)


def _stop_at_the_second(number: int, most: int, scores: dict[str, float], seconds: float) -> None:
    if number == 2:
        raise InterruptedError


def test_a_listener_that_stops_the_training_is_let_go() -> None:
    learner = _learner("mlp", "classification")
    model = learner.build("classification", 0, 1)
    with pytest.raises(InterruptedError):
        learner.fit(model, *_rows("classification"), _stop_at_the_second)
    assert "_update_no_improvement_count" not in vars(model)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_early_stopping_keeps_the_best_pass(task: Task) -> None:
    features, target = _rows(task)
    learner = _learner("sgd", task, early_stopping=True, n_iter_no_change=10, alpha=1e-6)
    losses: list[float] = []
    model = learner.build(task, 0, 1)
    learner.fit(model, features, target, lambda n, most, scores, s: losses.append(scores["val_loss"]))
    stepwise = model if task == "classification" else model.estimator
    aside = np.sort(np.random.default_rng(0).permutation(ROWS)[: ROWS // 10])
    real = target if task == "classification" else (target - model.mean_) / model.unit_
    assert stepwise._loss(features[aside], real[aside]) == pytest.approx(min(losses), rel=1e-9)
    assert len(losses) < 1000


def test_a_perceptron_that_stops_early_needs_enough_rows() -> None:
    learner = _learner("mlp", "classification", early_stopping=True)
    features, target = _rows("classification")
    few = np.r_[np.flatnonzero(target == 0)[:25], np.flatnonzero(target == 1)[:1]]
    for rows in (few, few[:10]):
        with pytest.raises(CannotTrain, match="needs 20 rows, and 2 of each class") as refusal:
            learner.fit(learner.build("classification", 0, 1), features[rows], target[rows])
        assert refusal.value.field == "model.early_stopping"


@pytest.mark.parametrize(
    ("algo", "chosen"),
    [
        ("logistic_regression", {}),
        ("sgd", {}),
        ("sgd", {"early_stopping": True}),
        ("mlp", {}),
        ("naive_bayes", {}),
    ],
    ids=str,
)
def test_balanced_classes_lift_the_rare_one(algo: str, chosen: dict[str, Any]) -> None:
    features, target = _rows("classification")
    rows = np.r_[np.flatnonzero(target == 0), np.flatnonzero(target == 1)[:20]]
    shares = []
    for weight in (None, "balanced"):
        learner = _learner(algo, "classification", class_weight=weight, **chosen)
        model = learner.build("classification", 0, 1)
        learner.fit(model, features[rows], target[rows])
        shares.append(float(model.predict_proba(features)[:, 1].mean()))
    assert shares[1] > 1.1 * shares[0]


@pytest.mark.parametrize(("algo", "kernel"), [("svm", "linear"), ("linear_svm", None)])
def test_probabilities_of_borders_follow_the_truth(algo: str, kernel: str | None) -> None:
    features, target = _rows("classification")
    learner = _learner(algo, "classification", **({"kernel": kernel} if kernel else {}))
    said = _answers(learner, "classification", features, features)
    low, high = said < 0.3, said > 0.7
    assert target[low].mean() < 0.25
    assert target[high].mean() > 0.75
    assert abs(said.mean() - target.mean()) < 0.05


@pytest.mark.parametrize("rows_of_rare", [1, 2, 3, 10])
def test_borders_have_probabilities_however_rare_a_class_is(rows_of_rare: int) -> None:
    from sklearn.svm import LinearSVC

    features, target = _rows("classification")
    rows = np.r_[np.flatnonzero(target == 0), np.flatnonzero(target == 1)[:rows_of_rare]]
    model = Calibrated(LinearSVC(random_state=0), seed=0).fit(features[rows], target[rows])
    shares = model.predict_proba(features)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert model.coef_.shape == (1, COLUMNS)
    assert shares[:, 1].mean() < 0.5


@pytest.mark.parametrize("algo", ["sgd", "svm", "linear_svm", "mlp"])
@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_the_target_does_not_matter(algo: str, unit: float) -> None:
    features, target = _rows("regression")
    learner = _learner(algo, "regression")
    said = []
    for factor in (1.0, unit):
        model = learner.build("regression", 0, 1)
        learner.fit(model, features, target * factor)
        said.append(model.predict(features) / factor)
    assert np.abs(said[0] - said[1]).max() < 0.02 * target.std()


@pytest.mark.parametrize(
    ("task", "chosen", "words"),
    [
        ("regression", {"algo": "ridge", "positive": True, "solver": "sag"}, "cannot keep weights positive"),
        ("classification", {"algo": "logistic_regression", "l1_ratio": 0.5, "solver": "sag"}, "Choose saga"),
    ],
    ids=["ridge", "logistic_regression"],
)
def test_settings_that_do_not_go_together_are_refused(task: Task, chosen: dict[str, Any], words: str) -> None:
    with pytest.raises(CannotTrain, match=words) as refusal:
        learners.create(task=task, **chosen)
    assert refusal.value.code == "infeasible"
    assert refusal.value.field is not None
    assert refusal.value.field.endswith("solver")


def test_a_share_of_lasso_leaves_columns_out() -> None:
    features, target = _rows("classification")
    left = []
    for share in (0.0, 1.0):
        learner = _learner("logistic_regression", "classification", l1_ratio=share, C=0.02)
        model = learner.build("classification", 0, 1)
        learner.fit(model, features, target)
        left.append(int((model.coef_ == 0).sum()))
    assert left[0] == 0 < left[1]
