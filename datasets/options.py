"""How a person wants a file to be read: three choices, each checked before the file is."""

from collections.abc import Mapping
from typing import Any

from datasets.readers.text import encoding_name
from web.problems import Invalid

WORDS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " "}


def clean(raw: Any) -> dict[str, Any]:
    """The choices that were made, in our own names. Raises Invalid with the field."""
    if not isinstance(raw, Mapping):
        raise Invalid('Options are an object, such as {"delimiter": ";"}.', field="options")
    made: dict[str, Any] = {}
    for name, value in raw.items():
        check = _CHECKS.get(name)
        if check is None:
            known = ", ".join(_CHECKS)
            raise Invalid(
                f"There is no option “{str(name)[:40]}”. There are {known}.",
                code="unknown_field",
                field=f"options.{name}",
            )
        if value not in (None, ""):
            made[name] = check(value)
    return made


def _delimiter(value: Any) -> str:
    mark = WORDS.get(value, value) if isinstance(value, str) else ""
    if len(mark) != 1 or mark.isalnum() or mark in "\"'\r\n\\.+-_" or not mark.isascii() or mark == "\x00":
        raise Invalid(
            "A delimiter is one sign between the cells: a comma, a semicolon, a tab, a pipe.",
            field="options.delimiter",
        )
    return mark


def _encoding(value: Any) -> str:
    name = encoding_name(value) if isinstance(value, str) else None
    if name is None:
        raise Invalid("This encoding is not known. Try utf-8, utf-16 or cp1252.", field="options.encoding")
    return name


def _header(value: Any) -> bool:
    said = (
        {True: True, False: False, "true": True, "false": False}.get(value)
        if isinstance(value, bool | str)
        else None
    )
    if said is None:
        raise Invalid("Whether the first line holds the names is true or false.", field="options.header")
    return said


_CHECKS = {"delimiter": _delimiter, "encoding": _encoding, "header": _header}
