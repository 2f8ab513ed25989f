"""Stage 2: who learns and who tests. Depends on the rows and the seed alone, never on the model.

Each row draws a rank from the seed. In each class the lowest ranks are kept aside for the test; the others
are dealt to the folds from the highest rank down. So keeping more rows aside moves no row to another fold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.choices.parts import KFold, most_kept_aside
from engine.events import Listener, log, warn
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.words import count, listed


@dataclass(frozen=True)
class Parts:
    """Row indices into `Ready`. `fold` has one entry per row of `Ready`, from 1; 0 where there is none."""

    train: np.ndarray
    test: np.ndarray
    fold: np.ndarray

    @property
    def folds(self) -> int:
        return int(self.fold.max(initial=0))

    def each_fold(self) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """(number, rows to learn from, rows to check) for each fold."""
        for number in range(1, self.folds + 1):
            yield (
                number,
                np.flatnonzero((self.fold != number) & (self.fold > 0)),
                np.flatnonzero(self.fold == number),
            )


def split(ready: Ready, spec: RunSpec, tell: Listener) -> Parts:
    """Deal the rows into training and test rows, and the training rows into folds.

    Raises:
        CannotTrain: infeasible, where there are more folds than rows or a part would hold one class only.
    """
    ranks = np.random.default_rng(spec.seed).permutation(len(ready.target))
    strata = _strata(ready, getattr(spec.split, "stratify", False))
    kept_aside = _kept_aside(ranks, strata, most_kept_aside(spec.split))
    fold = np.zeros(len(ranks), dtype="int64")
    if isinstance(spec.validation, KFold):
        dealt = _dealt(ranks, _strata(ready, spec.validation.stratify), spec.validation.folds)
        fold = np.where(kept_aside, 0, dealt)
    parts = Parts(train=np.flatnonzero(~kept_aside), test=np.flatnonzero(kept_aside), fold=fold)
    _check(ready, parts, spec)
    _tell_about(ready, parts, spec, tell)
    return parts


def _strata(ready: Ready, stratify: bool) -> np.ndarray:
    if stratify and ready.is_classification:
        return ready.target
    return np.zeros(len(ready.target), dtype="int64")


def _kept_aside(ranks: np.ndarray, strata: np.ndarray, share: float) -> np.ndarray:
    """True for test rows: of each stratum its share, lowest ranks first."""
    sizes = np.bincount(strata)
    wanted = int(np.clip(round(len(ranks) * share), 1, len(ranks) - 2))
    quotas = _shared_out(sizes, wanted)
    kept_aside: np.ndarray = _place_in_stratum(ranks, strata) < quotas[strata]
    return kept_aside


def _shared_out(sizes: np.ndarray, wanted: int) -> np.ndarray:
    """`wanted` rows shared out in proportion to `sizes`, by the largest remainders."""
    exact: np.ndarray = sizes * wanted / sizes.sum()
    quotas: np.ndarray = np.floor(exact).astype("int64")
    left = wanted - int(quotas.sum())
    can_give = np.flatnonzero(quotas < sizes - 1)
    quotas[can_give[np.argsort(-(exact - quotas)[can_give], kind="stable")[:left]]] += 1
    return quotas


def _dealt(ranks: np.ndarray, strata: np.ndarray, folds: int) -> np.ndarray:
    """A fold from 1 for each row, dealt in turn within each stratum from the highest rank down."""
    sizes = np.bincount(strata)
    first = np.cumsum(sizes) - sizes
    place = _place_in_stratum(-ranks, strata)
    dealt: np.ndarray = (place + first[strata]) % folds + 1
    return dealt


def _place_in_stratum(ranks: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """For each row how many rows of its stratum have a lower rank."""
    sizes = np.bincount(strata)
    order = np.lexsort((ranks, strata))
    place = np.empty(len(ranks), dtype="int64")
    place[order] = np.arange(len(ranks)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return place


def _check(ready: Ready, parts: Parts, spec: RunSpec) -> None:
    training = spec.training
    if training and training.batch_size > len(parts.train):
        text = (
            f"A batch of {training.batch_size:,} is more than the {count(len(parts.train), 'training row')}."
        )
        raise CannotTrain("infeasible", f"{text} Choose a smaller batch.", "training.batch_size")
    if isinstance(spec.validation, KFold):
        _check_folds(ready, parts, spec.validation)
    learning = [parts.train, *(rows for _, rows, _ in parts.each_fold())]
    if ready.is_classification and any(len(np.unique(ready.target[rows])) < 2 for rows in learning):
        detail = f"{spec.target} has too few rows of its rarer class for these parts. Use fewer folds."
        raise CannotTrain("infeasible", detail, "validation.folds")


def _check_folds(ready: Ready, parts: Parts, validation: KFold) -> None:
    most = len(parts.train)
    what = "training rows"
    if ready.is_classification and validation.stratify:
        most, what = int(np.bincount(ready.target[parts.train]).max()), "rows of any class"
    filled = len(np.unique(parts.fold[parts.train]))
    if validation.folds > most or filled < validation.folds:
        detail = f"{validation.folds} folds are more than there are {what} ({most:,}). Use fewer folds."
        raise CannotTrain("infeasible", detail, "validation.folds")


def _tell_about(ready: Ready, parts: Parts, spec: RunSpec, tell: Listener) -> None:
    folds = f" in {parts.folds} folds" if parts.folds else ""
    log(
        tell,
        f"Split: {len(parts.train):,} training rows{folds}, {len(parts.test):,} test rows, seed {spec.seed}.",
    )
    if not ready.is_classification:
        return
    in_train, in_test = (
        np.bincount(ready.target[rows], minlength=len(ready.classes)) for rows in (parts.train, parts.test)
    )
    rare = np.flatnonzero((in_train < max(parts.folds, 1)) | (in_test == 0))
    if len(rare):
        names = listed([ready.classes[number] for number in rare])
        warn(tell, f"Too few rows to be in every part: {names}. Their scores say little.")
