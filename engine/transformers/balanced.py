"""Class weights for classifiers that only weigh rows. Stands alone: it travels inside every model file."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight


class Balanced(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Fits `estimator` with rows weighted so that each class counts as much as any other."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, features: Any, target: np.ndarray) -> Balanced:
        """Fit `estimator` itself, not a copy, as a pipeline does with its steps."""
        self.estimator.fit(features, target, sample_weight=compute_sample_weight("balanced", target))
        self.classes_ = self.estimator.classes_
        return self

    def predict(self, features: Any) -> np.ndarray:
        """A class for each row."""
        answer: np.ndarray = self.estimator.predict(features)
        return answer

    def predict_proba(self, features: Any) -> np.ndarray:
        """A share for each class, shape (rows, classes)."""
        answer: np.ndarray = self.estimator.predict_proba(features)
        return answer
