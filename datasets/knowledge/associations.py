"""How much two columns say about each other: a number from 0 to 1 for each pair. In the child.

Numbers with numbers: Pearson's correlation, or Spearman's where it is clearly stronger (both signed).
Categories with categories: Cramér's V with Bergsma's correction for bias (2013). Numbers with categories: the
correlation ratio, the share of a number's spread that lies between the categories, as a root (Fisher, 1925).
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from datasets.knowledge.sample import NUMERIC, Cells, Sample

COLUMNS = 100  # whose pairs are looked at
WORDS = 50  # categories of a column that are told apart; the rest are one
LEAST = 0.1  # what is weaker is not kept
PAIRS = 500
CLEARLY = 0.05  # by so much a rank correlation must be stronger to be told instead
FEW = 20  # rows that both have; below, a number says nothing

Pair = list[Any]


def measure(sample: Sample) -> dict[str, Any]:
    """{"sample", "columns", "pairs": [[a, b, measure, value]...]}, the strongest first."""
    fit = [cells for cells in sample if cells.kind in (*NUMERIC, "category", "boolean")][:COLUMNS]
    numbers = [cells for cells in fit if cells.kind in NUMERIC]
    words = [cells for cells in fit if cells.kind not in NUMERIC]
    pairs = _correlations(numbers) + _cramers(words) + _ratios(words, numbers)
    strong = sorted((pair for pair in pairs if abs(pair[3]) >= LEAST), key=lambda pair: -abs(pair[3]))
    names = [cells.name for cells in fit]
    return {"sample": sample.size, "columns": names, "pairs": strong[:PAIRS]}


def _correlations(numbers: Sequence[Cells]) -> list[Pair]:
    import numpy as np

    if len(numbers) < 2:
        return []
    values = np.column_stack([cells.numbers for cells in numbers])
    straight, ranked = _pairwise(values), _pairwise(np.column_stack([ranks(c.numbers) for c in numbers]))
    found: list[Pair] = []
    for one, other in combinations(range(len(numbers)), 2):
        pearson, spearman = float(straight[one, other]), float(ranked[one, other])
        by_rank = abs(spearman) > abs(pearson) + CLEARLY
        name, value = ("spearman", spearman) if by_rank else ("pearson", pearson)
        found.append([numbers[one].name, numbers[other].name, name, round(value, 4)])
    return found


def _pairwise(values: Any) -> Any:
    """Pearson's correlation of all columns of an n × k matrix, each pair over the rows that have both."""
    import numpy as np

    there = np.isfinite(values)
    filled = np.where(there.any(axis=0), values, 0.0)  # a column without any number has no mean
    with np.errstate(all="ignore"):
        scaled = (values - np.nanmean(filled, axis=0)) / np.nanstd(filled, axis=0)
    known = there & np.isfinite(scaled)
    scaled, weight = np.where(known, scaled, 0.0), known.astype(np.float64)
    count, sums = weight.T @ weight, scaled.T @ weight
    squares, products = (scaled**2).T @ weight, scaled.T @ scaled
    with np.errstate(all="ignore"):
        spread = (squares - sums**2 / count) * (squares.T - sums.T**2 / count)
        found = (products - sums * sums.T / count) / np.sqrt(spread)
    return np.clip(np.nan_to_num(np.where(count >= FEW, found, 0.0), posinf=0, neginf=0), -1, 1)


def ranks(values: Any) -> Any:
    """The place of each value among the others, the mean place for equal ones; NaN stays NaN."""
    import numpy as np

    known = np.isfinite(values)
    found = np.full(len(values), np.nan)
    _, which, count = np.unique(values[known], return_inverse=True, return_counts=True)
    found[known] = (np.cumsum(count) - (count - 1) / 2)[which]
    return found


def _cramers(words: Sequence[Cells]) -> list[Pair]:
    coded = [(cells.name, *few(cells)) for cells in words]
    found: list[Pair] = []
    for place, (name, codes, size) in enumerate(coded):
        for other, others, width in coded[place + 1 :]:
            value = cramers_v(codes, others, size, width)
            found.append([name, other, "cramers_v", round(value, 4)])
    return found


def few(cells: Cells) -> tuple[Any, int]:
    """Codes of at most WORDS categories, the rarest together as the last; and how many there are."""
    import numpy as np

    counts = np.bincount(cells.codes[cells.present], minlength=1)
    if len(counts) <= WORDS:
        return cells.codes, len(counts)
    place = np.full(len(counts) + 1, WORDS - 1)
    place[np.argsort(-counts, kind="stable")[: WORDS - 1]] = np.arange(WORDS - 1)
    place[-1] = -1
    return place[cells.codes], WORDS


def cramers_v(one: Any, other: Any, size: int, width: int) -> float:
    """From 0 (they know nothing of each other) to 1, of two arrays of codes; -1 is missing."""
    import numpy as np

    both = (one >= 0) & (other >= 0)
    table = np.bincount(one[both] * width + other[both], minlength=size * width).reshape(size, width)
    table = table[table.sum(1) > 0][:, table.sum(0) > 0].astype(np.float64)
    total, (high, wide) = table.sum(), table.shape
    if total < FEW or min(high, wide) < 2:
        return 0.0
    expected = np.outer(table.sum(1), table.sum(0)) / total
    phi = ((table - expected) ** 2 / expected).sum() / total
    phi = max(phi - (high - 1) * (wide - 1) / (total - 1), 0.0)
    most = min(high - (high - 1) ** 2 / (total - 1), wide - (wide - 1) ** 2 / (total - 1)) - 1
    return float(np.sqrt(min(phi / most, 1.0))) if most > 0 else 0.0


def _ratios(words: Sequence[Cells], numbers: Sequence[Cells]) -> list[Pair]:
    coded = [(cells.name, *few(cells)) for cells in words]
    return [
        [name, of.name, "correlation_ratio", round(correlation_ratio(codes, of.numbers, size), 4)]
        for name, codes, size in coded
        for of in numbers
    ]


def correlation_ratio(codes: Any, values: Any, size: int) -> float:
    """From 0 to 1: the root of the share of the spread of `values` that lies between the groups."""
    import numpy as np

    known = (codes >= 0) & np.isfinite(values)
    if known.sum() < FEW:
        return 0.0
    group, value = codes[known], values[known]
    with np.errstate(all="ignore"):
        value = (value - value.mean()) / value.std()
    counts = np.bincount(group, minlength=size)
    means = np.bincount(group, value, minlength=size) / np.maximum(counts, 1)
    share = float((counts * means**2).sum() / len(value))
    return float(np.sqrt(min(share, 1.0))) if np.isfinite(share) else 0.0
