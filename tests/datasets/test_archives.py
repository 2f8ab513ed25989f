"""A zip is believed in nothing: not in its names, not in its sizes, not in what it says it holds."""

import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from datasets.problems import CannotRead
from datasets.readers import archives, zip_checks
from tests.datasets.zips import entry, packed, raw

CSV = b"a,b\n1,2\n3,4\n"


def prove(data: bytes, folder: Path, most: int = archives.UNPACKED) -> None:
    path = folder / "some.zip"
    path.write_bytes(data)
    with archives.opened(path, most) as archive:
        unpack(archive)


def unpack(archive: archives.Archive) -> None:
    """Everything, and nothing of it is kept."""
    for member in archive.members:
        for _ in archive.pieces(member):
            pass


def named(name: str) -> bytes:
    return raw([entry(name.encode(), CSV)])


def patched(data: bytes, place: int, value: bytes) -> bytes:
    place %= len(data)
    return data[:place] + value + data[place + len(value) :]


def with_broken_body() -> bytes:
    whole = packed({"a.csv": CSV * 50}, zipfile.ZIP_STORED)
    return patched(whole, 60, b"!")


def many(count: int) -> bytes:
    return packed({f"{number}": b"" for number in range(count)}, zipfile.ZIP_STORED)


SYMLINK, DEVICE = stat.S_IFLNK | 0o777, stat.S_IFCHR | 0o600
HOSTILE = [
    ("a name that climbs", named("../../etc/passwd"), "zip_unsafe_name"),
    ("a name that climbs later", named("data/../../x.csv"), "zip_unsafe_name"),
    ("an absolute name", named("/etc/passwd"), "zip_unsafe_name"),
    ("two slashes before it", named("//server/share"), "zip_unsafe_name"),
    ("a drive", named("C:\\x.csv"), "zip_unsafe_name"),
    ("a drive with a slash", named("C:/x.csv"), "zip_unsafe_name"),
    ("backslashes", named("..\\x.csv"), "zip_unsafe_name"),
    ("no name", named(""), "zip_unsafe_name"),
    ("the folder itself", named("."), "zip_unsafe_name"),
    ("a NUL in the name", named("a.csv\x00.exe"), "zip_unsafe_name"),
    ("an end of line in the name", named("a\nb.csv"), "zip_unsafe_name"),
    ("an endless name", named("x" * 1001), "zip_unsafe_name"),
    ("a link", raw([entry(b"a.csv", b"/etc/passwd", mode=SYMLINK)]), "zip_unsafe_name"),
    ("a device", raw([entry(b"null", b"", mode=DEVICE)]), "zip_unsafe_name"),
    ("a password", raw([entry(b"a.csv", CSV, flags=1)]), "zip_encrypted"),
    ("a strong password", raw([entry(b"a.csv", CSV, flags=0x41)]), "zip_encrypted"),
    ("bzip2 inside, which has no bound", packed({"a.csv": CSV}, zipfile.ZIP_BZIP2), "zip_method"),
    ("LZMA inside, which asks for memory", packed({"a.csv": CSV}, zipfile.ZIP_LZMA), "zip_method"),
    ("a method nobody knows", raw([entry(b"a.csv", CSV, method=98)]), "zip_method"),
    ("one name twice", raw([entry(b"a.csv", CSV), entry(b"a.csv", CSV)]), "zip_duplicate"),
    ("names that differ in capitals", raw([entry(b"a.csv", CSV), entry(b"A.CSV", CSV)]), "zip_duplicate"),
    ("a file and a folder of one name", packed({"a": CSV, "a/": b""}), "zip_duplicate"),
    ("one body for two names", raw([entry(b"a.csv", CSV), entry(b"b.csv", CSV, at=0)]), "zip_overlap"),
    ("the second disk of two", raw([entry(b"a.csv", CSV)], disk=1), "zip_multi_disk"),
    ("a wrong checksum", raw([entry(b"a.csv", CSV, crc=1)]), "zip_corrupt"),
    ("a size that is too small", raw([entry(b"a.csv", CSV, size=5)]), "zip_corrupt"),
    ("a size that is too large", raw([entry(b"a.csv", CSV, size=500)]), "zip_corrupt"),
    ("a body longer than the file", raw([entry(b"a.csv", CSV, packed=10**6)]), "zip_corrupt"),
    ("a changed byte", with_broken_body(), "zip_corrupt"),
    ("half of it", packed({"a.csv": CSV * 99})[:-30], "zip_corrupt"),
    ("its first bytes alone", b"PK\x03\x04", "zip_corrupt"),
    ("nothing", b"", "zip_corrupt"),
    ("random bytes where its list should be", patched(named("a.csv"), -68, b"\x93" * 40), "zip_corrupt"),
    ("a body that says 4 GB and holds 1 KB", raw([entry(b"a", b"x" * 999, size=2**32 - 2)]), "zip_ratio"),
]


