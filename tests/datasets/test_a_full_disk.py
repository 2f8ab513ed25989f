"""Where there is no room, a reading ends with a sentence, leaves nothing, and may be tried again."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from datasets import actions, children, files, tasks
from datasets.models import Dataset, DatasetVersion, Status

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[..., Dataset]
TABLE = "n,word\n" + "".join(f"{n},{n * 7919 % 104729:x}\n" for n in range(5000))


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """As a disk that is full after `size` bytes of a file, for this process alone."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def newest(dataset: Dataset) -> DatasetVersion:
    version = dataset.latest_version
    assert version is not None
    return version


def assert_full(version: DatasetVersion, settings: Settings) -> None:
    version.refresh_from_db()
    assert (version.status, version.problem_code) == (Status.FAILED, "disk_full")
    assert "The disk is full. Reading this file takes about " in version.problem_detail
    assert not list(files.path_of(version.parquet_key).parent.glob("*"))
    assert not list(Path(settings.WORK_DIR).glob("*"))
    assert files.path_of(version.original_key).exists()


def test_no_room_for_the_table_beside_the_file(
    send: Send, warm: Path, settings: Settings, owner: User
) -> None:
    version = newest(send(TABLE))
    with files_no_larger_than(5000):
        tasks.ingest(str(version.pk))
    assert_full(version, settings)
    again = actions.read_again(version=version, options={}, by=owner)
    tasks.ingest(str(again.pk))
    again.refresh_from_db()
    assert (again.status, again.rows) == (Status.READY, 5000)


def test_no_room_while_the_child_reads(
    send: Send, warm: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LARGEST_FILE", 10_000)
    version = newest(send(TABLE))
    tasks.ingest(str(version.pk))
    assert_full(version, settings)


def test_a_table_that_comes_after_the_reading_was_stopped_is_thrown_away(
    send: Send, warm: Path, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = newest(send(TABLE))
    publish = files.publish

    def stopped_meanwhile(source: Path, key: str) -> files.Stored:
        actions.cancel_reading(version=version, by=owner)
        return publish(source, key)

    monkeypatch.setattr(files, "publish", stopped_meanwhile)
    tasks.ingest(str(version.pk))
    version.refresh_from_db()
    assert (version.status, version.problem_code) == (Status.FAILED, "cancelled")
    assert not files.path_of(version.parquet_key).exists()
