"""Explaining, third part: how important columns of pure chance become to the model, learned once more."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.build import build
from engine.explain.importance import Measured, rows_to_measure, upper_limit
from engine.explain.opened import Opened
from engine.fit import Answer, fit
from engine.prepare import Ready
from engine.thresholds import decided

MOST_ROWS = 20_000
LEAST, MOST = 3, 10
_COPIED = ("numeric", "categorical")


@dataclass(frozen=True)
class Canary:
    """`importances` of the chance columns; `line` is what such a column hardly exceeds; `rows` it learned."""

    line: float
    importances: tuple[float, ...]
    rows: int


def canary(opened: Opened, metric: str, columns: int) -> Canary | None:
    """Learn the same spec once more beside columns that know nothing, and measure those on held-out rows.

    They are shuffled copies of the table's own columns, so they look like them (the random probe: Stoppiglia,
    Dreyfus, Dubois and Oussar 2003, JMLR 3; shuffled copies: Kursa and Rudnicki 2010, J. Stat. Software
    36(11)). The line is the `upper_limit` for `columns` further ones. At most 20,000 training rows are
    learned from, which only makes chance look larger. None where no column can be copied.

    Raises:
        CannotTrain: the spec does not allow further columns; the text says why.
    """
    made, names = _beside_chance(opened.ready, opened.random(3))
    if not names:
        return None
    rows = opened.drawn(opened.train, MOST_ROWS, 4)
    fitted = fit(build(opened.spec, made), made, rows, opened.spec)
    threshold = opened.model.predictor.manifest.get("threshold")

    def answers(features: pd.DataFrame) -> Answer:
        (answer,) = fitted.answers(features, np.arange(len(features)))
        return decided(answer, threshold)

    held = rows_to_measure(opened)
    measured = Measured(answers, made.features.iloc[held], made.target[held], metric, opened.spec.seed)
    found = np.array([measured.importance(name).mean for name in names])
    line = max(0.0, float(found.mean()) + upper_limit(float(found.std(ddof=1)), len(found), columns))
    return Canary(line, tuple(map(float, found)), len(rows))


def _beside_chance(ready: Ready, random: np.random.Generator) -> tuple[Ready, list[str]]:
    """The rows with some columns more, and their names, which no column of the table has."""
    copied = [name for name, kind in ready.kinds.items() if kind in _COPIED]
    if not copied:
        return ready, []
    wanted = int(np.clip(len(copied), LEAST, MOST))
    chosen = [copied[place * len(copied) // wanted] for place in range(wanted)]
    free = next(word for word in ("chance", "chance ", "chance  ") if not _is_taken(word, ready.kinds))
    names = [f"{free}{number}" for number in range(1, wanted + 1)]
    features, kinds = ready.features.copy(deep=False), dict(ready.kinds)
    for name, source in zip(names, chosen, strict=True):
        features[name] = ready.features[source].array[random.permutation(len(features))]
        kinds[name] = ready.kinds[source]
    return replace(ready, features=features, kinds=kinds), names


def _is_taken(word: str, names: dict[str, str]) -> bool:
    return any(name.startswith(word) for name in names)
