"""Columns read as what a split goes by: groups, points in time, one value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine import dealing
from engine.predict import as_words
from engine.problems import CannotTrain


def as_groups(column: pd.Series, seed: int) -> np.ndarray:
    """A number from 0 for each row, equal in a group, in an order of chance. Rows without one are a group."""
    codes, found = pd.factorize(as_words(column))
    return dealing.in_random_order(np.where(codes < 0, len(found), codes), seed)


def as_times(column: pd.Series, field: str) -> np.ndarray:
    """A number from 0 for each row that rises with time, equal where the time is; -1 where there is none.

    Raises:
        CannotTrain: infeasible, where most values are neither numbers nor dates.
    """
    values = _points(column)
    if 2 * int(values.notna().sum()) < int(column.notna().sum()) or not values.notna().any():
        text = f"{column.name} holds neither dates nor numbers, so it cannot order the rows."
        raise CannotTrain("infeasible", f"{text} Choose another column.", field)
    codes: np.ndarray = pd.factorize(values, sort=True)[0]
    return codes.astype("int64")


def _points(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column.dtype):
        return pd.Series(np.nan, index=column.index)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.where(np.isfinite(column.astype("float64")))
    if pd.api.types.infer_dtype(column, skipna=True) == "decimal":
        return pd.to_numeric(column, errors="coerce")
    return pd.to_datetime(column, errors="coerce", utc=True, format="ISO8601")


def is_value(column: pd.Series, value: str) -> np.ndarray:
    """True where the column holds this word: numbers and truth values as the words they are read as."""
    found: np.ndarray = (as_words(column) == value).to_numpy(dtype=bool)
    return found
