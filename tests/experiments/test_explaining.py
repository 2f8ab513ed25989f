"""A run is explained when somebody asks: once, in a child, whatever dies meanwhile."""

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from accounts.models import User
from accounts.quotas import QuotaExceeded
from datasets import files
from datasets.children import Told
from experiments import actions, artifacts, explaining, tasks
from experiments.models import Artifact, Experiment, Explanation, Run
from experiments.states import Explained, State
from sandbox.parent import Ending
from tests import builders
from tests.conftest import As
from training import queue, supervisor
from web.problems import Refused

Api = Callable[[User | None], Any]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_places_left")]


@pytest.fixture
def trained(warm: Path, experiment: Experiment, owner: User) -> Run:
    """A logistic regression, over and done."""
    run = builders.run(experiment, by=owner)
    claimed = queue.claim("a worker")
    assert claimed == run
    supervisor.supervise(claimed)
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED
    return run


def asked(run: Run, by: User) -> Explanation:
    return explaining.ask(run=run, by=by)[0]


def made(found: Explanation) -> Explanation:
    tasks.explain(str(found.pk))
    found.refresh_from_db()
    return found


def names(run: Run) -> list[str]:
    return list(run.artifacts.filter(name__startswith="explanation/").values_list("name", flat=True))


WHOLE = [
    f"explanation/{name}"
    for name in (
        "dependence.json",
        "importance.json",
        "inside.json",
        "rows.json",
        "shap.json",
        "shap.parquet",
    )
]


def test_a_member_asks_once_and_the_files_are_kept_with_the_run(
    trained: Run, viewer: User, owner: User, api: Api
) -> None:
    path = f"/api/v1/runs/{trained.pk}/explanation/"
    assert api(viewer).get(path).json()["status"] == "none"
    first, second = api(viewer).post(path), api(owner).post(path)
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["status"] == second.json()["status"] == "waiting"
    assert made(Explanation.objects.get(run=trained)).state == Explained.READY
    assert names(trained) == WHOLE
    told = api(viewer).get(path).json()
    assert told["status"] == "ready"
    assert told["importance"]["metric"] == trained.experiment.metric
    assert {column["name"] for column in told["importance"]["columns"]} >= {"bill_length_mm", "island"}
    assert told["dependence"]["columns"]
    assert told["inside"]["coefficients"]["outputs"] == ["Adelie", "Chinstrap", "Gentoo"]
    assert told["shap"]["kind"] == "linear"


def test_a_single_row_is_told_by_number(trained: Run, owner: User, api: Api) -> None:
    made(asked(trained, owner))
    path = f"/api/v1/runs/{trained.pk}/explanation/"
    rows = api(owner).get(path).json()["rows"]
    told = api(owner).get(path, {"row": rows[3]}).json()["row"]
    assert told["row"] == rows[3]
    assert told["parts"][0]["name"]
    for row in ("-1", "999999", "abc", "1" * 30):
        answer = api(owner).get(path, {"row": row})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "row")


def test_files_of_an_explanation_are_downloaded_as_any_other(trained: Run, owner: User, api: Api) -> None:
    made(asked(trained, owner))
    answer = api(owner).get(f"/api/v1/runs/{trained.pk}/artifacts/explanation/shap.parquet")
    assert answer.status_code == 200
    size = trained.artifacts.get(name="explanation/shap.parquet").size
    assert int(answer["Content-Length"]) == size > 1000


def test_rung_twice_it_is_made_once(trained: Run, owner: User) -> None:
    found = made(asked(trained, owner))
    before = (found.attempt, found.finished_at)
    made(found)
    assert (found.attempt, found.finished_at) == before
    assert asked(trained, owner) == found


@pytest.mark.parametrize(
    ("state", "said"), [("queued", "once it has finished"), ("cancelled", "left no model")]
)
def test_a_run_without_a_model_is_not_explained(
    run: Run, owner: User, api: Api, state: str, said: str
) -> None:
    if state == "cancelled":
        actions.cancel_run(run=run, by=owner)
    answer = api(owner).post(f"/api/v1/runs/{run.pk}/explanation/")
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")
    assert said in answer.json()["detail"]


