"""JSON as strictly as the database needs it: refused here, nothing odd gets further."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 32
MAX_DIGITS = 300
_INT64 = range(-(2**63), 2**63)


class StrictJSONParser(BaseParser):
    """Refuses doubled keys, NaN, NUL, lone surrogates, depth over 32 and integers beyond 64 bits."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return loads(stream.read())


def loads(raw: bytes) -> Any:
    """The value of one JSON text in UTF-8, or ParseError with a sentence."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError("The body is not UTF-8. Send JSON in UTF-8.") from error
    _check_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_int, parse_float=_float
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise ParseError("The body is not JSON.") from error
    _check_text(value)
    return value


def _check_depth(text: str) -> None:
    depth, inside, escaped = 0, False, False
    for letter in text:
        if inside:
            inside = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            inside = True
        elif letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
        elif letter in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) != len(pairs):
        raise ParseError("A name appears twice in one object. Send each once.")
    return seen


def _no_constant(name: str) -> Any:
    raise ParseError(f"{name} is not a number that JSON knows. Send null where there is none.")


def _int(digits: str) -> int:
    if len(digits) > MAX_DIGITS or int(digits) not in _INT64:
        raise ParseError("A whole number is beyond 64 bits.")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ParseError("A number is too large.")
    return value


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise ParseError("A text holds a NUL character. Take it out.")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ParseError("A text holds half a character (a lone surrogate). Take it out.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key)
            _check_text(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_text(inner)
