"""`manage.py work` keeps its parts alive, and leaves nothing behind however it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from experiments.models import Run
from experiments.states import State
from training import health

MARK = "MLTRAINER_TEST_HOST"


def processes(mark: str) -> list[int]:
    """Every process that was started, however indirectly, with this mark in its environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def until(true: Callable[[], Any], seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError("it never became true")


@pytest.fixture
def mark(tmp_path: Path) -> Iterator[str]:
    mark = f"{os.getpid()}-{tmp_path.name}"
    yield mark
    for process in processes(mark):
        os.kill(process, signal.SIGKILL)


@pytest.fixture
def _shared_places(settings: Any) -> None:
    """Files lie where the host looks for them."""
    settings.MEDIA_ROOT = settings.HOME_DIR / "media"


@pytest.fixture
def host(mark: str, transactional_db: None) -> Iterator[subprocess.Popen[bytes]]:
    """A worker host that works on this test's database."""
    database = settings.DATABASES["default"]
    url = f"postgres://{database['USER']}@/{str(database['HOST']).replace('/', '%2F')}/{database['NAME']}"
    given = {**os.environ, MARK: mark, "DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work"]
    process = subprocess.Popen(command, env=given, start_new_session=True)
    until(lambda: all(health.parts().values()), 90)
    yield process
    process.kill()
    process.wait()


def is_ready() -> bool:
    return Client().get("/readyz").status_code == 200


@pytest.mark.slow
@pytest.mark.usefixtures("_shared_places")
def test_it_trains_what_waits_and_stops_with_nothing_left(
    host: subprocess.Popen[bytes], mark: str, run: Run
) -> None:
    assert is_ready()
    until(lambda: Run.objects.get(pk=run.pk).is_finished, 30)
    assert Run.objects.get(pk=run.pk).state == State.SUCCEEDED
    host.send_signal(signal.SIGTERM)
    assert host.wait(12) == 0
    until(lambda: not processes(mark), 3)


@pytest.mark.slow
def test_killed_hard_it_takes_its_parts_with_it(host: subprocess.Popen[bytes], mark: str) -> None:
    assert len(processes(mark)) > 8
    host.kill()
    until(lambda: not processes(mark), 10)


@pytest.mark.slow
def test_a_cluster_that_dies_is_started_again(host: subprocess.Popen[bytes], mark: str) -> None:
    def clusters() -> list[int]:
        return [pid for pid in processes(mark) if os.getpgid(pid) == pid and _parent(pid) == host.pid]

    before = clusters()
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(clusters()) == 2 and before[0] not in clusters(), 20)


def _parent(pid: int) -> int:
    return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
