"""Learners made of learners: each member learns in its own way, and what is kept can only answer."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from engine import learners
from engine.learners.base import Learner
from engine.learners.ensemble import Ensemble
from engine.metrics import TASKS, Task
from engine.problems import CannotTrain, explain
from engine.spec import RunSpec
from engine.train import train
from engine.transformers.member import ClassMember
from tests.engine.helpers import NO_FOLDS, QUICK, Heard, a_spec

TREE: dict[str, Any] = {"algo": "decision_tree", "max_depth": 4}
LINE: dict[str, Any] = {"algo": "logistic_regression"}
RIDGE: dict[str, Any] = {"algo": "ridge"}
ROWS, SEED = 300, 7


def _rows(task: Task, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    features = random.normal(size=(ROWS, 4))
    signal = features[:, 0] + features[:, 1] ** 2 + 0.3 * random.normal(size=ROWS)
    if task == "regression":
        return features, signal
    return features, np.digitize(signal, np.quantile(signal, np.arange(1, classes) / classes))


def _made(algo: str, **settings: Any) -> Learner:
    return learners.CATALOG[algo].model_validate({"algo": algo, **settings})


def _fitted(
    learner: Learner, task: Task, rows: tuple[np.ndarray, np.ndarray], threads: int = 1, seed: int = SEED
) -> Any:
    model = learner.build(task, seed, threads)
    learner.fit(model, *rows)
    return model


def _shares(learner: Learner, rows: tuple[np.ndarray, np.ndarray], threads: int = 1) -> np.ndarray:
    shares: np.ndarray = _fitted(learner, "classification", rows, threads).predict_proba(rows[0])
    return shares


def _refusal(**model: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as refusal:
        RunSpec.model_validate({"task": "classification", "target": "x", "model": model})
    return dict(explain(refusal.value)[0])


@pytest.mark.parametrize("weights", [None, [3, 1]])
def test_voting_averages_the_shares_of_its_members(weights: list[float] | None) -> None:
    rows = _rows("classification")
    voted = _shares(_made("voting", members=[TREE, LINE], weights=weights), rows)
    apart = [
        _fitted(_made(**member), "classification", rows, seed=SEED + place).predict_proba(rows[0])
        for place, member in enumerate((TREE, LINE), start=1)
    ]
    np.testing.assert_allclose(voted, np.average(apart, axis=0, weights=weights))


def test_voting_averages_values() -> None:
    rows = _rows("regression")
    voted = _fitted(_made("voting", members=[TREE, RIDGE]), "regression", rows).predict(rows[0])
    apart = [
        _fitted(_made("decision_tree", max_depth=4), "regression", rows).predict(rows[0]),
        _fitted(_made("ridge"), "regression", rows).predict(rows[0]),
    ]
    np.testing.assert_allclose(voted, np.mean(apart, axis=0))


@pytest.mark.parametrize("task", TASKS)
def test_stacking_is_at_least_as_good_as_guessing_whom_to_believe(task: Task) -> None:
    features, target = _rows(task)
    members = [{"algo": "dummy"}, {"algo": "random_forest", "n_estimators": 30}]
    model = _fitted(_made("stacking", members=members), task, (features[:200], target[:200]))
    assert model.score(features[200:], target[200:]) > (0.65 if task == "classification" else 0.6)


def test_the_final_learner_may_be_chosen_and_may_see_the_columns() -> None:
    rows = _rows("classification")
    stacked = _fitted(
        _made("stacking", members=[TREE, LINE], final=TREE, passthrough=True), "classification", rows
    )
    assert type(stacked.final_estimator_.model_).__name__ == "DecisionTreeClassifier"
    assert stacked.final_estimator_.model_.n_features_in_ == 2 * 3 + 4


@pytest.mark.parametrize(
    ("task", "usual"), [("classification", "LogisticRegression"), ("regression", "Ridge")]
)
def test_the_usual_final_learner_is_linear(task: Task, usual: str) -> None:
    members = [{"algo": "knn"}, TREE]
    model = _fitted(_made("stacking", members=members), task, _rows(task)).final_estimator_.model_
    assert usual in repr(model)


@pytest.mark.parametrize("task", TASKS)
def test_bagging_steadies_a_tree(task: Task) -> None:
    features, target = _rows(task)
    learn, check = (features[:200], target[:200]), (features[200:], target[200:])
    alone = _fitted(_made("decision_tree"), task, learn).score(*check)
    many = _fitted(_made("bagging", n_estimators=30), task, learn).score(*check)
    assert many > alone


def test_each_member_of_a_bagging_has_a_seed_and_rows_of_its_own() -> None:
    model = _fitted(_made("bagging", n_estimators=5), "regression", _rows("regression"))
    assert len({member.random_state for member in model.estimators_}) == 5
    said = [member.predict(_rows("regression")[0]) for member in model.estimators_]
    assert not np.allclose(said[0], said[1])


@pytest.mark.parametrize("algo", ["xgboost", "lightgbm", "logistic_regression", "knn"])
def test_a_member_may_miss_a_class_of_its_rows(algo: str) -> None:
    features, target = _rows("classification")
    target[:2] = 9
    model = _fitted(
        _made("bagging", member={"algo": algo}, n_estimators=8, max_samples=0.2),
        "classification",
        (features, np.unique(target, return_inverse=True)[1]),
    )
    known = {len(member.classes_) for member in model.estimators_}
    assert known == {3, 4}
    np.testing.assert_allclose(model.predict_proba(features).sum(axis=1), 1)


def test_a_member_that_saw_one_class_is_sure_of_it() -> None:
    member = ClassMember(_made("logistic_regression")).fit(np.zeros((3, 2)), np.array([4, 4, 4]))
    assert member.predict(np.zeros((2, 2))).tolist() == [4, 4]
    assert member.predict_proba(np.zeros((2, 2))).tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize(
    ("algo", "chosen"),
    [
        ("bagging", {"member": {"algo": "random_forest", "n_estimators": 10}, "n_estimators": 4}),
        ("voting", {"members": [{"algo": "extra_trees", "n_estimators": 10}, LINE, {"algo": "knn"}]}),
        ("stacking", {"members": [{"algo": "lightgbm", "n_estimators": 10}, TREE], "folds": 3}),
    ],
)
def test_threads_change_no_number(algo: str, chosen: dict[str, Any]) -> None:
    rows = _rows("classification")
    one, other = (_shares(_made(algo, **chosen), rows, threads) for threads in (1, 2))
    assert (one == other).all()


def test_members_learn_in_their_own_way() -> None:
    rare = {"algo": "xgboost", "n_estimators": 200, "early_stopping_rounds": 3, "class_weight": "balanced"}
    rows = _rows("classification")
    model = _fitted(_made("voting", members=[rare, LINE]), "classification", rows)
    assert model.estimators_[0].model_.get_booster().num_boosted_rounds() < 200


@pytest.mark.parametrize("algo", ["bagging", "voting", "stacking"])
def test_what_is_kept_can_only_answer(algo: str) -> None:
    model = _fitted(_made(algo, **QUICK.get(algo, {})), "classification", _rows("classification"))
    templates = [model.estimator] if algo == "bagging" else [member for _, member in model.estimators]
    assert all(member.learner is None for member in [*templates, *model.estimators_])
    assert not hasattr(model, "named_estimators_")


def test_an_ensemble_wants_of_the_data_what_its_members_want() -> None:
    trees, mixed = _made("voting"), _made("voting", members=[TREE, {"algo": "svm"}])
    assert (trees.wants_scale, trees.takes_sparse) == (False, False)
    assert mixed.wants_scale
    assert _made("bagging").takes_float32
    assert _made("stacking", members=[{"algo": "lightgbm"}, {"algo": "xgboost"}]).libraries == (
        "lightgbm",
        "xgboost",
    )


def test_it_suits_as_many_rows_as_its_members_do() -> None:
    small = _made("voting", members=[TREE, {"algo": "gaussian_process"}])
    assert "Gaussian process suits up to 2,000 rows" in str(small.too_many(3000))
    assert _made("voting").too_many(10**7) is None


@pytest.mark.parametrize(
    ("model", "field", "words"),
    [
        ({"algo": "bagging", "member": {"algo": "knn", "zoo": 1}}, "model.member.zoo", "no setting"),
        ({"algo": "bagging", "member": {"algo": "voting"}}, "model.member", "“voting” is not known"),
        ({"algo": "bagging", "member": {"algo": "dense_network"}}, "model.member", "is not known"),
        ({"algo": "voting", "members": [TREE]}, "model.members", "Give at least 2."),
        ({"algo": "voting", "members": [TREE] * 11}, "model.members", "too many"),
        (
            {"algo": "voting", "members": [TREE, {**TREE, "max_depth": 0}]},
            "model.members.1.max_depth",
            "at least 1",
        ),
        ({"algo": "voting", "members": [TREE, LINE], "weights": [1]}, "model.weights", "Give 2 weights"),
        (
            {"algo": "voting", "members": [TREE, LINE], "weights": [0, 0]},
            "model.weights",
            "not all of them 0",
        ),
        ({"algo": "stacking", "final": {**TREE, "ccp_alpha": -1}}, "model.final.ccp_alpha", "at least 0"),
        ({"algo": "stacking", "members": [TREE, RIDGE]}, "model", "Member 2, Ridge"),
        ({"algo": "stacking", "final": RIDGE}, "model", "The final learner, Ridge"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["algo"],
)
def test_a_wrong_member_is_refused_with_its_field(model: dict[str, Any], field: str, words: str) -> None:
    refusal = _refusal(**model)
    assert refusal["field"] == field
    assert words in refusal["detail"]


def test_a_member_of_the_other_task_cannot_be_created() -> None:
    with pytest.raises(CannotTrain, match=r"Member 1, Ridge.* does not do classification"):
        learners.create(task="classification", algo="voting", members=[RIDGE, TREE])


def test_every_ensemble_says_what_it_costs() -> None:
    for algo in ("bagging", "voting", "stacking"):
        ensemble = _made(algo)
        assert isinstance(ensemble, Ensemble)
        parts = [member.cost("classification", 1000, 10, 2) for member in ensemble.inside.values()]
        assert ensemble.cost("classification", 1000, 10, 2).seconds >= sum(part.seconds for part in parts)


def test_a_model_file_of_an_ensemble_answers_where_the_engine_is_not(
    penguins: pd.DataFrame, heard: Heard, tmp_path: Path
) -> None:
    model = {"members": [TREE, {"algo": "hist_gradient_boosting", "max_iter": 5}, {"algo": "knn"}]}
    report = train(penguins, a_spec("stacking", {**model, "folds": 2}, validation=NO_FOLDS), heard)
    report.write(tmp_path)
    with zipfile.ZipFile(tmp_path / "model.zip") as archive:
        archive.extractall(tmp_path / "model")
    tested = report.predictions
    penguins.iloc[tested["row"]].to_csv(tmp_path / "rows.csv", index=False)
    command = [
        sys.executable,
        "-I",
        "predict.py",
        ".",
        str(tmp_path / "rows.csv"),
        str(tmp_path / "said.csv"),
    ]
    done = subprocess.run(command, cwd=tmp_path / "model", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(tmp_path / "said.csv")["prediction"].tolist() == tested["predicted"].tolist()


def test_a_spec_with_members_is_stored_and_read_again() -> None:
    spec = a_spec("voting", {"members": [TREE, LINE], "weights": [1, 2]})
    again = RunSpec.model_validate(json.loads(spec.canonical()))
    assert again == spec
    assert again.fingerprint() == spec.fingerprint()
