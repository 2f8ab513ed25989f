"""The confusion matrix as a table of tinted cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NARROW = 4


@dataclass(frozen=True)
class Cell:
    """One field of the confusion matrix; `look` is one of the five tints."""

    count: int
    share: float
    of: int
    look: str


@dataclass(frozen=True)
class Matrix:
    description: str
    classes: Sequence[str]
    rows: list[tuple[str, list[Cell]]]

    @property
    def is_small(self) -> bool:
        """Whether it has room beside a chart."""
        return len(self.classes) <= NARROW


def matrix(figure: Mapping[str, Any]) -> Matrix:
    """The cells of a figure `confusion_matrix`."""
    classes, counts = figure["data"]["classes"], figure["data"]["counts"]
    rows = [(name, _cells(place, row)) for place, (name, row) in enumerate(zip(classes, counts, strict=True))]
    return Matrix(figure["description"], classes, rows)


def _cells(place: int, row: Sequence[int]) -> list[Cell]:
    total = sum(row)
    return [
        Cell(
            count,
            count / total if total else 0.0,
            total,
            _look(count / total if total else 0.0, column == place),
        )
        for column, count in enumerate(row)
    ]


def _look(share: float, is_right: bool) -> str:
    if is_right:
        return "right-3" if share >= 0.75 else "right-2" if share >= 0.5 else "right-1"
    return "" if share < 0.02 else "wrong-1" if share < 0.2 else "wrong-2"
