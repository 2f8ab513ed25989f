"""How good a model is on each level of each category, and where it is clearly worse than elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from engine.events import finite
from engine.fit import Answer
from engine.metrics import for_task
from engine.prepare import Ready
from engine.scoring import losses, score
from engine.words import number

LEAST_ROWS = 10
MOST_COLUMNS, MOST_LEVELS = 10, 10
_SURE = 0.05


@dataclass(frozen=True)
class _Slice:
    """The rows of the test where `column` is `level`; None where its value is missing."""

    column: str
    level: str | None
    rows: np.ndarray


def slices(ready: Ready, test: np.ndarray, answer: Answer) -> dict[str, Any]:
    """{"columns": [{"column", "levels": [{"level", "rows", "scores", "is_worse"}]}], "worst"} of test rows.

    Levels of at least 10 test rows, the largest first: 10 levels of 10 columns. `worst` is {"column",
    "level", "text"} where a slice is clearly worse than all other rows together, else None. Clearly: the
    difference of the mean loss (share of wrong answers, or absolute error) is beyond what chance does to
    the worst of so many slices at 95 % (Welch's z, Bonferroni).
    """
    found = list(_slices(ready, test))
    if not found:
        return {"columns": [], "worst": None}
    truth = ready.target[test]
    weights = np.stack([one.rows for one in found]).astype("float64")
    scores = score(truth, answer, weights)
    names = [metric.name for metric in for_task(ready.task)]
    loss = losses(truth, answer)
    ahead = _clearly_worse(loss, weights, answer.shares is not None)
    told = [
        {
            "level": one.level,
            "rows": int(one.rows.sum()),
            "scores": {name: finite(scores[name][place]) for name in names},
            "is_worse": bool(ahead[place] > 0),
        }
        for place, one in enumerate(found)
    ]
    columns = list(dict.fromkeys(one.column for one in found))
    grouped = [
        {"column": name, "levels": [told[i] for i, one in enumerate(found) if one.column == name]}
        for name in columns
    ]
    return {"columns": grouped, "worst": _worst(found, ahead, loss, answer.shares is not None)}


def _slices(ready: Ready, test: np.ndarray) -> Sequence[_Slice]:
    made: list[_Slice] = []
    categories = [name for name, kind in ready.kinds.items() if kind == "categorical"]
    for name in categories:
        if len({one.column for one in made}) == MOST_COLUMNS:
            break
        levels = _levels(name, ready.features[name].iloc[test])
        made += levels if len(levels) > 1 else []
    return made


def _levels(name: str, column: pd.Series) -> list[_Slice]:
    codes, words = pd.factorize(column)
    sizes = np.bincount(codes + 1, minlength=len(words) + 1)
    largest = np.argsort(-sizes, kind="stable")[:MOST_LEVELS]
    return [
        _Slice(name, None if place == 0 else str(words[place - 1]), codes == place - 1)
        for place in largest
        if sizes[place] >= LEAST_ROWS
    ]


def _clearly_worse(loss: np.ndarray, inside: np.ndarray, is_share: bool) -> np.ndarray:
    """By how much the loss of each slice is above that of all other rows, beyond doubt; 0 or less if not."""
    outside = 1 - inside
    mean, spread, rows = _moments(loss, inside, is_share)
    mean_of_others, spread_of_others, others = _moments(loss, outside, is_share)
    doubt = NormalDist().inv_cdf(1 - _SURE / 2 / len(inside))
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(spread / rows + spread_of_others / others)
        ahead: np.ndarray = np.nan_to_num(mean - mean_of_others - doubt * error)
    return ahead


def _moments(
    loss: np.ndarray, chosen: np.ndarray, is_share: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = chosen.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = chosen @ loss / rows
        if is_share:  # Agresti and Coull: no share of a few rows is sure
            share = (chosen @ loss + 2) / (rows + 4)
            return mean, share * (1 - share), rows
        return mean, chosen @ (loss * loss) / rows - mean**2, rows


def _worst(
    found: Sequence[_Slice], ahead: np.ndarray, loss: np.ndarray, is_share: bool
) -> dict[str, Any] | None:
    place = int(ahead.argmax())
    if ahead[place] <= 0:
        return None
    one = found[place]
    here, elsewhere = float(loss[one.rows].mean()), float(loss[~one.rows].mean())
    where = f"Where {one.column} is {'missing' if one.level is None else f'“{one.level}”'}"
    said = f"{where} it is off by {number(here)} on average, elsewhere by {number(elsewhere)}."
    if is_share:
        right = [round((1 - share) * 100) for share in (here, elsewhere)]
        said = f"{where} it is right for {right[0]} of 100 rows, elsewhere for {right[1]}."
    return {"column": one.column, "level": one.level, "text": said}
