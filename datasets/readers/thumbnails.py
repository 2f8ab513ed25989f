"""A small picture for each row of an image set, in one file beside the table. In the child."""

import io
from array import array
from typing import IO, Any

from datasets import thumbfile

SIDE = 128  # pixels of the longer side: 64 on a page, sharp on a dense screen
TINY = 32  # pixels up to which nothing is lost
QUALITY = 75


def thumbnail(image: Any) -> bytes:
    """A WebP of a Pillow image in mode L or RGB, which is left smaller than it was."""
    small = io.BytesIO()
    if max(image.size) > SIDE:
        image.thumbnail((SIDE, SIDE))
    exact = max(image.size) <= TINY
    image.convert("RGB").save(small, "WEBP", quality=QUALITY, method=2, lossless=exact)
    return small.getvalue()


class Thumbs:
    """Writes them in the order of the rows, as `datasets.thumbfile` lays them out; `finish` ends the file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._places = file, array("Q", [0])

    def add(self, thumb: bytes) -> None:
        self._places.append(self._places[-1] + self._file.write(thumb))

    def finish(self) -> None:
        self._file.write(thumbfile.index(self._places))
