"""JSON as a long text: one value after the other, each with its line, in bounded memory. In the child."""

import io
import json
import re
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from datasets.problems import CannotRead

PIECE = 1024 * 1024  # characters
LONGEST = 16 * PIECE  # characters of one record
REPAIR = "Repair that place, or save the table as CSV and upload that."
_GAP = re.compile(r"[ \t\r\n]*")

Numbered = tuple[int, Any]  # a value, with the line (or the number of the row) that it begins in


def start_of(file: IO[str]) -> str:
    """The first sign that is no space; the file is at its beginning again."""
    sign = ""
    while not sign and (piece := file.read(PIECE)):
        sign = piece.lstrip()[:1]
    file.seek(0)
    return sign


def are_lines(file: IO[str]) -> bool:
    """Whether the first line is a whole record and others follow; the file is at its beginning again."""
    line = next((line for line in iter(lambda: file.readline(LONGEST), "") if line.strip()), "")
    more = next((line for line in iter(lambda: file.readline(PIECE), "") if line.strip()), "")
    file.seek(0)
    if not line.endswith("\n") or not more:
        return False
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False


def are_lines_in(head: bytes) -> bool:
    """The same of the first bytes of a file."""
    return are_lines(io.StringIO(head.decode(json.detect_encoding(head), "replace").removeprefix("\ufeff")))


def lines(file: IO[str]) -> Iterator[Numbered]:
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise _too_long(number)
        if line.strip():
            yield number, parsed(line, number)


def elements(file: IO[str]) -> Iterator[Numbered]:
    """What a list holds, one at a time, so that it may be longer than the memory."""
    text = _Text(file)
    text.skip("[")
    while text.sign() != "]":
        yield text.line, text.value()
        if text.sign() not in (",", "]"):
            what = "a comma is missing between two records" if text.sign() else "it ends within the list"
            raise _broken(text.line, what)
        if text.sign() == ",":
            text.skip(",")
            if text.sign() == "]":
                raise _broken(text.line, "after a comma a record is missing")
    text.skip("]")
    if text.sign():
        raise _broken(text.line, "more follows after the end of the list")


class _Text:
    """A window on a long text that moves on value by value."""

    def __init__(self, file: IO[str]) -> None:
        self._file, self._text, self._at, self.line = file, "", 0, 1
        self._decode = _DECODER.raw_decode

    def sign(self) -> str:
        """The next sign that is no space; "" at the end."""
        while True:
            self._move(_GAP.match(self._text, self._at).end())  # type: ignore[union-attr]
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def skip(self, sign: str) -> None:
        if self.sign() != sign:
            raise _broken(self.line, f"“{sign}” is missing")
        self._at += 1

    def value(self) -> Any:
        while True:
            try:
                found, end = self._decode(self._text, self._at)
            except RecursionError as error:
                raise _too_deep(self.line) from error
            except ValueError as error:
                if isinstance(error, _Odd) or not self._more():
                    raise _explained(error, self.line, self._text[self._at :]) from error
            else:
                if end < len(self._text) or not self._more():
                    self._move(end)
                    return found

    def _move(self, end: int) -> None:
        self.line += self._text.count("\n", self._at, end)
        self._at = end

    def _more(self) -> bool:
        """Takes in as much again; False at the end of the file."""
        if len(self._text) - self._at > LONGEST:
            raise _too_long(self.line)
        piece = self._file.read(max(PIECE, len(self._text) - self._at))
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)


class _Odd(ValueError):
    """JSON that Python would take and we do not: the same key twice, or NaN."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Odd("json_duplicate_key", f"a record holds “{twice[:80]}” twice")
    return made


def _no_constant(word: str) -> NoReturn:
    raise _Odd("json_nan", f"{word} is not JSON; null stands for what is missing")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def parsed(text: str, line: int) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise _too_deep(line) from error
    except ValueError as error:
        raise _explained(error, line, text) from error


def _explained(error: ValueError, line: int, text: str) -> CannotRead:
    if isinstance(error, _Odd):
        code, what = error.args
        return CannotRead(code, f"In the record that begins in line {line:,}, {what}. {REPAIR}")
    if isinstance(error, json.JSONDecodeError):
        return _broken(line + text.count("\n", 0, error.pos), error.msg[:1].lower() + error.msg[1:80])
    return _broken(line, "a number has too many digits")


def _broken(line: int, what: str) -> CannotRead:
    return CannotRead("json_broken", f"Line {line:,} is not JSON: {what}. {REPAIR}")


def _too_deep(line: int) -> CannotRead:
    return CannotRead("json_too_deep", f"In line {line:,} lists lie in lists beyond all measure. {REPAIR}")


def _too_long(line: int) -> CannotRead:
    return CannotRead("field_too_long", f"The record in line {line:,} is longer than 16 MB. Shorten it.")
