"""Explaining, second part: how much worse the answers get when a column is shuffled, and what chance does."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from engine.events import finite
from engine.explain.opened import Opened, worth
from engine.fit import Answer
from engine.metrics import METRICS

LEAST_REPEATS, MOST_REPEATS = 10, 30
MOST_ROWS, LEAST_ROWS = 2000, 200
MOST_COLUMNS = 200
_CELLS = 20_000_000
_ASKED = 20_000
"""Rows to answer for each column: of few rows there are more shuffles."""
SURE = 0.05
Answers = Callable[[pd.DataFrame], Answer]


@dataclass(frozen=True)
class Importance:
    """One column: how much the score drops, shape (repeats,), with more than 0 being worse answers."""

    name: str
    drops: np.ndarray

    @property
    def mean(self) -> float:
        return float(self.drops.mean())

    def interval(self) -> tuple[float, float]:
        """95 % for the mean over shuffles of these rows (Student's t)."""
        from scipy import stats

        half = stats.t.ppf(0.975, len(self.drops) - 1) * self.drops.std(ddof=1) / np.sqrt(len(self.drops))
        return self.mean - float(half), self.mean + float(half)


@dataclass(frozen=True)
class Measured:
    """Held-out rows, a way to answer them, and the metric by which answers are judged."""

    answers: Answers
    features: pd.DataFrame
    truth: np.ndarray
    metric: str
    seed: int

    @property
    def repeats(self) -> int:
        """How often each column is shuffled."""
        return int(np.clip(_ASKED // max(1, len(self.truth)), LEAST_REPEATS, MOST_REPEATS))

    @cached_property
    def whole(self) -> float:
        """The score with every column in its place, turned so that more is better."""
        return self._worth(self.answers(self.features))

    def importance(self, name: str) -> Importance:
        """Breiman (2001), "Random forests"; for any model Fisher, Rudin and Dominici (2019), JMLR 20(177)."""
        random, rows = np.random.default_rng([self.seed, 2, _number(name)]), len(self.truth)
        orders = np.concatenate([random.permutation(rows) for _ in range(self.repeats)])
        shuffled = pd.concat([self.features] * self.repeats, ignore_index=True)
        shuffled[name] = self.features[name].array[orders]
        answer = self.answers(shuffled)
        parts = [slice(start, start + rows) for start in range(0, len(orders), rows)]
        scores = np.array([self._worth(_part(answer, part)) for part in parts])
        return Importance(name, np.nan_to_num(self.whole - scores))

    def _worth(self, answer: Answer) -> float:
        better = METRICS[self.metric].higher_is_better
        return worth(self.truth, answer, self.metric, higher_is_better=better)


def rows_to_measure(opened: Opened) -> np.ndarray:
    """At most 2,000 held-out rows, fewer of them where the columns are very many."""
    room = _CELLS // (LEAST_REPEATS * max(1, opened.ready.features.shape[1]))
    return opened.drawn(opened.test, int(np.clip(room, LEAST_ROWS, MOST_ROWS)), 1)


def importances(opened: Opened, metric: str, names: list[str]) -> tuple[float, list[Importance]]:
    """The score on held-out rows, and the drop of each named column, the largest first."""
    rows, ready = rows_to_measure(opened), opened.ready
    measured = Measured(
        opened.model.answer, ready.features.iloc[rows], ready.target[rows], metric, opened.spec.seed
    )
    found = [measured.importance(name) for name in names]
    return measured.whole, sorted(found, key=lambda one: -one.mean)


def _part(answer: Answer, rows: slice) -> Answer:
    return Answer(answer.predicted[rows], None if answer.shares is None else answer.shares[rows])


def _number(name: str) -> int:
    """A column's own number, so that its chance does not depend on the other columns."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))


def upper_limit(spread: float, seen: int, further: int) -> float:
    """How far above the mean of `seen` draws none of `further` ones lies, in 95 of 100 cases.

    The upper prediction limit of normal draws, by Student's t with the 5 % shared by all of them (Hahn and
    Meeker 1991, "Statistical intervals", chapter 4).
    """
    from scipy import stats

    return float(stats.t.ppf(1 - SURE / max(1, further), seen - 1) * spread * np.sqrt(1 + 1 / seen))


def is_more_than_chance(one: Importance, columns: int) -> bool:
    """Whether the score with the column in its place stands out among those with it shuffled.

    Where a column has nothing to do with the target and the other columns, the rows as they are and the rows
    with it shuffled come from one distribution, so the score as it is is one more draw among the shuffled
    ones, and hardly beyond their `upper_limit`. This holds without a second fit and whatever the model made
    of the column; it is blind to what a column only repeats of another.
    """
    limit = upper_limit(float(one.drops.std(ddof=1)), len(one.drops), columns)
    return one.mean > max(limit, 1e-12)


def told(one: Importance, kind: str, columns: int, line: float | None) -> dict[str, Any]:
    """One column for importance.json; `line` is what columns of pure chance reach."""
    low, high = one.interval()
    above = is_more_than_chance(one, columns) and (line is None or one.mean > line)
    return {
        "name": one.name,
        "kind": kind,
        "importance": finite(one.mean),
        "low": finite(low),
        "high": finite(high),
        "is_chance": not above,
        "drops": [finite(drop) for drop in one.drops],
    }
