"""How far scores would move with other rows: percentile bootstrap, a bounded amount of work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from engine.events import finite
from engine.fit import Answer
from engine.metrics import METRICS
from engine.scoring import Scores, score

Intervals = dict[str, list[float | None]]
_BLOCK = 500_000
_LEAST_ROWS = 1000


@dataclass(frozen=True)
class Effort:
    """How many rows and resamples at most: together about `work` numbers for each class."""

    rows: int
    least: int
    most: int
    work: int

    def part(self, width: int) -> int:
        """The rows that are looked at: fewer where there are many classes."""
        return max(_LEAST_ROWS, 2 * self.rows // max(2, width))

    def resamples(self, rows: int, width: int) -> int:
        return int(np.clip(self.work // (rows * width), self.least, self.most))


TEST = Effort(rows=10_000, least=100, most=1000, work=4_000_000)
BESIDE = Effort(rows=2000, least=100, most=200, work=200_000)
"""For the rows that it learned from, and for the folds."""


def intervals(
    truth: np.ndarray,
    answer: Answer,
    seed: int,
    effort: Effort = TEST,
    *,
    rows: np.ndarray | None = None,
    centre: Mapping[str, float | None] | None = None,
) -> Intervals:
    """The 95 % interval of each score, [low, high]; [None, None] where a score cannot be said.

    `rows` says which row each entry is about, where a row is answered more than once: rows are drawn.
    Beyond `effort.part` a part of them is resampled, and what it shows is narrowed by the root of its
    share (Bickel, Götze, van Zwet 1997: m out of n bootstrap). `centre` moves it to other means.
    """
    places = np.arange(len(truth)) if rows is None else np.unique(rows, return_inverse=True)[1]
    random = np.random.default_rng(seed)
    width = 1 if answer.shares is None else answer.shares.shape[1]
    kept, drawn_from = _part(places, effort.part(width), random)
    few = Answer(answer.predicted[kept], None if answer.shares is None else answer.shares[kept])
    values = _resampled(truth[kept], few, drawn_from, effort, random)
    whole = drawn_from.max() == places.max()
    if whole and centre is None:
        return {name: _middle(found) for name, found in values.items()}
    centres = centre or _plain(score(truth, answer))
    here, narrower = _plain(score(truth[kept], few)), np.sqrt((drawn_from.max() + 1) / (places.max() + 1))
    return {name: _moved(found, here[name], centres[name], narrower, name) for name, found in values.items()}


def _part(places: np.ndarray, most: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Which entries to look at, and the row of each, numbered anew from 0."""
    total = int(places.max()) + 1
    if total <= most:
        return np.arange(len(places)), places
    chosen = np.zeros(total, dtype=bool)
    chosen[random.choice(total, most, replace=False)] = True
    kept = np.flatnonzero(chosen[places])
    return kept, (np.cumsum(chosen) - 1)[places[kept]]


def _resampled(
    truth: np.ndarray, answer: Answer, places: np.ndarray, effort: Effort, random: np.random.Generator
) -> Scores:
    rows, width = int(places.max()) + 1, 1 if answer.shares is None else answer.shares.shape[1]
    once = len(places) == rows
    blocks = []
    for size in _blocks(effort.resamples(rows, width), max(1, _BLOCK // rows)):
        drawn = random.integers(rows, size=(size, rows)) + np.arange(size)[:, None] * rows
        weights = np.bincount(drawn.ravel(), minlength=size * rows).reshape(size, rows).astype("float64")
        blocks.append(score(truth, answer, weights if once else weights[:, places]))
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _blocks(total: int, size: int) -> Iterator[int]:
    return (min(size, total - start) for start in range(0, total, size))


def _plain(scores: Scores) -> dict[str, float | None]:
    return {name: finite(values[0]) for name, values in scores.items()}


def _middle(values: np.ndarray) -> list[float | None]:
    known = values[np.isfinite(values)]
    if not len(known):
        return [None, None]
    low, high = np.percentile(known, [2.5, 97.5])
    return [finite(low), finite(high)]


def _moved(
    values: np.ndarray, here: float | None, centre: float | None, narrower: float, name: str
) -> list[float | None]:
    """The interval of a part, narrowed and moved; no score leaves its range by that."""
    low, high = _middle(values)
    if low is None or high is None or here is None or centre is None:
        return [None, None]
    ends = [centre + (end - here) * narrower for end in (low, high)]
    if METRICS[name].higher_is_better:
        return [min(end, 1.0) for end in ends]
    return [max(end, 0.0) for end in ends]
