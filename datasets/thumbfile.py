"""Small pictures of all rows in one file, written by the child, of which a page reads only those it shows.

WebP pictures one after the other; then where each begins and where the last one ends, as unsigned 64-bit
numbers, little end first; then how many pictures there are, as one such number; then MARK.
"""

import struct
import sys
from array import array
from pathlib import Path
from typing import IO

MARK = b"THUMBS01"
LARGEST = 256 * 1024  # bytes of one picture
_NUMBER = 8  # bytes
_FOOT = _NUMBER + len(MARK)


def index(places: "array[int]") -> bytes:
    """What follows the pictures; `places` holds one number more than there are pictures."""
    numbers = array("Q", places)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes() + struct.pack("<Q", len(numbers) - 1) + MARK


def picture(path: Path, row: int) -> bytes | None:
    """The WebP of one row; None where there is none. Raises FileNotFoundError."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        found = _place(file, end, row)
        if found is None:
            return None
        start, length = found
        file.seek(start)
        data = file.read(length)
    return data if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _place(file: IO[bytes], end: int, row: int) -> tuple[int, int] | None:
    """Where a picture begins and how long it is. No number is believed: all are held against the size."""
    if end < _FOOT:
        return None
    file.seek(end - _FOOT)
    (count,), mark = struct.unpack("<Q", file.read(_NUMBER)), file.read(len(MARK))
    first = end - _FOOT - (count + 1) * _NUMBER
    if mark != MARK or first < 0 or not 0 <= row < count:
        return None
    file.seek(first + row * _NUMBER)
    start, stop = struct.unpack("<2Q", file.read(2 * _NUMBER))
    return (start, stop - start) if start < stop <= first and stop - start <= LARGEST else None
