"""What waits is rung for, what is lost is taken up again, and what nobody needs goes."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db.models.functions import Now
from django.utils import timezone
from django_q.brokers import get_broker
from pytest_django.fixtures import Settings

from datasets import files, sweeping, tasks
from datasets.models import Dataset, DatasetVersion, Status
from tests.datasets.conftest import Sent

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[..., Dataset]
LONG_AGO = time.time() - 10_000


def newest(dataset: Dataset) -> DatasetVersion:
    version = dataset.latest_version
    assert version is not None
    return version


def rings() -> int:
    return get_broker().queue_size() or 0


def test_a_file_that_nobody_took_up_is_rung_for_again(send: Send) -> None:
    version = newest(send("a,b\n1,2\n3,4\n"))
    cache.clear()
    before = rings()
    tasks.sweep()
    assert rings() == before, "it came a moment ago"
    DatasetVersion.objects.filter(pk=version.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    tasks.sweep()
    assert rings() == before + 1


def test_a_ring_that_fails_loses_nothing(send: Send, settings: Settings) -> None:
    from datasets import bells

    bells._broker.cache_clear()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    try:
        version = newest(send("a,b\n1,2\n3,4\n"))
    finally:
        bells._broker.cache_clear()
    assert version.status == Status.INGESTING


def test_the_work_of_a_lost_worker_is_finished_by_the_next(send: Send, warm: Path) -> None:
    version = newest(send("a,b\n1,2\n3,4\n"))
    lost = DatasetVersion.objects.filter(pk=version.pk)
    lost.take("lost")
    lost.update(lease_expires_at=Now() - timedelta(seconds=1))
    tasks.sweep()
    assert lost.get().crashes == 1
    tasks.ingest(str(version.pk))
    assert (lost.get().status, lost.get().attempt) == (Status.READY, 2)


def test_a_file_that_loses_every_worker_is_given_up(send: Send, settings: Settings) -> None:
    lost = DatasetVersion.objects.filter(pk=newest(send("a,b\n1,2\n3,4\n")).pk)
    for _ in range(settings.MAX_ATTEMPTS):
        assert lost.get().status == Status.INGESTING
        lost.take("lost")
        lost.update(lease_expires_at=Now() - timedelta(seconds=1))
        tasks.sweep()
    assert (lost.get().status, lost.get().problem_code) == (Status.FAILED, "reader_crashed")


def test_bytes_without_a_row_go_once_they_are_old(version: DatasetVersion) -> None:
    places = [
        files.path_of(f"uploads/{version.pk}"),
        files.path_of(f"{version.dataset.workspace_id}/originals/{'0' * 64}"),
        files.path_of(f"{version.dataset.workspace_id}/versions/{version.dataset.pk}.parquet"),
    ]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"nobody's")
    tasks.sweep()
    assert all(place.exists() for place in places), "somebody may be about to name them"
    for path in Path(files.path_of("")).rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    tasks.sweep()
    assert not any(place.exists() for place in places)
    assert files.path_of(version.original_key).exists()
    assert files.path_of(version.parquet_key).exists()


def test_a_table_that_came_after_its_reading_was_stopped_goes(version: DatasetVersion) -> None:
    changes = {"status": Status.FAILED, "problem_code": "cancelled"}
    DatasetVersion.objects.filter(pk=version.pk).update(**changes)
    for path in Path(files.path_of("")).rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    tasks.sweep()
    assert not files.path_of(version.parquet_key).exists()
    assert files.path_of(version.original_key).exists()


def test_the_folder_of_a_lost_reading_goes(settings: Settings, version: DatasetVersion) -> None:
    held, lost = (Path(settings.WORK_DIR) / f"read-{version.pk}-{attempt}" for attempt in (1, 2))
    for folder in (held, lost):
        folder.mkdir(parents=True)
        os.utime(folder, (LONG_AGO, LONG_AGO))
    DatasetVersion.objects.filter(pk=version.pk).take("busy")
    tasks.sweep()
    assert held.exists()
    assert not lost.exists()


def test_sweeping_twice_harms_nothing(ingest: Sent) -> None:
    version = ingest("a,b\n1,2\n3,4\n")
    sweeping.sweep()
    sweeping.sweep()
    version.refresh_from_db()
    assert version.status == Status.READY
