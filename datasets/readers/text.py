"""From bytes to text: the encoding, where it breaks, and a copy in UTF-8 where needed. In the child."""

import codecs
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from datasets.problems import CannotRead
from datasets.readers.encodings import ENCODINGS, encoding_name, fitting, likeliest

PIECE = 1024 * 1024
MAX_LINE = 4 * 1024 * 1024  # bytes
SAMPLE = 64 * 1024
MARK = "\ufeff"
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Encoding:
    """How the bytes become text: `name` as Python calls it, `skip` bytes of mark before the text, and why."""

    name: str
    why: str
    skip: int = 0
    others: tuple[str, ...] = ()  # encodings in which the bytes are a text as well, this one among them

    @property
    def label(self) -> str:
        return ENCODINGS.get(self.name, self.name)


@dataclass
class Scan:
    """One look at every byte."""

    size: int = 0
    lines: int = 0
    invalid_line: int = 0  # the first line that is not UTF-8, from 1; 0 where there is none
    wide_before: bool = False  # letters beyond ASCII came as good UTF-8 before it
    around: bytearray = field(default_factory=bytearray)  # lines with bytes beyond ASCII


def detect(path: Path, wanted: str = "") -> Encoding:
    """Which encoding a file is in. Raises CannotRead: `nul_bytes`, `field_too_long`, `encoding_unknown`."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    found = _wanted(path, head, wanted) if wanted else _found(path, head)
    return found if found.others else replace(found, others=others(head, found.name))


def others(head: bytes, name: str) -> tuple[str, ...]:
    """The encodings in which bytes are a text as well, `name` first.

    None where every byte is plain ASCII, which is the same in all, or where only wide letters fit.
    """
    if b"\0" in head or (head.isascii() and name == "utf-8"):
        return ()
    return tuple(dict.fromkeys([name, *fitting(head)]))


def _wanted(path: Path, head: bytes, name: str) -> Encoding:
    mark = next((bom for bom, marked in _BOMS if marked == name and head.startswith(bom)), b"")
    return _checked(path, Encoding(name, "you chose it", len(mark)))


def _found(path: Path, head: bytes) -> Encoding:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _checked(path, Encoding(name, "the file begins with its mark", len(mark)))
    if wide := _wide_by_zeros(head):
        return _checked(path, Encoding(wide, "every other byte is zero"))
    scan = look(path)
    if scan.invalid_line:
        return guess(scan)
    if scan.wide_before:
        return Encoding("utf-8", "every byte fits", others=others(head, "utf-8") or ("utf-8",))
    return Encoding("utf-8", "every letter is plain ASCII")


def _checked(path: Path, encoding: Encoding) -> Encoding:
    if encoding.name == "utf-8":
        line = look(path).invalid_line
        if line:
            raise CannotRead(
                "encoding_unknown",
                f"Line {line} is not UTF-8. Choose another encoding and read it again.",
                "encoding",
            )
    return encoding


def look(path: Path) -> Scan:
    """Reads the file once. Raises CannotRead for a NUL or for a line without an end."""
    scan, decoder, open_line = Scan(), codecs.getincrementaldecoder("utf-8")(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            _check_nul(piece, scan)
            open_line = _check_length(piece, open_line, scan)
            _check_utf8(piece, decoder, scan)
            scan.size += len(piece)
            scan.lines += piece.count(b"\n")
    if not scan.invalid_line and decoder.getstate()[0]:
        scan.invalid_line = scan.lines + 1
        scan.around += _beyond_ascii(_end_of(path))
    return scan


def _end_of(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(file.seek(0, 2) - SAMPLE, 0))
        return file.read()


def _beyond_ascii(piece: bytes) -> bytes:
    """The lines of it with bytes beyond ASCII."""
    return b"\n".join(line for line in piece.splitlines() if not line.isascii())[:SAMPLE]


def _check_nul(piece: bytes, scan: Scan) -> None:
    place = piece.find(b"\x00")
    if place >= 0:
        line = scan.lines + piece.count(b"\n", 0, place) + 1
        raise CannotRead(
            "nul_bytes",
            f"Line {line} holds a NUL byte, so this is no plain text. Save the table as CSV again.",
        )


def _check_length(piece: bytes, open_line: int, scan: Scan) -> int:
    """How long the line is that this piece leaves open."""
    end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
    left = open_line + len(piece) if end < 0 else len(piece) - end - 1
    if left > MAX_LINE:
        line = scan.lines + piece.count(b"\n") + 1
        raise CannotRead(
            "field_too_long", f"Line {line} is longer than 4 MB. Shorten that cell, or check its quotes."
        )
    return left


def _check_utf8(piece: bytes, decoder: codecs.IncrementalDecoder, scan: Scan) -> None:
    if piece.isascii() and not decoder.getstate()[0]:
        return
    if scan.invalid_line == 0:
        try:
            decoder.decode(piece)
            scan.wide_before = scan.wide_before or not piece.isascii()
        except UnicodeDecodeError as error:
            before = error.object[: error.start]  # with what the last piece left over
            scan.invalid_line = scan.lines + before.count(b"\n") + 1
            scan.wide_before = scan.wide_before or not before.isascii()
    if scan.invalid_line and len(scan.around) < SAMPLE:
        scan.around += _beyond_ascii(piece)


def guess(scan: Scan) -> Encoding:
    """The likeliest encoding of bytes that are not UTF-8. Raises CannotRead where none is likely."""
    if scan.wide_before and _mostly_utf8(bytes(scan.around)):
        raise CannotRead(
            "encoding_unknown",
            f"Line {scan.invalid_line} is not UTF-8 although others are. Save it in one, or choose it.",
            "encoding",
        )
    sample = bytes(scan.around)
    name = likeliest(sample) or _by_habit(sample)
    if name is None:
        raise CannotRead(
            "encoding_unknown",
            "The encoding of this file is not clear. Choose it and read the file again.",
            "encoding",
        )
    why = f"line {scan.invalid_line} is not UTF-8, and this makes most sense of its letters"
    return Encoding(name, why, others=others(sample, name))


def _by_habit(sample: bytes) -> str | None:
    """What a detector of habits in many languages says, where the letters alone tell nothing."""
    from charset_normalizer import from_bytes  # heavy, and only needed here

    best = from_bytes(sample, cp_isolation=[name for name in ENCODINGS if not name.startswith("utf")]).best()
    return encoding_name(best.encoding) if best else ("iso8859-1" if _is_western(sample) else None)


def _is_western(sample: bytes) -> bool:
    """Few bytes beyond ASCII, all of them letters of Latin-1."""
    beyond = [byte for byte in sample if byte > 127]
    return len(beyond) * 3 < len(sample) and all(byte >= 0xC0 for byte in beyond)


def _mostly_utf8(sample: bytes) -> bool:
    good = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", sample))
    return good * 2 >= len(re.findall(rb"[\x80-\xff]+", sample))


def wide_encoding(head: bytes) -> str | None:
    """The encoding of a text whose letters take two or four bytes each, by its mark or its zeros."""
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    return (marked if marked != "utf-8" else None) or _wide_by_zeros(head[:SAMPLE])


def codec(name: str, head: bytes) -> str:
    """What Python calls an encoding of a text with these first bytes, such that a mark is no letter of it."""
    if name == "utf-8":
        return "utf-8-sig"
    is_marked = any(head.startswith(mark) for mark, marked in _BOMS if marked == name)
    return name[: len("utf-16")] if is_marked else name


def _wide_by_zeros(head: bytes) -> str | None:
    """UTF-16 without its mark: text in it has a zero in every other byte."""
    half = len(head) // 2
    if half < 4:
        return None
    if head[1::2].count(0) > 0.6 * half and head[0::2].count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.6 * half and head[1::2].count(0) == 0 else None


def as_utf8(path: Path, encoding: Encoding, work: Path, *, plain_ends: bool = False) -> Path:
    """The file itself where it is UTF-8 already, else a copy in `work`; `plain_ends` makes each line end \\n.

    Raises CannotRead `encoding_unknown` where the bytes do not fit the encoding.
    """
    if encoding.name == "utf-8" and encoding.skip == 0 and not plain_ends:
        return path
    copy = work / "text.csv"
    try:
        _copy(path, copy, encoding.name, newline=None if plain_ends else "")
    except UnicodeError as error:
        raise CannotRead(
            "encoding_unknown",
            f"This file does not read as {encoding.label}. Choose another encoding.",
            "encoding",
        ) from error
    if encoding.name != "utf-8":
        look(copy)
    return copy


def _copy(source: Path, copy: Path, encoding: str, newline: str | None) -> None:
    """Newline None: every kind of line end becomes \\n; "": they stay as they are."""
    with (
        source.open(encoding=encoding, newline=newline) as read,
        copy.open("w", encoding="utf-8", newline="") as write,
    ):
        write.write(read.read(PIECE).removeprefix(MARK))
        while piece := read.read(PIECE):
            write.write(piece)
