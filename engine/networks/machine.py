"""The training of a network, batch by batch, with the same numbers each time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.events import OnStep
from engine.networks.dense import dense
from engine.networks.settings import Training
from engine.problems import CannotTrain

if TYPE_CHECKING:
    from engine.learners.dense_network import DenseNetwork

_ROWS_AT_ONCE = 8192
_TINY = 1e-7
_DIVERGED = "The loss is no longer a finite number. Choose a smaller learning_rate, or scale to standard."

Weights = list[np.ndarray]


@dataclass(frozen=True)
class Examples:
    """Prepared rows (float32) with class numbers (int32) or scaled values (float32)."""

    features: np.ndarray
    target: np.ndarray

    def __len__(self) -> int:
        return len(self.features)

    def with_more(self, more: Examples) -> Examples:
        """These rows, followed by others."""
        return Examples(
            np.concatenate([self.features, more.features]), np.concatenate([self.target, more.target])
        )


class Machine:
    """A compiled network and its optimizer, which can be set back to the start and trained again.

    Compiling costs more than training on a small table, so one machine serves the final fit and all folds.
    """

    def __init__(
        self, layers: DenseNetwork, training: Training, columns: int, classes: int, seed: int
    ) -> None:
        self.training = training
        self.classes = classes
        self.seed = seed
        self.network = dense(layers, columns, classes, seed)
        optimizer = _optimizer(training)
        loss = "sparse_categorical_crossentropy" if classes else "mean_squared_error"
        self.network.compile(optimizer=optimizer, loss=loss, jit_compile=False)
        # Building the optimizer by hand spares a second tracing of the training step.
        optimizer.build(self.network.trainable_variables)
        self._variables = [*self.network.variables, *optimizer.variables]
        self._start = [np.array(variable) for variable in self._variables]

    def train(self, learn: Examples, check: Examples, unit: float, on_epoch: OnStep) -> Weights:
        """The weights after training, or the best ones where training may stop early.

        `check` gives val_loss. `unit` is what 1 of a scaled value stands for; errors are told in real units.

        Raises:
            CannotTrain: loss_not_finite, at the first batch where it happens.
        """
        self._set_back()
        random = np.random.default_rng(self.seed)
        every = learn.with_more(check)
        stopping = _Stopping(self.training.early_stopping_patience)
        for epoch in range(1, self.training.epochs + 1):
            began = time.perf_counter()
            loss = self._learn_once(learn, random)
            metrics = self._measure(loss, every, len(learn), unit)
            on_epoch(epoch, self.training.epochs, metrics, time.perf_counter() - began)
            if stopping.after(metrics["val_loss"], self.network):
                break
        return stopping.best(self.network)

    def answers(self, weights: Weights, features: np.ndarray) -> np.ndarray:
        """What the network says with these weights to prepared rows: float64 of shape (rows, answers)."""
        self.network.set_weights(weights)
        return _answers(self.network, features)

    def _set_back(self) -> None:
        for variable, value in zip(self._variables, self._start, strict=True):
            variable.assign(value)

    def _learn_once(self, learn: Examples, random: np.random.Generator) -> float:
        total = 0.0
        for rows, weights, real in _batches(len(learn), self.training.batch_size, random):
            loss = float(self.network.train_on_batch(learn.features[rows], learn.target[rows], weights))
            if not np.isfinite(loss):
                raise CannotTrain("loss_not_finite", _DIVERGED, "training.learning_rate")
            total += loss * real
        return total / len(learn)

    def _measure(self, loss: float, every: Examples, learned: int, unit: float) -> dict[str, float]:
        said = _answers(self.network, every.features)
        _, rate = _scores(said[:learned], every.target[:learned], self.classes)
        val_loss, val_rate = _scores(said[learned:], every.target[learned:], self.classes)
        if self.classes:
            return {"loss": loss, "val_loss": val_loss, "accuracy": rate, "val_accuracy": val_rate}
        squared = unit * unit
        return {
            "loss": loss * squared,
            "val_loss": val_loss * squared,
            "mae": rate * unit,
            "val_mae": val_rate * unit,
        }


class _Stopping:
    """Keeps the best weights and says when to wait no longer. Without patience: the last, and never."""

    def __init__(self, patience: int | None) -> None:
        self.patience = patience
        self.lowest = np.inf
        self.weights: Weights | None = None
        self.waited = 0

    def after(self, loss: float, network: Any) -> bool:
        """True where there were more than `patience` epochs without a lower loss."""
        if self.patience is None:
            return False
        self.waited += 1
        if loss < self.lowest:
            self.lowest, self.weights, self.waited = loss, network.get_weights(), 0
        return self.waited > self.patience

    def best(self, network: Any) -> Weights:
        last: Weights = network.get_weights()
        return last if self.weights is None else self.weights


@lru_cache(maxsize=1)
def machine_for(layers: DenseNetwork, training: Training, columns: int, classes: int, seed: int) -> Machine:
    """The machine for this shape; the one made last is kept."""
    return Machine(layers, training, columns, classes, seed)


def be_repeatable() -> None:
    """Make the backend give the same numbers each time, whatever the share of the processor.

    Sums made by several threads end in other digits. Must run before the backend computes for the first time.
    """
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "TF_DETERMINISTIC_OPS"):
        os.environ[name] = "1"


def _answers(network: Any, features: np.ndarray) -> np.ndarray:
    starts = range(0, len(features), _ROWS_AT_ONCE)
    parts = [np.asarray(network(features[start : start + _ROWS_AT_ONCE], training=False)) for start in starts]
    return np.concatenate(parts).astype("float64")


def _optimizer(training: Training) -> Any:
    import keras

    kinds = {
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "rmsprop": keras.optimizers.RMSprop,
        "sgd": keras.optimizers.SGD,
    }
    return kinds[training.optimizer](learning_rate=training.learning_rate)


def _batches(
    rows: int, size: int, random: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """(row indices, weights, number of real rows) in random order, each of exactly `size` rows.

    Another size would be compiled anew. The last batch is filled up with rows of weight 0, and its real rows
    weigh more, so that the mean over the batch is the mean over its real rows.
    """
    order = random.permutation(rows)
    for start in range(0, rows, size):
        real = min(size, rows - start)
        weights = np.zeros(size, dtype="float32")
        weights[:real] = size / real
        yield np.resize(order[start : start + real], size), weights, real


def _scores(answer: np.ndarray, target: np.ndarray, classes: int) -> tuple[float, float]:
    """(log loss, accuracy) for classes, (mean squared error, mean absolute error) for values."""
    if classes:
        chance = np.clip(answer[np.arange(len(target)), target], _TINY, 1)
        return float(-np.log(chance).mean()), float((answer.argmax(axis=1) == target).mean())
    off = answer[:, 0] - target
    return float((off * off).mean()), float(np.abs(off).mean())
