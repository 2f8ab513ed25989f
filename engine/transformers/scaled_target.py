"""A target in units of its spread, for regressors whose settings count in such units. Stands alone: it
travels inside every model file.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin


class ScaledTarget(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Fits `estimator` to (target - mean) / standard deviation and answers in the target's own unit."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, features: Any, target: np.ndarray, **more: Any) -> ScaledTarget:
        """Fit `estimator` itself, as a pipeline does with its steps. A spread of 0 counts as 1."""
        self.mean_, self.unit_ = float(np.mean(target)), float(np.std(target)) or 1.0
        self.estimator.fit(features, (target - self.mean_) / self.unit_, **more)
        return self

    def predict(self, features: Any) -> np.ndarray:
        """Values in the unit of the target."""
        answer: np.ndarray = np.ravel(self.estimator.predict(features)) * self.unit_ + self.mean_
        return answer

    @property
    def coef_(self) -> np.ndarray:
        """The weights of a linear `estimator`, in the unit of the target."""
        weights: np.ndarray = np.ravel(self.estimator.coef_) * self.unit_
        return weights
