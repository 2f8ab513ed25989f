"""Workbooks, looked into before their cells are: how far these span, and which are errors. In the child."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from datasets.problems import CannotRead
from datasets.readers import archives, ods_checks
from datasets.readers.archives import Archive
from datasets.readers.book_faults import SAVE, encrypted, own_definitions, too_far
from datasets.tables import Work

CELL = 64  # bytes that a cell takes, an empty one between others too
PART = 4  # of the memory, that the texts of a workbook may take
SMALL = 8 * 2**20  # bytes of the lists of sheets
OVERLAP = 1024  # bytes that two pieces share, longer than the beginning of a cell

_FILLED = re.compile(rb'<(?:\w{1,20}:)?c\s[^>/]{0,200}?\br="([A-Z]{1,3})([0-9]{1,7})"[^>/]{0,200}>')
_ERROR = re.compile(rb'<(?:\w{1,20}:)?c\s[^>/]{0,200}?\bt="e"')
_OTHERS = ("WordDocument", "PowerPoint Document", "__nameid_version1.0", "VisioDocument")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_PAIR = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')


def look_into_zip(work: Work) -> tuple[str, dict[str, int]]:
    """Which format it is, and the errors by sheet. Unpacks what will be read, and believes no size."""
    with archives.opened(work.path, work.limits["memory"] // 2) as archive:
        kind = archives.kind_of(archive)
        if kind == "ods":
            return kind, _look_into_ods(archive, work)
        errors = {}
        for member in archive.members:
            if member.name.startswith("xl/worksheets/") and member.ending == "xml":
                errors[member.name] = _scan(archive.pieces(member), work.limits["memory"] // CELL)
            elif member.ending in ("xml", "rels", "bin"):
                _check_texts(archive.pieces(member), work.limits["memory"] // PART)
        named = _parts(archive)
        return kind, {name: errors.get(part, 0) for name, part in named.items()}


def _look_into_ods(archive: Archive, work: Work) -> dict[str, int]:
    errors = {}
    for member in archive.members:
        if member.name == "content.xml":
            errors = ods_checks.scan(archive.pieces(member), work.limits["memory"] // CELL)
        elif member.ending == "xml":
            _check_texts(archive.pieces(member), work.limits["memory"] // PART)
    return errors


def _scan(pieces: Iterator[bytes], most: int) -> int:
    """How many cells show an error. Raises CannotRead where the cells span more than `most`."""
    row, letters, errors, rest = 0, {b"A"}, 0, b""
    for piece in pieces:
        text = rest + piece
        found = _FILLED.findall(text)
        letters.update(letter for letter, _ in found)
        row = max(row, max((int(number) for _, number in found), default=0))
        cut = max(len(text) - OVERLAP, text.rfind(b">") + 1)
        errors += len(_ERROR.findall(text, 0, cut))
        rest = text[cut:]
        column = max(map(_number, letters))
        if row * column > most:
            raise too_far(row, column)
    return errors


def _number(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_texts(pieces: Iterator[bytes], most: int) -> None:
    size = 0
    for piece in pieces:
        size += len(piece)
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise own_definitions()
        if size > most:
            raise CannotRead("sheet_too_large", f"The texts of this workbook take too much memory. {SAVE}")


def _parts(archive: Archive) -> dict[str, str]:
    """Where in the zip each sheet lies, by its name."""
    small = {
        member.name: (archive.read(member, SMALL) or b"").decode("utf-8", "replace")
        for member in archive.members
        if member.name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    }
    relations = [
        dict(_PAIR.findall(one)) for one in _RELATION.findall(small.get("xl/_rels/workbook.xml.rels", ""))
    ]
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    sheets = [dict(_PAIR.findall(one)) for one in _SHEET.findall(small.get("xl/workbook.xml", ""))]
    found = {html.unescape(one.get("name", "")): targets.get(one.get("r:id"), "") for one in sheets}
    return {name: _absolute(target) for name, target in found.items()}


def _absolute(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def look_into_office(work: Work) -> tuple[str, dict[str, int]]:
    """An old Office document holds a workbook, or a newer one with a password, or something else."""
    inside = _streams(work.path)
    if "EncryptedPackage" in inside:
        raise encrypted()
    if inside & set(_OTHERS):
        raise CannotRead("type_mismatch", f"This is an old Office document, but no spreadsheet. {SAVE}")
    return "xls", {}


def _streams(path: Path) -> set[str]:
    """Which of the streams we know are named in a compound file."""
    known = ("EncryptedPackage", *_OTHERS)
    wanted = {name: f"{name}\x00".encode("utf-16-le") for name in known}
    found, rest = set[str](), b""
    with path.open("rb") as file:
        while piece := file.read(2**20):
            text = rest + piece
            found |= {name for name, sign in wanted.items() if sign in text}
            rest = text[-64:]
    return found
