"""Numbers by their rank in the training rows, on a bell curve."""

from __future__ import annotations

import warnings
from typing import Any

from sklearn.preprocessing import QuantileTransformer

_MOST = 1000


class Quantiles(QuantileTransformer):  # type: ignore[misc]
    """scikit-learn's QuantileTransformer to a normal distribution: 1,000 quantiles, fewer for fewer rows."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(n_quantiles=_MOST, output_distribution="normal", random_state=seed)
        self.seed = seed

    def fit(self, features: Any, target: Any = None) -> Quantiles:
        """Learn the quantiles of each column. Expects no gaps."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # says that there are fewer rows than quantiles
            super().fit(features)
        return self
