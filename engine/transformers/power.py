"""Numbers brought near to a bell curve by a power (Yeo-Johnson), for whatever size they have."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy.stats import yeojohnson
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import PowerTransformer

_LARGEST = 1e6
_SMALL, _LARGE = 1e-3, 1e9
_DIGITS = 1e-9


class Power(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """scikit-learn's PowerTransformer, held against overflow. Mean 0 and deviation 1 on the fitted rows.

    A column with a deviation below 1e-3 or a number beyond 1e9 is divided by its deviation first; one that
    a power would bend to nothing keeps its shape. No answer leaves -1e6 to 1e6.
    Yeo and Johnson (2000), Biometrika 87:954.
    """

    def fit(self, features: Any, target: Any = None) -> Power:
        """Learn the power, mean and deviation of each column. Expects no gaps."""
        values = np.asarray(features, dtype="float64")
        self.unit_ = _units(values)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = PowerTransformer(standardize=False).fit(values / self.unit_).lambdas_
        usable = _spread(_bent(values / self.unit_, found)) > 0
        self.lambdas_ = np.where(usable, found, 1.0)
        bent = _bent(values / self.unit_, self.lambdas_)
        spread = _spread(bent)
        self.mean_, self.scale_ = bent.mean(axis=0), np.where(spread > 0, spread, 1.0)
        return self

    def transform(self, features: Any) -> np.ndarray:
        """The same shape, float64."""
        bent = _bent(np.asarray(features, dtype="float64") / self.unit_, self.lambdas_)
        made = (np.nan_to_num(bent) - self.mean_) / self.scale_
        return np.asarray(np.clip(made, -_LARGEST, _LARGEST))

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """The names that come in."""
        return np.asarray(names, dtype=object)


def _units(values: np.ndarray) -> np.ndarray:
    deviation = values.std(axis=0)
    odd = (deviation < _SMALL) | (np.abs(values).max(axis=0) > _LARGE)
    return np.where(odd & (deviation > 0), deviation, 1.0)


def _bent(values: np.ndarray, powers: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return np.column_stack([yeojohnson(values[:, i], power) for i, power in enumerate(powers)])


def _spread(bent: np.ndarray) -> np.ndarray:
    """The deviation of each column; 0 where it is not finite, or lost among the last digits of the mean."""
    with np.errstate(over="ignore", invalid="ignore"):
        spread, size = bent.std(axis=0), np.abs(bent.mean(axis=0))
        known = np.isfinite(spread) & np.isfinite(size) & (spread > _DIGITS * size)
    return np.where(known, spread, 0.0)
