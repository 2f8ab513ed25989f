"""One picture: opened as what its bytes say, upright, in grey or colour, small enough. In the child."""

import io
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

PIXELS = 50_000_000  # in one picture
LONGEST_SIDE = 512  # pixels that are kept of the longer side
LOSSLESS = 64 * 1024  # bytes up to which a picture is kept as PNG
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_LOSSY = ("JPEG", "WEBP")
_PNG = b"\x89PNG"
_GREY = ("1", "L", "LA", "La")


class BadPicture(Exception):
    """Why a file cannot be used, in a few words that follow its name."""


@dataclass
class Picture:
    """`image` is in mode L or RGB; `width` and `height` are those of the file, upright."""

    image: Any
    format: str
    width: int
    height: int
    changes: list[str] = field(default_factory=list)


def opened(data: bytes) -> Picture:
    """Raises BadPicture for what is no picture, is broken, or is too large to unpack."""
    from PIL import Image, UnidentifiedImageError

    broken = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, EOFError)
    try:
        if data.startswith(_PNG):
            Image.open(io.BytesIO(data), formats=FORMATS).verify()  # else wrong checksums pass
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image.size)
            return _upright(image)
    except UnidentifiedImageError as error:
        raise BadPicture("not a PNG, JPEG, WebP, BMP or GIF picture") from error
    except Image.DecompressionBombError as error:
        raise BadPicture(f"more than {PIXELS // 10**6} million pixels") from error
    except (*broken, struct.error, zlib.error, MemoryError) as error:
        raise BadPicture("damaged or cut off") from error


def encoded(picture: Picture) -> bytes:
    """PNG where the file was exact and stays small, else JPEG; without anything but the pixels."""
    if picture.format not in _LOSSY:
        data = _saved(picture.image, "PNG")
        if len(data) <= LOSSLESS:
            return data
    return _saved(picture.image, "JPEG", quality=95)


def _saved(image: Any, kind: str, **how: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **how)
    return made.getvalue()


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > PIXELS:
        raise BadPicture(f"{width:,} × {height:,} pixels, more than {PIXELS // 10**6} million")
    if width < 1 or height < 1:
        raise BadPicture("without any pixels")


def _upright(image: Any) -> Picture:
    kind, changes = str(image.format), []
    turn = _turn(image)
    width, height = image.size if turn is None or turn < 5 else image.size[::-1]
    if getattr(image, "n_frames", 1) > 1:
        changes.append("moving")
        image.seek(0)
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    _check_size(image.size)
    flat = _flat(image, changes)
    if turn is not None:
        flat = flat.transpose(_TURNS[turn])
        changes.append("turned")
    if max(flat.size) > LONGEST_SIDE:
        flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if max(width, height) > LONGEST_SIDE:
        changes.append("smaller")
    return Picture(flat, kind, width, height, changes)


_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # what EXIF says, as Image.Transpose counts


def _turn(image: Any) -> int | None:
    """How the camera was held, by EXIF; None where it was upright, or where that cannot be read."""
    try:
        turn = image.getexif().get(0x0112)
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error):
        return None
    return turn if turn in _TURNS else None


def _flat(image: Any, changes: list[str]) -> Any:
    """In L or RGB: transparent parts become white, 16 bits become 8, inks become light."""
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        changes.append("deep")
        return _shallow(image)
    is_grey = image.mode in _GREY
    if image.has_transparency_data:
        changes.append("transparent")
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        image = Image.alpha_composite(white, clear)
    elif image.mode == "CMYK":
        changes.append("inks")
    return image.convert("L" if is_grey else "RGB")


def _shallow(image: Any) -> Any:
    """16 bits of grey as 8."""
    import numpy as np
    from PIL import Image

    deep = np.asarray(image).astype(np.int64)
    return Image.fromarray((deep >> 8).clip(0, 255).astype(np.uint8))
