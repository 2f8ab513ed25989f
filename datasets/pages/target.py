"""A column as the answer: how its values are spread, and how much each other column alone tells of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from datasets import cards, links
from datasets.models import DatasetVersion
from web.templatetags.words import percent

CLASSES, STRONGEST = 10, 12
FIT = ("category", "boolean", "integer", "number")


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
        self.version = version
        likely = version.suggested_target
        chosen = version.column(asked) if asked else likely
        self.name: str = chosen["name"] if chosen else ""
        self.reason: str = chosen["target_reason"] if chosen else ""

    @property
    def measure(self) -> str:
        """What the strengths measure, once."""
        return ", ".join(sorted({one.measure for one in self.strengths}))

    @cached_property
    def choices(self) -> list[str]:
        return [column["name"] for column in self.version.columns if column["kind"] in FIT]

    @cached_property
    def body(self) -> dict[str, Any]:
        """What is known of it; empty where there is nothing yet."""
        found = self.version.target_profiles.filter(target=self.name).first() if self.name else None
        return found.body if found else {}

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
    def strengths(self) -> list[Strength]:
        found, base = self.body.get("strengths") or [], self.version.get_absolute_url()
        return [
            Strength(one["column"], links.column(base, one["column"]), one["value"], one["measure"])
            for one in found[:STRONGEST]
        ]
