"""A person stops the reading of a file: it ends within seconds, and nothing of it stays."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import User
from datasets import actions, files, tasks, trash
from datasets.models import Dataset, DatasetVersion, Status
from tests.conftest import Api, As
from web.problems import Forbidden, Invalid

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[..., Dataset]
SHORT = "a,b\n1,2\n3,4\n"


def newest(dataset: Dataset) -> DatasetVersion:
    version = dataset.latest_version
    assert version is not None
    return version


def read_in_another_thread(version: DatasetVersion) -> threading.Thread:
    """As a worker would, with a connection of its own."""

    def work() -> None:
        try:
            tasks.ingest(str(version.pk))
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    return worker


def wait_for(happened: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_reading_that_runs_dies_at_the_next_beat_and_leaves_nothing(
    send: Send, warm: Path, settings: Settings, owner: User
) -> None:
    settings.BEAT_SECONDS = 0.2
    line = ",".join(["1.5", "some words", "2024-05-06"] * 6)
    head = ",".join(f"c{place}" for place in range(18))
    version = newest(send(f"{head}\n" + f"{line}\n" * 200_000))
    worker = read_in_another_thread(version)
    work = Path(settings.WORK_DIR)
    wait_for(lambda: any(work.glob("read-*/log.txt")))
    actions.cancel_reading(version=version, by=owner)
    worker.join(10)
    assert not worker.is_alive()
    version.refresh_from_db()
    assert (version.status, version.problem_code) == (Status.FAILED, "cancelled")
    assert version.problem_detail.startswith("You stopped the reading.")
    assert not list(work.glob("*"))
    assert not files.path_of(version.parquet_key).exists()
    assert files.path_of(version.original_key).exists()


def test_a_reading_that_waits_is_never_begun(send: Send, warm: Path, owner: User) -> None:
    version = newest(send("a,b\n1,2\n3,4\n"))
    actions.cancel_reading(version=version, by=owner)
    tasks.ingest(str(version.pk))
    tasks.sweep()
    version.refresh_from_db()
    assert (version.problem_code, version.attempt) == ("cancelled", 0)


def test_what_was_stopped_can_be_read_again(send: Send, warm: Path, owner: User) -> None:
    version = actions.cancel_reading(version=newest(send("a,b\n1,2\n3,4\n")), by=owner)
    again = actions.read_again(version=version, options={}, by=owner)
    tasks.ingest(str(again.pk))
    again.refresh_from_db()
    assert (again.status, again.number) == (Status.READY, 2)


def test_cancelling_twice_is_once_and_what_is_read_is_not_cancelled(
    api: Callable[[User], Api], editor: User, send: Send, version: DatasetVersion
) -> None:
    program = api(editor)
    waiting = f"/api/v1/dataset-versions/{newest(send(SHORT)).pk}/cancel/"
    for _ in range(2):
        answer = program.post(waiting)
        assert (answer.status_code, answer.json()["problem"]["code"]) == (200, "cancelled")
    answer = program.post(f"/api/v1/dataset-versions/{version.pk}/cancel/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_reading")
    version.refresh_from_db()
    assert version.is_ready


def test_a_page_stops_it_and_a_viewer_does_not(as_: As, editor: User, viewer: User, send: Send) -> None:
    version = newest(send("a,b\n1,2\n"))
    as_(viewer).post(f"/dataset-versions/{version.pk}/cancel/")
    version.refresh_from_db()
    assert version.status == Status.INGESTING
    page = as_(editor).post(f"/dataset-versions/{version.pk}/cancel/", follow=True)
    assert "You stopped the reading." in page.content.decode()


def test_a_dataset_that_is_deleted_while_it_is_read_is_not_read_on(send: Send, owner: User) -> None:
    dataset = send("a,b\n1,2\n")
    version = newest(dataset)
    trash.remove_dataset(dataset=dataset, by=owner)
    trash.restore_dataset(dataset=dataset, by=owner)
    version.refresh_from_db()
    assert version.problem_code == "cancelled"


def test_a_version_carries_a_note_that_can_be_changed(
    api: Callable[[User], Api], as_: As, editor: User, viewer: User, version: DatasetVersion
) -> None:
    here = f"/api/v1/dataset-versions/{version.pk}/"
    body = api(editor).patch(here, {"note": "  Counted\nagain in May  "}).json()
    assert (body["note"], body["created_by"]) == ("Counted again in May", version.created_by.display_name)
    assert api(viewer).patch(here, {"note": "Mine"}).status_code == 403
    as_(editor).post(f"/dataset-versions/{version.pk}/note/", {"note": "Second look"})
    version.refresh_from_db()
    assert version.note == "Second look"
    assert api(editor).patch(here, {"note": ""}).json()["note"] == ""
    assert api(editor).patch(here, {"note": "x" * 201}).status_code == 422
    assert api(editor).patch(here, {}).status_code == 422


def test_a_note_is_the_only_thing_of_a_version_that_changes(
    version: DatasetVersion, editor: User, viewer: User
) -> None:
    before = {**DatasetVersion.objects.values().get(), "note": "Mine"}
    actions.note_version(version=version, note="Mine", by=editor)
    assert DatasetVersion.objects.values().get() == before
    with pytest.raises(Invalid):
        actions.note_version(version=version, note="x" * 201, by=editor)
    with pytest.raises(Forbidden):
        actions.note_version(version=version, note="Mine", by=viewer)
