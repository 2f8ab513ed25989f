"""One file that came packed as .gz, .zst or .zip: unpacked into the job's folder, counted. In the child."""

import gzip
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from datasets import names, signatures
from datasets.problems import CannotRead
from datasets.readers import archives
from datasets.readers.archives import PIECE, UNPACKED, Archive, Member
from datasets.readers.zip_checks import check_growth, shown
from datasets.tables import Decision, Work, decision

RESERVE = 512 * 2**20  # bytes of the disk that stay free
EVERY = 64  # pieces between two looks at the disk
CHOICES = 100  # files that are offered
_PACKED = ("gz", "zst", "zip")


@dataclass(frozen=True)
class _Kind:
    """A way of packing one file. `pieces` gives its bytes, each time with how many it has read for them.

    `broken` is what it raises.
    """

    label: str
    code: str
    pieces: Callable[[Path], Iterator[tuple[bytes, int]]]
    broken: tuple[type[Exception], ...]


def unpack(work: Work, family: str) -> tuple[Work, list[Decision]]:
    """The same work on what was packed, and what is to be said about it. `family`: gzip, zstd or zip.

    Raises CannotRead: `gzip_truncated`, `zstd_corrupt`, `zip_nested`, `disk_full`, and as `archives` does.
    """
    if family == "zip":
        inner, said = _from_zip(work)
    else:
        inner, said = _from_stream(work, KINDS[family])
    _check_not_packed(inner)
    return inner, said


def _from_stream(work: Work, kind: _Kind) -> tuple[Work, list[Decision]]:
    packed = work.path.stat().st_size
    try:
        size = _store(work, _growing(kind.pieces(work.path), kind.code))
    except EOFError as error:
        raise _cut_off(kind) from error
    except kind.broken as error:
        if "Truncated" in str(error):
            raise _cut_off(kind) from error
        raise CannotRead(f"{kind.code}_corrupt", f"This {kind.label} is damaged. Pack it again.") from error
    name = _without_ending(work.name)
    return _inner(work, name), [_said(kind.label, packed, size)]


def _growing(pieces: Iterable[tuple[bytes, int]], code: str) -> Iterator[bytes]:
    size = 0
    for piece, packed in pieces:
        size += len(piece)
        check_growth(size, packed, code)
        yield piece


def _from_zip(work: Work) -> tuple[Work, list[Decision]]:
    with archives.opened(work.path, work.limits.get("unpacked", UNPACKED)) as archive:
        tables = tables_in(archive)
        member = _chosen(tables, work.options.get("member"))
        size = _store(work, archive.pieces(member))
    said = [_said("zip archive", member.info.compress_size, size)]
    if len(archive.useful) > 1:
        said.append(_which(member, tables, len(archive.useful)))
    return _inner(work, member.parts[-1]), said


def tables_in(archive: Archive) -> list[Member]:
    """The files that may be a table by their names, largest first; all where none may. Raises `zip_empty`."""
    there = [member for member in archive.useful if member.size]
    if not there:
        raise CannotRead("zip_empty", "There is nothing in this zip. Put the table into it.")
    fit = [
        member for member in there if member.ending in signatures.READABLE and member.ending not in _PACKED
    ]
    return sorted(fit or there, key=lambda member: (-member.size, member.name))


def _chosen(tables: list[Member], wanted: Any) -> Member:
    if not wanted:
        return tables[0]
    for member in tables:
        if member.name == wanted:
            return member
    raise CannotRead(
        "unknown_member",
        f"There is no file “{shown(str(wanted))}” in this zip. Choose another.",
        "member",
    )


def _which(member: Member, tables: list[Member], there: int) -> Decision:
    why = f"the largest table of {there:,} files in the zip" if member is tables[0] else "you chose it"
    if len(tables) < 2:
        return decision("File", shown(member.name), f"the only table of {there:,} files in the zip")
    offered = dict.fromkeys([member.name, *(other.name for other in tables[:CHOICES])])
    choices = [{"value": name, "label": shown(name)} for name in offered]
    return decision("File", shown(member.name), why, option="member", choices=choices)


def _store(work: Work, pieces: Iterable[bytes]) -> int:
    """Writes what comes out; raises CannotRead where there is no more room for it.

    Of a text that is only tried, the whole lines at its beginning are enough.
    """
    size, most = 0, work.limits.get("unpacked", UNPACKED)
    with _place(work).open("wb") as target:
        for number, piece in enumerate(pieces):
            if work.limits.get("tried") and number == 0 and (lines := _whole_lines(piece)):
                return target.write(lines)
            size += target.write(piece)
            if size > most:
                raise CannotRead(
                    "too_large_unpacked",
                    f"Unpacked, this file has more than {most / 1e9:,.1f} GB. Split it.",
                )
            if number % EVERY == 0 and shutil.disk_usage(work.folder).free < RESERVE:
                raise CannotRead("disk_full", "There is no room to unpack this file. Make room on the disk.")
    return size


def _whole_lines(piece: bytes) -> bytes:
    """A piece of a long text up to the end of its last line; nothing where it is short, or no plain text."""
    is_text = signatures.family_of(piece) == signatures.TEXT and b"\x00" not in piece
    return piece[: piece.rfind(b"\n") + 1] if is_text and len(piece) == PIECE else b""


def _without_ending(name: str) -> str:
    return name.rpartition(".")[0] if names.ending_of(name) in _PACKED else name


def _place(work: Work) -> Path:
    return work.folder / "unpacked"


def _inner(work: Work, name: str) -> Work:
    return replace(work, path=_place(work), name=name)


def _check_not_packed(work: Work) -> None:
    """What was packed is a table and not the next package; a spreadsheet is a zip, too, and may come."""
    with work.path.open("rb") as file:
        family = signatures.family_of(file.read(signatures.HEAD))
    nested = family in KINDS
    if family == "zip":
        with archives.opened(work.path) as archive:
            nested = archives.kind_of(archive) not in ("xlsx", "ods")
    if nested:
        raise CannotRead(
            "zip_nested", "In this package lies another one. Unpack it and upload what is inside."
        )


def _said(label: str, packed: int, size: int) -> Decision:
    return decision("Unpacked", f"{size:,} bytes", f"a {label} of {packed:,} bytes")


def _cut_off(kind: _Kind) -> CannotRead:
    return CannotRead(
        f"{kind.code}_truncated",
        f"This {kind.label} ends too early. It was cut off. Send it again.",
    )


def _gzip_pieces(path: Path) -> Iterator[tuple[bytes, int]]:
    with path.open("rb") as packed, gzip.open(packed) as file:
        while piece := file.read(PIECE):
            yield piece, packed.tell()


def _zstd_pieces(path: Path) -> Iterator[tuple[bytes, int]]:
    import pyarrow as pa

    with pa.OSFile(str(path)) as packed, pa.CompressedInputStream(packed, "zstd") as stream:
        while piece := stream.read(PIECE):
            yield piece, packed.tell()


KINDS = {
    "gzip": _Kind("gzip file", "gzip", _gzip_pieces, (gzip.BadGzipFile, zlib.error)),
    "zstd": _Kind("Zstandard file", "zstd", _zstd_pieces, (OSError,)),
}
