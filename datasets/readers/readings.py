"""The ways to understand the text of a cell, narrowest first: each has a type and its value in SQL."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any

from datasets.readers import forms
from datasets.tables import literal

NUMBER = r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
CODE = r"[+-]?0[0-9]+"
DIGITS = r"[+-]?[0-9]+"
SHORT = 18  # so many letters of a whole number surely fit into 64 bits
NOT_FINITE = frozenset({"INF", "+INF", "-INF", "INFINITY", "+INFINITY", "-INFINITY", "NAN"})
NO_DATES = frozenset({"0000-00-00", "0000-00-00 00:00:00"})
LEAST, MOST = -(2**63), 2**63 - 1
GROUPS = {"": "nothing", ",": "commas", ".": "points", " ": "blanks", "'": "apostrophes"}
BLANKS = " \u00a0\u202f"
DECIMALS = {".": "a point", ",": "a comma"}

_NUMBER, _CODE, _DIGITS = re.compile(NUMBER), re.compile(CODE), re.compile(DIGITS)


def among(words: Iterable[str], cell: str) -> str:
    """SQL for whether a cell is one of the words, in any case. A list of words would take far more memory."""
    pattern = "|".join(re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", word) for word in sorted(words))
    return f"regexp_full_match({cell}, {literal(pattern)}, 'i')"


def _is_like(cell: str, pattern: str) -> str:
    return f"regexp_full_match({cell}, {literal(pattern)})"


@dataclass(frozen=True)
class Reading(ABC):
    """One way. `cell` in the methods is SQL for the text of a cell, with blanks around it perhaps."""

    @property
    @abstractmethod
    def type(self) -> str:
        """What DuckDB calls the type of the values."""

    @property
    @abstractmethod
    def why(self) -> str:
        """The reason that a person reads."""

    @abstractmethod
    def could_be(self, cell: str) -> bool:
        """Whether a cell, without blanks around it, may be read so. Never says no where SQL would say yes."""

    @abstractmethod
    def checked(self, cell: str) -> str:
        """The value, where nothing of the cell is lost by it; else NULL."""

    def written(self, cell: str) -> str:
        """The value, once every cell was checked: quicker."""
        return self.checked(cell)

    def lost(self, cell: str) -> str:
        """Whether a cell that has no value may become missing, with a note."""
        return "false"

    def lost_note(self, count: int) -> str:
        return ""

    @property
    def note(self) -> str:
        return ""

    @property
    def habit(self) -> str:
        """What it has in common with other columns of the file: the order of dates, the signs in numbers."""
        return ""

    def implies(self, other: "Reading") -> bool:
        """Whether the other fits each cell that this one fits, so that it need not be tried beside it."""
        return False

    def is_evident(self, cells: Sequence[str]) -> bool:
        """Whether there is any sign of it in some cells that could all be read so."""
        return True


@dataclass(frozen=True)
class Style:
    """How numbers are written: the sign before decimals and the one between thousands, if any."""

    decimal: str = "."
    thousands: str = ""

    @property
    def is_plain(self) -> bool:
        return self == Style()

    @property
    def habit(self) -> str:
        """Two signs with a blank between them: of decimals, of thousands."""
        return f"{self.decimal} {self.thousands}"

    @cached_property
    def pattern(self) -> str:
        """What a whole cell matches."""
        decimal, mark = re.escape(self.decimal), f"[{re.escape(self.thousands)}]"
        if self.thousands == " ":
            mark = f"[{BLANKS}]"
        groups = f"[1-9][0-9]{{0,2}}({mark}[0-9]{{3}})+|" if self.thousands else ""
        return f"[+-]?({groups}[0-9]+)({decimal}[0-9]*)?" + ("" if self.thousands else "([eE][+-]?[0-9]+)?")

    def plain(self, cell: str) -> str:
        """SQL for the text as a programmer writes numbers."""
        if self.is_plain:
            return cell
        text = f"trim({cell})"
        for mark in BLANKS if self.thousands == " " else self.thousands:
            text = f"replace({text}, {literal(mark)}, '')"
        return text if self.decimal == "." else f"replace({text}, {literal(self.decimal)}, '.')"

    def plain_text(self, cell: str) -> str:
        for mark in BLANKS if self.thousands == " " else self.thousands:
            cell = cell.replace(mark, "")
        return cell.replace(self.decimal, ".")

    def is_evident(self, cells: Sequence[str]) -> bool:
        """Plain numbers fit into every style, so another needs its sign somewhere."""
        marks = BLANKS if self.thousands == " " else self.thousands or self.decimal
        return self.is_plain or any(mark in cell for cell in cells for mark in marks)

    def fits(self, cell: str) -> bool:
        return self.is_plain or self._fullmatch(cell) is not None

    @cached_property
    def _fullmatch(self) -> Callable[[str], re.Match[str] | None]:
        return re.compile(self.pattern).fullmatch

    def held(self, cell: str, value: str) -> str:
        """SQL for the value where the cell is written in this style."""
        if self.is_plain:
            return value
        return f"CASE WHEN regexp_full_match(trim({cell}), {literal(self.pattern)}) THEN {value} END"

    @property
    def words(self) -> str:
        parts = [f"{GROUPS[self.thousands]} group thousands"] if self.thousands else []
        if self.decimal == ",":
            parts.append("a comma stands before decimals")
        example = {",": "1,234", ".": "1.234", " ": "1 234", "'": "1'234", "": "1"}[self.thousands]
        return f"{' and '.join(parts)}, as in {example}{',5' if self.decimal == ',' else ''}" if parts else ""


@dataclass(frozen=True)
class Styled(Reading):
    """What the ways to read a number have in common: a style, and the sign of it that it needs."""

    style: Style = Style()

    @property
    def note(self) -> str:
        return self.style.words

    @property
    def habit(self) -> str:
        return self.style.habit

    def is_evident(self, cells: Sequence[str]) -> bool:
        return self.style.is_evident(cells)


@dataclass(frozen=True)
class Whole(Styled):
    """A whole number of 64 bits that comes back as it was written, but for a plus."""

    type = "BIGINT"
    why = "Every value is a whole number"

    def implies(self, other: Reading) -> bool:
        return isinstance(other, Number) and other.style == self.style

    def could_be(self, cell: str) -> bool:
        text = self.style.plain_text(cell)
        return self.style.fits(cell) and is_whole(text) and LEAST <= int(text) <= MOST

    def checked(self, cell: str) -> str:
        text = self.style.plain(cell)
        value = f"TRY_CAST({text} AS BIGINT)"
        back = f"CAST({value} AS VARCHAR)"
        bare = f"ltrim(trim({text}), '+')"
        return self.style.held(
            cell, f"CASE WHEN {back} = {text} THEN {value} WHEN {back} = {bare} THEN {value} END"
        )

    def written(self, cell: str) -> str:
        return f"TRY_CAST({self.style.plain(cell)} AS BIGINT)"


@dataclass(frozen=True)
class AnyWhole(Whole):
    """A whole number however it is written, such as 8.0, for a column that somebody wants to be of these."""

    def could_be(self, cell: str) -> bool:
        return super().could_be(cell) or (self.style.fits(cell) and is_number(self.style.plain_text(cell)))

    def checked(self, cell: str) -> str:
        value = f"({Number(self.style).checked(cell)})"
        whole = f"CASE WHEN {value} = floor({value}) THEN TRY_CAST({value} AS BIGINT) END"
        return f"coalesce({super().checked(cell)}, {whole})"


@dataclass(frozen=True)
class Number(Styled):
    """A finite number. Not one that begins with zeros, nor a whole one beyond 64 bits: those are codes."""

    type = "DOUBLE"
    why = "Every value is a number"

    def could_be(self, cell: str) -> bool:
        if cell.upper() in NOT_FINITE:
            return True
        text = self.style.plain_text(cell)
        return self.style.fits(cell) and is_number(text) and not is_code(text) and not is_long(text)

    def checked(self, cell: str) -> str:
        text = self.style.plain(cell)
        value, bare = f"TRY_CAST({text} AS DOUBLE)", f"trim({text})"
        codes = (f"{text} BETWEEN '{sign}00' AND '{sign}0:'" for sign in ("", "-", "+"))
        odd = f"{text} < '!' OR contains({text}, '_') OR strlen({text}) > {SHORT} OR {' OR '.join(codes)}"
        long = f"{_is_like(bare, DIGITS)} AND TRY_CAST({text} AS BIGINT) IS NULL"
        fine = f"{_is_like(bare, NUMBER)} AND NOT {_is_like(bare, CODE)} AND NOT ({long})"
        careful = f"CASE WHEN {fine} THEN {value} END"
        return self.style.held(
            cell, f"CASE WHEN isfinite({value}) THEN CASE WHEN {odd} THEN {careful} ELSE {value} END END"
        )

    def written(self, cell: str) -> str:
        value = f"TRY_CAST({self.style.plain(cell)} AS DOUBLE)"
        return f"CASE WHEN isfinite({value}) THEN {value} END"

    def lost(self, cell: str) -> str:
        bare = f"trim({self.style.plain(cell)})"
        beyond = f"{_is_like(bare, NUMBER)} AND isinf(TRY_CAST({bare} AS DOUBLE))"
        return f"{among(NOT_FINITE, f'trim({cell})')} OR ({beyond} AND NOT {_is_like(bare, DIGITS)})"

    def lost_note(self, count: int) -> str:
        return f"{count:,} values that are not finite were read as missing"


@dataclass(frozen=True)
class Truth(Reading):
    """True or false, in any case; `pairs` are further words for them, where a person wants it so."""

    pairs: tuple[tuple[str, str], ...] = (("true", "false"),)
    type = "BOOLEAN"
    why = "Every value is true or false"

    def could_be(self, cell: str) -> bool:
        return any(cell.lower() in pair for pair in self.pairs)

    def checked(self, cell: str) -> str:
        bare = f"trim({cell})"
        yes, no = (frozenset(pair[side] for pair in self.pairs) for side in (0, 1))
        return f"CASE WHEN {among(yes, bare)} THEN true WHEN {among(no, bare)} THEN false END"


@dataclass(frozen=True)
class Moment(Reading):
    """A date, with a time perhaps, in one form; `order` says whether the day or the month stands first."""

    form: str
    order: str = ""
    type = "TIMESTAMP"

    @property
    def why(self) -> str:
        return f"Every value is a date like {datetime(2026, 12, 31, 13, 59).strftime(self.form)}"

    @property
    def habit(self) -> str:
        return self.order

    def could_be(self, cell: str) -> bool:
        return cell in NO_DATES or forms.fits(cell, self.form)

    def checked(self, cell: str) -> str:
        value = f"try_strptime(trim({cell}), {literal(self.form)})"
        return f"CASE WHEN {value} >= TIMESTAMP '1000-01-01' THEN {value} END"

    def written(self, cell: str) -> str:
        return f"try_strptime(trim({cell}), {literal(self.form)})"

    def lost(self, cell: str) -> str:
        return among(NO_DATES, f"trim({cell})")

    def lost_note(self, count: int) -> str:
        return f"{count:,} dates of zeros were read as missing"


@dataclass(frozen=True)
class IsoMoment(Moment):
    """A date that begins with its year, as ISO 8601 has it, with or without a time and a zone."""

    def could_be(self, cell: str) -> bool:
        return cell in NO_DATES or forms.is_iso(cell)

    def checked(self, cell: str) -> str:
        value = f"TRY_CAST({cell} AS TIMESTAMP)"
        return f"CASE WHEN ltrim({cell})[5] IN ('-', '/') THEN {value} END"

    def written(self, cell: str) -> str:
        return f"TRY_CAST({cell} AS TIMESTAMP)"


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def is_whole(text: str) -> bool:
    return _DIGITS.fullmatch(text) is not None and _CODE.fullmatch(text) is None and len(text) < 2 * SHORT


def is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def is_long(text: str) -> bool:
    return len(text) > SHORT and _DIGITS.fullmatch(text) is not None and not LEAST <= int(text[:100]) <= MOST


def styles(options: Mapping[str, Any]) -> list[Style]:
    """The ways in which this file may write numbers, the likeliest first."""
    decimal, thousands = options.get("decimal"), options.get("thousands")
    known = [Style(), *map(Style, ".,,,..", (",", "", ".", " ", " ", "'"))]
    if thousands:
        known += [style for style in map(Style, ".,", thousands * 2) if style.decimal != thousands]
    return [
        style
        for style in dict.fromkeys(known)
        if decimal in (None, "", style.decimal) and _allows(thousands, style)
    ]


def _allows(thousands: str | None, style: Style) -> bool:
    return thousands is None or (style.thousands in ("", thousands) and style.decimal != thousands)


def candidates(options: Mapping[str, Any]) -> list[Reading]:
    """Every way that these options allow, in the order in which they are preferred."""
    numbers: Iterator[Reading] = (way(style) for style, way in product(styles(options), (Whole, Number)))
    return list(dict.fromkeys([Whole(), *numbers, Truth(), *moments(options)]))


def moments(options: Mapping[str, Any]) -> list[Reading]:
    """The forms of dates: those that begin with the year, then by what stands first."""
    return [
        IsoMoment("%Y-%m-%d"),
        *(Moment(form, order) for form, order in forms.ordered(options.get("dates") or "")),
    ]


def of_kind(kind: str, options: Mapping[str, Any]) -> Sequence[Reading]:
    """The ways that a person allows who wants a column to be of a kind; none where it is to stay text."""
    words = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("1", "0"))
    by_kind: dict[str, list[Reading]] = {
        "integer": [AnyWhole(style) for style in styles(options)],
        "number": [Number(style) for style in styles(options)],
        "boolean": [Truth(words)],
        "datetime": [*moments(options), Moment("%Y%m%d"), Moment("%Y-%m"), Moment("%Y")],
    }
    return by_kind.get(kind, [])
