"""Learning tree by tree: the rows that say when to stop, what is told of each round, and which was best."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.events import OnStep

_SHARE_TO_CHECK = 0.1
_FEW = 500
_MOST_TOLD = 100
_SMALLEST = float(np.finfo("float64").eps)


class Rounds:
    """Hears the losses of each round, tells some of them, and remembers the best.

    With `patience`, `after` says to stop once that many rounds brought no lower validation loss.
    """

    def __init__(
        self, most: int, patience: int | None, on_step: OnStep | None, told: int = _MOST_TOLD
    ) -> None:
        self.most = most
        self.patience = patience
        self.on_step = on_step
        self.every = -(-most // told)
        self.best = 0
        self.heard = 0
        self.lowest = np.inf
        self._told, self._began = 0, time.perf_counter()

    @property
    def matter(self) -> bool:
        """Whether anybody hears of them, or they may end the learning."""
        return self.on_step is not None or self.patience is not None

    def is_due(self, number: int) -> bool:
        """Whether this round is told: at most about a hundred are, and always the last."""
        return number % self.every == 0 or number == self.most

    def after(self, number: int, loss: float, val_loss: float | None = None) -> bool:
        """Hear of round `number`, from 1. True where learning should stop."""
        self.heard = number
        stops = val_loss is not None and self._is_enough(number, val_loss)
        if self.on_step and (stops or self.is_due(number)):
            losses = {"loss": loss} if val_loss is None else {"loss": loss, "val_loss": val_loss}
            self._tell(number, {name: float(value) for name, value in losses.items()})
        return stops

    def _is_enough(self, number: int, loss: float) -> bool:
        if loss < self.lowest or not self.best:
            self.lowest, self.best = loss, number
        return self.patience is not None and number - self.best >= self.patience

    def _tell(self, number: int, losses: dict[str, float]) -> None:
        now = time.perf_counter()
        seconds = (now - self._began) / (number - self._told)
        self._told, self._began = number, now
        if self.on_step:
            self.on_step(number, self.most, losses, seconds)


@dataclass(frozen=True)
class Rows:
    """Prepared rows, their target (class numbers 0, 1, … or values) and how much each counts."""

    features: Any
    target: np.ndarray
    weights: np.ndarray | None = None

    @property
    def pair(self) -> tuple[Any, np.ndarray]:
        return self.features, self.target

    def some(self, seed: int) -> Rows:
        """A few of them, drawn by chance and without weights, for a look after each tree."""
        few = a_few(len(self.target), seed)
        if len(few) == len(self.target):
            return Rows(self.features, self.target)
        return Rows(self.features[few], self.target[few])


def a_few(rows: int, seed: int) -> np.ndarray:
    """At most so many row numbers as may be looked at after each tree, in their order."""
    return np.sort(np.random.default_rng(seed).permutation(rows)[:_FEW])


def parts(
    features: Any, target: np.ndarray, seed: int, *, is_classes: bool, aside: bool, balanced: bool = False
) -> tuple[Rows, Rows | None]:
    """(rows to learn from, rows to check on or None). With `aside`, a tenth drawn by `seed` is checked on.

    Each class keeps a row to learn from. Where nothing can be spared, all rows learn.
    """
    check = _spared(target, seed, is_classes) if aside else np.array([], dtype=int)
    if not len(check):
        return Rows(features, target, _weights(target, balanced and is_classes)), None
    learn = np.setdiff1d(np.arange(len(target)), check)
    kept = Rows(features[learn], target[learn], _weights(target[learn], balanced and is_classes))
    return kept, Rows(features[check], target[check])


def _spared(target: np.ndarray, seed: int, is_classes: bool) -> np.ndarray:
    order = np.random.default_rng(seed).permutation(len(target))
    needed = np.unique(target[order], return_index=True)[1] if is_classes else np.array([0])
    spare = np.delete(order, needed)
    return np.sort(spare[: max(1, round(len(target) * _SHARE_TO_CHECK))])


def _weights(target: np.ndarray, balanced: bool) -> np.ndarray | None:
    """Rows / (classes · rows of the class), as scikit-learn's "balanced"."""
    if not balanced:
        return None
    counts = np.bincount(target)
    weights: np.ndarray = (len(target) / (np.count_nonzero(counts) * counts[target])).astype("float64")
    return weights


def loss_of(answer: np.ndarray, target: np.ndarray) -> float:
    """Log loss of shares of shape (rows, classes), or the mean squared error of values of shape (rows,)."""
    if answer.ndim == 2:
        shares = answer[np.arange(len(target)), target]
        return float(-np.log(np.clip(shares, _SMALLEST, 1)).mean())
    return float(((answer - target) ** 2).mean())


class Staged:
    """What an AdaBoost of scikit-learn says to some rows, tree by tree while it grows.

    Its own `staged_predict` begins anew with each tree for values, which takes the square of the time.
    """

    def __init__(self, model: Any, rows: Rows) -> None:
        self.model = model
        self.target = rows.target
        self.features = rows.features.astype("float32")
        self._is_sparse = not isinstance(self.features, np.ndarray)
        self._said: list[np.ndarray] = []

    @property
    def trees(self) -> int:
        return len(self.model.estimators_)

    def loss(self) -> float:
        """The loss of all trees so far together."""
        for tree in self.model.estimators_[len(self._said) :]:
            self._said.append(tree.predict(self.features, check_input=self._is_sparse))
        said, weights = np.stack(self._said, axis=1), self.model.estimator_weights_[: len(self._said)]
        if not hasattr(self.model, "predict_proba"):
            return loss_of(_weighted_median(said, weights), self.target)
        return loss_of(_shares(said, weights, self.model.n_classes_), self.target)


def _shares(said: np.ndarray, weights: np.ndarray, classes: int) -> np.ndarray:
    """What AdaBoost makes of class numbers, rows × trees: eq. 15 of Zhu, Zou, Rosset and Hastie, 2009."""
    votes = np.stack([(said == number) @ weights for number in range(classes)], axis=1)
    others = max(classes - 1, 1)
    scores = (votes - (weights.sum() - votes) / others) / (weights.sum() * others)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _weighted_median(said: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What AdaBoost.R2 makes of values, rows × trees: the first at which half of the weight is reached."""
    order = np.argsort(said, axis=1)
    reached = np.cumsum(weights[order], axis=1)
    middle = (reached >= 0.5 * reached[:, -1:]).argmax(axis=1)
    rows = np.arange(len(said))
    median: np.ndarray = said[rows, order[rows, middle]]
    return median
