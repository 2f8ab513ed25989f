"""A learner as a member of an ensemble. Stands alone: it travels inside every model file."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin


class _Member(BaseEstimator):  # type: ignore[misc]
    """Fits what `learner` builds, in the way that `learner` fits it. It is forgotten before it is saved."""

    def __init__(self, learner: Any = None, random_state: int = 0) -> None:
        self.learner = learner
        self.random_state = random_state

    def _learned(self, task: str, features: Any, target: np.ndarray) -> Any:
        self.learner.check_rows(len(target))
        model = self.learner.build(task, self.random_state, 1)
        self.learner.fit(model, features, target)
        return model

    def forget(self) -> None:
        """Keep what was learned, and no way to learn again."""
        self.learner = None


class ClassMember(ClassifierMixin, _Member):  # type: ignore[misc]
    """Learns classes. Its rows may lack some of them, so it keeps to itself which it knows."""

    def fit(self, features: Any, target: np.ndarray) -> ClassMember:
        """Learn class numbers, which need not follow one another."""
        self.classes_, numbers = np.unique(target, return_inverse=True)
        self.model_ = self._learned("classification", features, numbers) if len(self.classes_) > 1 else None
        return self

    def predict(self, features: Any) -> np.ndarray:
        """A class number for each row."""
        best: np.ndarray = self.classes_[self.predict_proba(features).argmax(axis=1)]
        return best

    def predict_proba(self, features: Any) -> np.ndarray:
        """A share for each class that it knows, shape (rows, classes)."""
        if self.model_ is None:
            return np.ones((features.shape[0], 1))
        return np.asarray(self.model_.predict_proba(features), dtype="float64")


class ValueMember(RegressorMixin, _Member):  # type: ignore[misc]
    """Learns values."""

    def fit(self, features: Any, target: np.ndarray) -> ValueMember:
        """Learn values."""
        self.model_ = self._learned("regression", features, target)
        return self

    def predict(self, features: Any) -> np.ndarray:
        """A value for each row, shape (rows,)."""
        return np.asarray(self.model_.predict(features), dtype="float64").reshape(-1)
