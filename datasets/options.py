"""How a person wants a file to be read: each choice is checked before the file is."""

from collections.abc import Callable, Mapping
from typing import Any

from datasets.readers.encodings import encoding_name
from web.problems import Invalid

WORDS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "pipe": "|",
    "space": " ",
    "spaces": " ",
    "wide": "  ",
}
KINDS = (
    "integer",
    "number",
    "category",
    "boolean",
    "datetime",
    "text",
    "identifier",
    "constant",
    "image",
)
MOST_LINES = 100_000  # above or below a table
MOST_WORDS = 100
MOST_COLUMNS = 10_000
LONGEST_WORD = 200
LONGEST_NAME = 1_000
_TRUTHS = {"true": True, "false": False}

Check = Callable[[str, Any], Any]


def clean(raw: Any) -> dict[str, Any]:
    """The choices that were made, in our own names. Raises Invalid with the field."""
    return {name: value for name, value in clean_patch(raw).items() if value is not None}


def clean_patch(raw: Any) -> dict[str, Any]:
    """The same, where None takes a choice back. Raises Invalid with the field."""
    if not isinstance(raw, Mapping):
        raise Invalid('Options are an object, such as {"delimiter": ";"}.', field="options")
    return {name: _value(name, value) for name, value in raw.items()}


def _value(name: Any, value: Any) -> Any:
    check = _CHECKS.get(name)
    if check is None:
        raise Invalid(
            f"There is no option “{str(name)[:40]}”. There are {', '.join(_CHECKS)}.",
            code="unknown_field",
            field=f"options.{str(name)[:40]}",
        )
    if value is None or (value == "" and name not in _MAY_BE_NOTHING):
        return None
    return check(f"options.{name}", value)


def _delimiter(field: str, value: Any) -> str:
    mark = WORDS.get(value, value) if isinstance(value, str) else ""
    if mark == "  ":  # two blanks and more
        return mark
    if len(mark) != 1 or mark.isalnum() or mark in "\"'\r\n\\.+-_" or not mark.isascii() or mark == "\x00":
        raise Invalid(
            "A delimiter is one sign between the cells: a comma, a semicolon, a tab, a pipe, spaces.",
            field=field,
        )
    return mark


def _encoding(field: str, value: Any) -> str:
    name = encoding_name(value) if isinstance(value, str) else None
    if name is None:
        raise Invalid("This encoding is not known. Try utf-8, utf-16 or cp1252.", field=field)
    return name


def _truth(sentence: str) -> Check:
    def check(field: str, value: Any) -> bool:
        said = value if isinstance(value, bool) else _TRUTHS.get(value) if isinstance(value, str) else None
        if said is None:
            raise Invalid(sentence, field=field)
        return said

    return check


def _count(field: str, value: Any) -> int:
    """A number of lines; a form sends it as text."""
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_LINES:
        raise Invalid(f"This is a number of lines from 0 to {MOST_LINES:,}.", field=field)
    return number


def _one_of(*known: str) -> Check:
    def check(field: str, value: Any) -> str:
        if value not in known:
            offered = ", ".join(f"“{word}”" for word in known)
            raise Invalid(f"This is one of {offered}.", field=field)
        return str(value)

    return check


def _comment(field: str, value: Any) -> str:
    mark = "" if value == "none" else value
    if not isinstance(mark, str) or len(mark) > 1 or mark.isalnum() or (mark in "\"'\r\n\x00" and mark):
        raise Invalid("A sign that begins comments is one character such as #, or none.", field=field)
    return mark


def _thousands(field: str, value: Any) -> str:
    mark = (
        {"none": "", "space": " ", "comma": ",", "point": "."}.get(value, value) if _is_text(value) else None
    )
    if mark not in ("", ",", ".", " ", "'"):
        raise Invalid(
            "Thousands are grouped by a comma, a point, a space, an apostrophe or none.", field=field
        )
    return str(mark)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NAME or "\x00" in value:
        raise Invalid(f"This is a text of up to {LONGEST_NAME:,} characters.", field=field)
    return value


def _words(field: str, value: Any) -> list[str]:
    """Words, each once; a form sends them in one text, parted by commas."""
    words = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
    if not isinstance(words, list) or len(words) > MOST_WORDS:
        raise Invalid(f"This is a list of up to {MOST_WORDS} words.", field=field)
    for word in words:
        if not isinstance(word, str) or len(word) > LONGEST_WORD or "\x00" in word:
            raise Invalid(f"Each word is a text of up to {LONGEST_WORD} characters.", field=field)
    return list(dict.fromkeys(words))


def _columns(field: str, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_COLUMNS:
        raise Invalid("This is a list of names of columns.", field=field)
    return list(dict.fromkeys(_column(field, name) for name in value))


def _column(field: str, name: Any) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or "\x00" in name:
        raise Invalid("A column is given by its name.", field=field)
    return name


def _by_column(check: Check) -> Check:
    """What is chosen for single columns; None takes the choice for one back."""

    def check_all(field: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or len(value) > MOST_COLUMNS:
            raise Invalid("This is an object from names of columns to what is chosen for them.", field=field)
        return {
            _column(field, name): None if chosen is None else check(field, chosen)
            for name, chosen in value.items()
        }

    return check_all


_MAY_BE_NOTHING = ("comment", "thousands")
_CHECKS: dict[str, Check] = {
    "delimiter": _delimiter,
    "encoding": _encoding,
    "header": _truth("Whether the first line holds the names is true or false."),
    "skip_rows": _count,
    "skip_footer": _count,
    "comment": _comment,
    "quotes": _truth("Whether quotes wrap cells is true or false."),
    "decimal": _one_of(".", ","),
    "thousands": _thousands,
    "dates": _one_of("day_first", "month_first"),
    "missing": _words,
    "empty_columns": _one_of("leave_out", "keep"),
    "empty_rows": _one_of("leave_out", "keep"),
    "blanks": _one_of("strip", "keep"),
    "merged_cells": _one_of("fill", "keep"),
    "sheet": _text,
    "member": _text,
    "kinds": _by_column(_one_of(*KINDS)),
    "drop": _columns,
    "missing_values": _by_column(_words),
    "duplicates": _one_of("keep", "leave_out"),
}
