"""Files first, rows second: a death in between offers nothing half-made, and nothing of it stays."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models.functions import Now

from datasets import files
from experiments.models import Run
from experiments.states import State
from training import queue

DIES = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from typing import Any
import django
django.setup()
from django.conf import settings
from django.db.models.functions import Now
settings.MEDIA_ROOT = sys.argv[1]
from datasets import files
place, flushed = sys.argv[2], []
def die(path):
    flushed.append(path)
    if len(flushed) == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
files._flush = die
files.publish_folder({name: Path(sys.argv[3]) / name for name in ("a.txt", "b.txt")}, place)
"""


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    made = {"a.txt": tmp_path / "a.txt", "b.txt": tmp_path / "b.txt"}
    for name, path in made.items():
        path.write_text(name * 1000)
    return made


def dies_at(flush: int, sources: dict[str, Path], key: str) -> int:
    """A process that publishes the two files and is killed at so many flushes of four; its exit code."""
    folder = str(sources["a.txt"].parent)
    command = [sys.executable, "-c", DIES, str(settings.MEDIA_ROOT), key, folder, str(flush)]
    return subprocess.run(command, env={**os.environ}, cwd=settings.BASE_DIR, check=False).returncode


def test_files_that_are_put_together_are_whole_and_named(sources: dict[str, Path]) -> None:
    stored = files.publish_folder(sources, "run/1")
    for name, one in stored.items():
        assert files.path_of(one.key).read_text() == name * 1000
        assert one.sha256 == files.digest(sources[name])
        assert one.size == 5000


def test_where_one_is_missing_none_appears(sources: dict[str, Path]) -> None:
    sources["b.txt"].unlink()
    with pytest.raises(FileNotFoundError):
        files.publish_folder(sources, "run/1")
    assert not list(files.path_of("run").iterdir())


def test_what_an_earlier_try_left_is_replaced(sources: dict[str, Path]) -> None:
    files.publish_folder(sources, "run/1")
    files.publish_folder({"a.txt": sources["a.txt"]}, "run/1")
    assert [path.name for path in files.path_of("run/1").iterdir()] == ["a.txt"]


def test_a_death_before_the_name_offers_nothing_and_after_it_everything(sources: dict[str, Path]) -> None:
    key = "run/1"
    assert dies_at(1, sources, key) == -signal.SIGKILL
    assert not files.path_of(key).exists()
    assert dies_at(4, sources, key) == -signal.SIGKILL
    assert {path.name for path in files.path_of(key).iterdir()} == {"a.txt", "b.txt"}


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_left_goes_when_its_run_is_taken_back(
    run: Run, sources: dict[str, Path], settings: Any
) -> None:
    settings.LEASE = timedelta(seconds=1)
    claimed = queue.claim("a worker that dies")
    assert claimed is not None
    assert [dies_at(flush, sources, f"{run.folder_key}/1") for flush in (1, 4)] == [-signal.SIGKILL] * 2
    Run.objects.filter(pk=run.pk).update(lease_expires_at=Now() - timedelta(seconds=1))
    assert queue.reap() == 1
    run.refresh_from_db()
    assert run.state == State.QUEUED
    assert not list(files.path_of(run.folder_key).iterdir())
