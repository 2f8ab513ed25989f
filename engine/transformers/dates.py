"""Parts of dates, on a circle where they come again. Stands alone: it travels inside model files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

_DAY = 86_400 * 10**6
# What comes again, and how far round it is: 0 at the start, 1 where it starts anew.
_ROUND = {
    "month": lambda moment: (moment.dt.month - 1) / 12,
    "day": lambda moment: (moment.dt.day - 1) / moment.dt.days_in_month,
    "weekday": lambda moment: moment.dt.day_of_week / 7,
    "hour": lambda moment: (moment - moment.dt.normalize()) / pd.Timedelta(days=1),
}


class DateParts(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The year, month, day, weekday and hour of columns of moments, and the days since the first one.

    Months, days, weekdays and hours are a sine and a cosine each, so that December lies beside January. Parts
    that do not vary in training are left out. A gap is a gap in every part.

    Attributes:
        firsts_: the first moment in training of each column, in microseconds since 1970; 0 without any.
        parts_: for each column, its parts that vary.
    """

    def fit(self, table: pd.DataFrame, target: Any = None) -> DateParts:
        """Learn the first moments and which parts vary. `table` holds columns of datetime64."""
        self.columns_ = [str(name) for name in table.columns]
        self.firsts_ = [_first(table[name].dropna()) for name in self.columns_]
        self.parts_ = [_varying(table[name].dropna()) for name in self.columns_]
        return self

    def transform(self, table: pd.DataFrame) -> np.ndarray:
        """Numbers, shape (rows, parts)."""
        return np.column_stack([values for _, values in self._made(table)])

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Such as "date: year", "date: weekday sin" and "date: days"."""
        nothing = pd.DataFrame({name: pd.Series([], dtype="datetime64[us]") for name in self.columns_})
        return np.array([name for name, _ in self._made(nothing)], dtype=object)

    def _made(self, table: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
        for name, first, parts in zip(self.columns_, self.firsts_, self.parts_, strict=True):
            moment = table[name]
            if "year" in parts:
                yield f"{name}: year", moment.dt.year.to_numpy("float64")
            for part in (part for part in parts if part != "year"):
                turn = 2 * np.pi * _ROUND[part](moment).to_numpy("float64")
                yield f"{name}: {part} sin", np.sin(turn)
                yield f"{name}: {part} cos", np.cos(turn)
            yield f"{name}: days", (_microseconds(moment) - first) / _DAY


def _microseconds(moment: pd.Series) -> np.ndarray:
    """Since 1970; a gap is NaN."""
    known = moment.to_numpy("datetime64[us]")
    return np.where(np.isnat(known), np.nan, known.astype("int64").astype("float64"))


def _first(known: pd.Series) -> int:
    return int(known.to_numpy("datetime64[us]").astype("int64").min()) if len(known) else 0


def _varying(known: pd.Series) -> list[str]:
    parts: dict[str, Any] = {"year": lambda moment: moment.dt.year, **_ROUND}
    return [name for name, read in parts.items() if read(known).nunique() > 1]
