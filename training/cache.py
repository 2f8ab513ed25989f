"""Prepared rows that runs of one dataset version share: kept while there is room, gone with their version.

A child reads what earlier children of the same version left, and leaves its own in its job folder; it writes
nowhere else. Whatever is lost here is made again, so nothing is flushed and a fault costs only time.
"""

import logging
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from datasets.models import DatasetVersion

log = logging.getLogger("training")

MADE = "shelf"
"""The folder inside a job's own in which it leaves what it prepared."""
SETTLED = 600.0
"""Seconds for which a shelf is left alone after its last use: a child may be reading it."""
_SHELF = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"[0-9a-f]{32}((-learn|-[0-9a-f]{32})(\.(data|indices|indptr))?\.(npy|json)|\.skops)")


def folder_of(version: DatasetVersion) -> Path:
    """Where the shelves of a version lie; made where it is not there, so that a child may be let in."""
    folder = Path(settings.CACHE_DIR) / str(version.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder.resolve()


def keep(version: DatasetVersion, job: Path) -> None:
    """Puts what a finished child prepared on the shelf. A fault is logged, never raised."""
    try:
        for shelf in _entries(job / MADE, _SHELF):
            _put(shelf, folder_of(version) / shelf.name)
    except OSError:
        log.warning("Prepared rows of version %s cannot be kept.", version.pk, exc_info=True)


def sweep() -> None:
    """Removes shelves of versions that are gone, and those not used for longest where there are too many."""
    root = Path(settings.CACHE_DIR)
    if not root.is_dir():
        return
    folders = {folder.name: folder for folder in root.iterdir()}
    there = {
        str(pk) for pk in DatasetVersion.objects.filter(pk__in=_ids(folders)).values_list("pk", flat=True)
    }
    for name, folder in folders.items():
        if name not in there:
            shutil.rmtree(folder, ignore_errors=True)
    _make_room([shelf for name in there for shelf in _entries(folders[name], _SHELF)])


def _make_room(shelves: list[Path]) -> None:
    sizes = {shelf: sum(file.stat().st_size for file in shelf.iterdir()) for shelf in shelves}
    used, total = {shelf: shelf.stat().st_mtime for shelf in shelves}, sum(sizes.values())
    for shelf in sorted(shelves, key=used.__getitem__):
        if total <= settings.CACHE_BYTES or time.time() - used[shelf] < SETTLED:
            break
        shutil.rmtree(shelf, ignore_errors=True)
        total -= sizes[shelf]


def _put(made: Path, shelf: Path) -> None:
    """What says that a matrix is there comes after the matrix itself. An empty one says that it is in use."""
    shelf.mkdir(exist_ok=True, mode=0o700)
    for file in sorted(_entries(made, _FILE), key=lambda file: file.suffix == ".json"):
        if file.is_file() and file.lstat().st_nlink == 1:
            shutil.move(file, shelf / file.name)
    os.utime(shelf)


def _entries(folder: Path, name: re.Pattern[str]) -> Iterator[Path]:
    """What lies there under such a name; links are nobody's."""
    if folder.is_dir() and not folder.is_symlink():
        yield from (path for path in folder.iterdir() if name.fullmatch(path.name) and not path.is_symlink())


def _ids(names: dict[str, Path]) -> list[UUID]:
    found = []
    for name in names:
        with suppress(ValueError):
            found.append(UUID(name))
    return found
