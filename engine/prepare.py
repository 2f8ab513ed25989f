"""Stage 1: a clean table. Learns nothing from the values, so nothing can leak."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from engine.choices.parts import goes_by, never_learned
from engine.events import Listener, log, warn
from engine.kinds import WHY_LEFT_OUT, is_number, kind_of, tell_of_lost_values
from engine.metrics import Task
from engine.predict import as_features, as_numbers, as_words
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.words import count, listed

_LEAST_ROWS = 5
_MOST_CLASSES = 1000


@dataclass(frozen=True)
class Ready:
    """Rows with a target, numbered anew from 0; `rows` holds their numbers in the dataset.

    `target` holds class numbers (int64, an index into `classes`) or values (float64). `by` holds the columns
    that the split goes by, as they are in the dataset.
    """

    task: Task
    features: pd.DataFrame
    kinds: dict[str, str]
    target: np.ndarray
    classes: tuple[str, ...]
    rows: np.ndarray
    without_target: int
    by: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def is_classification(self) -> bool:
        return self.task == "classification"


def prepare(table: pd.DataFrame, spec: RunSpec, tell: Listener) -> Ready:
    """Choose rows and columns and read each column as what it is.

    Raises:
        CannotTrain: target_missing, target_constant, target_not_numeric, too_many_classes, too_few_rows,
            unknown_column, wrong_kind or no_features.
    """
    _check_names(table, spec)
    target = _numbers(table[spec.target]) if spec.task == "regression" else as_words(table[spec.target])
    known = target.notna().to_numpy()
    _check_target(target[known], spec)
    without = int((~known).sum())
    if without:
        log(tell, f"Left out {count(without, 'row')} without {spec.target}.")
    rows = np.flatnonzero(known)
    kept = (table.iloc[rows] if without else table).reset_index(drop=True)
    kinds = _choose_columns(kept, spec, tell)
    values, classes = _encode(target[known], spec.task)
    log(tell, f"Read {count(len(rows), 'row')}: {count(len(kinds), 'column')} to learn {spec.target} from.")
    return Ready(
        task=spec.task,
        features=as_features(kept, kinds),
        kinds=kinds,
        target=values,
        classes=classes,
        rows=rows,
        without_target=without,
        by=kept[list(dict.fromkeys(goes_by(spec.split, spec.validation).values()))],
    )


def _check_names(table: pd.DataFrame, spec: RunSpec) -> None:
    if spec.target not in table.columns:
        raise CannotTrain(
            "target_missing", f"There is no column {spec.target}. Choose another target.", "target"
        )
    by = {where: (name,) for where, name in goes_by(spec.split, spec.validation).items()}
    named = {"columns.drop": spec.columns.drop, "columns.kinds": spec.columns.kinds, **by}
    named["preprocessing.columns"] = tuple(spec.preprocessing.columns)
    named |= {where: (name,) for where, name, _ in spec.features.named() if name not in table.columns}
    for where, names in named.items():
        if unknown := [name for name in names if name not in table.columns]:
            raise CannotTrain("unknown_column", f"There is no column {listed(unknown)}.", where)


def _numbers(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column.dtype) or not (is_number(column) or column.isna().all()):
        detail = f"{column.name} holds words, and regression predicts numbers."
        raise CannotTrain(
            "target_not_numeric", f"{detail} Choose classification or another target.", "target"
        )
    return as_numbers(column, largest=np.inf)


def _check_target(target: pd.Series, spec: RunSpec) -> None:
    name, different = spec.target, target.nunique()
    if target.empty:
        raise CannotTrain("target_missing", f"{name} is empty in every row. Choose another target.", "target")
    if different == 1:
        raise CannotTrain(
            "target_constant",
            f"{name} is the same in every row, so there is nothing to learn. Choose another target.",
            "target",
        )
    if len(target) < _LEAST_ROWS:
        raise CannotTrain(
            "too_few_rows", f"Only {count(len(target), 'row')} have a {name}; {_LEAST_ROWS} are needed."
        )
    if spec.task == "classification" and (different > _MOST_CLASSES or different > len(target) / 2):
        detail = f"{name} has {different:,} different values in {len(target):,} rows, too many for classes."
        raise CannotTrain("too_many_classes", f"{detail} Choose regression or another target.", "target")


def _encode(target: pd.Series, task: Task) -> tuple[np.ndarray, tuple[str, ...]]:
    if task == "regression":
        return target.to_numpy("float64"), ()
    classes = tuple(_in_order(target.unique()))
    numbers = {name: number for number, name in enumerate(classes)}
    return target.map(numbers).to_numpy("int64"), classes


def _in_order(words: Iterable[str]) -> list[str]:
    """Words sorted; as numbers where all of them are, so that 10 comes after 2."""
    words = sorted(words)
    numbers = pd.to_numeric(pd.Series(words), errors="coerce")
    return (
        words if numbers.isna().any() else [words[i] for i in np.argsort(numbers.to_numpy(), kind="stable")]
    )


def _choose_columns(table: pd.DataFrame, spec: RunSpec, tell: Listener) -> dict[str, str]:
    kinds: dict[str, str] = {}
    left_out: dict[str, list[str]] = {}
    unseen = {spec.target, *spec.columns.drop, *never_learned(spec.split, spec.validation)}
    for name in table.columns:
        if name in unseen:
            continue
        kind = kind_of(table[name], spec)
        if kind in WHY_LEFT_OUT:
            left_out.setdefault(kind, []).append(name)
        else:
            kinds[name] = kind
            tell_of_lost_values(table[name], kind, tell)
    for why, names in left_out.items():
        warn(tell, f"Left out {listed(names)}: {WHY_LEFT_OUT[why]}.")
    if not kinds:
        raise CannotTrain("no_features", "No column is left to learn from. Choose more columns.", "columns")
    return kinds


def typical(column: pd.Series, kind: str) -> Any:
    """A value to show in a form: the median, the date in the middle, the most frequent word, or no text."""
    if kind == "numeric":
        return float(column.median())
    if kind == "date":
        return str(column.dropna().sort_values().iloc[column.notna().sum() // 2])
    if kind == "text":
        return ""
    return str(column.mode().iloc[0])
