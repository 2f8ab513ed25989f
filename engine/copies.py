"""Rows that both learn and test: copies make a test look better than the model is."""

from __future__ import annotations

import numpy as np
import pandas as pd

_LOOKED_AT = 1000
_MANY = 100_000
"""Rows from which on it pays to look at one column before the others."""

_MIXING = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
"""Of SplitMix64 (Steele, Lea and Flood, 2014): every bit of a value moves every bit of its hash."""


def copies(features: pd.DataFrame, train: np.ndarray, test: np.ndarray) -> int:
    """How many test rows have the same features as some training row, by a hash of 64 bits.

    Of many rows the column that differs most goes first: where its values differ, the others need no look.
    """
    if len(features) >= _MANY:
        telling = features.iloc[:_LOOKED_AT].nunique().idxmax()
        train, test = _alike(features[[telling]], train, test)
    return len(_alike(features, train, test)[1])


def _alike(features: pd.DataFrame, train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of each part that have their like in the other."""
    kept = np.concatenate([train, test])
    hashes = pd.Series(_hashes(features.iloc[kept]))
    learned, tested = hashes.iloc[: len(train)], hashes.iloc[len(train) :]
    return train[learned.isin(tested).to_numpy()], test[tested.isin(learned).to_numpy()]


def _hashes(features: pd.DataFrame) -> np.ndarray:
    """A number of 64 bits for each row, equal for equal rows; a gap equals a gap."""
    found = np.zeros(len(features), dtype="uint64")
    for name in features:
        found += np.uint64(0x9E3779B97F4A7C15)
        found ^= _bits(features[name])
        for shift, factor in _MIXING:
            found ^= found >> shift
            found *= factor
        found ^= found >> np.uint64(31)
    return found


def _bits(column: pd.Series) -> np.ndarray:
    if column.dtype.kind != "f":
        codes: np.ndarray = pd.factorize(column)[0]
        return codes.astype("uint64")
    values = column.to_numpy("float64") + 0.0  # so that -0 is 0
    bits: np.ndarray = values.view("uint64")
    bits[np.isnan(values)] = np.uint64(0x7FF8000000000000)
    return bits
