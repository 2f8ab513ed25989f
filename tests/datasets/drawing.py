"""Pictures as people have them, and as nobody should."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

from tests.datasets.zips import packed

RED, GREEN, WHITE = (255, 0, 0), (0, 128, 0), (255, 255, 255)


def drawn(
    colour: Any = RED, size: tuple[int, int] = (6, 4), mode: str = "RGB", kind: str = "PNG", **how: Any
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, colour).save(made, kind, **how)
    return made.getvalue()


def half_and_half(turn: int = 1, kind: str = "JPEG") -> bytes:
    """Black on the left, white on the right, 40 wide and 20 high, with the turn of a camera in EXIF."""
    image = Image.new("RGB", (40, 20), "black")
    image.paste(WHITE, (20, 0, 40, 20))
    exif, made = Image.Exif(), io.BytesIO()
    exif[0x0112] = turn
    image.save(made, kind, exif=exif, quality=95)
    return made.getvalue()


def deep(values: list[list[int]]) -> bytes:
    made = io.BytesIO()
    Image.fromarray(np.array(values, np.uint16)).save(made, "PNG")
    return made.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))


def header_only(width: int, height: int) -> bytes:
    """A PNG that says it is so large, in a few bytes."""
    head = chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (6, 4), colour) for colour in (RED, GREEN)]
    made = io.BytesIO()
    frames[0].save(made, kind, save_all=True, append_images=frames[1:], lossless=True)
    return made.getvalue()


def inflating_text() -> bytes:
    """A PNG whose comment unpacks to 80 MB."""
    whole = drawn()
    text = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"x" * (80 * 2**20)))
    return whole[:33] + text + whole[33:]


HUGE = struct.pack("<2H3B", 65535, 65535, 0, 0, 0)
HUGE_GIF = b"GIF89a" + HUGE + b"," + struct.pack("<4H2B", 0, 0, 9, 9, 0, 2)


def digits(count: int) -> bytes:
    """Handwritten digits, 8 × 8, ten classes, as files."""
    from sklearn.datasets import load_digits

    found = load_digits()
    files: dict[str, bytes] = {}
    for number, (pixels, label) in enumerate(zip(found.images[:count], found.target[:count], strict=True)):
        made = io.BytesIO()
        Image.fromarray((pixels * 15).astype(np.uint8)).save(made, "PNG")
        files[f"digits/{label}/{number:05}.png"] = made.getvalue()
    return packed(files)
