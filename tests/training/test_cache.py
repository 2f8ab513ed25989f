"""Prepared rows are kept while there is room, and go with the version they came from."""

import os
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django.fixtures import Settings

from datasets.models import DatasetVersion
from training import cache

pytestmark = pytest.mark.django_db
SHELF, OTHER = "a" * 64, "b" * 64
MARK = "c" * 32
FILES = (f"{MARK}.skops", f"{MARK}-learn.npy", f"{MARK}-learn.json", f"{MARK}-{'d' * 32}.indptr.npy")


def made(job: Path, shelf: str = SHELF, files: tuple[str, ...] = FILES, size: int = 10) -> Path:
    """A job folder as a child leaves it."""
    folder = job / cache.MADE / shelf
    folder.mkdir(parents=True)
    for name in files:
        (folder / name).write_bytes(b"x" * size)
    return job


def kept(version: DatasetVersion, shelf: str = SHELF) -> set[str]:
    return {file.name for file in (cache.folder_of(version) / shelf).glob("*")}


def aged(version: DatasetVersion, shelf: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(cache.folder_of(version) / shelf, (then, then))


def test_what_a_child_made_is_there_for_the_next(version: DatasetVersion, tmp_path: Path) -> None:
    cache.keep(version, made(tmp_path))
    assert kept(version) == set(FILES)


def test_what_comes_again_takes_the_place_of_what_was(version: DatasetVersion, tmp_path: Path) -> None:
    cache.keep(version, made(tmp_path / "first"))
    cache.keep(version, made(tmp_path / "second", size=20))
    assert (cache.folder_of(version) / SHELF / FILES[0]).stat().st_size == 20


ODD = ("../evil.npy", "model.zip", "x.npy", f"{MARK}.py", f"{MARK}-learn.npy.exe", "C" * 32 + ".skops")


@pytest.mark.parametrize("name", [name for name in ODD if "/" not in name])
def test_files_of_other_names_are_left(version: DatasetVersion, tmp_path: Path, name: str) -> None:
    cache.keep(version, made(tmp_path, files=(name,)))
    assert kept(version) == set()


@pytest.mark.parametrize("shelf", ["short", "Z" * 64, "a" * 65])
def test_shelves_of_other_names_are_left(version: DatasetVersion, tmp_path: Path, shelf: str) -> None:
    cache.keep(version, made(tmp_path, shelf))
    assert list(cache.folder_of(version).iterdir()) == []


def test_links_that_a_child_left_are_not_followed(version: DatasetVersion, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    job = made(tmp_path / "job", files=())
    (job / cache.MADE / SHELF / FILES[0]).symlink_to(secret)
    (job / cache.MADE / SHELF / FILES[1]).hardlink_to(secret)
    (job / cache.MADE / OTHER).symlink_to(tmp_path)
    cache.keep(version, job)
    assert kept(version) == set()
    assert secret.read_text() == "secret"


def test_a_version_that_is_gone_takes_its_shelves_along(version: DatasetVersion, tmp_path: Path) -> None:
    cache.keep(version, made(tmp_path))
    folder = cache.folder_of(version)
    stray = Path(django_settings.CACHE_DIR) / "no version"
    stray.mkdir()
    cache.sweep()
    assert folder.exists()
    assert not stray.exists()
    version.delete()
    cache.sweep()
    assert not folder.exists()


def test_the_longest_unused_go_where_there_are_too_many(
    version: DatasetVersion, tmp_path: Path, settings: Settings
) -> None:
    settings.CACHE_BYTES = 50
    cache.keep(version, made(tmp_path / "first", SHELF))
    cache.keep(version, made(tmp_path / "second", OTHER))
    aged(version, SHELF, 5000)
    aged(version, OTHER, 4000)
    cache.sweep()
    assert kept(version, SHELF) == set()
    assert kept(version, OTHER) == set(FILES)


def test_one_that_was_just_used_stays_whatever_it_weighs(
    version: DatasetVersion, tmp_path: Path, settings: Settings
) -> None:
    settings.CACHE_BYTES = 1
    cache.keep(version, made(tmp_path / "first"))
    aged(version, SHELF, 5000)
    cache.keep(version, made(tmp_path / "second", files=()))  # a child that took it and made nothing new
    cache.sweep()
    assert kept(version) == set(FILES)


def test_nothing_to_keep_and_nothing_to_sweep_is_no_fault(version: DatasetVersion, tmp_path: Path) -> None:
    cache.keep(version, tmp_path)
    Path(django_settings.CACHE_DIR).joinpath("x").mkdir(parents=True, exist_ok=True)
    cache.sweep()


def test_a_disk_that_takes_nothing_costs_the_run_nothing(
    version: DatasetVersion, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (cache.folder_of(version) / SHELF).write_text("a file stands where the shelf should")
    cache.keep(version, made(tmp_path))
    assert "cannot be kept" in caplog.text
