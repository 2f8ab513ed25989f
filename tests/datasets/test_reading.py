"""A file that arrived becomes a table, in a child, once, whatever happens on the way."""

import hashlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from datasets import files, reading, tasks
from datasets.children import Told
from datasets.models import Dataset, DatasetVersion, Status
from datasets.readers import ingest as reader
from sandbox.parent import Ending
from tests.conftest import EXAMPLES
from tests.datasets.conftest import Sent

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[..., Dataset]


def newest(dataset: Dataset) -> DatasetVersion:
    version = dataset.latest_version
    assert version is not None
    return version


def test_a_file_becomes_a_table_with_its_columns(ingest: Sent) -> None:
    version = ingest(EXAMPLES / "penguins.csv")
    assert version.status == Status.READY
    assert version.rows == version.rows_read == 344
    assert [column["name"] for column in version.columns][:3] == ["species", "island", "bill_length_mm"]
    assert version.lease_expires_at is None
    assert version.finished_at is not None


def test_the_stored_bytes_are_those_that_the_row_names(ingest: Sent) -> None:
    version = ingest(EXAMPLES / "penguins.csv")
    original = files.path_of(version.original_key).read_bytes()
    table = files.path_of(version.parquet_key)
    assert original == (EXAMPLES / "penguins.csv").read_bytes()
    assert hashlib.sha256(original).hexdigest() == version.original_sha256
    assert files.digest(table) == version.parquet_sha256
    assert pq.read_table(table).num_rows == version.rows


def test_nothing_stays_in_the_work_folder(ingest: Sent, settings: Settings) -> None:
    ingest(EXAMPLES / "penguins.csv")
    ingest("only one\ncolumn\nhere\n")
    assert list(Path(settings.WORK_DIR).iterdir()) == []


def test_a_file_that_cannot_be_read_fails_with_a_code_and_a_sentence(ingest: Sent) -> None:
    version = ingest("name\nAda\nBea\n")
    assert version.status == Status.FAILED
    assert version.problem_code == "too_few_columns"
    assert version.problem_detail.startswith("Only one column was found.")
    assert not files.path_of(version.parquet_key).exists()


def test_a_second_ring_changes_nothing(ingest: Sent) -> None:
    version = ingest(EXAMPLES / "penguins.csv")
    tasks.ingest(str(version.pk))
    again = DatasetVersion.objects.get(pk=version.pk)
    assert (again.attempt, again.finished_at) == (version.attempt, version.finished_at)


def test_a_version_that_somebody_reads_is_left_alone(send: Send, warm: Path) -> None:
    version = newest(send("a,b\n1,2\n3,4\n"))
    DatasetVersion.objects.filter(pk=version.pk).take("somebody else")
    tasks.ingest(str(version.pk))
    version.refresh_from_db()
    assert (version.status, version.attempt, version.worker) == (Status.INGESTING, 1, "somebody else")


def test_what_a_superseded_reader_writes_changes_nothing(send: Send) -> None:
    version = newest(send("a,b\n1,2\n3,4\n"))
    waiting = DatasetVersion.objects.filter(pk=version.pk)
    waiting.take("slow")
    slow = waiting.get()
    waiting.update(lease_expires_at=Now())
    waiting.free().take("fast")
    reading.fail(slow, "reader_failed", "Too late.")
    assert waiting.get().status == Status.INGESTING


def test_a_child_that_is_killed_is_tried_again_and_then_given_up(
    ingest: Sent, send: Send, warm: Path, settings: Settings
) -> None:
    version = newest(send(_slow_file()))
    for attempt in range(1, settings.MAX_ATTEMPTS + 1):
        killer = threading.Thread(target=_kill_the_child)
        killer.start()
        tasks.ingest(str(version.pk))
        killer.join()
        version.refresh_from_db()
        assert (version.attempt, version.crashes) == (attempt, attempt)
    assert (version.status, version.problem_code) == (Status.FAILED, "reader_crashed")
    assert "signal 9" in version.problem_detail


def _slow_file() -> str:
    return "a,b,c\n" + "".join(f"{number},{number / 7:.6f},word {number}\n" for number in range(400_000))