@pytest.mark.parametrize(("data", "code"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_zip_is_refused_with_its_reason(data: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRead) as refused:
        prove(data, tmp_path)
    assert refused.value.code == code
    assert refused.value.detail[0].isupper() or refused.value.detail.startswith("“")
    assert refused.value.detail.endswith(".")
    assert refused.value.detail.isprintable()
    assert [path.name for path in tmp_path.iterdir()] == ["some.zip"]


def test_an_honest_zip_is_read_as_it_is(tmp_path: Path) -> None:
    files = {"données/ä b.csv": CSV, "deep/er/c.csv": b"", "__MACOSX/._c": b"x", "empty/": b""}
    path = tmp_path / "some.zip"
    path.write_bytes(packed(files))
    with archives.opened(path) as archive:
        unpack(archive)
        assert [member.name for member in archive.useful] == ["données/ä b.csv", "deep/er/c.csv"]
        assert archive.folders == ["empty"]
        assert archive.read(archive.members[0], 100) == CSV
        assert archive.read(archive.members[0], 5) is None


def test_a_zip_that_is_glued_to_a_program_is_read_from_its_end(tmp_path: Path) -> None:
    prove(b"#!/bin/sh\n" * 50 + packed({"a.csv": CSV}), tmp_path)


def test_large_numbers_are_read_from_their_own_record(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with zipfile.ZipFile(path, "w") as zipped, zipped.open("a.csv", "w", force_zip64=True) as file:
        file.write(CSV)
    plain = path.read_bytes()
    at = plain.rindex(b"PK\x05\x06")
    count, length, start = struct.unpack("<H2L", plain[at + 10 : at + 20])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    prove(plain[:at] + record + locator + end, tmp_path)


def test_a_zip_of_more_files_than_anybody_needs_is_refused_before_they_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_checks, "MOST", 50)
    monkeypatch.setattr(zip_checks, "_LARGEST_LIST", 300 * 50)
    prove(many(50), tmp_path)
    lying = many(51)
    at = lying.rindex(b"PK\x05\x06")
    for data in (many(51), patched(lying, at + 8, struct.pack("<2H", 1, 1)), many(400)):
        with pytest.raises(CannotRead) as refused:
            prove(data, tmp_path)
        assert refused.value.code == "zip_too_many"


def test_a_bomb_that_is_honest_is_refused_by_what_it_says_and_one_that_lies_by_what_comes_out(
    tmp_path: Path,
) -> None:
    zeros = b"\x00" * (80 * 2**20)
    honest, small = entry(b"a.csv", zeros), 10 * 2**20
    lying = raw([{**honest, "size": small, "crc": 0}])
    tracemalloc.start()
    for data, codes in ((raw([honest]), {"zip_ratio"}), (lying, {"zip_corrupt"})):
        with pytest.raises(CannotRead) as refused:
            prove(data, tmp_path)
        assert refused.value.code in codes
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * 2**20


def test_many_small_bombs_are_one_large_bomb(tmp_path: Path) -> None:
    part = entry(b"", b"\x00" * (20 * 2**20))
    with pytest.raises(CannotRead) as refused:
        prove(raw([{**part, "name": f"{number}.csv".encode()} for number in range(5)]), tmp_path)
    assert refused.value.code == "zip_ratio"


def test_no_more_comes_out_of_a_zip_than_there_is_room_for(tmp_path: Path) -> None:
    data = packed({"a.csv": CSV * 10, "b.csv": CSV * 10})
    prove(data, tmp_path, most=len(CSV) * 20)
    with pytest.raises(CannotRead) as refused:
        prove(data, tmp_path, most=len(CSV) * 20 - 1)
    assert refused.value.code == "zip_too_large"


KINDS = [
    ("xlsx", ["[Content_Types].xml", "xl/workbook.xml"]),
    ("office", ["[Content_Types].xml", "word/document.xml"]),
    ("ods", ["mimetype", "content.xml"]),
    ("keras", ["metadata.json", "config.json", "model.weights.h5"]),
    ("npz", ["arr_0.npy", "arr_1.npy"]),
    ("torch", ["model/data.pkl", "model/version"]),
    ("program", ["META-INF/MANIFEST.MF", "A.class"]),
    ("images", ["cats/1.png", "dogs/2.JPG", "notes.txt", "__MACOSX/x", "__MACOSX/y", "__MACOSX/z"]),
    ("texts", ["spam/1.txt", "ham/2.txt", ".DS_Store"]),
    ("files", ["table.csv"]),
    ("files", ["a.txt", "b.txt"]),
    ("files", ["2025/table.csv", "2026/table.csv"]),
    ("files", []),
]


@pytest.mark.parametrize(("kind", "names"), KINDS)
def test_a_zip_is_known_by_what_lies_in_it(kind: str, names: list[str], tmp_path: Path) -> None:
    path = tmp_path / "some.zip"
    path.write_bytes(packed(dict.fromkeys(names, b"x")))
    with archives.opened(path) as archive:
        assert archives.kind_of(archive) == kind
