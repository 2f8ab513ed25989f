"""The canary: with a shuffled target there is nothing to learn, so a score above chance is a leak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.events import Listener, ignore
from engine.spec import RunSpec
from engine.train import train
from engine.words import number

SHUFFLES = 5
LEAST_CLEAR = 3
"""Of five intervals of 95 %, three lie above chance by chance alone once in some ten thousand times."""
_CHANCE = {"classification": ("roc_auc", 0.5), "regression": ("r2", 0.0)}


@dataclass(frozen=True)
class Verdict:
    """`scores` of the shuffled targets, by `metric`; `clear` of them lie above chance with their interval."""

    metric: str
    chance: float
    scores: tuple[float, ...]
    clear: int

    @property
    def sings(self) -> bool:
        """Whether nothing leaked, as far as this shows."""
        return self.clear < LEAST_CLEAR

    @property
    def sentence(self) -> str:
        found = ", ".join(number(score) for score in self.scores)
        said = f"On shuffled targets {self.metric} is {found}; chance is {number(self.chance)}."
        if self.sings:
            return f"{said} Nothing leaks."
        return f"{said} Something of the target reaches the model by another way than learning."


def canary(table: pd.DataFrame, spec: RunSpec, tell: Listener = ignore, threads: int = 1) -> Verdict:
    """Train `spec` on a target that is shuffled among the rows, several times, and compare with chance.

    Rows without a target stay so. Raises what `train` does.
    """
    metric, chance = _CHANCE[spec.task]
    scores, clear = [], 0
    for shuffle in range(SHUFFLES):
        metrics = train(_shuffled(table, spec.target, spec.seed + shuffle), spec, tell, threads).metrics
        score, low = metrics["test"][metric], metrics["intervals"][metric][0]
        scores.append(chance if score is None else float(score))
        clear += low is not None and low > chance
    return Verdict(metric, chance, tuple(scores), clear)


def _shuffled(table: pd.DataFrame, target: str, seed: int) -> pd.DataFrame:
    known = np.flatnonzero(table[target].notna())
    order = np.arange(len(table))
    order[known] = np.random.default_rng(seed).permutation(known)
    return table.assign(**{target: table[target].iloc[order].to_numpy()})
