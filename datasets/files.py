"""Where bytes lie. Files first, rows second: written beside their place, renamed, then named by a row."""

import hashlib
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

PIECE = 1024 * 1024


@dataclass(frozen=True)
class Stored:
    """A file that is in its place: size in bytes, sha256 in hex."""

    key: str
    size: int
    sha256: str


def path_of(key: str) -> Path:
    """The place of a key. Keys are made by us from row ids and digests, never by a client."""
    root = Path(settings.MEDIA_ROOT)
    path = (root / key).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ValueError("a key leads out of the media folder")
    return path


def publish(source: Path, key: str) -> Stored:
    """Puts a finished file in its place, durably. `source` may be on another disk; it is left alone."""
    target = path_of(key)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        stored = _write(source, beside, key)
        _flush(beside)
        beside.replace(target)
        _flush(target.parent)
    finally:
        beside.unlink(missing_ok=True)
    return stored


def publish_folder(sources: Mapping[str, Path], key: str) -> dict[str, Stored]:
    """Puts finished files, by name, in a folder of their own, durably: all appear at once, or none.

    A folder that lay in this place is replaced. The files are flushed together, which a disk does faster.
    """
    place = path_of(key)
    beside = place.with_name(f".{place.name}.{uuid.uuid4().hex}")
    targets = {name: beside / name for name in sources}
    try:
        beside.mkdir(parents=True)
        stored = {name: _write(source, targets[name], f"{key}/{name}") for name, source in sources.items()}
        for path in {*targets.values(), *(path.parent for path in targets.values()), beside}:
            _flush(path)
        shutil.rmtree(place, ignore_errors=True)
        beside.rename(place)
        _flush(place.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return stored


def adopt(key: str, new_key: str) -> None:
    """Puts the finished bytes of one key under another as well, without copying where the disk can.

    A file that is there already stays: a child may be reading it, and its walls know it by its inode.
    """
    source, target = path_of(key), path_of(new_key)
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        os.link(source, beside)
    except OSError:  # a disk without hard links
        publish(source, new_key)
        return
    beside.replace(target)
    beside.unlink(missing_ok=True)  # two names of the same file are not replaced
    _flush(target.parent)


def digest(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(key: str) -> None:
    path_of(key).unlink(missing_ok=True)


def remove_folder(key: str) -> None:
    shutil.rmtree(path_of(key), ignore_errors=True)


def _write(source: Path, target: Path, key: str) -> Stored:
    """Copies into a new file, which is not yet flushed to the disk."""
    target.parent.mkdir(exist_ok=True)
    seen, size = hashlib.sha256(), 0
    with source.open("rb") as read, target.open("xb") as write:
        while piece := read.read(PIECE):
            seen.update(piece)
            size += write.write(piece)
    return Stored(key, size, seen.hexdigest())


def _flush(path: Path) -> None:
    """A file or a folder stays as it is, even where the power fails."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
