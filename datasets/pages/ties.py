"""How much columns say of each other, as a grid of tints: the strongest pair in the corner."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from datasets.knowledge.associations import LEAST
from datasets.knowledge.associations import PAIRS as KEPT
from datasets.models import DatasetVersion
from datasets.pages.column import Pair, pairs
from web.templatetags.words import MINUS

FEWEST, MOST = 3, 30  # columns that a grid has room for
STEPS = (0.3, 0.5, 0.7, 0.9)  # from each on, the tint is one step stronger


@dataclass(frozen=True)
class Cell:
    """One tie: its value in two decimals, and the class of its tint; both "" where none was kept."""

    words: str = ""
    look: str = ""


@dataclass(frozen=True)
class Line:
    """A column, where it stands in its version, and its ties with the columns before it."""

    name: str
    place: int
    cells: list[Cell]


class Grid:
    """The ties of a version below the diagonal."""

    def __init__(self, version: DatasetVersion) -> None:
        self._pairs = pairs(version)
        self._places = {column["name"]: place for place, column in enumerate(version.columns)}

    @cached_property
    def names(self) -> list[str]:
        """The columns, in the order in which the strongest pairs name them."""
        named = (name for pair in self._pairs for name in (pair.first, pair.second))
        return [name for name in dict.fromkeys(named) if name in self._places]

    @property
    def fits(self) -> bool:
        return FEWEST <= len(self.names) <= MOST

    @property
    def heads(self) -> list[tuple[str, int]]:
        """The name and the place of each column that has others below it."""
        return [(name, self._places[name]) for name in self.names[:-1]]

    @property
    def lines(self) -> list[Line]:
        """A line for each column but the first; each is one cell longer than the one above."""
        known = {frozenset((pair.first, pair.second)): _cell(pair) for pair in self._pairs}
        return [
            Line(name, self._places[name], [known.get(frozenset((name, one)), Cell()) for one in before])
            for name, before in ((name, self.names[:at]) for at, name in enumerate(self.names) if at)
        ]

    @property
    def least(self) -> str:
        """What the weakest tie that was kept is at least: of many, only the strongest are."""
        weakest = min(pair.strength for pair in self._pairs)
        return f"{ceil(100 * weakest) / 100 if len(self._pairs) >= KEPT else LEAST:.2g}"

    @property
    def is_signed(self) -> bool:
        """Whether some pair goes against each other."""
        return any(pair.value < 0 for pair in self._pairs)


def _cell(pair: Pair) -> Cell:
    step = 1 + sum(pair.strength >= edge for edge in STEPS)
    way = "against" if pair.value < 0 else "with"
    return Cell(f"{pair.value:.2f}".replace("-", MINUS), f"{way}-{step}")
