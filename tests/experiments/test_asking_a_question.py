"""A question that cannot be answered is refused where it is asked, in a sentence."""

from copy import deepcopy
from typing import Any

import pytest

from accounts.models import User
from datasets.models import DatasetVersion
from experiments import actions, rules
from experiments.models import Experiment
from web.problems import Forbidden, Invalid, Refused


def ask(version: DatasetVersion, by: User, metric: str | None = None, **spec: Any) -> Experiment:
    question = {"target": "species", **spec}
    workspace = version.dataset.workspace
    return actions.create_experiment(
        workspace=workspace, name="Which?", version=version, spec=question, metric=metric, by=by
    )


def profile(version: DatasetVersion, name: str, **changes: Any) -> None:
    """Has the version say something else of one column."""
    version.columns = deepcopy(version.columns)
    for column in version.columns:
        if column["name"] == name:
            column.update(changes)
    version.save()


def test_the_task_is_recognised_and_the_metric_follows(version: DatasetVersion, owner: User) -> None:
    classes = ask(version, owner)
    numbers = ask(version, owner, target="body_mass_g")
    assert (classes.task, classes.metric) == ("classification", "roc_auc")
    assert (numbers.task, numbers.metric) == ("regression", "rmse")


def test_what_was_chosen_is_kept_whole(version: DatasetVersion, owner: User) -> None:
    experiment = ask(version, owner, metric="f1", task="classification", seed=7, split={"test_size": 0.3})
    assert experiment.metric == "f1"
    assert experiment.spec["seed"] == 7
    assert experiment.spec["split"]["test_size"] == 0.3
    assert experiment.spec["validation"] == {"kind": "kfold", "folds": 5, "stratify": True}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unique": 1}, "target_constant"),
        ({"unique": 0, "missing": 344}, "target_missing"),
        ({"missing": 340}, "too_few_rows"),
        ({"unique": 344, "missing": 0}, "infeasible"),
    ],
)
def test_a_target_that_teaches_nothing_is_refused(
    version: DatasetVersion, owner: User, change: dict[str, Any], code: str
) -> None:
    profile(version, "species", **change)
    with pytest.raises(Invalid) as refused:
        ask(version, owner)
    assert (refused.value.code, refused.value.field) == (code, "target")
    assert not Experiment.objects.exists()


def test_too_many_classes_are_refused(version: DatasetVersion, owner: User) -> None:
    version.rows = 100_000
    profile(version, "species", unique=rules.MAX_CLASSES + 1)
    with pytest.raises(Invalid, match="classes"):
        ask(version, owner)


def test_words_are_no_target_for_a_regression(version: DatasetVersion, owner: User) -> None:
    with pytest.raises(Invalid) as refused:
        ask(version, owner, task="regression")
    assert refused.value.code == "target_not_numeric"


def test_a_target_that_does_not_exist_is_refused(version: DatasetVersion, owner: User) -> None:
    with pytest.raises(Invalid) as refused:
        ask(version, owner, target="nothing")
    assert (refused.value.code, refused.value.field) == ("target_missing", "target")


def test_the_only_column_is_no_target(version: DatasetVersion, owner: User) -> None:
    version.columns = [version.column("species")]
    version.save()
    with pytest.raises(Invalid) as refused:
        ask(version, owner)
    assert refused.value.code == "no_features"


@pytest.mark.parametrize(
    ("spec", "field", "code"),
    [
        ({"split": {"test_size": 0.9}}, "split.test_size", "invalid"),
        ({"split": {"test_size": "0.2"}}, "split.test_size", "invalid"),
        ({"validation": {"kind": "kfold", "folds": 1}}, "validation.folds", "invalid"),
        ({"seed": -1}, "seed", "invalid"),
        ({"seed": True}, "seed", "invalid"),
        ({"colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_a_setting_out_of_bounds_is_refused_at_its_field(
    version: DatasetVersion, owner: User, spec: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ask(version, owner, **spec)
    assert refused.value.errors[0]["field"] == field
    assert refused.value.code == code


def test_more_folds_than_the_rows_allow_are_refused(version: DatasetVersion, owner: User) -> None:
    version.rows = 30
    profile(version, "species", missing=0)
    with pytest.raises(Invalid) as refused:
        ask(version, owner, validation={"kind": "kfold", "folds": 20})
    assert refused.value.field == "validation.folds"


def test_a_score_of_another_task_is_refused(version: DatasetVersion, owner: User) -> None:
    with pytest.raises(Invalid) as refused:
        ask(version, owner, metric="rmse")
    assert refused.value.field == "metric"


def test_a_dataset_that_is_not_ready_answers_nothing(version: DatasetVersion, owner: User) -> None:
    version.status = "ingesting"
    with pytest.raises(Refused) as refused:
        ask(version, owner)
    assert (refused.value.status, refused.value.code) == (409, "dataset_not_ready")


@pytest.mark.parametrize("name", ["", "   ", "a" * 121, "two\nlines", "\u202egnirts"])
def test_a_name_is_one_visible_line(version: DatasetVersion, owner: User, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_experiment(
            workspace=version.dataset.workspace,
            name=name,
            version=version,
            spec={"target": "species"},
            metric=None,
            by=owner,
        )
    assert refused.value.field == "name"


def test_a_viewer_may_look_but_not_ask(version: DatasetVersion, viewer: User) -> None:
    with pytest.raises(Forbidden):
        ask(version, viewer)


def test_few_whole_numbers_are_classes_and_many_are_not() -> None:
    def column(kind: str, unique: int) -> dict[str, Any]:
        return {"kind": kind, "unique": unique}

    assert rules.recognise_task(column("integer", 3)) == "classification"
    assert rules.recognise_task(column("integer", 300)) == "regression"
    assert rules.recognise_task(column("number", 3)) == "regression"
    assert rules.recognise_task(column("boolean", 2)) == "classification"
    assert rules.recognise_task(column("category", 30)) == "classification"
