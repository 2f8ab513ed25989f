"""A zip of pictures with a folder for each class becomes a table whose pictures can all be shown."""

import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image

from datasets import thumbfile
from datasets.models import DatasetVersion, Status
from datasets.problems import CannotRead
from datasets.readers import images
from datasets.readers.trial import trial
from tests.datasets.conftest import LIMITS, Read, column, decision
from tests.datasets.drawing import GREEN, digits, drawn, half_and_half, header_only
from tests.datasets.zips import Files, packed

Refused = Callable[..., CannotRead]


def first_pixel(data: bytes) -> Any:
    return images.opened(data).image.getpixel((0, 0))


def zoo() -> dict[str, bytes]:
    cats = {f"zoo/cat/{number}.png": drawn((number, 0, 0)) for number in range(3)}
    dogs = {f"zoo/dog/{number}.jpg": drawn((0, number * 40, 0), (8, 9), kind="JPEG") for number in range(4)}
    return cats | dogs


def test_each_folder_is_a_class_and_each_picture_a_row(read: Read) -> None:
    profile = read(packed(zoo()))
    assert (profile["format"], profile["rows"]) == ("images", 7)
    kinds = {found["name"]: (found["kind"], found["type"]) for found in profile["columns"]}
    assert kinds == {
        "file": ("identifier", "string"),
        "label": ("category", "string"),
        "image": ("image", "image"),
    }
    assert column(profile, "label")["top"] == [["dog", 4], ["cat", 3]]
    assert column(profile, "label")["target_reason"]
    table = pq.read_table(profile["folder"] / "table.parquet")
    assert table["label"].to_pylist() == ["cat"] * 3 + ["dog"] * 4
    assert table["file"].to_pylist()[:2] == ["zoo/cat/0.png", "zoo/cat/1.png"]
    assert [first_pixel(data) for data in table["image"].to_pylist()[:3]] == [(0, 0, 0), (1, 0, 0), (2, 0, 0)]
    assert decision(profile, "Classes")["value"] == "2"
    assert decision(profile, "Folder")["value"] == "zoo"
    assert decision(profile, "Files kept")["value"] == "7 of 7"


def test_the_profile_says_how_large_the_pictures_are_and_where_each_class_begins(read: Read) -> None:
    found = column(read(packed(zoo())), "image")
    assert found["pictures"] == {
        "widths": {"min": 6, "median": 8, "max": 8},
        "heights": {"min": 4, "median": 9, "max": 9},
        "modes": {"colour": 7},
        "formats": {"JPEG": 4, "PNG": 3},
        "classes": [["cat", 0, 3], ["dog", 3, 4]],
    }
    assert (found["missing"], found["unique"], found["examples"], found["top"]) == (0, 7, [], [])


def test_every_row_has_its_thumbnail(read: Read) -> None:
    files = zoo() | {"zoo/eel/long.png": drawn(GREEN, (1000, 500))}
    profile = read(packed(files))
    thumbs = profile["folder"] / "thumbs"
    pictures = [thumbfile.picture(thumbs, row) for row in range(-1, 9)]
    assert pictures[0] is None
    assert pictures[9] is None
    shown = [Image.open(io.BytesIO(data)) for data in pictures[1:9] if data]
    assert [image.format for image in shown] == ["WEBP"] * 8
    assert [image.size for image in shown] == [(6, 4)] * 3 + [(8, 9)] * 4 + [(128, 64)]
    assert [image.convert("RGB").getpixel((0, 0)) for image in shown[:3]] == [(0, 0, 0), (1, 0, 0), (2, 0, 0)]


BAD_FILES = {
    "zoo/cat/broken.png": drawn(size=(200, 200))[:120],
    "zoo/cat/notes.txt": b"About cats.",
    "zoo/loose.png": drawn(GREEN),
    "zoo/dog/huge.png": header_only(20_000, 20_000),
}
LITTER = {"__MACOSX/zoo/cat/._0.png": b"\x00\x05", "zoo/.DS_Store": b"\x00", "zoo/dog/Thumbs.db": b"\xd0\xcf"}


def test_what_cannot_be_used_is_listed_and_the_rest_is_kept(read: Read) -> None:
    profile = read(packed(zoo() | BAD_FILES | LITTER | {"zoo/emu/": b"", "zoo/fox/x.png": b"x"}))
    kept = decision(profile, "Files kept")
    assert kept["value"] == "7 of 12"
    assert {row["name"]: row["reason"] for row in kept["lines"]} == {
        "zoo/cat/broken.png": "damaged or cut off",
        "zoo/cat/notes.txt": "not a PNG, JPEG, WebP, BMP or GIF picture",
        "zoo/dog/huge.png": "more than 50 million pixels",
        "zoo/fox/x.png": "not a PNG, JPEG, WebP, BMP or GIF picture",
        "zoo/loose.png": "lies in no folder of a class",
    }
    assert decision(profile, "Empty classes")["names"] == ["emu", "fox"]


REFUSED = [
    ("one class", {f"cat/{number}.png": drawn() for number in range(5)}, "one_class", "“cat”"),
    (
        "one class in a folder",
        {f"zoo/cat/{number}.png": drawn() for number in range(5)},
        "one_class",
        "“cat”",
    ),
    ("one picture", {"cat/1.png": drawn()}, "too_few_rows", "a single one"),
    ("no folders", {"1.png": drawn(), "2.png": drawn()}, "too_many_unusable", "lies in no folder"),
    ("mostly broken", zoo() | {f"zoo/cat/x{n}.png": b"x" for n in range(8)}, "too_many_unusable", "8 of 15"),
    (
        "a second class without pictures",
        {"a/1.png": drawn(), "a/2.png": drawn(), "b/1.png": b"x"},
        "one_class",
        "“a”",
    ),
]


