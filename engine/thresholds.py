"""From which probability on the second class is said: one half, or where a score is best out of fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.fit import Answer
from engine.parts import Parts
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.spec import RunSpec

_FIELD = "evaluation.threshold"
Fold = tuple[int, np.ndarray, Answer]


def check(spec: RunSpec, ready: Ready, parts: Parts) -> None:
    """See that the threshold that is asked for can be found, before anything is trained.

    Raises:
        CannotTrain: infeasible, where there are not two classes or no folds.
    """
    if spec.evaluation.threshold == "half":
        return
    if len(ready.classes) != 2:
        found = f"{spec.target} has {len(ready.classes):,} classes" if ready.classes else "This is a number"
        detail = f"{found}, and a decision threshold needs two classes. Leave the threshold at one half."
        raise CannotTrain("infeasible", detail, _FIELD)
    if not parts.folds:
        detail = "A decision threshold is tuned on folds, and this experiment has none. Leave it at one half."
        raise CannotTrain("infeasible", detail, _FIELD)


def tuned(truth: np.ndarray, shares: np.ndarray, score: str) -> float:
    """The threshold where `score` (f1, balanced_accuracy or mcc) of these answers is best.

    It lies in the middle between two probabilities that occur. Of equals the one nearest to one half.
    """
    share = shares[:, 1]
    order = np.argsort(-share, kind="stable")
    ends = np.flatnonzero(np.diff(share[order], append=np.nan) != 0)
    hits = np.cumsum(truth[order] == 1)[ends].astype("float64")
    cuts = share[order][ends]
    cuts = (cuts + np.append(cuts[1:], 0.0)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.nan_to_num(_SCORES[score](hits, ends + 1.0, float((truth == 1).sum()), len(truth)))
    best = np.flatnonzero(values >= values.max() - 1e-12)
    return float(cuts[best[np.argmin(np.abs(cuts[best] - 0.5))]])


def _f1(hits: np.ndarray, said: np.ndarray, positive: float, rows: int) -> np.ndarray:
    found: np.ndarray = 2 * hits / (said + positive)
    return found


def _balanced_accuracy(hits: np.ndarray, said: np.ndarray, positive: float, rows: int) -> np.ndarray:
    negative = rows - positive
    found: np.ndarray = (hits / positive + (negative - (said - hits)) / negative) / 2
    return found


def _mcc(hits: np.ndarray, said: np.ndarray, positive: float, rows: int) -> np.ndarray:
    spread = positive * (rows - positive) * said * (rows - said)
    found: np.ndarray = (hits * rows - said * positive) / np.sqrt(spread)
    return found


_SCORES = {"f1": _f1, "balanced_accuracy": _balanced_accuracy, "mcc": _mcc}


def decided(answer: Answer, threshold: float | None) -> Answer:
    """The same probabilities with what is said from them; None leaves them as they are."""
    if threshold is None or answer.shares is None:
        return answer
    return Answer((answer.shares[:, 1] >= threshold).astype("int64"), answer.shares)


def decided_folds(folds: Sequence[Fold], target: np.ndarray, score: str) -> list[Fold]:
    """Each fold decided by the threshold that all other rows give: so its scores stay honest."""
    truth, shares = gathered(folds, target)
    answered = np.concatenate([rows for _, rows, _ in folds])
    made = []
    for number, rows, answer in folds:
        others = ~np.isin(answered, rows)
        threshold = tuned(truth[others], shares[others], score)
        made.append((number, rows, decided(answer, threshold)))
    return made


def gathered(folds: Sequence[Fold], target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The truth and the probabilities of all rows that folds have answered."""
    shares = [answer.shares for _, _, answer in folds if answer.shares is not None]
    return target[np.concatenate([rows for _, rows, _ in folds])], np.concatenate(shares)
