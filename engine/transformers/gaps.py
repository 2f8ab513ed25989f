"""Gaps in numbers, filled from the other columns: by the nearest rows, or by regression in rounds."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn import config_context
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.impute import KNNImputer

_NEIGHBOURS, _ROUNDS, _PREDICTORS = 5, 10, 20
_MEGABYTES = 64


class _FromOthers(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Compares columns by their deviations, so that no unit outweighs another. What is there stays as it is.

    Learns from at most `rows` rows, drawn from `seed`. A column without any value is filled with 0.
    """

    def __init__(self, rows: int = 10_000, seed: int = 0) -> None:
        self.rows = rows
        self.seed = seed

    def fit(self, features: Any, target: Any = None) -> Any:
        """Learn each column's mean, deviation and range, and how columns go together."""
        values = np.asarray(features, dtype="float64")
        gaps = np.isnan(values)
        known = np.maximum((~gaps).sum(axis=0), 1)
        self.mean_ = np.where(gaps, 0.0, values).sum(axis=0) / known
        spread = np.sqrt((np.where(gaps, 0.0, values - self.mean_) ** 2).sum(axis=0) / known)
        self.scale_ = np.where(spread > 0, spread, 1.0)
        self.low_ = np.where(gaps, np.inf, values).min(axis=0)
        self.high_ = np.where(gaps, -np.inf, values).max(axis=0)
        empty = gaps.all(axis=0)
        self.low_[empty] = self.high_[empty] = 0.0
        self._learn(self._scaled(values[self._drawn(len(values))]))
        return self

    def transform(self, features: Any) -> np.ndarray:
        """The same shape, float64, without gaps. No filled value leaves the range of the training rows."""
        values = np.asarray(features, dtype="float64")
        gaps = np.isnan(values)
        open_rows = np.flatnonzero(gaps.any(axis=1))
        filled: np.ndarray = values.copy()
        if len(open_rows):
            found = self._filled(self._scaled(values[open_rows])) * self.scale_ + self.mean_
            found = np.clip(found, self.low_, self.high_)
            filled[open_rows] = np.where(gaps[open_rows], found, values[open_rows])
        return filled

    def get_feature_names_out(self, names: Any) -> np.ndarray:
        """The names that come in."""
        return np.asarray(names, dtype=object)

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        return np.asarray((values - self.mean_) / self.scale_)

    def _drawn(self, rows: int) -> np.ndarray:
        if rows <= self.rows:
            return np.arange(rows)
        return np.sort(np.random.default_rng(self.seed).choice(rows, self.rows, replace=False))

    def _learn(self, scaled: np.ndarray) -> None:
        raise NotImplementedError

    def _filled(self, scaled: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class Neighbours(_FromOthers):
    """The mean of the five rows that are nearest in the columns both have (scikit-learn's KNNImputer)."""

    def _learn(self, scaled: np.ndarray) -> None:
        self.imputer_ = KNNImputer(n_neighbors=_NEIGHBOURS, keep_empty_features=True).fit(scaled)

    def _filled(self, scaled: np.ndarray) -> np.ndarray:
        with config_context(working_memory=_MEGABYTES):
            return np.asarray(self.imputer_.transform(scaled))


class Rounds(_FromOthers):
    """Each column predicted from others by ridge regression, in rounds (scikit-learn's IterativeImputer).

    At most 20 others that go with it are asked. A column without gaps in the training rows gets its mean.
    Keeps the weights alone: step t sets column `order_[t]` to `intercepts_[t] + row @ weights_[t]`.
    """

    def _learn(self, scaled: np.ndarray) -> None:
        from sklearn.impute._iterative import IterativeImputer

        imputer = IterativeImputer(
            max_iter=_ROUNDS,
            n_nearest_features=_PREDICTORS if scaled.shape[1] > _PREDICTORS else None,
            skip_complete=True,
            keep_empty_features=True,
            random_state=self.seed,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # settling is not needed: ten rounds are what is offered
            imputer.fit(scaled)
        self._note(imputer.imputation_sequence_ if np.isnan(scaled).any() else [], scaled.shape[1])

    def _note(self, steps: list[Any], columns: int) -> None:
        self.order_ = np.array([step.feat_idx for step in steps], dtype="int64")
        self.intercepts_ = np.array([step.estimator.intercept_ for step in steps], dtype="float64")
        self.weights_ = np.zeros((len(steps), columns))
        for weights, step in zip(self.weights_, steps, strict=True):
            weights[step.neighbor_feat_idx] = step.estimator.coef_

    def _filled(self, scaled: np.ndarray) -> np.ndarray:
        gaps = np.isnan(scaled)
        filled = np.where(gaps, 0.0, scaled)
        for column, intercept, weights in zip(self.order_, self.intercepts_, self.weights_, strict=True):
            rows = gaps[:, column]
            filled[rows, column] = intercept + filled[rows] @ weights
        return filled
