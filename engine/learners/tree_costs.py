"""What trees cost: measured on one core of a server of 2024 (3 GHz), 300 to 100,000 rows, 8 to 50 columns."""

from __future__ import annotations

from math import log2, sqrt

from engine.learners.base import Cost


def columns_asked(share: str | None, columns: int) -> float:
    """How many columns each question looks at."""
    if share == "sqrt":
        return sqrt(columns)
    return log2(max(columns, 2)) if share == "log2" else float(columns)


def levels(rows: int, depth: int | None) -> float:
    """How often all rows are asked, from root to leaves."""
    deepest = log2(max(rows, 2))
    return deepest if depth is None else min(float(depth), deepest)


def nodes_bytes(rows: int, leaf: int, depth: int | None, classes: int) -> float:
    """The size of a tree that grows until its leaves have `leaf` rows."""
    leaves = min(rows / leaf, 2.0 ** min(depth or 64, 64))
    return 2 * leaves * (64 + 8 * max(classes, 1))


def many(trees: int, seconds: float, kept: float, shared: float) -> Cost:
    """So many trees of which each takes `seconds` and keeps `kept` bytes, over `shared` bytes for all."""
    return Cost(1e-3 + trees * seconds, round(shared + trees * kept))


def binned(rows: int, columns: int, leaves: float, each_row: float, each_leaf: tuple[float, float]) -> float:
    """Seconds of one tree over bins: each value once, and a histogram for each leaf.

    `each_row` is for one value of a tree with 31 leaves, `each_leaf` for a leaf and for each column of it.
    """
    deeper = log2(max(leaves, 2)) / 5
    once, per_column = each_leaf
    return rows * (2e-8 + each_row * columns * deeper) + leaves * (once + per_column * columns)
