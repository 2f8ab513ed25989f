"""Whatever is sent to ask a question or to start a run, the answer is never that something broke."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from datasets.models import DatasetVersion
from experiments.models import Experiment, Run

Program = Callable[[User | None], Any]
ASK = "/api/v1/workspaces/field-lab/experiments/"
Body = dict[str, Any]


def with_each(path: str, *values: Any, beside: Body | None = None) -> list[Body]:
    """A body for each value, which stands at a dotted path: `model.units`."""
    bodies: list[Body] = []
    for value in values:
        body: Any = value
        for name in reversed(path.split(".")):
            body = {name: body}
        bodies.append(merged(beside or {}, body))
    return bodies


def merged(one: Body, other: Body) -> Body:
    both = {name: merged(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}


FOREST = {"model": {"algo": "random_forest"}}
NETWORK = {"model": {"algo": "dense_network"}}
FOLDS = {"validation": {"kind": "kfold"}}
ODD_QUESTIONS = [
    *with_each("target", None, 5, True, "", "nope", "x" * 20_000, ["species"], {}, "Species"),
    *with_each("task", 5, "Classification", "forecasting", [], "regression"),
    *with_each("metric", 5, "zzz", "r2", [], {}),
    *with_each("seed", -1, 2**32, 2**63 - 1, "abc", "5", True, None, 1.5),
    *with_each("split", None, [], "holdout", {"kind": "zzz"}, {"sized": 1}),
    *with_each("split.test_size", 0, -1, 0.04, 0.51, 1, 1.5, 1e300, "0.2", True, None, []),
    *with_each("validation", None, [], "kfold", {"kind": "zzz"}, {"kind": None}, {}),
    *with_each("validation.folds", 0, 1, 21, -5, 10**9, 2.5, "5", True, beside=FOLDS),
    *with_each("name", None, 5, "", "  ", "x" * 10_000, "a\nb", "a\u202eb", []),
    *with_each("dataset_version", None, 5, "x", "0" * 32 + "g", []),
    *[{name: 1} for name in ("__class__", "state", "spec", "model", "columns", "1", "a.b")],
]
ODD_RUNS = [
    {},
    {"algo": "dummy"},
    {"model": {"algo": "linear_regression"}},
    *with_each("model", None, "dummy", 5, [], {}),
    *with_each("model.algo", None, 5, ["dummy"], "", "Dummy", "__import__", "sklearn.svm.SVC", "x" * 10_000),
    *with_each("model.n_estimators", 0, -1, 9, 5001, 2**62, 1.5, "5", True, None, [], beside=FOREST),
    *with_each("model.epochs", 0, -1, 10**9, 1.5, "5", True, None, beside=NETWORK),
    *with_each("model.learning_rate", 0, -1, 11, 1e300, "0.1", True, beside=NETWORK),
    *with_each("model.units", [], [0], [10**9], [1] * 10_000, 8, ["8"], [True], beside=NETWORK),
    *with_each("model.batch_size", 0, 276, 65_536, 10**12, "32", beside=NETWORK),
    *with_each("training", [], "x", {"wings": 2}, {"epochs": None}, beside=NETWORK),
    *with_each("columns.drop", "sex", ["nope"], ["species"], [5], None, beside=FOREST),
    *with_each("columns.kinds", [], {"sex": "zzz"}, {"nope": "numeric"}, beside=FOREST),
    *[{**FOREST, name: 1} for name in ("task", "target", "seed", "state", "attempt", "owner", "")],
]


@pytest.mark.parametrize("change", ODD_QUESTIONS, ids=lambda change: str(change)[:80])
def test_an_odd_question_is_refused_with_its_field(
    api: Program, owner: User, version: DatasetVersion, change: Body
) -> None:
    question = {"name": "Which?", "dataset_version": str(version.pk), "target": "species"}
    answer = api(owner).post(ASK, question | change)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"].startswith((*change, "target"))
    assert not Experiment.objects.exists()


@pytest.mark.parametrize("body", ODD_RUNS, ids=lambda body: str(body)[:80])
def test_an_odd_run_is_refused_with_its_field(
    api: Program, owner: User, experiment: Experiment, body: Body
) -> None:
    answer = api(owner).post(f"/api/v1/experiments/{experiment.pk}/runs/", body)
    assert answer.status_code == 422, answer.content
    assert all(error["field"] is not None and error["message"] for error in answer.json()["errors"])
    assert not Run.objects.exists()


def test_what_is_left_out_is_the_usual(api: Program, owner: User, version: DatasetVersion) -> None:
    question = {"name": "Which?", "dataset_version": str(version.pk), "target": "species"}
    made = api(owner).post(ASK, question).json()
    shown = api(owner).get(f"/api/v1/experiments/{made['id']}/").json()
    assert (shown["task"], shown["metric"]) == ("classification", "roc_auc")
    assert shown["split"] == {"kind": "holdout", "test_size": 0.2, "stratify": True}
    assert shown["validation"] == {"kind": "kfold", "folds": 5, "stratify": True}


def test_a_network_may_say_how_it_learns_inside_its_model(
    api: Program, owner: User, experiment: Experiment
) -> None:
    flat = merged(NETWORK, {"model": {"units": [8], "epochs": 3}, "training": {"batch_size": 16}})
    run = api(owner).post(f"/api/v1/experiments/{experiment.pk}/runs/", flat).json()
    assert (run["spec"]["training"]["epochs"], run["spec"]["training"]["batch_size"]) == (3, 16)
    assert "epochs" not in run["spec"]["model"]


def test_a_version_that_nobody_knows_is_not_found(api: Program, owner: User, version: DatasetVersion) -> None:
    question = {"name": "Which?", "dataset_version": str(uuid4()), "target": "species"}
    assert api(owner).post(ASK, question).status_code == 404


PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text()
VALUE = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
WORDS = [
    "name",
    "dataset_version",
    "target",
    "task",
    "metric",
    "seed",
    "split",
    "validation",
    "model",
    "training",
]
BODY = st.dictionaries(st.sampled_from([*WORDS, "columns", "preprocessing"]) | st.text(), VALUE, max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODY, algo=st.sampled_from(["dummy", "random_forest", "dense_network", "xgboost"]), inner=BODY)
def test_nothing_that_can_be_sent_breaks_the_server(
    as_json: Any, experiment: Experiment, body: dict[str, Any], algo: str, inner: dict[str, Any]
) -> None:
    runs = f"/api/v1/experiments/{experiment.pk}/runs/"
    version = {"dataset_version": str(experiment.dataset_version_id), "target": "species", "name": "x"}
    sent = [as_json(ASK, body), as_json(ASK, body | version), as_json(runs, body)]
    sent += [as_json(runs, {**body, "model": {**inner, "algo": algo}})]
    assert all(status < 500 for status in sent)


@pytest.fixture
def as_json(api: Program, owner: User) -> Callable[[str, Any], int]:
    program = api(owner)
    return lambda address, body: int(program.post(address, body).status_code)
