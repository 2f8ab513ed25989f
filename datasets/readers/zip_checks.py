"""What a zip must be before anything is built from it: plain names, own places, no password. In the child."""

import re
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path

from datasets.problems import CannotRead

MOST = 100_000  # members
LONGEST_NAME = 1000  # characters
RATIO = 200  # times a file may grow once it is past FREE
FREE = 64 * 2**20  # bytes that may come out of however few
_MARK, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_LONG_MARK, _LONG_END = (
    b"PK\x06\x06",
    76,
)  # the record of a zip with large numbers, and its place before the end
_HEADER = 30  # bytes before the name of a member
_TAIL = 22 + 0xFFFF + _LONG_END  # bytes: the end of the list, with the longest comment
_LARGEST_LIST = 300 * MOST  # bytes
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others have no bound on what one step gives
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ENCRYPTED = 0x1 | 0x40 | 0x2000


def check_end(path: Path) -> None:
    """Raises CannotRead `zip_corrupt`, `zip_multi_disk`, `zip_too_many` by the last bytes of the file."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        start = file.seek(max(end - _TAIL, 0))
        tail = file.read()
        at = tail.rfind(_MARK)
        if at < 0 or len(tail) - at < 22:
            raise corrupt("its end is missing, so it was cut off on its way")
        length = _length(tail, at)
        if length > _LARGEST_LIST:
            raise _too_many()
        file.seek(max(start + at - length - _LONG_END, 0))
        if file.read(length).count(_ENTRY) > MOST:
            raise _too_many()


def _length(tail: bytes, at: int) -> int:
    """How many bytes the list of files has."""
    disk, first_disk, here, count, length = struct.unpack("<4HL", tail[at + 4 : at + 16])
    record = tail[at - _LONG_END : at - 20] if at >= _LONG_END else b""
    if record.startswith(_LONG_MARK):
        disk, first_disk, here, count, length = struct.unpack("<2L3Q", record[16:48])
    if disk or first_disk or here != count:
        raise CannotRead("zip_multi_disk", "This zip is one part of several. Upload it in one piece.")
    return int(length)


def check(infos: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Raises CannotRead for what the list of files says; `end` is where that list begins."""
    if len(infos) > MOST:
        raise _too_many()
    for info in infos:
        _check_name(info)
        _check_kind(info)
    _check_twice(infos)
    _check_places(infos, end)


def _check_name(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    parts = plain(name).split("/")
    is_drive = len(name) > 1 and name[1] == ":"
    is_odd = "\\" in name or _CONTROL.search(name) is not None
    leads_out = parts in ([""], ["."]) or name.startswith("/") or ".." in parts or is_drive
    if leads_out or is_odd or len(name) > LONGEST_NAME:
        raise CannotRead(
            "zip_unsafe_name",
            f"This zip holds a file called “{shown(name)}”, a name that leads out of its folder or that"
            " cannot be kept. Pack it again with plain names.",
        )


def _check_kind(info: zipfile.ZipInfo) -> None:
    name = shown(info.orig_filename)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise CannotRead(
            "zip_unsafe_name", f"“{name}” in this zip is a link or a device. Pack the files themselves."
        )
    if info.flag_bits & _ENCRYPTED:
        raise CannotRead("zip_encrypted", "This zip has a password. Pack it again without one.")
    if info.compress_type not in _METHODS:
        raise CannotRead(
            "zip_method",
            f"“{name}” is packed in a way that is not read here. Pack it again as an ordinary zip.",
        )
    check_growth(info.file_size, info.compress_size, "zip")


def check_growth(size: int, packed: int, kind: str) -> None:
    """Raises CannotRead `{kind}_ratio` where so many bytes come out of so few that it must be a trap."""
    if size > FREE and size > RATIO * max(packed, 1):
        raise CannotRead(
            f"{kind}_ratio",
            f"Unpacking this file makes it more than {RATIO} times as large. Tables do not grow like that,"
            " so it was stopped. Unpack it yourself and upload what is inside.",
        )


def _check_twice(infos: Sequence[zipfile.ZipInfo]) -> None:
    """Two files of one name, or of names that some systems hold for one."""
    seen: set[str] = set()
    for info in infos:
        name = unicodedata.normalize("NFC", plain(info.orig_filename)).casefold()
        if name in seen:
            raise CannotRead(
                "zip_duplicate",
                f"This zip holds “{shown(info.orig_filename)}” twice, or two names that differ only in"
                " capital letters. Keep one of them and pack it again.",
            )
        seen.add(name)


def _check_places(infos: Sequence[zipfile.ZipInfo], end: int) -> None:
    """No byte belongs to two members: else a small file could hold a great many."""
    free = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < free:
            raise CannotRead("zip_overlap", "Files in this zip lie on top of each other. Pack it again.")
        free = info.header_offset + _HEADER + info.compress_size
    if free > end:
        raise corrupt("a file in it is longer than the zip itself")


def plain(name: str) -> str:
    """A name without empty parts and without those that mean the same folder."""
    if "//" in name or "./" in name or name.endswith(("/", "/.")):
        return "/".join(part for part in name.split("/") if part not in ("", "."))
    return name


def shown(name: str) -> str:
    """A name that may stand in a sentence."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:100]


def corrupt(what: str) -> CannotRead:
    return CannotRead("zip_corrupt", f"This zip is damaged: {what}. Pack it again and upload that.")


def _too_many() -> CannotRead:
    return CannotRead("zip_too_many", f"This zip holds more than {MOST:,} files. Split it.")
