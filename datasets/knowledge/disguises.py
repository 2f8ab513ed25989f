"""Values that may mean "missing" although they look like one: -1, 99, "?", 1900-01-01. In the child."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from datasets.knowledge.sample import NUMERIC, Cells
from datasets.quality import spellings

AT_LEAST = 3  # rows, in the sample
OTHERS = 5  # different values beside it, else it may be a code like any other
SPIKE = 2  # times as often as its neighbour, where it stands close to the rest
FAR, ZERO_FAR = 0.1, 0.5  # of the spread of the rest lie between it and them
YEAR = 366 * 86400.0


def suspects(cells: Cells) -> list[str]:
    """The values of a column that may stand for "missing", as text."""
    if cells.type == "datetime":
        return [date for date in spellings.DATES if _is_apart(cells, date)]
    if cells.kind in NUMERIC:
        return _numbers(cells)
    if cells.type == "string" and cells.kind != "constant":
        return _words(cells.words)
    return []


def _words(words: Sequence[str]) -> list[str]:
    crosses = [word for word in words if word.strip().lower() in spellings.CROSSES]
    others = set(words) - set(crosses)
    if not others or not all(spellings.NUMBER.fullmatch(word.strip()) for word in others):
        crosses = []
    return [word for word in words if word.strip().lower() in spellings.WORDS] + crosses


def _is_apart(cells: Cells, date: str) -> bool:
    """Whether a date comes again and again, a year or more away from all others."""
    import numpy as np

    at = datetime.fromisoformat(f"{date}T00:00:00+00:00").timestamp()
    rest = cells.numbers[np.isfinite(cells.numbers) & (cells.numbers != at)]
    if (cells.numbers == at).sum() < AT_LEAST or not len(rest):
        return False
    return bool(np.abs(rest - at).min() >= YEAR)


def _numbers(cells: Cells) -> list[str]:
    import numpy as np

    values = cells.numbers[np.isfinite(cells.numbers)]
    found: list[str] = []
    for mark in spellings.NUMBERS:
        own, rest = values == mark, values[values != mark]
        if own.sum() >= AT_LEAST and len(rest) and _stands_out(mark, int(own.sum()), rest):
            found.append(str(mark))
            values = rest
    return found


def _stands_out(mark: int, count: int, rest: Any) -> bool:
    """Whether a number lies outside of all others and does not go on from them."""
    import numpy as np

    low, high = rest.min(), rest.max()
    if low <= mark <= high or len(np.unique(rest)) < OTHERS:
        return False
    nearest = low if mark < low else high
    gap, spread = abs(nearest - mark), float(np.subtract(*np.quantile(rest, (0.95, 0.05))))
    if mark < 0:
        return bool(low >= 0 and (gap > FAR * spread or count >= SPIKE * (rest == nearest).sum()))
    if mark == 0:
        return bool(spread > 0 and gap > ZERO_FAR * spread)
    return bool(gap > max(FAR * spread, 1) and gap > FAR * (high - low))
