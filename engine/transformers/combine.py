"""Products, ratios, differences and logarithms of numbers. Stands alone: it travels inside model files."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

# Trees hold numbers in 32 bits, which end at 3e38.
_LARGEST = 1e30
_WAYS = {
    "product": lambda columns: reduce(np.multiply, columns),
    "ratio": lambda columns: columns[0] / columns[1],
    "difference": lambda columns: columns[0] - columns[1],
    "log": lambda columns: np.sign(columns[0]) * np.log1p(np.abs(columns[0])),
}
_SIGNS = {"product": " x ", "ratio": " / ", "difference": " - "}


class Combine(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A column for each of `terms`: (how, names), where how is product, ratio, difference or log.

    A gap in one gives a gap, and so does a division by 0 and what is beyond 1e30. A logarithm keeps the sign:
    sign(x) · log(1 + |x|). Learns nothing.
    """

    def __init__(self, terms: list[tuple[str, tuple[str, ...]]]) -> None:
        self.terms = terms

    def fit(self, table: pd.DataFrame, target: Any = None) -> Combine:
        """Nothing is learned."""
        return self

    def transform(self, table: pd.DataFrame) -> np.ndarray:
        """Numbers, shape (rows, terms); what cannot be computed is NaN."""
        used = {name for _, names in self.terms for name in names}
        columns = {name: table[name].to_numpy("float64") for name in used}
        made = np.empty((len(table), len(self.terms)), order="F")
        with np.errstate(all="ignore"):
            for place, (how, names) in enumerate(self.terms):
                values = _WAYS[how]([columns[name] for name in names])
                made[:, place] = np.where(np.abs(values) <= _LARGEST, values, np.nan)
        return made

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Such as "age x hours", "age^2", "age / hours", "age - hours", "log age"."""
        return np.array([_name(how, names) for how, names in self.terms], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _name(how: str, names: tuple[str, ...]) -> str:
    if how == "log":
        return f"log {names[0]}"
    if how != "product":
        return _SIGNS[how].join(names)
    powers = {name: names.count(name) for name in names}
    return _SIGNS[how].join(f"{name}^{power}" if power > 1 else name for name, power in powers.items())
