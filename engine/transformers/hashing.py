"""Words spread over a few columns by a hash, so that any number of words needs no more room."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction import FeatureHasher


class Hashing(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Each word of each column adds 1 or -1 to one of `width` columns (MurmurHash3 of "column=word").

    Learns nothing, so a word that training did not see is treated like any other.
    """

    def __init__(self, width: int = 32, names: tuple[str, ...] | list[str] = ()) -> None:
        self.width = width
        self.names = names

    def fit(self, features: Any, target: Any = None) -> Hashing:
        """Nothing is learned."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, features: Any) -> sp.csr_matrix:
        """A sparse matrix of shape (rows, width), float64."""
        values = np.asarray(features, dtype=object)
        total = sp.csr_matrix((len(values), self.width))
        for i, name in enumerate(self.names):
            codes, words = pd.factorize(values[:, i], use_na_sentinel=False)
            hasher = FeatureHasher(self.width, input_type="string")
            total = total + hasher.transform([[f"{name}={word}"] for word in words])[codes]
        return sp.csr_matrix(total)

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """`zip: hash 1` for one column, `words: hash 1` for several."""
        shown = self.names[0] if len(self.names) == 1 else "words"
        return np.array([f"{shown}: hash {i}" for i in range(1, self.width + 1)], dtype=object)
