"""Zips, looked into without believing them: members are checked, what comes out is counted. In the child."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from datasets.problems import CannotRead
from datasets.readers.zip_checks import check, check_end, check_growth, corrupt, plain, shown

PIECE = 1024 * 1024
PICTURES = ("png", "jpg", "jpeg", "webp", "bmp", "gif")
TEXTS = ("txt", "text", "md", "log", "")
UNPACKED = 20 * 10**9  # bytes, where the caller sets no limit


@dataclass(frozen=True)
class Member:
    """A file in a zip. `size` is only what the zip declares."""

    name: str
    size: int
    info: zipfile.ZipInfo

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.name.split("/"))

    @property
    def ending(self) -> str:
        stem, dot, ending = self.parts[-1].rpartition(".")
        return ending.lower() if dot and stem else ""

    @property
    def is_litter(self) -> bool:
        """What systems leave in zips without being asked."""
        return self.parts[0] == "__MACOSX" or self.parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini")


class Archive:
    """An open zip whose list of files was checked: `members` in its order, `folders` by their names."""

    def __init__(self, path: Path, opened: zipfile.ZipFile, most: int) -> None:
        infos = opened.infolist()
        named = [(plain(info.orig_filename), info) for info in infos]
        self.members = [Member(name, info.file_size, info) for name, info in named if not info.is_dir()]
        self.folders = [name for name, info in named if info.is_dir()]
        self._zip, self._size, self._out, self._most = opened, path.stat().st_size, 0, most

    @property
    def useful(self) -> list[Member]:
        """Without what systems leave in zips."""
        return [member for member in self.members if not member.is_litter]

    def pieces(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member. Raises CannotRead `zip_ratio`, `zip_too_large`, `zip_corrupt`."""
        size = 0
        for piece in _checked(self._zip, member):
            size += len(piece)
            self._out += len(piece)
            check_growth(size, member.info.compress_size, "zip")
            check_growth(self._out, self._size, "zip")
            if self._out > self._most:
                raise CannotRead("zip_too_large", "Unpacked, this zip takes more room than there is for it.")
            yield piece
        if size != member.size:
            raise corrupt(f"“{shown(member.name)}” holds another number of bytes than the zip says")

    def read(self, member: Member, most: int) -> bytes | None:
        """All of a small member; None where it holds more than `most` bytes."""
        found = bytearray()
        for piece in self.pieces(member):
            found += piece
            if len(found) > most:
                return None
        return bytes(found)

    def head(self, member: Member, length: int = 4096) -> bytes:
        """Its first bytes, unproven: nothing says yet that the rest is whole."""
        try:
            with self._zip.open(member.info) as file:
                return file.read(length)
        except _BROKEN as error:
            raise corrupt(f"“{shown(member.name)}” cannot be unpacked") from error


_KINDS: tuple[tuple[str, Callable[[set[str]], bool]], ...] = (
    ("xlsx", lambda names: "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)),
    ("office", lambda names: "[Content_Types].xml" in names),
    ("ods", lambda names: {"mimetype", "content.xml"} <= names),
    ("keras", lambda names: {"config.json", "metadata.json"} <= names),
    ("torch", lambda names: any(name.endswith(("/data.pkl", "/version")) for name in names)),
    ("npz", lambda names: bool(names) and all(name.endswith(".npy") for name in names)),
    ("program", lambda names: "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names),
)
NOT_READ = {
    "office": "This is a text document or a set of slides. Save its table as a spreadsheet or as CSV.",
    "keras": "This is a trained model. A dataset is a table, pictures or texts: upload one of those.",
    "torch": "This is a trained model. A dataset is a table, pictures or texts: upload one of those.",
    "npz": "These are NumPy arrays. Save them as one table, as CSV or Parquet, and upload that.",
    "program": "This is a program. A dataset is a table, pictures or texts: upload one of those.",
}
"""Why a zip of that kind is refused."""

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@contextmanager
def opened(path: Path, most: int = UNPACKED) -> Iterator[Archive]:
    """A zip whose members are safe to name and to unpack; `most` bytes may come out of it in all.

    Raises CannotRead: `zip_corrupt`, `zip_multi_disk`, `zip_too_many`, `zip_encrypted`, `zip_unsafe_name`,
    `zip_duplicate`, `zip_method`, `zip_overlap`, `zip_ratio`.
    """
    check_end(path)
    try:
        found = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise corrupt("its list of files cannot be read") from error
    with found:
        check(found.infolist(), found.start_dir)
        yield Archive(path, found, most)


def _checked(opened: zipfile.ZipFile, member: Member) -> Iterator[bytes]:
    """Pieces of a member, with the faults that its bytes can have told in our words."""
    try:
        with opened.open(member.info) as file:
            yield from _in_pieces(file)
    except _BROKEN as error:
        raise corrupt(f"“{shown(member.name)}” cannot be unpacked") from error


def _in_pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def kind_of(archive: Archive) -> str:
    """What a zip is by what lies in it: one of those below, or `images`, `texts`, `files`."""
    names = {member.name for member in archive.members}
    for kind, is_kind in _KINDS:
        if is_kind(names):
            return kind
    useful = archive.useful
    endings = [member.ending for member in useful]
    if sum(ending in PICTURES for ending in endings) * 2 > len(endings):
        return "images"
    in_folders = [member for member in useful if len(member.parts) > 1]
    if len(useful) > 1 and in_folders == useful and all(ending in TEXTS for ending in endings):
        return "texts"
    return "files"
