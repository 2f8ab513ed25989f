"""The mean of a number in each group of rows. Stands alone: it travels inside model files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

_END = "."  # numpy forgets zeros at the end of a word


class GroupMean(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A column for each of `pairs`: (number, group), the mean of the number in training rows of the group.

    A group that training did not see, or that has no number there, gets the mean over all training rows.

    Attributes:
        groups_, means_: for each pair, the groups, each with a stop behind it, and their means.
        overall_: the mean over all rows, shape (pairs,); NaN where all are gaps.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def fit(self, table: pd.DataFrame, target: Any = None) -> GroupMean:
        """Learn the means. `table` holds columns of float64 and of words (str or NaN)."""
        found = [table[number].groupby(table[group]).mean().dropna() for number, group in self.pairs]
        self.groups_ = [np.array([f"{word}{_END}" for word in means.index], dtype=str) for means in found]
        self.means_ = [means.to_numpy("float64") for means in found]
        self.overall_ = np.array([table[number].mean() for number, _ in self.pairs])
        return self

    def transform(self, table: pd.DataFrame) -> np.ndarray:
        """Means, shape (rows, pairs)."""
        made = np.empty((len(table), len(self.pairs)), order="F")
        for place, (_, group) in enumerate(self.pairs):
            at = pd.Index(self.groups_[place], dtype=object).get_indexer(table[group] + _END)
            with_all = np.append(self.means_[place], self.overall_[place])
            made[:, place] = with_all[at]  # what is not found is -1: the last
        return made

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Such as "mean income by zip"."""
        return np.array([f"mean {number} by {group}" for number, group in self.pairs], dtype=object)
