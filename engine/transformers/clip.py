"""Outliers: values beyond a share of the training rows at either end become the value at its edge."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin


class Clip(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Keeps numbers between two quantiles of the fitted rows. Gaps (NaN) stay."""

    def __init__(self, share: float = 0.01) -> None:
        self.share = share

    def fit(self, features: Any, target: Any = None) -> Clip:
        """Learn both edges of each column: `share` and 1 - `share` of the values that are there."""
        values = np.asarray(features, dtype="float64")
        edges = np.array([self._edges(values[:, i]) for i in range(values.shape[1])]).reshape(-1, 2)
        self.low_, self.high_ = edges[:, 0].copy(), edges[:, 1].copy()
        return self

    def transform(self, features: Any) -> np.ndarray:
        """The same shape, float64."""
        return np.asarray(np.clip(np.asarray(features, dtype="float64"), self.low_, self.high_))

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """The names that come in."""
        return np.asarray(names, dtype=object)

    def _edges(self, column: np.ndarray) -> np.ndarray:
        known = column[~np.isnan(column)]
        if not len(known):
            return np.array([-np.inf, np.inf])
        return np.asarray(np.quantile(known, [self.share, 1 - self.share]))
