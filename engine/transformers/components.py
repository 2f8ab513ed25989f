"""Principal components, no more than there can be. Stands alone: it travels inside model files."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler


class Components(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The `n_components` directions in which the rows vary most, or as many as rows and columns allow.

    `even` first gives every column the same spread, for columns that were not scaled before.
    """

    def __init__(self, n_components: int, even: bool, seed: int) -> None:
        self.n_components = n_components
        self.even = even
        self.seed = seed

    def fit(self, features: Any, target: Any = None) -> Components:
        """Learn the directions from columns, dense or sparse."""
        self.scaler_ = StandardScaler(with_mean=not sparse.issparse(features)).fit(features)
        ready = self._ready(features)
        components = min(self.n_components, *features.shape)
        if sparse.issparse(ready) and components == min(ready.shape):
            # The solver for sparse columns does not find all the components there are.
            ready = ready.toarray()
        self.pca_ = PCA(components, random_state=self.seed).fit(ready)
        # As it lies in memory once it was saved and loaded: products come out the same to the last bit.
        self.pca_.components_ = np.ascontiguousarray(self.pca_.components_)
        return self

    def transform(self, features: Any) -> np.ndarray:
        """Shape (rows, components)."""
        made: np.ndarray = self.pca_.transform(self._ready(features))
        return made

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Such as "component 1"."""
        names = [f"component {number + 1}" for number in range(self.pca_.n_components_)]
        return np.array(names, dtype=object)

    def _ready(self, features: Any) -> Any:
        return self.scaler_.transform(features) if self.even else features
