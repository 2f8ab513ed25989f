"""A table that comes packed is unpacked within limits and read as what it is."""

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from datasets.models import DatasetVersion, Status
from datasets.problems import CannotRead
from datasets.readers import packed as packing
from datasets.readers.trial import trial
from tests.datasets.conftest import LIMITS, Read, column, decision
from tests.datasets.zips import entry, packed, raw, zeros

CSV = b"a,b\n" + b"".join(b"%d,x%d\n" % (number, number % 3) for number in range(50))
OTHER = b"c;d;e\n1;2;3\n4;5;6\n"
Refused = Callable[..., CannotRead]


def zst(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


WAYS = [
    ("gzip", gzip.compress(CSV)),
    ("gzip in two members", gzip.compress(CSV[:100]) + gzip.compress(CSV[100:])),
    ("gzip with zeros after it", gzip.compress(CSV) + b"\x00" * 512),
    ("Zstandard", zst(CSV)),
    ("Zstandard in two frames", zst(CSV[:100]) + zst(CSV[100:])),
    ("zip", packed({"table.csv": CSV})),
    ("zip with what a Mac adds", packed({"table.csv": CSV, "__MACOSX/._table.csv": b"\x00\x05\x16\x07"})),
    ("zip with a readme", packed({"README.md": b"Read me. " * 999, "deep/er/table.csv": CSV})),
    ("zip of a file without an ending", packed({"table": CSV})),
]


@pytest.mark.parametrize("data", [way[1] for way in WAYS], ids=[way[0] for way in WAYS])
def test_a_packed_table_is_the_table(read: Read, data: bytes) -> None:
    profile = read(data)
    assert profile["rows"] == 50
    assert [found["name"] for found in profile["columns"]] == ["a", "b"]
    said = decision(profile, "Unpacked")
    assert said["value"] == f"{len(CSV):,} bytes"
    assert profile["format"] == "csv"


BROKEN = [
    ("half a gzip", gzip.compress(os.urandom(5000))[:2500], "gzip_truncated"),
    ("a gzip without its end", gzip.compress(CSV)[:-4], "gzip_truncated"),
    ("a gzip with a changed byte", gzip.compress(CSV)[:-6] + b"\x00" * 6, "gzip_corrupt"),
    ("a gzip with another file after it", gzip.compress(CSV) + b"garbage", "gzip_corrupt"),
    ("the mark of gzip alone", b"\x1f\x8b", "gzip_truncated"),
    ("half a Zstandard file", zst(os.urandom(5000))[:2500], "zstd_truncated"),
    ("a Zstandard file with another after it", zst(CSV) + b"garbage!", "zstd_corrupt"),
    ("the mark of Zstandard alone", b"\x28\xb5\x2f\xfd", "zstd_truncated"),
    ("a gzip in a gzip", gzip.compress(gzip.compress(CSV)), "zip_nested"),
    ("a zip in a zip", packed({"inner.zip": packed({"table.csv": CSV})}), "zip_nested"),
    ("a zip called a table in a zip", packed({"table.csv": packed({"table.csv": CSV})}), "zip_nested"),
    ("a Zstandard file in a zip", packed({"table.csv.zst": zst(CSV)}), "zip_nested"),
    ("a gzip of nothing", gzip.compress(b""), "file_empty"),
    ("a zip of nothing", packed({"empty/": b""}), "zip_empty"),
    ("a zip of an empty file", packed({"table.csv": b""}), "zip_empty"),
    ("a zip of a program", packed({"table.csv": b"\x7fELF" + b"\x00" * 99}), "type_mismatch"),
    (
        "a zip of a document",
        packed({"[Content_Types].xml": b"x", "word/document.xml": b"x"}),
        "type_mismatch",
    ),
    ("a zip of a model", packed({"metadata.json": b"{}", "config.json": b"{}"}), "type_mismatch"),
    ("a zip with a password", raw([entry(b"table.csv", CSV, flags=1)]), "zip_encrypted"),
]


@pytest.mark.parametrize(("data", "code"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_package_is_refused_with_its_reason(refused: Refused, data: bytes, code: str) -> None:
    reason = refused(data)
    assert reason.code == code
    assert reason.detail.endswith(".")


def test_of_several_tables_the_largest_is_read_and_another_can_be_chosen(read: Read) -> None:
    data = packed({"small.csv": OTHER, "2026/large.csv": CSV, "notes.docx": b"x" * 9999})
    said = decision(read(data), "File")
    assert said["value"] == "2026/large.csv"
    assert said["why"] == "the largest table of 3 files in the zip"
    assert said["option"] == "member"
    assert [choice["value"] for choice in said["choices"]] == ["2026/large.csv", "small.csv"]
    chosen = read(data, member="small.csv")
    assert [found["name"] for found in chosen["columns"]] == ["c", "d", "e"]
    assert decision(chosen, "File")["why"] == "you chose it"
    assert column(chosen, "e")["kind"] == "integer"


def test_a_file_that_is_not_in_the_zip_cannot_be_chosen(refused: Refused) -> None:
    reason = refused(packed({"a.csv": CSV}), member="../b.csv")
    assert (reason.code, reason.field) == ("unknown_member", "member")
    assert "“../b.csv”" in reason.detail


@pytest.mark.parametrize("pack", [gzip.compress, zst], ids=["gzip", "Zstandard"])
def test_a_stream_that_grows_beyond_reason_is_stopped_on_its_way(
    pack: Callable[[bytes], bytes], refused: Refused, tmp_path: Path
) -> None:
    reason = refused(pack(b"\x00" * (80 * 2**20)))
    assert reason.code in ("gzip_ratio", "zstd_ratio")
    left = [path.stat().st_size for path in tmp_path.rglob("unpacked")]
    assert all(size <= 65 * 2**20 for size in left)


def test_no_more_is_unpacked_than_the_limit(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "unpacked", 100)
    for data, code in ((gzip.compress(CSV), "too_large_unpacked"), (packed({"a.csv": CSV}), "zip_too_large")):
        assert refused(data).code == code


def test_a_full_disk_is_told_before_it_is_full(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "RESERVE", 2**60)
    assert refused(gzip.compress(CSV)).code == "disk_full"


def test_a_bomb_leaves_nothing_behind_and_the_next_file_is_read(
    ingest: Callable[..., DatasetVersion], no_places_left: None
) -> None:
    """A gigabyte of zeros in a megabyte, through the real child."""
    stream = io.BytesIO()
    with gzip.open(stream, "wb", 9) as file:
        for _ in range(200):
            file.write(b"\x00" * 2**20)
    bomb = ingest(stream.getvalue(), "bomb.csv.gz")
    assert (bomb.status, bomb.problem_code) == (Status.FAILED, "gzip_ratio")
    good = ingest(gzip.compress(CSV), "table.csv.gz")
    assert (good.status, good.rows) == (Status.READY, 50)


BOMBS = {
    "honest.zip": (zeros(1024), "zip_ratio"),
    "lying.zip": (zeros(10240, size=90), "zip_corrupt"),
    "lying less.zip": (zeros(10240, size=50 * 2**20), "zip_corrupt"),
    "stream.gz": (gzip.compress(b"\x00" * (16 * 2**20)) * 640, "gzip_ratio"),
}


def test_of_a_long_text_only_the_beginning_is_tried(tmp_path: Path) -> None:
    """Three megabytes, of which one is unpacked for a look."""
    long = CSV + b"1,xyz\n" * 500_000
    for place, data in enumerate(
        (gzip.compress(long), zst(long), packed({"a.csv": long}), gzip.compress(CSV))
    ):
        source, out = tmp_path / f"{place}.packed", tmp_path / str(place)
        source.write_bytes(data)
        out.mkdir()
        trial(lambda *_: None, source=str(source), out=str(out), readings=[{}], limits=LIMITS)
        found = json.loads((out / "trial.json").read_text())
        assert [column["name"] for column in found["columns"]] == ["a", "b"]
        assert next(out.rglob("unpacked")).stat().st_size <= 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read as Linux tells it")
def test_ten_gigabytes_of_nothing_take_no_memory(tmp_path: Path) -> None:
    """In a process of its own, whose peak is measured beside what the reader takes by being loaded."""
    for name, (data, _) in BOMBS.items():
        (tmp_path / name).write_bytes(data)
    asked = [sys.executable, "-c", MEASURED, str(tmp_path), *BOMBS]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    *codes, peak = answer.stdout.split()
    assert codes == [code for _, code in BOMBS.values()]
    assert int(peak) < 200 * 1024, "kilobytes"


MEASURED = """
import sys
from pathlib import Path
from datasets.problems import CannotRead
from datasets.readers import ingest
folder = Path(sys.argv[1])
for name in sys.argv[2:]:
    place = folder / f"of {name}"
    place.mkdir()
    limits = {"columns": 100, "memory": 2**30, "threads": 1, "unpacked": 20 * 10**9}
    try:
        ingest.ingest(lambda *_: None, source=str(folder / name), out=str(place), options={}, limits=limits)
    except CannotRead as reason:
        print(reason.code)
status = Path("/proc/self/status").read_text()
print(status.partition("VmHWM:")[2].split()[0])
"""
