"""A column as the answer: how its values are spread, and how much each other column alone tells of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from datasets import cards, links, targets
from datasets.models import DatasetVersion
from datasets.pages import shapes
from web.problems import Refused
from web.templatetags.words import percent

CLASSES, STRONGEST = 10, 8
GUESS = {"auc": 0.5}  # what says nothing has; 0 in the other measures
WORDS = ("identifier", "text", "image")  # what such a column tells is not in its cells as they stand
FIT = ("category", "boolean", "integer", "number")
MEASURES = {
    "auc": "ROC AUC on rows it was not fitted on; here 0.5 is guessing.",
    "tau": "Share of the variance of the classes, on rows it was not fitted on.",
    "r2": "R² on rows it was not fitted on.",
}


@dataclass(frozen=True)
class Strength:
    """How much one column alone tells: a share of the most that it could, and in words."""

    name: str
    href: str
    value: float
    measure: str

    @property
    def share(self) -> float:
        return min(1.0, max(0.0, self.value))


class Target:
    """The column that was asked for as the answer; the likely one where none was."""

    def __init__(self, version: DatasetVersion, asked: str | None) -> None:
        self.version, self.problem, self._is_asked = version, "", bool(asked)
        likely = version.suggested_target
        chosen = version.column(asked) if asked else likely
        self.name: str = chosen["name"] if chosen else ""
        self.reason: str = chosen["target_reason"] if chosen else ""

    @property
    def measure(self) -> str:
        """What the strengths measure, once."""
        return ", ".join(sorted({MEASURES.get(one.measure, one.measure) for one in self.strengths}))

    @cached_property
    def choices(self) -> list[str]:
        return [column["name"] for column in self.version.columns if column["kind"] in FIT]

    @cached_property
    def body(self) -> dict[str, Any]:
        """What is known of it, found out now where it was asked for; empty where there is nothing."""
        if not self.name or not self._is_asked:
            return dict(targets.known(self.version, self.name) or {})
        try:
            return dict(targets.of(self.version, self.name))
        except Refused as reason:
            self.problem = reason.detail
            return {}

    @property
    def bars(self) -> list[cards.Bar]:
        """Its most common values."""
        found = self.body.get("classes") or []
        rows = self.version.rows or 1
        return [
            cards.Bar(str(value), n, percent(n / rows), at) for at, (value, n) in enumerate(found[:CLASSES])
        ]

    @property
    def shape(self) -> str:
        return cards.path(self.body.get("histogram"))

    @property
    def shapes(self) -> list[shapes.Shape]:
        return shapes.shapes(self.body, self.version.get_absolute_url(), without=self._words)

    @property
    def strengths(self) -> list[Strength]:
        found, base = self.body.get("strengths") or [], self.version.get_absolute_url()
        return [
            Strength(one["column"], links.column(base, one["column"]), one["value"], one["measure"])
            for one in found
            if one["value"] > GUESS.get(one["measure"], 0) or one["column"] not in self._words
        ][:STRONGEST]

    @cached_property
    def _words(self) -> set[str]:
        return {column["name"] for column in self.version.columns if column["kind"] in WORDS}
