"""What parts cannot be made, and what there is to say of those that were: in words for the person."""

from __future__ import annotations

import numpy as np

from engine.choices.parts import (
    ColumnSplit,
    GroupKFold,
    GroupSplit,
    Holdout,
    KFold,
    NoValidation,
    RepeatedKFold,
    TimeFolds,
    TimeSplit,
    validation_column,
)
from engine.events import Listener, log, warn
from engine.parts import DoesNotFit, Parts
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.words import count, listed


def check_groups(groups: np.ndarray, name: str) -> None:
    """Raises CannotTrain where there is one group alone."""
    if len(np.unique(groups)) < 2:
        text = f"Every row has the same {name}, so no group can be kept aside. Choose another column."
        raise CannotTrain("infeasible", text, "split.column")


def check_times(times: np.ndarray, name: str) -> None:
    """Raises CannotTrain where there is one point in time alone."""
    if len(np.unique(times)) < 2:
        text = f"Every row has the same {name}, so no row is later than another. Choose another column."
        raise CannotTrain("infeasible", text, "split.column")


def check_said(is_test: np.ndarray, wanted: ColumnSplit) -> None:
    """Raises CannotTrain where a column names no row for the test, or leaves none to learn from."""
    if not is_test.any():
        text = (
            f"No row has “{wanted.test_value}” in {wanted.column}, so there is no test. Name another value."
        )
        raise CannotTrain("infeasible", text, "split.test_value")
    if is_test.all():
        text = f"Every row has “{wanted.test_value}” in {wanted.column}, so none is left to learn from."
        raise CannotTrain("infeasible", f"{text} Name another value.", "split.test_value")


def check_stored(parts: Parts, rows: np.ndarray, folds: int) -> None:
    """Raises DoesNotFit where parts that were made before are not of these rows, or have other folds."""
    listed_rows = np.sort(np.concatenate([parts.train, parts.test]))
    if not np.array_equal(listed_rows, rows):
        raise DoesNotFit("its rows are others")
    if not len(parts.train) or not len(parts.test):
        raise DoesNotFit("a part is empty")
    if parts.filled != folds or parts.folds != folds:
        raise DoesNotFit("its folds are others")


def check(ready: Ready, parts: Parts, spec: RunSpec) -> None:
    """Raises CannotTrain where a batch, a fold or a class has too few rows."""
    _check_batch(parts, spec)
    if isinstance(spec.validation, KFold | RepeatedKFold):
        _check_chance(ready, parts, spec.validation)
    elif isinstance(spec.validation, GroupKFold | TimeFolds):
        _check_order(ready, parts, spec, spec.validation)
    if ready.is_classification:
        _check_classes(ready, parts, spec)


def _check_batch(parts: Parts, spec: RunSpec) -> None:
    training = spec.training
    if training and training.batch_size > len(parts.train):
        text = (
            f"A batch of {training.batch_size:,} is more than the {count(len(parts.train), 'training row')}."
        )
        raise CannotTrain("infeasible", f"{text} Choose a smaller batch.", "training.batch_size")


def _check_chance(ready: Ready, parts: Parts, validation: KFold | RepeatedKFold) -> None:
    most = len(parts.train)
    what = "training rows"
    if ready.is_classification and validation.stratify:
        most, what = int(np.bincount(ready.target[parts.train]).max()), "rows of any class"
    if validation.folds > most or parts.filled < _folds(validation):
        detail = f"{validation.folds} folds are more than there are {what} ({most:,}). Use fewer folds."
        raise CannotTrain("infeasible", detail, "validation.folds")


def _folds(validation: KFold | RepeatedKFold) -> int:
    """In all deals together."""
    return validation.folds * (validation.repeats if isinstance(validation, RepeatedKFold) else 1)


def _check_order(ready: Ready, parts: Parts, spec: RunSpec, validation: GroupKFold | TimeFolds) -> None:
    if parts.filled == validation.folds:
        return
    name = validation_column(spec.split, validation) or ""
    there = ready.by[name].iloc[parts.train].nunique()
    folds, is_time = validation.folds, validation.kind == "time"
    need = f"{folds + is_time} different {'times' if is_time else 'groups'}"
    text = f"{folds} folds need {need} in {name}, and the training rows have {there}. Use fewer folds."
    raise CannotTrain("infeasible", text, "validation.folds")


def _check_classes(ready: Ready, parts: Parts, spec: RunSpec) -> None:
    def is_one(rows: np.ndarray) -> bool:
        target = ready.target[rows]
        return bool(target.min() == target.max())

    if is_one(parts.train):
        text = f"The training rows hold one class of {spec.target} only. Keep other rows aside."
        raise CannotTrain("infeasible", text, "split")
    if any(is_one(learn) for _, learn, _ in parts.each_fold()):
        text = f"{spec.target} has too few rows of its rarer class for these folds. Use fewer folds."
        raise CannotTrain("infeasible", text, "validation.folds")


def tell_about(ready: Ready, parts: Parts, spec: RunSpec, tell: Listener) -> None:
    """Say how the rows were split, and what of it makes scores less sure."""
    log(tell, _said(parts, spec))
    if parts.copies:
        equal = f"{parts.copies:,} of {count(len(parts.test), 'test row')}"
        log(tell, f"Copies: {equal} are like a training row in all columns.")
    if mismatch := _mismatch(spec):
        warn(tell, mismatch)
    if ready.is_classification:
        _warn_of_rare(ready, parts, tell)


def _said(parts: Parts, spec: RunSpec) -> str:
    split = spec.split
    how = {
        "group": f" by whole groups of {getattr(split, 'column', '')}",
        "time": f" with the latest rows by {getattr(split, 'column', '')} as the test",
        "column": f" as {getattr(split, 'column', '')} says",
    }.get(split.kind, "")
    folds = f" in {parts.folds} folds" if parts.folds else ""
    rows = f"{len(parts.train):,} training rows{folds}, {len(parts.test):,} test rows"
    return f"Split{how}: {rows}, seed {spec.seed}."


def _mismatch(spec: RunSpec) -> str | None:
    """Where test and folds are not made alike, so that one of them says more than is so."""
    split, validation = spec.split, spec.validation
    if isinstance(validation, NoValidation):
        return None
    by = validation_column(split, validation)
    if isinstance(split, GroupSplit) and not (validation.kind == "group" and by == split.column):
        return f"Folds do not keep each {split.column} together, so their scores may be too good."
    if isinstance(split, TimeSplit) and validation.kind != "time":
        return f"Folds learn from rows that are later by {split.column}, so their scores may be too good."
    if isinstance(split, Holdout) and by is not None:
        what = f"rows of a {by}" if validation.kind == "group" else f"times in {by}"
        return f"The test shares {what} with the training rows, so its scores may be too good."
    return None


def _warn_of_rare(ready: Ready, parts: Parts, tell: Listener) -> None:
    in_train, in_test = (
        np.bincount(ready.target[rows], minlength=len(ready.classes)) for rows in (parts.train, parts.test)
    )
    folds = parts.folds // max(len(parts.deals), 1)
    rare = np.flatnonzero((in_train < max(folds, 1)) | (in_test == 0))
    if len(rare):
        names = listed([ready.classes[number] for number in rare])
        warn(tell, f"Too few rows to be in every part: {names}. Their scores say little.")
