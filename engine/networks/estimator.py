"""A network in scikit-learn's manner, so that it can stand at the end of a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator

from engine.events import OnStep
from engine.metrics import Task
from engine.networks.dense import dense, with_scale
from engine.networks.machine import Examples, Machine, be_repeatable, machine_for
from engine.networks.settings import Training

if TYPE_CHECKING:
    from engine.learners.dense_network import DenseNetwork

_SHARE_TO_CHECK = 0.1


def _unheard(epoch: int, epochs: int, metrics: dict[str, float], seconds: float) -> None:
    """For fits that nobody follows."""


class Network(BaseEstimator):  # type: ignore[misc]
    """Learns class numbers 0, 1, … or values.

    A tenth of the training rows, drawn from the seed, is only used for the validation loss of each epoch.
    """

    def __init__(self, task: Task, layers: DenseNetwork, training: Training, seed: int) -> None:
        self.task = task
        self.layers = layers
        self.training = training
        self.seed = seed

    def fit(self, features: np.ndarray, target: np.ndarray, on_epoch: OnStep = _unheard) -> Network:
        """Train on prepared rows.

        Raises:
            CannotTrain: loss_not_finite.
        """
        be_repeatable()
        features = np.ascontiguousarray(features, dtype="float32")
        classes = int(target.max()) + 1 if self.task == "classification" else 0
        learn, check = self._parts(len(target))
        offset, unit = (0.0, 1.0) if classes else _centre(target[learn])
        scaled = target.astype("int32") if classes else ((target - offset) / unit).astype("float32")
        self.shape_ = features.shape[1], classes
        self.scale_ = unit, offset
        examples = Examples(features[learn], scaled[learn]), Examples(features[check], scaled[check])
        self.weights_ = self._machine().train(*examples, unit, on_epoch)
        return self

    def network(self) -> Any:
        """The trained Keras model. It answers prepared rows with shares, or with values in real units."""
        own = dense(self.layers, *self.shape_, self.seed)
        own.set_weights(self.weights_)
        return own if self.task == "classification" else with_scale(own, *self.scale_)

    def predict(self, features: Any) -> np.ndarray:
        """Values in real units, shape (rows,)."""
        unit, offset = self.scale_
        values: np.ndarray = self._answers(features)[:, 0] * unit + offset
        return values

    def predict_proba(self, features: Any) -> np.ndarray:
        """A share for each class, shape (rows, classes)."""
        return self._answers(features)

    def _answers(self, features: Any) -> np.ndarray:
        return self._machine().answers(self.weights_, np.ascontiguousarray(features, dtype="float32"))

    def _machine(self) -> Machine:
        return machine_for(self.layers, self.training, *self.shape_, self.seed)

    def _parts(self, rows: int) -> tuple[np.ndarray, np.ndarray]:
        order = np.random.default_rng(self.seed).permutation(rows)
        to_check = max(1, round(rows * _SHARE_TO_CHECK))
        return np.sort(order[to_check:]), np.sort(order[:to_check])


def _centre(values: np.ndarray) -> tuple[float, float]:
    """Mean and spread; a spread of 0 counts as 1."""
    return float(values.mean()), float(values.std()) or 1.0
