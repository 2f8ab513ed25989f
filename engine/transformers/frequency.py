"""Words as numbers: the share of the training rows that hold them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin


class Frequency(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A column of words becomes one of shares, from 0 for a word that was not there to 1."""

    def fit(self, features: Any, target: Any = None) -> Frequency:
        """Count each word of each column. Expects no gaps."""
        values = np.asarray(features, dtype=object)
        counted = [pd.Series(values[:, i]).value_counts() for i in range(values.shape[1])]
        self.words_ = [column.index.to_numpy(dtype=object) for column in counted]
        self.shares_ = [column.to_numpy("float64") / len(values) for column in counted]
        return self

    def transform(self, features: Any) -> np.ndarray:
        """The same shape, float64."""
        values = np.asarray(features, dtype=object)
        shares = np.empty(values.shape, dtype="float64")
        for i, (words, known) in enumerate(zip(self.words_, self.shares_, strict=True)):
            found = pd.Index(words).get_indexer(values[:, i])
            shares[:, i] = np.append(known, 0.0)[found]
        return shares

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """`zip: frequency` for each column."""
        return np.array([f"{name}: frequency" for name in names], dtype=object)
