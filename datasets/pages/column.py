"""One column by itself: its whole distribution, what is like it, and what else it could be."""

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from datasets import cards, links
from datasets.models import DatasetVersion
from datasets.pages import findings
from datasets.pages.decisions import Choice
from web.templatetags.words import count, percent

WIDTH, HEIGHT = 800, 160
LIKE = 10
MEASURES = {
    "pearson": "Pearson: how well a line fits",
    "spearman": "Spearman: whether both rise together",
    "cramers_v": "Cramér's V: how well one word tells the other",
    "correlation_ratio": "Correlation ratio: how well the word tells the number",
}
KINDS = ("integer", "number", "category", "boolean", "datetime", "text", "identifier")


@dataclass(frozen=True)
class Slice:
    """A bar of the histogram: its place in the drawing, what it counts, and its rows."""

    x: float
    y: float
    wide: float
    tall: float
    words: str
    count: int
    href: str


@dataclass(frozen=True)
class Pair:
    """Two columns that say something of each other."""

    first: str
    second: str
    measure: str
    value: float

    @property
    def strength(self) -> float:
        return min(1.0, abs(self.value))

    def seen_from(self, name: str) -> "Pair":
        """The same tie with this column first."""
        return self if self.first == name else replace(self, first=self.second, second=self.first)

    @property
    def words(self) -> str:
        return MEASURES.get(self.measure, self.measure)


class ColumnPage:
    """A column of a version, with links to the rows behind each number."""

    width, height = WIDTH, HEIGHT

    def __init__(self, version: DatasetVersion, facts: dict[str, Any]) -> None:
        self.version, self.facts, self.name = version, facts, facts["name"]
        self.card = cards.card(facts, version.rows or 0)

    @property
    def query(self) -> str:
        return urlencode({"name": self.name})

    @property
    def slices(self) -> list[Slice]:
        shape = self.facts["histogram"]
        if not shape or not any(shape["counts"]):
            return []
        edges, counts = links.edges(shape), shape["counts"]
        step, most = WIDTH / len(counts), max(counts)
        return [
            Slice(
                x=round(place * step + 1, 2),
                y=round(HEIGHT - (HEIGHT - 4) * found / most, 2),
                wide=round(step - 2, 2),
                tall=round((HEIGHT - 4) * found / most, 2),
                words=f"{cards.number(edges[place])} to {cards.number(edges[place + 1])}",
                count=found,
                href=links.rows(links.bar(self.facts, place)),
            )
            for place, found in enumerate(counts)
        ]

    @property
    def low(self) -> str:
        return cards.number(self.facts["histogram"]["from"])

    @property
    def high(self) -> str:
        return cards.number(self.facts["histogram"]["to"])

    @property
    def top(self) -> list[tuple[str, int, str, str]]:
        """The most common values: each with its count, its share and its rows."""
        rows = self.version.rows or 1
        return [
            (value, found, percent(found / rows), links.rows([links.same(self.facts, value)]))
            for value, found in self.facts["top"]
        ]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """All its figures, each with its name."""
        return [*self.card.facts, *cards.more(self.facts)]

    @property
    def missing(self) -> str:
        return links.rows([[self.name, "missing"]]) if self.facts["missing"] else ""

    @property
    def pairs(self) -> list[Pair]:
        """The columns that say most of this one; each is the `second` of its pair."""
        mine = [pair for pair in pairs(self.version) if self.name in (pair.first, pair.second)]
        return [pair.seen_from(self.name) for pair in mine[:LIKE]]

    @property
    def findings(self) -> list[findings.Finding]:
        return findings.of_column(self.version.findings, self.name)

    @property
    def kinds(self) -> list[Choice]:
        """What else it could be; choosing one reads the file again."""
        return [
            Choice(cards.KINDS[kind][0], json.dumps({"kinds": {self.name: kind}}), kind == self.facts["kind"])
            for kind in KINDS
        ]

    @property
    def drop(self) -> str:
        """The options that leave it out."""
        return json.dumps({"drop": [self.name]})

    @property
    def figure(self) -> dict[str, Any]:
        """The distribution for Plotly."""
        names, counts = self._spread()
        bars = {"type": "bar", "x": names, "y": counts}
        across = {"title": {"text": self.name}, "type": "category"}
        return {
            "title": f"Distribution of {self.name}",
            "description": f"How {count(self.version.rows)} rows are spread.",
            "plotly": {"data": [bars], "layout": {"xaxis": across, "yaxis": {"title": {"text": "Rows"}}}},
        }

    def _spread(self) -> tuple[list[str], list[int]]:
        shape = self.facts["histogram"]
        if not shape:
            return [value for value, _ in self.facts["top"]], [found for _, found in self.facts["top"]]
        steps = pairwise(links.edges(shape))
        return [f"{cards.number(low)} to {cards.number(high)}" for low, high in steps], shape["counts"]


def pairs(version: DatasetVersion) -> list[Pair]:
    """The strongest first."""
    return [Pair(*one) for one in (version.associations or {}).get("pairs", [])]
