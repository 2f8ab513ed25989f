"""Some of the columns a step sees: those that were filled from others, without the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin


class Places(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Keeps columns by their places, in this order."""

    def __init__(self, places: tuple[int, ...] | list[int] = ()) -> None:
        self.places = places

    def fit(self, features: Any, target: Any = None) -> Places:
        """Nothing is learned."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, features: np.ndarray) -> np.ndarray:
        """Shape (rows, places)."""
        return np.asarray(features)[:, list(self.places)]

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """The names of the kept columns."""
        return np.asarray(names, dtype=object)[list(self.places)]