def test_strangers_see_nothing_of_it(run: Run, stranger: User, api: Api) -> None:
    for call in ("get", "post"):
        assert getattr(api(stranger), call)(f"/api/v1/runs/{run.pk}/explanation/").status_code == 404


def test_a_person_has_so_many_under_way_and_no_more(
    experiment: Experiment, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "MOST_ASKED", 1)
    runs = [builders.run(experiment, by=owner) for _ in range(2)]
    Run.objects.update(state=State.SUCCEEDED, finished_at=Now())
    for run in runs:
        run.refresh_from_db()
    asked(runs[0], owner)
    with pytest.raises(QuotaExceeded, match="not done yet"):
        asked(runs[1], owner)
    assert not Explanation.objects.filter(run=runs[1]).exists()


@pytest.fixture
def killed(trained: Run, owner: User) -> Explanation:
    """An explanation whose worker was lost while it was made."""
    found = asked(trained, owner)
    taken = Explanation.objects.filter(pk=found.pk).take("a worker", state=Explained.RUNNING)
    assert taken == 1
    Explanation.objects.filter(pk=found.pk).update(lease_expires_at=Now() - timedelta(seconds=1))
    return found


def test_what_a_lost_worker_held_is_made_by_another(killed: Explanation) -> None:
    explaining.sweep()
    killed.refresh_from_db()
    assert (killed.state, killed.crashes) == (Explained.WAITING, 1)
    assert made(killed).state == Explained.READY


def test_what_loses_its_worker_time_and_again_fails_with_a_sentence(killed: Explanation) -> None:
    Explanation.objects.filter(pk=killed.pk).update(crashes=settings.MAX_ATTEMPTS - 1)
    explaining.sweep()
    killed.refresh_from_db()
    assert (killed.state, killed.problem_code) == (Explained.FAILED, "explanation_crashed")
    assert "broke off 3 times" in killed.problem_detail


def test_one_that_failed_is_tried_again_when_asked_for(killed: Explanation, owner: User) -> None:
    Explanation.objects.filter(pk=killed.pk).update(crashes=settings.MAX_ATTEMPTS - 1)
    explaining.sweep()
    again, is_new = explaining.ask(run=killed.run, by=owner)
    assert is_new
    assert (again.state, again.crashes, again.problem_code) == (Explained.WAITING, 0, "")
    assert made(again).state == Explained.READY


def test_a_late_worker_leaves_nothing_of_what_another_has_made(killed: Explanation, tmp_path: Path) -> None:
    late = Explanation.objects.select_related("run__experiment__workspace").get(pk=killed.pk)
    explaining.sweep()
    made(killed)
    for name in ("importance.json", "shap.json"):
        (tmp_path / name).write_text("{}")
    explaining._keep(late, {name: tmp_path / name for name in ("importance.json", "shap.json")})
    assert names(killed.run) == WHOLE
    assert artifacts.path_of(killed.run.artifacts.get(name=WHOLE[1])).read_text() != "{}"
    assert not files.path_of(f"{killed.run.folder_key}/explanation-{late.attempt}").exists()


def test_files_go_with_their_run(trained: Run, owner: User) -> None:
    made(asked(trained, owner))
    folder = files.path_of(trained.folder_key)
    assert list(folder.glob("explanation-*"))
    actions.remove_run(run=trained, by=owner)
    assert not folder.exists()
    assert not Explanation.objects.exists()


def test_a_run_removed_meanwhile_leaves_nothing(trained: Run, owner: User, tmp_path: Path) -> None:
    found = asked(trained, owner)
    Explanation.objects.filter(pk=found.pk).take("a worker", state=Explained.RUNNING)
    found = Explanation.objects.select_related("run__experiment__workspace").get(pk=found.pk)
    folder = files.path_of(trained.folder_key)
    actions.remove_run(run=trained, by=owner)
    (tmp_path / "importance.json").write_text("{}")
    explaining._keep(found, {"importance.json": tmp_path / "importance.json"})
    assert not folder.exists()
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("name", ["model.zip", "split.parquet"])
def test_changed_files_are_not_explained(trained: Run, owner: User, name: str) -> None:
    artifact = trained.artifacts.get(name=name)
    files.path_of(artifact.key).write_bytes(b"something else")
    found = made(asked(trained, owner))
    assert (found.state, found.problem_code) == (Explained.FAILED, "artifact_corrupt")
    assert name in found.problem_detail


