"""Figures as PNG: drawn when they are asked for, kept as files of the run, and gone with it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from datasets import files
from experiments import actions, pictures
from experiments.models import Artifact, Experiment, Run
from tests.conftest import Api, As
from tests.pages.conftest import train  # noqa: F401
from web.problems import Refused

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"
Program = Callable[[User | None], Api]


@pytest.fixture
def done(experiment: Experiment, train: Any) -> Run:  # noqa: F811
    run: Run = train(experiment)
    return run


def _body(answer: Any) -> bytes:
    return b"".join(answer)


def _address(run: Run, name: str = "") -> str:
    return f"/api/v1/runs/{run.pk}/artifacts/{name}"


def test_a_figure_is_drawn_when_it_is_asked_for_and_kept(api: Program, owner: User, done: Run) -> None:
    assert not done.artifacts.filter(name__endswith=".png").exists()
    answer = api(owner).get(_address(done, "figures/roc.png"))
    body = _body(answer)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert body.startswith(PNG)
    kept = done.artifacts.get(name="figures/roc.png")
    assert (kept.size, kept.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert _body(api(owner).get(_address(done, "figures/roc.png"))) == body


def test_the_list_of_files_holds_every_figure_as_a_picture(api: Program, owner: User, done: Run) -> None:
    listed = {one["name"]: one for one in api(owner).get(_address(done)).json()["results"]}
    drawn = {name.removesuffix(".json") for name in listed if name.startswith("figures/") and ".json" in name}
    assert drawn == {name.removesuffix(".png") for name in listed if name.endswith(".png")}
    assert {"figures/roc", "figures/calibration", "figures/confusion_matrix"} <= drawn
    for one in listed.values():
        body = _body(api(owner).get(_address(done, one["name"])))
        assert (len(body), hashlib.sha256(body).hexdigest()) == (one["size"], one["sha256"])


def test_every_figure_of_numbers_can_be_drawn(numbers_done: Run, api: Program, owner: User) -> None:
    names = {one["name"] for one in api(owner).get(_address(numbers_done)).json()["results"]}
    assert {
        f"figures/{name}.png" for name in ("qq", "residuals", "predicted_actual", "error_by_quantile")
    } <= names


@pytest.fixture
def numbers_done(version: Any, owner: User, train: Any) -> Run:  # noqa: F811
    from tests import builders

    experiment = builders.experiment(version, by=owner, task="regression", target="body_mass_g")
    run: Run = train(experiment, algo="linear_regression")
    return run


def test_a_picture_of_nothing_is_not_found(api: Program, owner: User, stranger: User, done: Run) -> None:
    assert api(owner).get(_address(done, "figures/nothing.png")).status_code == 404
    assert api(owner).get(_address(done, "model.png")).status_code == 404
    assert api(stranger).get(_address(done, "figures/roc.png")).status_code == 404
    assert not done.artifacts.filter(name__endswith=".png").exists()


def test_whoever_sees_the_run_sees_its_pictures(as_: As, viewer: User, done: Run) -> None:
    assert as_(viewer).get(_address(done, "figures/gain.png")).status_code == 200


def test_without_a_child_the_list_stands_and_a_picture_waits(
    api: Program, owner: User, done: Run, settings: Settings, tmp_path: Path
) -> None:
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    assert "figures/roc.json" in {one["name"] for one in api(owner).get(_address(done)).json()["results"]}
    answer = api(owner).get(_address(done, "figures/roc.png"))
    assert answer.status_code == 503
    assert answer.json()["detail"] == "Figures cannot be drawn right now. They can again in a few seconds."


def test_a_figure_that_was_changed_is_not_drawn(api: Program, owner: User, done: Run) -> None:
    path = files.path_of(done.artifacts.get(name="figures/roc.json").key)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    answer = api(owner).get(_address(done, "figures/roc.png"))
    assert (answer.status_code, answer.json()["code"]) == (409, "artifact_corrupt")


def test_a_figure_of_an_unknown_kind_is_refused_in_words(done: Run) -> None:
    artifact = done.artifacts.get(name="figures/roc.json")
    path = files.path_of(artifact.key)
    path.write_text('{"kind": "odd", "title": "", "data": {}}')
    Artifact.objects.filter(pk=artifact.pk).update(sha256=files.digest(path))
    with pytest.raises(Refused, match="cannot be drawn"):
        pictures.picture(done, "figures/roc.png")


def test_two_who_ask_at_once_share_one_picture(done: Run) -> None:
    first = pictures.picture(done, "figures/roc.png")
    again = pictures.picture(done, "figures/roc.png")
    assert first == again
    assert done.artifacts.filter(name="figures/roc.png").count() == 1


def test_pictures_go_with_their_run(done: Run, owner: User) -> None:
    made = pictures.picture(done, "figures/roc.png")
    assert made is not None
    path = files.path_of(made.key)
    assert path.exists()
    actions.remove_run(run=done, by=owner)
    assert not Artifact.objects.filter(pk=made.pk).exists()


def test_nothing_is_kept_of_a_run_that_was_removed_meanwhile(done: Run) -> None:
    figures = {one.name: one for one in done.artifacts.all()}
    Run.objects.filter(pk=done.pk).delete()
    assert pictures._kept(done, {"figures/roc.png": (figures["figures/roc.json"], Path("/nowhere"))}) == []
