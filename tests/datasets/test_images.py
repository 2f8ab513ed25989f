"""Every kind of picture becomes grey or colour, upright and small enough, or is left out with its reason."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from datasets.readers import images
from tests.datasets.drawing import (
    HUGE_GIF,
    RED,
    WHITE,
    deep,
    drawn,
    half_and_half,
    header_only,
    inflating_text,
    moving,
)

GOOD = [
    ("PNG", drawn(), "RGB", RED, []),
    ("BMP", drawn(kind="BMP"), "RGB", RED, []),
    ("GIF", drawn(kind="GIF"), "RGB", RED, []),
    ("WebP", drawn(kind="WEBP", lossless=True), "RGB", RED, []),
    ("grey", drawn(77, mode="L"), "L", 77, []),
    ("black and white", drawn(1, mode="1"), "L", 255, []),
    ("grey with alpha", drawn((10, 0), mode="LA"), "L", 255, ["transparent"]),
    ("colour with alpha", drawn((255, 0, 0, 0), mode="RGBA"), "RGB", WHITE, ["transparent"]),
    ("a palette", drawn(3, mode="P"), "RGB", None, []),
    ("a palette with a clear colour", drawn(0, mode="P", transparency=0), "RGB", WHITE, ["transparent"]),
    ("16 bits", deep([[0x8000, 0], [0xFFFF, 1]]), "L", 128, ["deep"]),
    ("inks", drawn((0, 0, 0, 0), mode="CMYK", kind="JPEG"), "RGB", WHITE, ["inks"]),
    ("a moving GIF", moving("GIF"), "RGB", RED, ["moving"]),
    ("a moving WebP", moving("WEBP"), "RGB", RED, ["moving"]),
    ("one pixel", drawn(size=(1, 1)), "RGB", RED, []),
]


@pytest.mark.parametrize(
    ("data", "mode", "pixel", "changes"), [g[1:] for g in GOOD], ids=[g[0] for g in GOOD]
)
def test_every_kind_of_picture_becomes_grey_or_colour(
    data: bytes, mode: str, pixel: Any, changes: list[str]
) -> None:
    found = images.opened(data)
    assert found.image.mode == mode
    assert pixel is None or found.image.getpixel((0, 0)) == pixel
    assert found.changes == changes
    again = images.opened(images.encoded(found))
    assert (again.image.mode, again.image.size) == (found.image.mode, found.image.size)


WHOLE = drawn(size=(99, 99))
CHANGED = WHOLE[:60] + b"\xff" * 9 + WHOLE[69:]
BAD = [
    ("a drawing called a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG"),
    ("a text called a picture", b"hello", "not a PNG"),
    ("nothing", b"", "not a PNG"),
    ("an icon", drawn(kind="ICO", size=(16, 16)), "not a PNG"),
    ("a TIFF", drawn(kind="TIFF"), "not a PNG"),
    ("a PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a PNG"),
    ("half a JPEG", drawn(size=(200, 200), kind="JPEG")[:700], "damaged or cut off"),
    ("half a PNG", drawn(size=(200, 200))[:120], "damaged or cut off"),
    ("a header and no picture", header_only(10, 10), "damaged or cut off"),
    ("20,000 pixels a side", header_only(20_000, 20_000), "million"),
    ("a side that no memory holds", header_only(2**31 - 1, 2**31 - 1), "million"),
    ("just above the limit", header_only(10_000, 5_001), "10,000 × 5,001 pixels, more than 50 million"),
    ("a GIF that says it is huge", HUGE_GIF + b"\x00" * 9, "million"),
    ("a comment that inflates", inflating_text(), "damaged or cut off"),
    (
        "a changed byte",
        drawn(size=(99, 99))[:60] + b"\xff" * 9 + drawn(size=(99, 99))[69:],
        "damaged or cut off",
    ),
]


@pytest.mark.parametrize(("data", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_is_no_picture_is_left_out_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(images.BadPicture) as refused:
        images.opened(data)
    assert reason in str(refused.value)


LEFT, RIGHT, UP, DOWN = (0, 5), (-1, 5), (5, 0), (5, -1)  # where the dark half lies


@pytest.mark.parametrize(
    ("turn", "dark", "bright", "size"),
    [
        (1, LEFT, RIGHT, (40, 20)),
        (2, RIGHT, LEFT, (40, 20)),
        (3, RIGHT, LEFT, (40, 20)),
        (4, LEFT, RIGHT, (40, 20)),
        (5, UP, DOWN, (20, 40)),
        (6, UP, DOWN, (20, 40)),
        (7, DOWN, UP, (20, 40)),
        (8, DOWN, UP, (20, 40)),
        (99, LEFT, RIGHT, (40, 20)),
    ],
)
def test_a_picture_stands_as_the_camera_says(
    turn: int, dark: tuple[int, int], bright: tuple[int, int], size: tuple[int, int]
) -> None:
    found = images.opened(half_and_half(turn))
    assert (found.width, found.height) == found.image.size == size
    pixels = np.asarray(found.image.convert("L"))
    assert pixels[dark[1], dark[0]] < 60
    assert pixels[bright[1], bright[0]] > 190
    assert not images.opened(images.encoded(found)).image.getexif()


def test_a_large_picture_becomes_smaller_and_keeps_its_shape() -> None:
    found = images.opened(drawn(size=(2000, 1000), kind="JPEG"))
    assert (found.width, found.height, found.image.size) == (2000, 1000, (512, 256))
    assert found.changes == ["smaller"]


def test_a_picture_that_would_be_large_as_png_is_kept_as_jpeg() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8))
    found = images.Picture(noise, "PNG", 300, 300)
    assert images.encoded(found)[:3] == b"\xff\xd8\xff"
    assert images.encoded(images.opened(drawn()))[:4] == b"\x89PNG"
