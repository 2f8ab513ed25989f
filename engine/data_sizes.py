"""What more rows would bring: the model trained on parts of its rows, and a power law through the scores."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.build import build
from engine.events import Listener, log
from engine.fit import Answer, fit
from engine.parts import Parts
from engine.prepare import Ready
from engine.scoring import losses
from engine.spec import RunSpec
from engine.thresholds import decided
from engine.words import count, number

SHARES = (0.1, 0.2, 0.4, 0.7)
LEAST = 10
_RESAMPLES = 100
_MOST_ROWS = 20_000
_GENTLEST, _STEEPEST = 0.05, 2.0


@dataclass(frozen=True)
class Sizes:
    """`error` of the test rows by number of training rows: the share of wrong answers, or MAE.

    `law` holds (a, b, c) of error = a + b · (rows / all)^-c; `gain` is how much lower it would be with twice
    the rows, `doubt` half its 95 % interval. All three None where no law can be fitted.
    """

    rows: list[int]
    error: list[float]
    is_share: bool
    law: tuple[float, float, float] | None
    gain: float | None
    doubt: float | None

    @property
    def sentence(self) -> str:
        """What twice the rows would bring."""
        if self.gain is None or self.doubt is None:
            return "The scores do not tell what more rows would bring."
        if self.is_share:
            return (
                f"Twice the rows: about +{100 * self.gain:.1f} ± {100 * self.doubt:.1f} points of accuracy."
            )
        return f"Twice the rows: MAE about {number(self.gain)} ± {number(self.doubt)} lower."


@dataclass(frozen=True)
class Whole:
    """What the model of all training rows says to the test rows, and its decision threshold."""

    answer: Answer
    threshold: float | None


def measure(
    spec: RunSpec, ready: Ready, parts: Parts, whole: Whole, tell: Listener, threads: int = 1
) -> Sizes:
    """Train on 10, 20, 40 and 70 % of the training rows, each part within the next, and test each.

    Raises:
        CannotTrain: loss_not_finite.
        Whatever `tell` raises.
    """
    truth, found, sizes = ready.target[parts.test], [], []
    for rows in _nested(ready, parts, spec.seed):
        fitted = fit(build(spec, ready, threads), ready, rows, spec)
        (answer,) = fitted.answers(ready.features, parts.test)
        found.append(losses(truth, decided(answer, whole.threshold)))
        sizes.append(len(rows))
        said = _said(float(found[-1].mean()), ready.is_classification)
        log(tell, f"With {count(len(rows), 'training row')} of {len(parts.train):,}: {said}.")
    found.append(losses(truth, whole.answer))
    return _fitted([*sizes, len(parts.train)], np.stack(found), ready.is_classification, spec.seed)


def _said(error: float, is_share: bool) -> str:
    return f"accuracy {number(1 - error)}" if is_share else f"MAE {number(error)}"


def _nested(ready: Ready, parts: Parts, seed: int) -> Iterator[np.ndarray]:
    """Parts of the training rows, drawn so that each holds its share of every class."""
    target = ready.target[parts.train]
    ranks = np.random.default_rng(seed).permutation(len(target)).astype("float64")
    if ready.is_classification:
        order = np.lexsort((ranks, target))
        sizes = np.bincount(target)
        first = np.cumsum(sizes) - sizes
        ordered = target[order]
        place = (np.arange(len(target)) - first[ordered] + 0.5) / sizes[ordered]
        ranks[order] = place
    by_rank = np.argsort(ranks, kind="stable")
    for share in SHARES:
        rows = by_rank[: round(share * len(target))]
        if len(rows) >= LEAST and (not ready.is_classification or len(np.unique(target[rows])) > 1):
            yield np.sort(parts.train[rows])


def _fitted(sizes: list[int], found: np.ndarray, is_share: bool, seed: int) -> Sizes:
    """The law through the mean losses of each size; `found` is of shape (sizes, test rows)."""
    error = found.mean(axis=1)
    law = _law(sizes, error)
    if law is None:
        return Sizes(sizes, error.tolist(), is_share, None, None, None)
    return Sizes(sizes, error.tolist(), is_share, law, _gain(law), _doubt(sizes, found, seed))


def _doubt(sizes: list[int], found: np.ndarray, seed: int) -> float | None:
    """Half the 95 % interval of the gain, from laws through the losses of resampled test rows."""
    random = np.random.default_rng(seed)
    few = found[:, random.permutation(found.shape[1])[:_MOST_ROWS]]
    gains = []
    for _ in range(_RESAMPLES):
        law = _law(sizes, few[:, random.integers(few.shape[1], size=few.shape[1])].mean(axis=1))
        if law is not None:
            gains.append(_gain(law))
    if not gains:
        return None
    return float(1.96 * np.std(gains) * np.sqrt(few.shape[1] / found.shape[1]))


def _law(sizes: list[int], error: np.ndarray) -> tuple[float, float, float] | None:
    """a, b, c of error = a + b · (rows / all)^-c; none of three sizes or fewer, or where nothing fits."""
    from scipy.optimize import OptimizeWarning, curve_fit

    if len(sizes) < 4:
        return None
    shares = np.asarray(sizes) / sizes[-1]
    top = float(error.max()) or 1.0
    start = (float(error.min()) / 2, float(error.min()) / 2 + top / 100, 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)
        try:
            found, _ = curve_fit(
                _power, shares, error, p0=start, bounds=((0, 0, _GENTLEST), (2 * top, 2 * top, _STEEPEST))
            )
        except RuntimeError:  # it looked long enough
            return None
    return float(found[0]), float(found[1]), float(found[2])


def _power(share: np.ndarray, a: float, b: float, c: float) -> np.ndarray:
    return a + b * share**-c


def _gain(law: tuple[float, float, float]) -> float:
    """How much lower the error is with twice the rows."""
    _, b, c = law
    return float(b * (1 - 2.0**-c))
