"""Stage 1, column by column: what a column is read as, or why it is left out."""

from __future__ import annotations

import pandas as pd

from engine.events import Listener, warn
from engine.predict import as_dates, as_numbers
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.words import count

_OWN_TEXT = 0.5
WHY_LEFT_OUT = {
    "empty": "no row has a value",
    "constant": "every row has the same value",
    "own_text": "most rows have a text of their own, so there is nothing to learn from it as it is. "
    "Read it as text to learn from its words (columns.kinds or features.text)",
    "no_dates": "parts of dates are switched off (features.dates)",
    "other": "the values are neither numbers, words nor dates",
}
"""The ways a column may be of no use, in words."""
_READERS = {"numeric": as_numbers, "date": as_dates}
_LOST = {
    "numeric": ("is no number or too large; it is", "are no numbers or too large; they are"),
    "date": ("is no date such as 2026-01-31; it is", "are no dates such as 2026-01-31; they are"),
}


def kind_of(column: pd.Series, spec: RunSpec) -> str:
    """ "numeric", "categorical", "date" or "text", or a key of WHY_LEFT_OUT.

    Raises:
        CannotTrain: wrong_kind, where times are to be read as numbers.
    """
    try:
        different = _up_to_two(column) if is_number(column) else column.nunique()
    except TypeError:  # lists and other nested values cannot be counted
        return "other"
    if different <= 1:
        return "constant" if different else "empty"
    kind = _wanted(column, spec) or _natural(column, different, spec)
    if kind == "date" and not spec.features.dates:
        return "no_dates"
    if kind in _READERS and (read := _up_to_two(_READERS[kind](column))) <= 1:
        return "constant" if read else "empty"
    return kind


def _up_to_two(column: pd.Series) -> int:
    """How many different values there are, counted no further than two: a tenth of the time."""
    present = column.dropna()
    return 0 if present.empty else 1 + bool((present != present.iloc[0]).any())


def _wanted(column: pd.Series, spec: RunSpec) -> str | None:
    kind = spec.columns.kinds.get(str(column.name))
    if kind == "numeric" and column.dtype.kind in "mM":
        text = f"{column.name} holds times and cannot be read as numbers. Read it as a date."
        raise CannotTrain("wrong_kind", text, "columns.kinds")
    return kind


def _natural(column: pd.Series, different: int, spec: RunSpec) -> str:
    if is_number(column):
        return "numeric"
    found = pd.api.types.infer_dtype(column, skipna=True)
    if found in ("string", "boolean", "categorical", "mixed-integer"):
        if different <= max(20, _OWN_TEXT * column.notna().sum()):
            return "categorical"
        return "text" if spec.features.text else "own_text"
    return "date" if found.startswith(("date", "period")) else "other"


def is_number(column: pd.Series) -> bool:
    """Whether a column holds numbers, decimals among them. Yes and no are none."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return False
    is_decimal = column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) == "decimal"
    return bool(is_decimal or pd.api.types.is_numeric_dtype(column.dtype))


def tell_of_lost_values(column: pd.Series, kind: str, tell: Listener) -> None:
    """Warn of values that could not be read as this kind."""
    if kind not in _READERS:
        return
    lost = int((_READERS[kind](column).isna() & column.notna()).sum())
    if lost:
        warn(tell, f"{column.name} holds {count(lost, 'value')} that {_LOST[kind][lost > 1]} missing.")
