"""A run that can be trained joins the queue once, and one that cannot leaves nothing behind."""

from typing import Any

import pytest

from accounts.models import User
from accounts.quotas import QuotaExceeded
from datasets.models import DatasetVersion
from experiments import actions
from experiments.models import Experiment, Run
from experiments.states import State
from tests import builders
from tests.crowd import at_once
from tests.experiments.test_asking_a_question import profile
from web.problems import Forbidden, Invalid, Refused

LOGISTIC: dict[str, Any] = {"model": {"algo": "logistic_regression"}}


def start(experiment: Experiment, by: User, key: str | None = None, **request: Any) -> tuple[Run, bool]:
    return actions.start_run(
        experiment=experiment, request={**LOGISTIC, **request}, by=by, idempotency_key=key
    )


def test_it_waits_in_the_queue_with_its_whole_spec(experiment: Experiment, owner: User) -> None:
    run, is_new = start(experiment, owner)
    assert is_new
    assert (run.state, run.attempt, run.algo) == (State.QUEUED, 0, "logistic_regression")
    assert run.spec["target"] == "species"
    assert run.spec["preprocessing"]["numeric"]["missing"] == "median"
    assert len(run.fingerprint) == 64
    assert [event.kind for event in run.events.all()] == ["state"]


def test_equal_specs_have_equal_fingerprints_and_own_names(experiment: Experiment, owner: User) -> None:
    one, _ = start(experiment, owner)
    other, _ = start(experiment, owner)
    assert one.fingerprint == other.fingerprint
    assert one.name != other.name
    assert one.name.endswith("-1")
    assert other.name.endswith("-2")


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"model": {"algo": "oracle"}}, "model", "unknown_estimator"),
        ({"model": {"algo": "__import__"}}, "model", "unknown_estimator"),
        ({"model": {"algo": "random_forest", "n_estimators": 1}}, "model.n_estimators", "invalid"),
        ({"model": {"algo": "random_forest", "n_estimators": True}}, "model.n_estimators", "invalid"),
        ({"model": {"algo": "random_forest", "wings": 2}}, "model.wings", "unknown_field"),
        ({"model": {"algo": "linear_regression"}}, "model", "infeasible"),
        ({"model": {"algo": "dense_network", "epochs": 0}}, "training.epochs", "invalid"),
        ({"model": {"algo": "dense_network", "batch_size": 60000}}, "training.batch_size", "infeasible"),
        ({"training": {"epochs": 3}}, "training", "infeasible"),
        ({"columns": {"drop": ["wings"]}}, "columns.drop", "unknown_column"),
        ({"columns": {"kinds": {"wings": "numeric"}}}, "columns.kinds", "unknown_column"),
        ({"columns": {"drop": ["species"]}}, "columns", "infeasible"),
        ({"state": "succeeded"}, "state", "unknown_field"),
        ({"owner": "me"}, "owner", "unknown_field"),
        ({"seed": 1}, "seed", "unknown_field"),
    ],
)
def test_a_spec_that_cannot_be_trained_is_refused_at_its_field(
    experiment: Experiment, owner: User, request_: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        start(experiment, owner, **request_)
    assert refused.value.errors[0]["field"] == field
    assert refused.value.code == code
    assert not Run.objects.exists()


def test_a_run_needs_a_column_to_learn_from(experiment: Experiment, owner: User) -> None:
    names = [column["name"] for column in experiment.dataset_version.columns]
    drop = [name for name in names if name != "species"]
    with pytest.raises(Invalid) as refused:
        start(experiment, owner, columns={"drop": drop})
    assert refused.value.code == "no_features"


def test_a_viewer_may_look_but_not_start(experiment: Experiment, viewer: User) -> None:
    with pytest.raises(Forbidden):
        start(experiment, viewer)
    assert not Run.objects.exists()


def test_a_dataset_that_went_away_trains_nothing(experiment: Experiment, owner: User) -> None:
    dataset = experiment.dataset_version.dataset
    dataset.deleted_at = dataset.created_at
    dataset.save()
    with pytest.raises(Refused) as refused:
        start(experiment, owner)
    assert refused.value.status == 409


def test_the_queue_of_a_person_has_an_end(experiment: Experiment, owner: User, settings: Any) -> None:
    settings.MAX_QUEUED_RUNS = 1
    start(experiment, owner)
    with pytest.raises(QuotaExceeded):
        start(experiment, owner)
    assert Run.objects.count() == 1


def test_the_same_key_with_the_same_request_is_the_same_run(experiment: Experiment, owner: User) -> None:
    first, _ = start(experiment, owner, key="k1")
    again, is_new = start(experiment, owner, key="k1")
    assert (again.pk, is_new) == (first.pk, False)


def test_the_same_key_with_another_request_is_refused(experiment: Experiment, owner: User) -> None:
    start(experiment, owner, key="k1")
    with pytest.raises(Invalid) as refused:
        start(experiment, owner, key="k1", columns={"drop": ["sex"]})
    assert refused.value.code == "idempotency_mismatch"


def test_a_key_is_its_owners_alone(experiment: Experiment, owner: User, editor: User) -> None:
    mine, _ = start(experiment, owner, key="k1")
    theirs, is_new = start(experiment, editor, key="k1")
    assert is_new
    assert theirs.pk != mine.pk


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_start_one_run(experiment: Experiment, owner: User) -> None:
    results = at_once(*[lambda: start(experiment, owner, key="k1")] * 20)
    assert len({run.pk for run, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_at_the_edge_take_the_last_places(
    experiment: Experiment, owner: User, settings: Any
) -> None:
    settings.MAX_QUEUED_RUNS = 4
    results = at_once(*[lambda: start(experiment, owner)] * 10)
    assert sum(isinstance(result, QuotaExceeded) for result in results) == 6
    assert Run.objects.count() == 4


def test_a_class_too_small_for_every_fold_is_told_when_the_run_is_queued(
    version: DatasetVersion, owner: User
) -> None:
    profile(version, "species", top=[["Adelie", 340], ["Gentoo", 4]])
    run, _ = start(builders.experiment(version, by=owner, validation={"kind": "kfold"}), owner)
    said = [event.data["message"] for event in run.events.filter(kind="warning")]
    assert len(said) == 1
    assert "fewer rows than the 5 folds: Gentoo (4)." in said[0]


def test_a_column_that_only_says_who_tests_is_no_leak(titanic: DatasetVersion, owner: User) -> None:
    def warned(split: dict[str, Any]) -> str:
        experiment = builders.experiment(titanic, by=owner, target="survived", split=split)
        run, _ = start(experiment, owner)
        return " ".join(event.data["message"] for event in run.events.filter(kind="warning"))

    assert "alive gives the answer away" in warned({"kind": "holdout"})
    assert "alive" not in warned({"kind": "column", "column": "alive", "test_value": "yes"})
