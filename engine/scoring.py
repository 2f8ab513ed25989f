"""The scores of an answer, for all resamples of the rows at once.

Each function takes `weights` of shape (resamples, rows): how often each row counts. One resample of ones is
the plain score, equal to scikit-learn's of the same name (for many classes the macro average, each against
the rest). Scores that cannot be said, as ROC AUC where one class is missing, are NaN.
"""

from __future__ import annotations

import numpy as np

from engine.fit import Answer

Scores = dict[str, np.ndarray]


def score(truth: np.ndarray, answer: Answer, weights: np.ndarray | None = None) -> Scores:
    """All scores of the task, each of shape (resamples,). Without `weights` each row counts once."""
    if weights is None:
        weights = np.ones((1, len(truth)))
    with np.errstate(divide="ignore", invalid="ignore"):
        if answer.shares is None:
            return _regression(truth, answer.predicted, weights)
        return {
            **_decisions(truth, answer.predicted, answer.shares.shape[1], weights),
            **_shares(truth, answer.shares, weights),
        }


def _regression(truth: np.ndarray, predicted: np.ndarray, weights: np.ndarray) -> Scores:
    rows = weights.sum(axis=1)
    off = predicted - truth
    centred = truth - truth.mean()
    squares = weights @ (off * off)
    spread = weights @ (centred * centred) - (weights @ centred) ** 2 / rows
    shifted = off - off.mean()
    varied = weights @ (shifted * shifted) - (weights @ shifted) ** 2 / rows
    shares = np.abs(off) / np.abs(truth) if truth.all() else np.full(len(truth), np.nan)
    return {
        "mse": squares / rows,
        "rmse": np.sqrt(squares / rows),
        "mae": weights @ np.abs(off) / rows,
        "median_ae": _median(np.abs(off), weights),
        "r2": np.where(spread > 0, 1 - squares / spread, np.nan),
        "explained_variance": np.where(spread > 0, 1 - varied / spread, np.nan),
        "mape": weights @ shares / rows,
    }


def _median(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The median of values that count as often as the weights say; between two of them their middle."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[:, order], axis=1)
    half = reached[:, -1:] / 2
    lower, upper = (reached >= half).argmax(axis=1), (reached > half).argmax(axis=1)
    middle: np.ndarray = (values[order][lower] + values[order][upper]) / 2
    return middle


def losses(truth: np.ndarray, answer: Answer) -> np.ndarray:
    """What each row costs: 1 for a wrong class, or by how much a number is off."""
    is_share = answer.shares is not None
    off: np.ndarray = answer.predicted != truth if is_share else np.abs(answer.predicted - truth)
    return off.astype("float64")


def by_class(truth: np.ndarray, predicted: np.ndarray, classes: int) -> Scores:
    """precision, recall, f1 and support of each class, each of shape (classes,)."""
    counts = _counts(truth, predicted, classes, np.ones((1, len(truth))))
    return {name: values[0] for name, values in {**_each(*counts), "support": counts[1]}.items()}


def _counts(
    truth: np.ndarray, predicted: np.ndarray, classes: int, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hits, rows and predictions of each class, each of shape (resamples, classes)."""
    is_class, says_class = _one_hot(truth, classes), _one_hot(predicted, classes)
    return weights @ (is_class * says_class), weights @ is_class, weights @ says_class


def _each(hits: np.ndarray, support: np.ndarray, said: np.ndarray) -> Scores:
    return {
        "precision": _ratio(hits, said),
        "recall": _ratio(hits, support),
        "f1": _ratio(2 * hits, said + support),
    }


def _decisions(truth: np.ndarray, predicted: np.ndarray, classes: int, weights: np.ndarray) -> Scores:
    """Scores of the class that is chosen. With two classes the second one is the one to be found."""
    hits, support, said = _counts(truth, predicted, classes, weights)
    each = _each(hits, support, said)
    rows = support.sum(axis=1)
    found: Scores = {
        "accuracy": hits.sum(axis=1) / rows,
        "balanced_accuracy": _mean_where(each["recall"], support > 0),
        "mcc": _correlation(hits, support, said),
    }
    for name, values in each.items():
        found[name] = values[:, 1] if classes == 2 else _mean_where(values, support + said > 0)
        found[f"{name}_weighted"] = (values * support).sum(axis=1) / rows
    return found


def _correlation(hits: np.ndarray, support: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Matthews' coefficient for any number of classes (Gorodkin 2004); 0 where one side never varies."""
    rows = support.sum(axis=1)
    together = hits.sum(axis=1) * rows - (support * said).sum(axis=1)
    alone = (rows**2 - (support**2).sum(axis=1)) * (rows**2 - (said**2).sum(axis=1))
    return _ratio(together, np.sqrt(alone))


def _shares(truth: np.ndarray, shares: np.ndarray, weights: np.ndarray) -> Scores:
    """Scores of the probabilities."""
    smallest = np.finfo("float64").eps
    losses = -np.log(np.clip(shares[np.arange(len(truth)), truth], smallest, 1 - smallest))
    off = ((shares - _one_hot(truth, shares.shape[1])) ** 2).sum(axis=1)
    rows = weights.sum(axis=1)
    # With two classes each error stands twice in the sum.
    found: Scores = {
        "log_loss": weights @ losses / rows,
        "brier": weights @ off / rows / (2 if shares.shape[1] == 2 else 1),
    }
    ranked = range(1, 2) if shares.shape[1] == 2 else range(shares.shape[1])
    areas = [_areas(truth == number, shares[:, number], weights) for number in ranked]
    for i, name in enumerate(("roc_auc", "average_precision")):
        values = np.stack([area[i] for area in areas], axis=1)
        found[name] = _mean_where(np.nan_to_num(values), np.isfinite(values))
    return found


def _areas(is_class: np.ndarray, share: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(area under the ROC curve, average precision) of one class against the rest."""
    order = np.argsort(-share, kind="stable")
    firsts = np.flatnonzero(np.diff(share[order], prepend=np.nan) != 0)
    ranked = weights[:, order]
    found = ranked * is_class[order]
    if len(firsts) < len(order):  # equal shares are passed together
        found, ranked = (np.add.reduceat(each, firsts, axis=1) for each in (found, ranked))
    reached, passed = np.cumsum(found, axis=1), np.cumsum(ranked, axis=1)
    mistaken = ranked - found
    positive = reached[:, -1]
    pairs = np.einsum("ij,ij->i", mistaken, reached) - np.einsum("ij,ij->i", mistaken, found) / 2
    roc = pairs / (positive * (passed[:, -1] - positive))
    np.maximum(passed, np.finfo("float64").tiny, out=passed)
    precision = np.einsum("ij,ij->i", found, np.divide(reached, passed, out=passed)) / positive
    return roc, precision


def _one_hot(numbers: np.ndarray, classes: int) -> np.ndarray:
    hits: np.ndarray = numbers[:, None] == np.arange(classes)
    return hits.astype("float64")


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, and 0 where both are 0."""
    ratio: np.ndarray = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return ratio


def _mean_where(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The mean over the last axis of the values that count; NaN where none does."""
    mean: np.ndarray = (values * counts).sum(axis=1) / counts.sum(axis=1)
    return mean
