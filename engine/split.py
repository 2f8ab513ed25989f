"""Stage 2: who learns and who tests. Depends on the rows and the seed alone, never on the model.

Keeping more rows aside for the test moves no row to another fold: folds are dealt as if there were no test,
and what is kept aside is taken away. It cannot hold where both follow in time, as the folds then divide what
lies before the test, nor where a fold would be left without rows; then the training rows alone are dealt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from engine import dealing, split_checks
from engine.choices.parts import (
    ColumnSplit,
    GroupKFold,
    GroupSplit,
    KFold,
    NoValidation,
    RepeatedKFold,
    TimeFolds,
    TimeSplit,
    goes_by,
    most_kept_aside,
    validation_column,
    why_not_together,
)
from engine.copies import copies
from engine.events import Listener, warn
from engine.orders import as_groups, as_times, is_value
from engine.parts import DoesNotFit, Parts, of_table
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.words import count

Deal = Callable[[np.ndarray], np.ndarray]


def split(ready: Ready, spec: RunSpec, tell: Listener, stored: pd.DataFrame | None = None) -> Parts:
    """Deal the rows into training and test rows, and the training rows into folds.

    `stored` is a table of parts that was made before of these very rows, as `Parts.table` gives it.

    Raises:
        CannotTrain: infeasible, where there are too few rows, groups, times or classes for these parts;
            unknown_column; split_unfit, where `stored` is not one of these rows.
    """
    if refusal := why_not_together(spec.split, spec.validation, spec.target):
        raise CannotTrain("infeasible", refusal[1], refusal[0])
    rows = _with_a_time(ready, spec, tell)
    parts = _decided(ready, spec, rows) if stored is None else _restored(ready, spec, rows, stored)
    split_checks.check(ready, parts, spec)
    parts = replace(parts, copies=copies(ready.features, parts.train, parts.test))
    split_checks.tell_about(ready, parts, spec, tell)
    return parts


def _with_a_time(ready: Ready, spec: RunSpec, tell: Listener) -> np.ndarray:
    """The rows that can be split: where the split goes by time, those that have one."""
    has_time = np.ones(len(ready.rows), dtype=bool)
    by_time = {"split.column": spec.split, "validation.column": spec.validation}
    for field, choice in by_time.items():
        if isinstance(choice, TimeSplit | TimeFolds):
            name = _column(choice, spec)
            has_time &= as_times(ready.by[name], field) >= 0
            if not has_time.all():
                left = count(int((~has_time).sum()), "row")
                warn(tell, f"Left out {left} without {name}: nobody knows what they come before.")
    return np.flatnonzero(has_time)


def _column(choice: TimeSplit | TimeFolds | GroupSplit | GroupKFold, spec: RunSpec) -> str:
    if isinstance(choice, TimeSplit | GroupSplit):
        return choice.column
    return validation_column(spec.split, spec.validation) or ""


def _decided(ready: Ready, spec: RunSpec, rows: np.ndarray) -> Parts:
    """The parts of these rows of `Ready`, worked out."""
    is_test = _test_rows(ready, spec, rows)
    dealt = _deals(ready, spec, rows, ~is_test)
    deals = np.zeros((len(dealt), len(ready.rows)), dtype="int16")
    deals[:, rows] = dealt
    return Parts(rows[~is_test], rows[is_test], deals, isinstance(spec.validation, TimeFolds))


def _restored(ready: Ready, spec: RunSpec, rows: np.ndarray, stored: pd.DataFrame) -> Parts:
    try:
        past_only = isinstance(spec.validation, TimeFolds)
        parts = of_table(stored, ready.rows, _times_dealt(spec), past_only=past_only)
        split_checks.check_stored(parts, rows, _folds(spec) * _times_dealt(spec))
    except DoesNotFit as error:
        text = f"The stored split of this experiment does not fit its rows: {error}. Start a new experiment."
        raise CannotTrain("split_unfit", text) from error
    return parts


def _folds(spec: RunSpec) -> int:
    return 0 if isinstance(spec.validation, NoValidation) else spec.validation.folds


def _times_dealt(spec: RunSpec) -> int:
    if isinstance(spec.validation, RepeatedKFold):
        return spec.validation.repeats
    return 0 if isinstance(spec.validation, NoValidation) else 1


def _ranks(spec: RunSpec, rows: np.ndarray) -> np.ndarray:
    return np.random.default_rng(spec.seed).permutation(len(rows))


def _strata(ready: Ready, rows: np.ndarray, *, stratify: bool = True) -> np.ndarray:
    found = np.zeros(len(rows), dtype="int64")
    if stratify and ready.is_classification:
        found = ready.target[rows]
    return found


def _test_rows(ready: Ready, spec: RunSpec, rows: np.ndarray) -> np.ndarray:
    """True for test rows, shape (rows,)."""
    wanted, share = spec.split, most_kept_aside(spec.split)
    if isinstance(wanted, GroupSplit):
        groups = as_groups(ready.by[wanted.column].iloc[rows], spec.seed)
        split_checks.check_groups(groups, wanted.column)
        return dealing.groups_kept_aside(groups, _strata(ready, rows), share, _others(spec))
    if isinstance(wanted, TimeSplit):
        times = as_times(ready.by[wanted.column].iloc[rows], "split.column")
        split_checks.check_times(times, wanted.column)
        return dealing.latest(times, share, _others(spec))
    if isinstance(wanted, ColumnSplit):
        found = is_value(ready.by[wanted.column].iloc[rows], wanted.test_value)
        split_checks.check_said(found, wanted)
        return found
    return dealing.kept_aside(_ranks(spec, rows), _strata(ready, rows, stratify=wanted.stratify), share)


def _others(spec: RunSpec) -> int:
    """How many groups or times must be left to learn from: one, or what folds of the same column need."""
    named = goes_by(spec.split, spec.validation)
    if named.get("split.column") != named.get("validation.column"):
        return 1
    return _folds(spec) + isinstance(spec.validation, TimeFolds)


def _deals(ready: Ready, spec: RunSpec, rows: np.ndarray, learns: np.ndarray) -> np.ndarray:
    """A fold from 1 for each row, 0 where it is not checked; shape (times dealt, rows)."""
    wanted = spec.validation
    if isinstance(wanted, NoValidation):
        return np.zeros((0, len(rows)), dtype="int64")
    if isinstance(wanted, KFold | RepeatedKFold):
        each = _chance(ready, spec, rows, wanted)
    elif isinstance(wanted, GroupKFold):
        groups = as_groups(ready.by[_column(wanted, spec)].iloc[rows], spec.seed)
        strata = _strata(ready, rows)
        each = [lambda among: dealing.dealt_groups(groups[among], strata[among], wanted.folds)]
    else:
        times = as_times(ready.by[_column(wanted, spec)].iloc[rows], "validation.column")
        each = [lambda among: dealing.dealt_in_time(times[among], wanted.folds)]
    knows_itself = isinstance(spec.split, ColumnSplit) or (spec.split.kind == wanted.kind == "time")
    dealt = np.stack([_held(deal, learns, wanted.folds, alone=knows_itself) for deal in each])
    dealt += np.where(dealt > 0, np.arange(len(dealt))[:, None] * wanted.folds, 0)
    if isinstance(wanted, KFold | RepeatedKFold):
        dealt[:, _must_learn(ready, rows, learns)] = 0
    return dealt


def _chance(ready: Ready, spec: RunSpec, rows: np.ndarray, wanted: KFold | RepeatedKFold) -> list[Deal]:
    ranks, strata = _ranks(spec, rows), _strata(ready, rows, stratify=wanted.stratify)

    def first(among: np.ndarray) -> np.ndarray:
        return dealing.dealt(ranks[among], strata[among], wanted.folds)

    def further(number: int) -> Deal:
        draws = np.random.default_rng([spec.seed, 2, number]).permutation(len(rows))
        return lambda among: dealing.dealt_anew(ranks[among], strata[among], wanted.folds, draws[among])

    return [first, *(further(number) for number in range(1, _times_dealt(spec)))]


def _held(deal: Deal, learns: np.ndarray, folds: int, *, alone: bool) -> np.ndarray:
    """Folds of all rows, less the test; of the training rows `alone` where a fold would have no rows else."""
    found = np.zeros(len(learns), dtype="int64")
    everyone = np.ones(len(learns), dtype=bool)
    for among in [learns] if alone else [everyone, learns]:
        found[among] = deal(np.flatnonzero(among))
        found[~learns] = 0
        if len(np.unique(found[found > 0])) == folds:
            break
    return found


def _must_learn(ready: Ready, rows: np.ndarray, learns: np.ndarray) -> np.ndarray:
    """The one row of the second of two classes: without it there would be nothing to tell apart."""
    if not ready.is_classification:
        return np.zeros(0, dtype="int64")
    target = ready.target[rows]
    sizes = np.bincount(target[learns])
    lonely = np.flatnonzero(sizes == 1)
    if np.count_nonzero(sizes) != 2 or not len(lonely):
        return np.zeros(0, dtype="int64")
    return np.flatnonzero(learns & np.isin(target, lonely))
