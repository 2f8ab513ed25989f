"""The training of a network, batch by batch, with the same numbers each time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.events import OnEpoch
from engine.networks.dense import dense
from engine.networks.settings import Training
from engine.problems import CannotTrain

if TYPE_CHECKING:
    from engine.learners.dense_network import DenseNetwork

_ROWS_AT_ONCE = 8192
_TINY = 1e-7
_DIVERGED = "The loss is no longer a finite number. Choose a smaller learning_rate, or scale to standard."


@dataclass(frozen=True)
class Examples:
    """Prepared rows (float32) with class numbers (int32) or scaled values (float32)."""

    features: np.ndarray
    target: np.ndarray

    def __len__(self) -> int:
        return len(self.features)


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

    def train(self, learn: Examples, check: Examples, unit: float, on_epoch: OnEpoch) -> list[np.ndarray]:
        """The weights after training, or the best ones where training may stop early.

        `check` gives val_loss. `unit` is what 1 of a scaled value stands for; errors are told in real units.

        Raises:
            CannotTrain: loss_not_finite, at the first batch where it happens.
        """
        self._set_back()
        random = np.random.default_rng(self.seed)
        patience, best, best_weights, waited = self.training.early_stopping_patience, np.inf, None, 0
        for epoch in range(1, self.training.epochs + 1):
            began = time.perf_counter()
            loss = self._learn_once(learn, random)
            metrics = self._measure(loss, learn, check, unit)
            on_epoch(epoch, self.training.epochs, metrics, time.perf_counter() - began)
            if patience is None:
                continue
            if metrics["val_loss"] < best:
                best, best_weights, waited = metrics["val_loss"], self.network.get_weights(), 0
            elif (waited := waited + 1) > patience:
                break
        weights: list[np.ndarray] = self.network.get_weights() if best_weights is None else best_weights
        return weights

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

    def _measure(self, loss: float, learn: Examples, check: Examples, unit: float) -> dict[str, float]:
        _, rate = _scores(self._answers(learn.features), learn.target, self.classes)
        val_loss, val_rate = _scores(self._answers(check.features), check.target, self.classes)
        if self.classes:
            return {"loss": loss, "val_loss": val_loss, "accuracy": rate, "val_accuracy": val_rate}
        squared = unit * unit
        return {
            "loss": loss * squared,
            "val_loss": val_loss * squared,
            "mae": rate * unit,
            "val_mae": val_rate * unit,
        }

    def _answers(self, features: np.ndarray) -> np.ndarray:
        return answers(self.network, features)


@lru_cache(maxsize=1)
def machine_for(layers: DenseNetwork, training: Training, columns: int, classes: int, seed: int) -> Machine:
    """The machine for this shape; the one made last is kept."""
    return Machine(layers, training, columns, classes, seed)


def answers(network: Any, features: np.ndarray) -> np.ndarray:
    """What a network says to prepared rows, as float64 of shape (rows, answers)."""
    starts = range(0, len(features), _ROWS_AT_ONCE)
    parts = [np.asarray(network(features[start : start + _ROWS_AT_ONCE], training=False)) for start in starts]
    return np.concatenate(parts).astype("float64")


def be_repeatable() -> None:
    """Make the backend give the same numbers each time, whatever the share of the processor.

    Sums made by several threads end in other digits. Must run before the backend computes for the first time.
    """
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "TF_DETERMINISTIC_OPS"):
        os.environ[name] = "1"


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
