"""The columns that help most, chosen on training rows. Stands alone: it travels inside model files."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_selection import f_classif, f_regression, mutual_info_classif, mutual_info_regression
from sklearn.linear_model import Lasso
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

_BLOCK = 64
_MOST_ROWS = 50_000
# This share of the least penalty that leaves no column at all (as glmnet's smallest lambda).
_PENALTY = 0.01


class Keep(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Keeps `k` columns, or as many as there are, by `method`:

    "variance": all that vary by more than `threshold`, however many they are;
    "mutual_information": what a column tells of the target (k nearest neighbours estimate);
    "l1": the largest weights of a linear model that is pressed to use few columns; fewer where it uses fewer;
    "top_k": an F-test of each column alone.
    The best column is kept in any case, and the first ones where columns are equally good. Beyond 50,000 rows
    mutual information and weights are found on so many of them, drawn from `seed`.

    Attributes:
        kept_: the numbers of the columns that are kept, ascending.
    """

    def __init__(self, method: str, k: int, threshold: float, classes: bool, seed: int) -> None:
        self.method = method
        self.k = k
        self.threshold = threshold
        self.classes = classes
        self.seed = seed

    def fit(self, features: Any, target: np.ndarray) -> Keep:
        """Choose from columns, dense or sparse, by class numbers or values."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # they tell of columns that do not vary: these come last
            scores = np.nan_to_num(self._scores(features, target), nan=-np.inf, neginf=-np.inf)
        least = {"variance": self.threshold, "l1": 0.0}.get(self.method, -np.inf)
        best = np.argsort(-scores, kind="stable")
        wanted = len(best) if self.method == "variance" else self.k
        good = max(1, min(wanted, int((scores > least).sum())))
        self.kept_ = np.sort(best[:good])
        return self

    def transform(self, features: Any) -> Any:
        """The columns that are kept."""
        return features[:, self.kept_]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The names of the columns that are kept."""
        return np.asarray(input_features, dtype=object)[self.kept_]

    def _scores(self, features: Any, target: np.ndarray) -> np.ndarray:
        if self.method == "variance":
            return _variances(features)
        if self.method != "top_k":
            rows = self._drawn(len(target))
            measure = self._shared if self.method == "mutual_information" else self._weights
            return measure(features[rows], target[rows])
        scores: np.ndarray = (f_classif if self.classes else f_regression)(features, target)[0]
        return scores

    def _drawn(self, rows: int) -> Any:
        if rows <= _MOST_ROWS:
            return slice(None)
        return np.sort(np.random.default_rng(self.seed).choice(rows, _MOST_ROWS, replace=False))

    def _shared(self, features: Any, target: np.ndarray) -> np.ndarray:
        """In blocks of columns, since sparse ones must be made dense for it."""
        near = min(3, len(target) - 1)
        if near < 1:
            return np.zeros(features.shape[1])
        measure = mutual_info_classif if self.classes else mutual_info_regression
        found = []
        for start in range(0, features.shape[1], _BLOCK):
            block = _dense(features[:, start : start + _BLOCK])
            yes_or_no = ((block == 0) | (block == 1)).all(axis=0)
            found.append(
                measure(block, target, discrete_features=yes_or_no, n_neighbors=near, random_state=self.seed)
            )
        return np.concatenate(found)

    def _weights(self, features: Any, target: np.ndarray) -> np.ndarray:
        even = StandardScaler(with_mean=not sparse.issparse(features)).fit_transform(features)
        sides = _one_against_the_rest(target) if self.classes else (target - target.mean())[:, None]
        most = float(np.abs(even.T @ sides).max())
        if most == 0:
            return np.zeros(features.shape[1])
        if self.classes:
            model = LinearSVC(penalty="l1", dual=False, C=0.5 / (_PENALTY * most), random_state=self.seed)
        else:
            model = Lasso(_PENALTY * most / len(target))
        weights = np.atleast_2d(model.fit(even, target).coef_)
        # A column that does not vary may stand in for the intercept; it tells nothing.
        largest: np.ndarray = np.abs(weights).max(axis=0) * (_variances(features) > 0)
        return largest


def _one_against_the_rest(target: np.ndarray) -> np.ndarray:
    classes = np.unique(target)
    return np.where(target[:, None] == classes, 1.0, -1.0) if len(classes) > 1 else np.zeros((len(target), 1))


def _dense(block: Any) -> np.ndarray:
    return block.toarray() if sparse.issparse(block) else np.asarray(block)


def _variances(features: Any) -> np.ndarray:
    variances: np.ndarray = StandardScaler(with_mean=not sparse.issparse(features)).fit(features).var_
    return variances