@pytest.mark.parametrize(
    ("files", "code", "says"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_pictures_that_nothing_can_be_learnt_from_are_refused(
    refused: Refused, files: Files, code: str, says: str
) -> None:
    reason = refused(packed(files))
    assert reason.code == code
    assert says in reason.detail


def test_train_and_test_are_read_together(read: Read) -> None:
    files = {
        f"set/{part}/{label}/{n}.png": drawn((n, 0, 0))
        for part in ("train", "test")
        for label in "ab"
        for n in range(2)
    }
    profile = read(packed(files))
    assert column(profile, "label")["top"] == [["a", 4], ["b", 4]]
    assert decision(profile, "Parts")["value"] == "test, train"
    assert decision(profile, "Copied pictures")["value"] == "kept"


def test_copied_pictures_are_told_and_can_be_left_out(read: Read) -> None:
    data = packed(zoo() | {"zoo/cat/copy.png": drawn((1, 0, 0)), "zoo/dog/cat.png": drawn((2, 0, 0))})
    profile = read(data)
    assert decision(profile, "Copied pictures")["why"].startswith("1 pictures are the same as another")
    assert decision(profile, "Two classes")["value"] == "1 pictures"
    without = read(data, duplicates="leave_out")
    assert (profile["rows"], without["rows"]) == (9, 8)
    assert decision(without, "Copied pictures")["value"] == "left out"
    assert thumbfile.picture(without["folder"] / "thumbs", 7)
    assert thumbfile.picture(without["folder"] / "thumbs", 8) is None


@pytest.mark.parametrize(("dropped", "rows"), [([], 8), (["file"], 8), (["label"], 7)])
def test_each_row_keeps_its_thumbnail_whatever_is_left_out(read: Read, dropped: list[str], rows: int) -> None:
    """One copy lies in its class and one in another, which is a copy once classes are left out."""
    zipped = packed(zoo() | {"zoo/cat/copy.png": drawn((1, 0, 0)), "zoo/dog/cat.png": drawn((2, 0, 0))})
    folder = read(zipped, duplicates="leave_out", drop=dropped)["folder"]
    kept = pq.read_table(folder / "table.parquet")["image"].to_pylist()
    assert len(kept) == rows
    assert thumbfile.picture(folder / "thumbs", rows) is None
    for row, data in enumerate(kept):
        thumb = thumbfile.picture(folder / "thumbs", row)
        assert thumb
        assert first_pixel(thumb) == pytest.approx(first_pixel(data), abs=3)


def test_what_was_changed_in_the_pictures_is_told(read: Read) -> None:
    files = zoo() | {
        "zoo/cat/turned.jpg": half_and_half(6),
        "zoo/cat/large.png": drawn(size=(600, 20)),
        "zoo/cat/clear.png": drawn((1, 2, 3, 0), mode="RGBA"),
    }
    profile = read(packed(files))
    for what in ("Turned", "Made smaller", "Transparent"):
        assert decision(profile, what)["value"] == "1 of 10 pictures"


def test_a_reading_that_is_tried_takes_some_pictures_of_each_class(tmp_path: Path) -> None:
    source = tmp_path / "zoo.zip"
    many = {f"{label}/{n:03}.png": drawn((n, 0, 0)) for label in "abc" for n in range(90)}
    source.write_bytes(packed(many | {f"loose{n}.png": drawn() for n in range(60)}))
    trial(lambda *_: None, source=str(source), out=str(tmp_path), readings=[{}], limits=LIMITS)
    found = json.loads((tmp_path / "trial.json").read_text())
    assert found["problem"] is None
    assert found["rows"][0] == ["a/000.png", "a", "picture"]
    assert decision(found, "Classes")["value"] == "3"
    assert decision(found, "Files kept")["value"] == "90 of 110"


NOT_THUMBS = [
    b"",
    b"THUMBS01",
    struct.pack("<Q", 2**63) + thumbfile.MARK,
    struct.pack("<3Q", 0, 2**62, 1) + thumbfile.MARK,
    b"x" * 20 + struct.pack("<3Q", 20, 0, 1) + thumbfile.MARK,
    b"<script>alert(1)</script>" + struct.pack("<3Q", 0, 25, 1) + thumbfile.MARK,
    b"x" * 20 + struct.pack("<3Q", 0, 20, 1) + b"OTHER001",
]


@pytest.mark.parametrize("data", NOT_THUMBS)
def test_a_file_of_thumbnails_that_lies_gives_nothing(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "thumbs"
    path.write_bytes(data)
    assert thumbfile.picture(path, 0) is None


def test_the_digits_come_in_through_the_real_way(
    ingest: Callable[..., DatasetVersion], no_places_left: None
) -> None:
    version = ingest(digits(1797), "digits.zip")
    assert (version.status, version.problem_detail) == (Status.READY, "")
    assert (version.format, version.rows) == ("images", 1797)
    label = version.column("label")
    assert label is not None
    assert label["unique"] == 10
    assert version.thumbs_size is not None
    assert version.thumbs_size > 1797 * 30
