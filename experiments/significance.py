"""Whether two runs differ by more than chance, seen on the folds that both were checked on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from experiments import student_t

CHANCE = 0.05


@dataclass(frozen=True)
class Difference:
    """First less second: the mean over the folds, its 95 % interval, and how often chance alone does that."""

    mean: float
    low: float
    high: float
    p: float

    @property
    def is_clear(self) -> bool:
        return self.p < CHANCE


def corrected_t_test(
    first: Sequence[float], second: Sequence[float], checked_to_learned: float
) -> Difference | None:
    """The corrected resampled t-test of Nadeau and Bengio (2003), for folds that share training rows.

    `checked_to_learned` is how many rows a fold checks for one that it learns from: 1 / (k - 1) for k folds.
    A plain paired test takes the folds for independent and finds differences that are none. None for fewer
    than two folds, or where the two were not checked on the same ones.
    """
    count = len(first)
    if count < 2 or count != len(second):
        return None
    differences = [a - b for a, b in zip(first, second, strict=True)]
    mean, spread = fmean(differences), math.sqrt((1 / count + checked_to_learned) * variance(differences))
    if spread == 0:
        return Difference(mean, mean, mean, p=0.0 if mean else 1.0)
    half = student_t.critical(count - 1, CHANCE) * spread
    return Difference(mean, mean - half, mean + half, student_t.two_sided(mean / spread, count - 1))
