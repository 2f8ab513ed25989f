"""Learning pass by pass, watched on rows set aside. Stands alone: it travels inside every model file."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.utils.class_weight import compute_sample_weight

OnStep = Callable[[int, int, dict[str, float], float], None]
_SHARE_TO_CHECK = 0.1
_MOST_TO_SCORE = 2000


def _unheard(number: int, most: int, metrics: dict[str, float], seconds: float) -> None:
    """For fits that nobody follows."""


class _Stepwise(BaseEstimator):  # type: ignore[misc]
    """Calls `partial_fit` until `patience` passes bring the loss of a tenth of the rows, drawn from the
    seed, no further down than by `tol`, and keeps the weights of the best pass.
    """

    def _watch(self, features: Any, target: np.ndarray, weights: np.ndarray | None, on_step: OnStep) -> None:
        learn, check = _parts(len(target), self.seed)
        seen = learn[:_MOST_TO_SCORE]
        best, since = np.inf, 0
        kept: tuple[np.ndarray, ...] = ()
        for number in range(1, self.max_iter + 1):
            began = time.perf_counter()
            self._pass(features[learn], target[learn], None if weights is None else weights[learn], number)
            loss, val_loss = (self._loss(features[rows], target[rows]) for rows in (seen, check))
            on_step(number, self.max_iter, {"loss": loss, "val_loss": val_loss}, time.perf_counter() - began)
            since = 0 if val_loss < best - self.tol else since + 1
            if not kept or val_loss < best:
                best, kept = val_loss, (self.estimator.coef_.copy(), self.estimator.intercept_.copy())
            if since >= self.patience:
                break
        self.estimator.coef_, self.estimator.intercept_ = kept

    def _pass(self, features: Any, target: np.ndarray, weights: np.ndarray | None, number: int) -> None:
        # One order of the rows for each pass.
        self.estimator.random_state = (self.seed + number) % 2**32
        known = {"classes": self.classes_} if isinstance(self, ClassifierMixin) else {}
        self.estimator.partial_fit(features, target, sample_weight=weights, **known)

    def predict(self, features: Any) -> np.ndarray:
        """A class or a value for each row."""
        answer: np.ndarray = self.estimator.predict(features)
        return answer

    @property
    def coef_(self) -> np.ndarray:
        """The weights of the columns."""
        weights: np.ndarray = self.estimator.coef_
        return weights


class StepwiseClassifier(ClassifierMixin, _Stepwise):  # type: ignore[misc]
    """A linear classifier, learned pass by pass."""

    def __init__(
        self, estimator: Any, max_iter: int, patience: int, tol: float, seed: int, class_weight: str | None
    ) -> None:
        self.estimator = estimator
        self.max_iter = max_iter
        self.patience = patience
        self.tol = tol
        self.seed = seed
        self.class_weight = class_weight

    def fit(self, features: Any, target: np.ndarray, on_step: OnStep = _unheard) -> StepwiseClassifier:
        """Learn; `on_step` hears the log loss of each pass."""
        self.classes_ = np.unique(target)
        weights = compute_sample_weight("balanced", target) if self.class_weight else None
        self._watch(features, target, weights, on_step)
        return self

    def predict_proba(self, features: Any) -> np.ndarray:
        """A share for each class, shape (rows, classes)."""
        answer: np.ndarray = self.estimator.predict_proba(features)
        return answer

    def _loss(self, features: Any, target: np.ndarray) -> float:
        return float(log_loss(target, self.predict_proba(features), labels=self.classes_))


class StepwiseRegressor(RegressorMixin, _Stepwise):  # type: ignore[misc]
    """A linear regressor, learned pass by pass."""

    def __init__(self, estimator: Any, max_iter: int, patience: int, tol: float, seed: int) -> None:
        self.estimator = estimator
        self.max_iter = max_iter
        self.patience = patience
        self.tol = tol
        self.seed = seed

    def fit(self, features: Any, target: np.ndarray, on_step: OnStep = _unheard) -> StepwiseRegressor:
        """Learn; `on_step` hears the mean squared error of each pass."""
        self._watch(features, target, None, on_step)
        return self

    def _loss(self, features: Any, target: np.ndarray) -> float:
        return float(mean_squared_error(target, self.predict(features)))


def _parts(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from and rows to check; a single row does both."""
    order = np.random.default_rng(seed).permutation(rows)
    aside = max(1, round(rows * _SHARE_TO_CHECK))
    return (np.sort(order[aside:]), np.sort(order[:aside])) if rows > 1 else (order, order)