def _kill_the_child() -> None:
    """Kills the first process that reads a file, as the kernel would that has no memory left."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        readers = [process for process in psutil.Process().children(recursive=True) if _is_reader(process)]
        if readers:
            os.kill(readers[0].pid, signal.SIGKILL)
            return
        time.sleep(0.005)


def _is_reader(process: psutil.Process) -> bool:
    try:
        return Path(process.cwd()).name.startswith("read-")
    except (psutil.Error, OSError):
        return False


def test_without_a_zygote_the_file_waits_for_the_next_ring(
    send: Send, settings: Settings, tmp_path: Path
) -> None:
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    version = newest(send("a,b\n1,2\n3,4\n"))
    tasks.ingest(str(version.pk))
    version.refresh_from_db()
    assert (version.status, version.crashes, version.lease_expires_at) == (Status.INGESTING, 0, None)


def test_too_little_memory_is_said_so(ingest: Sent, settings: Settings) -> None:
    settings.RUN_MEMORY = 64 * 2**20
    version = ingest(_slow_file())
    assert (version.status, version.problem_code) == (Status.FAILED, "out_of_memory")


def test_how_far_it_is_can_be_seen_meanwhile(send: Send, warm: Path) -> None:
    version = newest(send(_slow_file()))
    reader = threading.Thread(target=_ingest_here, args=[version.pk])
    reader.start()
    seen = set()
    while reader.is_alive():
        seen.add(DatasetVersion.objects.values_list("rows_read", flat=True).get(pk=version.pk))
        time.sleep(0.02)
    reader.join()
    assert 400_000 in seen | {DatasetVersion.objects.get(pk=version.pk).rows_read}
    assert newest(version.dataset).status == Status.READY


def test_a_profile_says_which_of_the_columns_it_has_come_to(send: Send) -> None:
    version = newest(send("a,b\n1,x\n2,y\n"))
    DatasetVersion.objects.filter(pk=version.pk).take("worker")
    version.refresh_from_db()
    progress = reading._Progress(version)
    shown = []
    for told in TOLD:
        progress.hear([{"kind": "progress", "data": told}])
        version.refresh_from_db()
        shown.append((version.rows_read, version.stage))
    assert shown == [
        (5, ""),
        (5, "Writing the table"),
        (5, "Looking at the columns, 40 of 120"),
        (5, "Looking at the columns, 40 of 120"),
        (1200, "Looking at how the columns belong together"),
    ]


TOLD: list[dict[str, Any]] = [
    {"rows": 5},
    {"stage": "writing", "rows": -1},
    {"stage": "columns", "done": 40, "of": 120, "rows": 2**70},
    {"stage": "columns", "done": 80, "of": 120, "rows": 1200},  # so soon after the last that it waits
    {"stage": "findings", "done": "<b>", "of": True},
]


def test_a_reading_tells_each_stage_in_turn(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b\n1,x\n2,y\n3,x\n")
    told: list[dict[str, Any]] = []
    limits = {"columns": 100, "memory": 2**30, "threads": 1}
    reader.ingest(
        lambda kind, data: told.append(data),
        source=str(tmp_path / "table.csv"),
        out=str(tmp_path),
        options={},
        limits=limits,
    )
    stages = [(data["stage"], data.get("done")) for data in told if "stage" in data]
    assert stages == [("writing", None), ("columns", 0), ("columns", 1), ("columns", 2), ("findings", None)]


def _ingest_here(pk: object) -> None:
    """In a thread, which leaves no connection behind."""
    try:
        tasks.ingest(str(pk))
    finally:
        connection.close()


def test_a_profile_of_the_wrong_shape_is_not_believed(tmp_path: Path) -> None:
    place = tmp_path / "profile.json"
    wrongs: list[object] = [[], {"rows": "3"}, {"rows": 1, "columns": {}, "decisions": []}]
    for wrong in wrongs:
        place.write_text(json.dumps(wrong))
        assert reading._profile(place) is None
    place.write_text("{")
    assert reading._profile(place) is None


ENDINGS: list[tuple[Told, str]] = [
    (Told(ending=Ending(None, 9, 0, "memory")), "out_of_memory"),
    (Told(ending=Ending(None, 9, 0, "wall")), "time_limit"),
    (Told(ending=Ending(None, 24, 0, "cpu")), "time_limit"),
    (Told(ending=Ending(None, 9, 0, "processes")), "resource_limit"),
    (Told(ending=Ending(7, None, 0)), "reader_failed"),
    (Told(ending=Ending(0, None, 0)), "reader_failed"),
    (
        Told(crash={"exception": "OutOfMemoryException", "message": "4 GB"}, ending=Ending(1, None, 0)),
        "out_of_memory",
    ),
    (Told(crash={"exception": "IOException", "message": "no space"}, ending=Ending(1, None, 0)), "disk_full"),
    (
        Told(crash={"exception": "KeyError", "message": "/secret/place"}, ending=Ending(1, None, 0)),
        "reader_failed",
    ),
]


@pytest.mark.parametrize(("told", "code"), ENDINGS)
def test_every_way_to_end_has_its_code_and_its_sentence(
    send: Send, tmp_path: Path, told: Told, code: str
) -> None:
    version = newest(send("a,b\n1,2\n3,4\n"))
    waiting = DatasetVersion.objects.filter(pk=version.pk)
    waiting.take("a worker")
    reading._end(waiting.select_related("dataset").get(), tmp_path, told)
    failed = waiting.get()
    assert (failed.status, failed.problem_code) == (Status.FAILED, code)
    assert failed.problem_detail.endswith(".")
    assert "/secret/place" not in failed.problem_detail


def test_a_reader_that_lost_its_row_writes_nothing(send: Send, tmp_path: Path) -> None:
    version = newest(send("a,b\n1,2\n3,4\n"))
    reading._end(version, tmp_path, Told(ending=Ending(None, 9, 0, "stopped")))
    version.refresh_from_db()
    assert version.status == Status.INGESTING


def test_a_version_knows_what_its_file_was(ingest: Sent) -> None:
    assert ingest(EXAMPLES / "penguins.csv").format == "csv"
