"""Numbers cut into ranges, a column for each. Stands alone: it travels inside model files."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cluster import KMeans

_MOST_ROWS = 200_000


class Ranges(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """One where a number lies in a range and zero elsewhere, as KBinsDiscretizer. A gap lies in none.

    `strategy` is quantile (as many rows in each), uniform (as wide as each other) or kmeans (clusters, of at
    most 200,000 rows). Unlike KBinsDiscretizer's, ranges may be as narrow as numbers can be.

    Attributes:
        edges_: for each column, where one range ends and the next begins; the outer ranges are open.
    """

    def __init__(self, n_bins: int, strategy: str, seed: int) -> None:
        self.n_bins = n_bins
        self.strategy = strategy
        self.seed = seed

    def fit(self, table: pd.DataFrame, target: Any = None) -> Ranges:
        """Learn the edges. `table` holds columns of float64."""
        self.columns_ = [str(name) for name in table.columns]
        self.edges_ = [self._edges(table[name].dropna().to_numpy()) for name in self.columns_]
        return self

    def transform(self, table: pd.DataFrame) -> Any:
        """Zeros and ones, shape (rows, ranges), sparse (CSR)."""
        return sparse.hstack(
            [_one_hot(table[name].to_numpy(), edges) for name, edges in self._learned()], format="csr"
        )

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Such as "age: below 20", "age: 20 to 40" and "age: from 40"."""
        return np.array([said for found in self._learned() for said in _names(*found)], dtype=object)

    def _learned(self) -> list[tuple[str, np.ndarray]]:
        return list(zip(self.columns_, self.edges_, strict=True))

    def _edges(self, known: np.ndarray) -> np.ndarray:
        ranges = min(self.n_bins, len(np.unique(known)))
        if ranges < 2:
            return np.empty(0)
        edges = np.linspace(known.min(), known.max(), ranges + 1)
        if self.strategy == "quantile":
            edges = np.quantile(known, np.linspace(0, 1, ranges + 1), method="averaged_inverted_cdf")
        if self.strategy == "kmeans":
            edges = self._between_clusters(known, edges)
        inner = np.unique(edges[1:-1])
        return np.asarray(inner[inner > edges[0]])

    def _between_clusters(self, known: np.ndarray, even: np.ndarray) -> np.ndarray:
        """Edges halfway between the means of clusters, which start in the middle of even ranges."""
        if len(known) > _MOST_ROWS:
            known = np.random.default_rng(self.seed).choice(known, _MOST_ROWS, replace=False)
        start = (even[1:] + even[:-1])[:, None] / 2
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells of clusters that are empty
            clusters = KMeans(len(start), init=start, n_init=1).fit(known[:, None])
        means = np.sort(clusters.cluster_centers_[:, 0])
        return np.concatenate([even[:1], (means[1:] + means[:-1]) / 2, even[-1:]])


def _one_hot(values: np.ndarray, edges: np.ndarray) -> Any:
    rows = np.flatnonzero(~np.isnan(values))
    places = np.searchsorted(edges, values[rows], side="right")
    return sparse.csr_matrix((np.ones(len(rows)), (rows, places)), shape=(len(values), len(edges) + 1))


def _names(column: str, edges: np.ndarray) -> list[str]:
    said = _said(edges)
    if not said:
        return [f"{column}: any"]
    between = [f"{column}: {low} to {high}" for low, high in pairwise(said)]
    return [f"{column}: below {said[0]}", *between, f"{column}: from {said[-1]}"]


def _said(edges: np.ndarray) -> list[str]:
    """As short as tells them apart."""
    for digits in (4, 7, 17):
        said = [f"{edge:.{digits}g}" for edge in edges]
        if len(set(said)) == len(said):
            return said
    return said
