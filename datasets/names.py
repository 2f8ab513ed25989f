"""Names that people bring along: of files and of columns. Shown, never used as a path or as code."""

import re
import unicodedata
from collections.abc import Sequence

MAX_FILE_NAME = 255
MAX_COLUMN_NAME = 120
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINER = "\u200d"  # holds composed emoji together
_FORMULA = "=+-@|"


def clean_file_name(raw: str) -> str:
    """A name to show: without folders, control and direction marks; "file" where nothing is left.

    Raises ValueError with a sentence for a NUL, which no file name can hold.
    """
    if "\x00" in raw:
        raise ValueError("The file name holds a NUL character. Rename the file.")
    last = re.split(r"[/\\]", raw)[-1]
    shown = " ".join(_visible(last).split()).rstrip(". ")
    return _shorten(shown, MAX_FILE_NAME) or "file"


def clean_title(raw: str, limit: int = 120) -> str:
    """A one-line title as a person typed it, without what cannot be seen."""
    return " ".join(_visible(raw).split())[:limit].strip()


def title_of(file_name: str) -> str:
    """The title that a dataset gets from its file: the name without its ending."""
    stem, dot, _ = file_name.rpartition(".")
    return clean_title(stem if dot and stem else file_name) or "Dataset"


def ending_of(file_name: str) -> str:
    """The ending in lower case without its dot; "" where there is none."""
    return file_name.rpartition(".")[2].lower() if "." in file_name else ""


def column_names(raw: Sequence[str]) -> list[str]:
    """One name for each column: visible, short, not a formula or markup, and each only once."""
    taken: set[str] = set()
    return [_once(_column_name(name, place), taken) for place, name in enumerate(raw, start=1)]


def _column_name(raw: str, place: int) -> str:
    plain = re.sub(r"[<>]", " ", _visible(raw))
    if re.fullmatch(r"__.*__", plain.strip()):
        plain = plain.strip().strip("_")
    name = " ".join(plain.split()).lstrip(_FORMULA).strip()
    return name[:MAX_COLUMN_NAME].strip() or f"column_{place}"


def _once(name: str, taken: set[str]) -> str:
    unique, number = name, 2
    while unique.casefold() in taken:
        unique, number = f"{name}_{number}", number + 1
    taken.add(unique.casefold())
    return unique


def _visible(text: str) -> str:
    """Line ends and tabs become spaces; other characters without a shape go."""
    spaced = re.sub(r"[\s\x1c-\x1f]", " ", text)
    return "".join(
        letter for letter in spaced if letter == _JOINER or unicodedata.category(letter) not in _INVISIBLE
    )


def _shorten(name: str, limit: int) -> str:
    """At most `limit` characters; the ending stays."""
    if len(name) <= limit:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:limit]
    return f"{stem[: limit - len(ending) - 1]}.{ending}"
