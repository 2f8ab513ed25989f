"""Two versions side by side, in words: what came, what went, what is read another way, what moved."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from datasets import cards, comparing
from datasets.models import DatasetVersion
from web.problems import Refused
from web.templatetags.words import count

NAMED = 20
SHOWN = 100
LOOKS = {"large": "bad", "small": "warn"}
NOTE = (
    "Rows are compared by the columns that both versions have. PSI compares how often groups come, KS how"
    " numbers lie; below {} a shift is small, from {} on it is large. Shifts are measured on up to {} rows."
)


@dataclass(frozen=True)
class Shift:
    column: str
    measure: str
    value: float | None
    word: str
    look: str
    missing_from: float
    missing_to: float


class Compared:
    """What changed from another version to this one; `problem` says why that cannot be told."""

    def __init__(self, version: DatasetVersion, other: DatasetVersion) -> None:
        self.problem = ""
        self.found: comparing.Comparison | None = None
        self.before, self.after = sorted((version, other), key=lambda one: one.number)
        try:
            self.found = comparing.of(self.after, self.before)
        except Refused as reason:
            self.problem = reason.detail

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Each with its words; names stand between backticks."""
        if self.found is None:
            return []
        columns = self.found.columns
        return [
            ("Rows", self._rows),
            ("Columns added", _listed([_code(name) for name in columns["added"]])),
            ("Columns removed", _listed([_code(name) for name in columns["removed"]])),
            ("Read another way", _listed([_retyped(one) for one in columns["retyped"]])),
        ]

    @property
    def _rows(self) -> str:
        rows = self.found.rows if self.found else {}
        said = f"{count(rows['from'])} before, {count(rows['to'])} now"
        if rows["added"] is None:
            return said
        about = "" if rows["exact"] else "about "
        return f"{said}; {about}{count(rows['added'])} added, {about}{count(rows['removed'])} removed"

    @cached_property
    def shifts(self) -> list[Shift]:
        """The largest first."""
        found = self.found.shifts[:SHOWN] if self.found else []
        return [_shift(one) for one in found]

    @property
    def note(self) -> str:
        limits: dict[str, Any] = self.found.body if self.found else {}
        at = limits.get("thresholds", {})
        return NOTE.format(at.get("small"), at.get("large"), count(limits.get("sample")))


def _shift(one: dict[str, Any]) -> Shift:
    return Shift(
        column=one["column"],
        measure=one["measure"],
        value=one["value"],
        word=one["word"],
        look=LOOKS.get(one["word"], ""),
        missing_from=one["missing_from"],
        missing_to=one["missing_to"],
    )


def _retyped(one: dict[str, Any]) -> str:
    return f"{_code(one['name'])} from {_kind(one['from'])} to {_kind(one['to'])}"


def _code(name: str) -> str:
    return f"`{name.replace('`', chr(39))}`"


def _kind(one: dict[str, str]) -> str:
    return cards.KINDS.get(one["kind"], (one["kind"], ""))[0].lower()


def _listed(words: list[str]) -> str:
    if not words:
        return "none"
    more = len(words) - NAMED
    return ", ".join(words[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
