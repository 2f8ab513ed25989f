"""Stage 4, before the fit: which rows are complete, and in words what was done to gaps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pandas as pd

from engine.choices.single_columns import categorical_of, missing_of, numeric_of, order_of
from engine.events import Listener, log, warn
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.unknowns import NEW
from engine.words import count, listed

_MOST_TOLD = 10
_FILLED = {
    "mean": "the mean",
    "median": "the median",
    "most_frequent": "the most frequent value",
    "knn": "the mean of the nearest rows",
    "iterative": "what the other columns say",
}


def complete_rows(ready: Ready, rows: np.ndarray, spec: RunSpec) -> np.ndarray:
    """The rows to learn from: without those that have a gap in a column whose gaps are to be dropped.

    Raises:
        CannotTrain: no_complete_rows, where none is left.
    """
    names = _dropped(ready, spec)
    if not names:
        return rows
    kept: np.ndarray = rows[ready.features[names].notna().all(axis=1).to_numpy()[rows]]
    if not len(kept):
        raise _too_few(f"No training row is complete: each has a gap in {listed(names)}.")
    return kept


def check_complete(ready: Ready, rows: np.ndarray, spec: RunSpec) -> None:
    """Refuse where rows would be enough to learn from, and the complete ones of them are not.

    Raises:
        CannotTrain: no_complete_rows.
    """
    kept = complete_rows(ready, rows, spec)
    if len(kept) < 2 <= len(rows):
        raise _too_few("A single training row is complete.")
    if ready.is_classification and _classes(ready, kept) < 2 <= _classes(ready, rows):
        raise _too_few(f"All complete training rows are {ready.classes[ready.target[kept[0]]]}.")


def _too_few(what: str) -> CannotTrain:
    way_out = "Fill the gaps, or leave those columns out."
    return CannotTrain("no_complete_rows", f"{what} {way_out}", "preprocessing")


def tell_of_gaps(ready: Ready, rows: np.ndarray, spec: RunSpec, made: int, tell: Listener) -> None:
    """Say how many columns the model gets, and what was done to gaps and odd words in the training rows."""
    gaps = pd.Series(np.count_nonzero(ready.features.isna().to_numpy()[rows], axis=0), list(ready.features))
    filled = _filled(gaps[gaps > 0], ready, spec)
    said = [f"Prepared: {count(len(ready.kinds), 'column')} in, {made} out."]
    log(tell, " ".join([*said, *islice(filled, _MOST_TOLD)]))
    left_out = len(rows) - len(complete_rows(ready, rows, spec))
    if left_out:
        names = listed([name for name in _dropped(ready, spec) if gaps[name]])
        told = f"Left out {left_out:,} of {count(len(rows), 'training row')} that have a gap in {names}."
        warn(tell, f"{told} Rows to predict are answered with the median or the most frequent word instead.")
    for name in ready.kinds:
        if strange := _not_in_order(ready.features[name], rows, order_of(spec.preprocessing, name)):
            words = "a word that its order does not name. It counts as below all others"
            warn(tell, f"In {count(strange, 'row')}, {name} is {words}.")


def tell_of_new_words(ready: Ready, rows: np.ndarray, spec: RunSpec, tell: Listener) -> None:
    """Say where rows that are not learned from hold words that those learned from do not, and what of it."""
    others = np.ones(len(ready.target), dtype=bool)
    others[rows] = False
    found = ((name, _new_words(ready.features[name], rows, others)) for name in _words(ready))
    for name, new in islice(((name, new) for name, new in found if new), _MOST_TOLD):
        where = f"In {count(new, 'row')} kept aside, {name} is a word that training did not see"
        log(tell, f"{where}: {NEW[categorical_of(spec.preprocessing, name).encode]}.")


def _words(ready: Ready) -> list[str]:
    return [name for name, kind in ready.kinds.items() if kind == "categorical"]


def _new_words(column: pd.Series, rows: np.ndarray, others: np.ndarray) -> int:
    values = column.to_numpy()
    kept_aside = pd.Series(values[others])
    return int((kept_aside.notna() & ~kept_aside.isin(pd.unique(values[rows]))).sum())


def _dropped(ready: Ready, spec: RunSpec) -> list[str]:
    return [name for name, kind in ready.kinds.items() if _way(name, kind, spec) == "drop"]


def _way(name: str, kind: str, spec: RunSpec) -> str:
    return missing_of(spec.preprocessing, name, kind) if kind in ("numeric", "categorical") else ""


def _way_of_dates(spec: RunSpec) -> str:
    """Their parts are filled as numbers are, where each part can be filled by itself."""
    asked = spec.preprocessing.numeric.missing
    return asked if asked in ("mean", "most_frequent") else "median"


def _classes(ready: Ready, rows: np.ndarray) -> int:
    return len(np.unique(ready.target[rows]))


def _filled(gaps: pd.Series, ready: Ready, spec: RunSpec) -> Iterator[str]:
    for name, gap in gaps.items():
        kind = ready.kinds[str(name)]
        way = _way_of_dates(spec) if kind == "date" else _way(str(name), kind, spec)
        filler = _FILLED.get(way) or (_constant(str(name), kind, spec) if way == "constant" else None)
        if filler:
            yield f"Filled {name} in {count(int(gap), 'row')} with {filler}."


def _constant(name: str, kind: str, spec: RunSpec) -> str:
    if kind == "categorical":
        return "a word of its own"
    return f"{numeric_of(spec.preprocessing, name).fill_value:g}"


def _not_in_order(column: pd.Series, rows: np.ndarray, order: tuple[str, ...]) -> int:
    return int((column.notna() & ~column.isin(order)).to_numpy()[rows].sum()) if order else 0