def test_rows_that_are_gone_are_said(trained: Run, owner: User) -> None:
    files.remove(trained.experiment.dataset_version.parquet_key)
    found = made(asked(trained, owner))
    assert (found.state, found.problem_code) == (Explained.FAILED, "file_gone")
    assert "rows that this run learned from are gone" in found.problem_detail


@pytest.mark.parametrize(
    ("reason", "code"),
    [("wall", "time_limit"), ("memory", "out_of_memory"), ("processes", "resource_limit")],
)
def test_each_limit_has_its_sentence(
    trained: Run, owner: User, reason: Any, code: str, tmp_path: Path
) -> None:

    found = asked(trained, owner)
    Explanation.objects.filter(pk=found.pk).take("a worker", state=Explained.RUNNING)
    found.refresh_from_db()
    explaining._end(found, tmp_path, Told(ending=Ending(None, 9, 0, reason)))
    found.refresh_from_db()
    assert (found.state, found.problem_code) == (Explained.FAILED, code)
    assert found.problem_detail.startswith("Explaining this model")


def test_one_that_takes_too_long_is_stopped(
    trained: Run, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "SECONDS", 0.05)
    found = made(asked(trained, owner))
    assert (found.state, found.problem_code) == (Explained.FAILED, "time_limit")


def child_in(found: Explanation) -> int | None:
    place = str(Path(settings.WORK_DIR).resolve() / f"explain-{found.pk}-")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str((process / "cwd").readlink()).startswith(place):
                return int(process.name)
        except OSError:
            continue
    return None


def test_a_child_that_is_killed_is_started_again(trained: Run, owner: User) -> None:
    found = asked(trained, owner)

    def work() -> None:
        try:
            tasks.explain(str(found.pk))
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    deadline = time.monotonic() + 20
    while (child := child_in(found)) is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert child is not None
    os.kill(child, signal.SIGKILL)
    worker.join(30)
    found.refresh_from_db()
    assert (found.state, found.crashes) == (Explained.WAITING, 1)
    assert made(found).state == Explained.READY


def test_without_a_zygote_it_waits(trained: Run, owner: User, settings: Any, tmp_path: Path) -> None:
    found = asked(trained, owner)
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    assert made(found).state == Explained.WAITING
    assert found.crashes == 0


def test_folders_that_nobody_holds_are_removed(db: None) -> None:
    left = Path(settings.WORK_DIR) / "explain-123456-1"
    left.mkdir(parents=True)
    explaining.sweep()
    assert left.exists()
    old = time.time() - settings.LEASE.total_seconds() - 1
    os.utime(left, (old, old))
    explaining.sweep()
    assert not left.exists()


def test_a_child_that_left_too_much_or_a_link_is_not_believed(tmp_path: Path) -> None:
    folder = tmp_path / "explanation"
    folder.mkdir()
    assert explaining._usable(folder) == {}
    (folder / "importance.json").write_text("{}")
    assert list(explaining._usable(folder)) == ["importance.json"]
    (folder / "shap.json").symlink_to("/etc/hostname")
    assert list(explaining._usable(folder)) == ["importance.json"]
    with (folder / "rows.json").open("wb") as file:
        file.truncate(explaining.FILES["rows.json"] + 1)
    assert explaining._usable(folder) == {}


def test_read_refuses_what_was_changed_after_it_was_stored(trained: Run, owner: User, as_: As) -> None:
    made(asked(trained, owner))
    files.path_of(trained.artifacts.get(name="explanation/shap.json").key).write_text("{}")
    with pytest.raises(Refused, match="changed after it was stored"):
        explaining.read(trained, "shap.json")
