"""What cannot be done is refused through the API with 422, a code, a sentence and the field."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from datasets.models import DatasetVersion
from experiments.models import Experiment, Run
from tests.experiments.test_asking_a_question import profile

Api = Callable[[User | None], Any]
V1 = "/api/v1"

QUESTIONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a score of numbers for classes": ({"metric": "rmse"}, "metric", "invalid"),
    "groups of no column": (
        {"split": {"kind": "group", "column": "owner"}},
        "split.column",
        "unknown_column",
    ),
    "a group without its column": ({"split": {"kind": "group"}}, "split.column", "required"),
    "time without its column": ({"split": {"kind": "time"}}, "split.column", "required"),
    "time of words": ({"split": {"kind": "time", "column": "island"}}, "split.column", "infeasible"),
    "folds of time without one": ({"validation": {"kind": "time"}}, "validation.column", "infeasible"),
    "folds of groups without one": ({"validation": {"kind": "group"}}, "validation.column", "infeasible"),
    "more folds than groups": (
        {"validation": {"kind": "group", "column": "island", "folds": 4}},
        "validation.folds",
        "infeasible",
    ),
    "a test that nobody is in": (
        {"split": {"kind": "column", "column": "island", "test_value": "Crete"}},
        "split.test_value",
        "infeasible",
    ),
    "groups of the target": ({"split": {"kind": "group", "column": "species"}}, "split.column", "infeasible"),
    "a split of no kind": ({"split": {"kind": "magic"}}, "split", "invalid"),
    "21 folds": ({"validation": {"kind": "repeated", "folds": 21}}, "validation.folds", "invalid"),
}


@pytest.mark.parametrize(("change", "field", "code"), QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_that_cannot_be_answered_is_refused(
    api: Api, owner: User, version: DatasetVersion, change: dict[str, Any], field: str, code: str
) -> None:
    asked = {"name": "Which?", "dataset_version": str(version.pk), "target": "species", **change}
    answer = api(owner).post(f"{V1}/workspaces/field-lab/experiments/", asked)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, code), body
    assert [error["field"] for error in body["errors"]] == [field]
    assert body["detail"].endswith(".")
    assert not Experiment.objects.exists()


ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "groups": ({"kind": "group", "column": "island"}, {"kind": "none"}),
    "time": ({"kind": "time", "column": "body_mass_g"}, {"kind": "time", "column": None, "folds": 5}),
    "column": ({"kind": "column", "column": "island", "test_value": "Biscoe"}, {"kind": "none"}),
    "repeats": (
        {"kind": "holdout", "test_size": 0.2, "stratify": True},
        {"kind": "repeated", "folds": 5, "repeats": 2, "stratify": True},
    ),
}


@pytest.mark.parametrize(("split", "validation"), ASKED.values(), ids=ASKED)
def test_each_kind_of_split_may_be_asked_for(
    api: Api, owner: User, version: DatasetVersion, split: dict[str, Any], validation: dict[str, Any]
) -> None:
    more = {"split": split, "validation": validation}
    asked = {"name": "Which?", "dataset_version": str(version.pk), "target": "species", **more}
    answer = api(owner).post(f"{V1}/workspaces/field-lab/experiments/", asked)
    body = answer.json()
    assert answer.status_code == 201, body
    assert {**body["split"], **split} == body["split"]
    assert body["validation"] == validation


RUNS: dict[str, tuple[dict[str, Any], str, str]] = {
    "powers of many": (
        {"features": {"polynomial": {"degree": 4, "columns": ["ghost"]}}},
        "features.polynomial.columns",
        "unknown_column",
    ),
    "the target in a product": (
        {"features": {"interactions": [["species", "body_mass_g"]]}},
        "features.interactions",
        "unknown_column",
    ),
    "the logarithm of words": ({"features": {"logs": ["island"]}}, "features.logs", "wrong_kind"),
    "robust words": (
        {"preprocessing": {"columns": {"island": {"scale": "robust"}}}},
        "preprocessing.columns.island.scale",
        "infeasible",
    ),
    "a special column that is not there": (
        {"preprocessing": {"columns": {"ghost": {"scale": "robust"}}}},
        "preprocessing.columns",
        "unknown_column",
    ),
    "all columns dropped": (
        {
            "columns": {
                "drop": [
                    *("island", "sex", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
                ]
            }
        },
        "columns.drop",
        "no_features",
    ),
    "a threshold of three classes": (
        {"evaluation": {"threshold": "f1"}},
        "evaluation.threshold",
        "infeasible",
    ),
}


@pytest.mark.parametrize(("change", "field", "code"), RUNS.values(), ids=RUNS)
def test_a_run_that_cannot_be_trained_is_refused(
    api: Api, owner: User, experiment: Experiment, change: dict[str, Any], field: str, code: str
) -> None:
    _refused(api(owner), experiment, change, field, code)


def test_a_column_for_each_of_many_words_is_refused(
    api: Api, owner: User, version: DatasetVersion, experiment: Experiment
) -> None:
    version.rows = 400_000
    profile(version, "island", unique=100_000, top=[["Biscoe", 12]])
    for frequency in (0, 0.01):
        asked = {"preprocessing": {"categorical": {"encode": "one_hot", "min_frequency": frequency}}}
        _refused(api(owner), experiment, asked, "preprocessing.categorical.encode", "too_many_columns")


def test_a_process_of_many_rows_is_refused(
    api: Api, owner: User, version: DatasetVersion, experiment: Experiment
) -> None:
    version.rows = 400_000
    version.save()
    _refused(api(owner), experiment, {"model": {"algo": "gaussian_process"}}, "model", "too_many_rows")


def _refused(program: Any, experiment: Experiment, change: dict[str, Any], field: str, code: str) -> None:
    asked = {"model": {"algo": "logistic_regression"}, **change}
    answer = program.post(f"{V1}/experiments/{experiment.pk}/runs/", asked)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, code), body
    assert [error["field"] for error in body["errors"]] == [field]
    assert body["detail"].endswith(".")
    assert not Run.objects.exists()
