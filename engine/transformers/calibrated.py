"""Probabilities for classifiers that only draw borders. Stands alone: it travels inside every model file."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import StratifiedKFold


class Calibrated(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Sigmoids of the distance to the border (Platt 1999), fitted on `folds` folds of the training rows.

    Fewer folds where a class has fewer rows; where one has a single row, the sigmoids are fitted on the very
    rows that the border was.
    """

    def __init__(self, estimator: Any, folds: int = 5, seed: int = 0) -> None:
        self.estimator = estimator
        self.folds = folds
        self.seed = seed

    def fit(self, features: Any, target: np.ndarray) -> Calibrated:
        """Fit the border and the sigmoids."""
        self.classes_, rows = np.unique(target, return_counts=True)
        model, parts = self.estimator, min(self.folds, int(rows.min()))
        if parts > 1:
            folds: Any = StratifiedKFold(parts, shuffle=True, random_state=self.seed)
        else:
            model, every = FrozenEstimator(model.fit(features, target)), np.arange(len(target))
            folds = [(every, every)]
        calibrated = CalibratedClassifierCV(model, method="sigmoid", cv=folds, ensemble=False)
        self.calibrated_ = calibrated.fit(features, target).calibrated_classifiers_[0]
        return self

    def predict_proba(self, features: Any) -> np.ndarray:
        """A share for each class, shape (rows, classes)."""
        answer: np.ndarray = self.calibrated_.predict_proba(features)
        return answer

    def predict(self, features: Any) -> np.ndarray:
        """The most likely class of each row."""
        answer: np.ndarray = self.classes_[self.predict_proba(features).argmax(axis=1)]
        return answer

    @property
    def coef_(self) -> np.ndarray:
        """The weights of a linear border, shape (classes or 1, columns)."""
        weights: np.ndarray = getattr(
            self.calibrated_.estimator, "estimator", self.calibrated_.estimator
        ).coef_
        return weights
