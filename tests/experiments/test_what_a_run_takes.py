"""What a run will take is said before the click, on the page and through the API, and too much is refused."""

from typing import Any

import pytest
from django.test import override_settings

from accounts.models import User
from experiments import actions, rules
from experiments.forms.before import before
from experiments.forms.posted import Posted
from experiments.forms.wizard import Models, Wizard, question
from experiments.models import Experiment, Run
from tests.conftest import As
from web.problems import Invalid

pytestmark = pytest.mark.django_db


def _asked(as_: As, by: User, experiment: Experiment, **body: Any) -> Any:
    path = f"/api/v1/experiments/{experiment.pk}/estimate/"
    return as_(by).post(path, body, content_type="application/json")


def test_the_api_tells_time_memory_rows_and_columns(as_: As, owner: User, experiment: Experiment) -> None:
    answer = _asked(as_, owner, experiment, model={"algo": "random_forest"})
    assert answer.status_code == 200
    said = answer.json()
    assert set(said) == {"seconds", "memory_bytes", "rows", "columns"}
    assert 0 < said["seconds"] < 60
    assert 100_000_000 < said["memory_bytes"] < 1_000_000_000
    assert 0 < said["rows"] <= (experiment.dataset_version.rows or 0)
    assert said["columns"] >= 1
    assert not Run.objects.exists()


def test_more_work_takes_longer(as_: As, owner: User, experiment: Experiment) -> None:
    one = _asked(as_, owner, experiment, model={"algo": "mlp", "max_iter": 10}).json()
    more = _asked(as_, owner, experiment, model={"algo": "mlp", "max_iter": 1000}).json()
    assert more["seconds"] > 3 * one["seconds"]
    assert (more["rows"], more["columns"]) == (one["rows"], one["columns"])


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"model": {"algo": "oracle"}}, "model", "unknown_estimator"),
        ({"model": {"algo": "mlp", "alpha": -1}}, "model.alpha", "invalid"),
        ({"model": {"algo": "mlp"}, "columns": {"drop": ["wings"]}}, "columns.drop", "unknown_column"),
    ],
    ids=["learner", "setting", "column"],
)
def test_what_could_not_start_is_refused_as_its_start_is(
    as_: As, owner: User, experiment: Experiment, body: dict[str, Any], field: str, code: str
) -> None:
    answer = _asked(as_, owner, experiment, **body)
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["field"], answer.json()["code"]) == (field, code)


@override_settings(RUN_MEMORY=50_000_000)
def test_a_run_that_needs_far_more_memory_than_there_is_is_refused_with_the_numbers(
    experiment: Experiment, owner: User
) -> None:
    request = {"model": {"algo": "logistic_regression"}}
    with pytest.raises(Invalid, match=r"needs about .+MB of memory, and a run may take 50.+MB") as refused:
        actions.start_run(experiment=experiment, request=request, by=owner)
    assert refused.value.code == "exceeds_memory"
    assert not Run.objects.exists()


@override_settings(RUN_MEMORY=200_000_000)
def test_a_run_that_may_need_more_memory_starts_and_the_page_warns(
    experiment: Experiment, owner: User
) -> None:
    models = Models(experiment.dataset_version, question(experiment), Posted({}))
    assert "it may end before it is done" in before(owner, models, experiment.spec, None).memory
    run, _ = actions.start_run(experiment=experiment, request={"model": {"algo": "dummy"}}, by=owner)
    assert run.pk


def test_the_page_adds_the_models_up(experiment: Experiment, owner: User) -> None:
    algos = ["logistic_regression", "mlp"]
    sent = Posted({"shown": algos, "algo": algos})
    models = Models(experiment.dataset_version, question(experiment), sent)
    told = before(owner, models, experiment.spec, None)
    assert told.takes.startswith("about ")
    assert told.takes.endswith("the longest")
    assert "up to" in told.memory


def test_nothing_is_said_while_a_setting_cannot_be_read(experiment: Experiment, owner: User) -> None:
    sent = Posted({"shown": ["mlp"], "algo": ["mlp"], "m-mlp-alpha": ["much"]})
    models = Models(experiment.dataset_version, question(experiment), sent)
    assert before(owner, models, experiment.spec, None).takes == ""
    wizard = Wizard(experiment.dataset_version, Posted({"seed": ["soon"]}))
    assert before(owner, wizard.models, wizard.readable_spec(), None).takes == ""


def test_the_wizard_shows_it(as_: As, owner: User, experiment: Experiment) -> None:
    page = as_(owner).get(f"/experiments/{experiment.pk}/new-run/").content.decode()
    assert "<dt>Takes</dt><dd>about " in page


def test_the_rule_and_the_answer_are_of_one_estimate(experiment: Experiment) -> None:
    request = {"model": {"algo": "knn"}}
    said = actions.estimate_run(experiment, request)
    spec = actions._spec(experiment, request)
    assert said == rules.expected(experiment.dataset_version, spec)
