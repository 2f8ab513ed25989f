"""Everything through the API: the shapes of the contract, and problem details for what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from accounts.models import User
from datasets import files
from datasets.models import DatasetVersion
from experiments import artifacts, events
from experiments.events import Event
from experiments.models import Artifact, Experiment, Run
from experiments.states import State

Api = Callable[[User | None], Any]
V1 = "/api/v1"
LOGISTIC = {"model": {"algo": "logistic_regression"}}


def question(version: DatasetVersion, **more: Any) -> dict[str, Any]:
    return {"name": "Which?", "dataset_version": str(version.pk), "target": "species", **more}


def test_the_catalogue_lists_every_learner_with_its_settings(api: Api, owner: User) -> None:
    body = api(owner).get(f"{V1}/catalog/").json()
    found = {learner["algo"]: learner for learner in body["results"]}
    assert body["count"] == len(found)
    assert {"dummy", "logistic_regression", "random_forest", "dense_network"} <= set(found)
    forest = api(owner).get(f"{V1}/catalog/random_forest/").json()
    assert forest == found["random_forest"]
    assert forest["settings"]["properties"]["n_estimators"]["minimum"] == 10
    assert api(owner).get(f"{V1}/catalog/oracle/").status_code == 404


def test_a_question_is_asked(api: Api, owner: User, version: DatasetVersion) -> None:
    more = {"task": "classification", "metric": "f1", "split": {"kind": "holdout", "test_size": 0.3}}
    answer = api(owner).post(f"{V1}/workspaces/field-lab/experiments/", question(version, **more))
    body = answer.json()
    assert answer.status_code == 201, body
    assert (body["metric"], body["split"]["test_size"], body["validation"]["folds"]) == ("f1", 0.3, 5)
    assert api(owner).get(f"{V1}/experiments/{body['id']}/").json() == body
    listed = api(owner).get(f"{V1}/workspaces/field-lab/experiments/").json()
    assert [one["id"] for one in listed["results"]] == [body["id"]]


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"target": "nothing"}, 422, "target_missing", "target"),
        ({"task": "regression"}, 422, "target_not_numeric", "target"),
        ({"colour": "red"}, 422, "unknown_field", "colour"),
        ({"name": ""}, 422, "required", "name"),
        ({"name": 5}, 422, "invalid", "name"),
        ({"dataset_version": "x"}, 422, "invalid", "dataset_version"),
        ({"dataset_version": str(uuid4())}, 404, "not_found", None),
        ({"metric": "beauty"}, 422, "invalid", "metric"),
        ({"split": {"test_size": 1.5}}, 422, "invalid", "split.test_size"),
    ],
)
def test_a_wrong_question_is_refused_at_its_field(
    api: Api, owner: User, version: DatasetVersion, change: Any, status: int, code: str, field: str | None
) -> None:
    answer = api(owner).post(f"{V1}/workspaces/field-lab/experiments/", question(version) | change)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in body["errors"]] == ([field] if field else [])
    assert not Experiment.objects.exists()


def test_what_is_ours_to_say_is_ignored(
    api: Api, owner: User, stranger: User, version: DatasetVersion
) -> None:
    sent = question(version, workspace="elsewhere", created_by="stan@example.org", id=str(uuid4()))
    body = api(owner).post(f"{V1}/workspaces/field-lab/experiments/", sent).json()
    assert (body["workspace"], body["created_by"]) == ("field-lab", "olive@example.org")
    assert body["id"] != sent["id"]


def test_a_run_is_started_and_shown(api: Api, owner: User, experiment: Experiment) -> None:
    answer = api(owner).post(f"{V1}/experiments/{experiment.pk}/runs/", LOGISTIC)
    body = answer.json()
    assert answer.status_code == 202, body
    assert (body["status"], body["attempt"], body["problem"]) == ("queued", 0, None)
    assert body["spec"]["model"]["algo"] == "logistic_regression"
    assert api(owner).get(body["urls"]["self"]).json() == body
    for address in (f"experiments/{experiment.pk}/runs", "workspaces/field-lab/runs"):
        listed = api(owner).get(f"{V1}/{address}/").json()
        assert [run["id"] for run in listed["results"]] == [body["id"]]


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"model": {"algo": "random_forest", "n_estimators": 1}}, 422, "invalid", "model.n_estimators"),
        ({"model": {"algo": "oracle"}}, 422, "unknown_estimator", "model"),
        ({"model": {"algo": "dummy"}, "wings": 2}, 422, "unknown_field", "wings"),
        ({}, 422, "required", "model"),
        ([], 422, "invalid", None),
        (b'{"model": ', 400, "parse_error", None),
        (b'{"model": NaN}', 400, "parse_error", None),
        (b'{"model": 1, "model": 2}', 400, "parse_error", None),
    ],
)
def test_a_spec_that_cannot_be_trained_is_refused(
    api: Api, owner: User, experiment: Experiment, body: Any, status: int, code: str, field: str | None
) -> None:
    answer = api(owner).post(f"{V1}/experiments/{experiment.pk}/runs/", body)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert [error["field"] for error in told["errors"]] == ([field] if field else [])
    assert not Run.objects.exists()


def test_a_key_starts_one_run(api: Api, owner: User, experiment: Experiment) -> None:
    address, key = f"{V1}/experiments/{experiment.pk}/runs/", {"Idempotency-Key": "k1"}
    program = api(owner)
    first = program.post(address, LOGISTIC, headers=key)
    again = program.post(address, LOGISTIC, headers=key)
    other = program.post(address, {"model": {"algo": "dummy"}}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert first.json()["id"] == again.json()["id"]
    assert other.json()["code"] == "idempotency_mismatch"


def test_a_run_is_cancelled_renamed_and_removed(api: Api, owner: User, run: Run) -> None:
    program, address = api(owner), f"{V1}/runs/{run.pk}/"
    assert program.delete(address).json()["code"] == "invalid_state"
    first, second = (program.post(f"{address}cancel/") for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["status"] == "cancelled"
    assert program.patch(address, {"name": "the one"}).json()["name"] == "the one"
    assert program.delete(address).status_code == 204
    assert program.get(address).status_code == 404


def test_an_experiment_is_renamed_and_removed(api: Api, owner: User, experiment: Experiment) -> None:
    program, address = api(owner), f"{V1}/experiments/{experiment.pk}/"
    assert program.patch(address, {"name": "Again", "target": "sex"}).json()["name"] == "Again"
    assert program.get(address).json()["target"] == "species"
    assert program.delete(address).status_code == 204
    assert not Experiment.objects.exists()


def test_events_are_read_after_a_number(api: Api, owner: User, run: Run) -> None:
    events.note(run, *[Event("epoch", {"epoch": n}) for n in range(1, 6)])
    program, address = api(owner), f"{V1}/runs/{run.pk}/events/"
    first = program.get(f"{address}?after=1&limit=2").json()
    assert ([event["seq"] for event in first["results"]], first["count"]) == ([2, 3], 5)
    rest = program.get(first["next"]).json()
    assert [event["seq"] for event in rest["results"]] == [4, 5]
    assert rest["next"].endswith("after=5&limit=2")
    assert program.get(rest["next"]).json()["next"] is None


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1e30", "limit=0", "limit=9999", "limit=x"])
def test_a_page_of_events_that_cannot_be_is_refused(api: Api, owner: User, run: Run, query: str) -> None:
    answer = api(owner).get(f"{V1}/runs/{run.pk}/events/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_page")


@pytest.fixture
def artifact(run: Run, tmp_path: Path) -> Artifact:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "roc.json").write_text('{"title": "ROC"}')
    (made,) = artifacts.publish(run, 1, tmp_path)
    made.save()
    return made


def test_files_are_listed_and_downloaded(api: Api, owner: User, run: Run, artifact: Artifact) -> None:
    (listed,) = api(owner).get(f"{V1}/runs/{run.pk}/artifacts/").json()["results"]
    assert (listed["name"], listed["size"], listed["sha256"]) == (artifact.name, 16, artifact.sha256)
    answer = api(owner).get(listed["url"])
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="roc.json"'
    assert b"".join(answer) == b'{"title": "ROC"}'


def test_changed_bytes_are_not_served(api: Api, owner: User, artifact: Artifact) -> None:
    files.path_of(artifact.key).write_text("something else")
    answer = api(owner).get(f"{V1}/runs/{artifact.run_id}/artifacts/{artifact.name}")
    assert (answer.status_code, answer.json()["code"]) == (409, "artifact_corrupt")


@pytest.mark.parametrize("name", ["../../secret-key", "figures/none.json", "%2e%2e%2fx"])
def test_other_names_lead_nowhere(api: Api, owner: User, artifact: Artifact, name: str) -> None:
    assert api(owner).get(f"{V1}/runs/{artifact.run_id}/artifacts/{name}").status_code == 404


def test_the_leaderboard_ranks(api: Api, owner: User, run: Run, experiment: Experiment) -> None:
    scores = {"test": {"roc_auc": 0.9}, "baseline": {"test": {"roc_auc": 0.5}}}
    ended = {"state": State.SUCCEEDED, "finished_at": experiment.created_at, "metrics": scores}
    Run.objects.filter(pk=run.pk).update(**ended)
    (row,) = api(owner).get(f"{V1}/experiments/{experiment.pk}/leaderboard/").json()["results"]
    assert (row["place"], row["score"], row["baseline"], row["metric"]) == (1, 0.9, 0.5, "roc_auc")
    assert (row["id"], row["rank"], row["status"], "run" in row) == (str(run.pk), 1, "succeeded", False)


LOOKS = [
    "experiments/{experiment}/",
    "experiments/{experiment}/runs/",
    "experiments/{experiment}/leaderboard/",
    "workspaces/field-lab/experiments/",
    "workspaces/field-lab/runs/",
    "runs/{run}/",
    "runs/{run}/events/",
    "runs/{run}/artifacts/",
]
DEEDS = [
    ("post", "experiments/{experiment}/runs/", LOGISTIC),
    ("patch", "experiments/{experiment}/", {"name": "Mine"}),
    ("delete", "experiments/{experiment}/", None),
    ("post", "runs/{run}/cancel/", None),
    ("patch", "runs/{run}/", {"name": "mine"}),
    ("delete", "runs/{run}/", None),
]


@pytest.mark.parametrize("address", LOOKS)
def test_members_look_strangers_find_nothing_and_nobody_is_asked_to_sign_in(
    api: Api, run: Run, viewer: User, stranger: User, address: str
) -> None:
    url = f"{V1}/{address.format(run=run.pk, experiment=run.experiment_id)}"
    answers = [api(person).get(url).status_code for person in (viewer, stranger, None)]
    assert answers == [200, 404, 401]


@pytest.mark.parametrize(("verb", "address", "body"), DEEDS)
def test_viewers_do_nothing_strangers_find_nothing(
    api: Api, run: Run, viewer: User, stranger: User, verb: str, address: str, body: Any
) -> None:
    url = f"{V1}/{address.format(run=run.pk, experiment=run.experiment_id)}"
    people = (viewer, stranger, None)
    answers = [api(person).generic(verb.upper(), url, body or {}) for person in people]
    assert [answer.status_code for answer in answers] == [403, 404, 401]
    assert answers[0].json()["detail"].startswith("Viewers can look")
    run.refresh_from_db()
    assert run.state == State.QUEUED
    assert Run.objects.count() == 1


@pytest.mark.parametrize("pk", ["x", "1", "%2f"])
def test_an_id_is_a_uuid(api: Api, owner: User, pk: str) -> None:
    assert api(owner).get(f"{V1}/runs/{pk}/").status_code == 404


def test_the_schema_describes_all_of_it_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", validate=True, fail_on_warn=False, file="/dev/null")
    told = capsys.readouterr().err
    assert [line for line in told.splitlines() if "experiments" in line] == []
