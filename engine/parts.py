"""Which rows learn and which are checked: the outcome of the split, and the table in which it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Parts:
    """Row indices into `Ready`, in rising order. A row that is in neither part is left out.

    `deals` has shape (times that folds were dealt, rows of `Ready`) and holds the fold in which a row is
    checked, from 1 and counted on from deal to deal; 0 where it is not checked. A fold learns from all
    other training rows of its deal; with `past_only` from those of lower numbers, as folds follow in time.
    `copies` test rows have the same features as a training row.
    """

    train: np.ndarray
    test: np.ndarray
    deals: np.ndarray
    past_only: bool = False
    copies: int = 0

    @property
    def folds(self) -> int:
        """How many folds there are in all deals together."""
        return int(self.deals.max(initial=0))

    @property
    def filled(self) -> int:
        """How many folds check a row."""
        return int(np.count_nonzero(np.bincount(self.deals.ravel())[1:]))

    def each_fold(self) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """(number, rows to learn from, rows to check) for each fold."""
        for deal in self.deals[:, self.train]:
            for number in np.flatnonzero(np.bincount(deal)):
                if number:
                    learns = deal < number if self.past_only else deal != number
                    yield int(number), self.train[learns], self.train[deal == number]

    def table(self, rows: np.ndarray) -> pd.DataFrame:
        """Columns `row`, `part` and `fold`, `fold_2`, … for each deal. `rows` numbers the rows of `Ready`.

        Rows that are left out are not in it. A fold is missing where a row is not checked.
        """
        is_test = np.zeros(len(rows), dtype="int8")
        is_test[self.test] = 1
        kept = np.sort(np.concatenate([self.train, self.test]))
        part = pd.Categorical.from_codes(is_test[kept], ["train", "test"])
        found = {"row": rows[kept], "part": part}
        deals = self.deals if len(self.deals) else np.zeros((1, len(rows)), dtype="int16")
        for name, deal in zip(_names(len(deals)), deals[:, kept], strict=True):
            found[name] = pd.arrays.IntegerArray(deal.astype("int64"), deal == 0)
        return pd.DataFrame(found)


class DoesNotFit(ValueError):
    """A stored table of parts is not one of these rows."""


def of_table(table: pd.DataFrame, rows: np.ndarray, deals: int, *, past_only: bool) -> Parts:
    """What `Parts.table` wrote, for rows with these numbers, of which some may be left out.

    Raises:
        DoesNotFit: a column is missing, a row is unknown or comes twice, or it holds something else.
    """
    names = _names(max(deals, 1))
    if missing := {"row", "part", *names} - set(table.columns):
        raise DoesNotFit(f"{sorted(missing)[0]} is missing")
    if pd.api.types.is_object_dtype(table["row"]) or not table["part"].isin(["train", "test"]).all():
        raise DoesNotFit("it holds other parts")
    places = _places(table["row"].to_numpy(), rows)
    is_test = (table["part"] == "test").to_numpy()
    found = np.zeros((deals, len(rows)), dtype="int16")
    for deal, name in zip(found, names, strict=False):
        deal[places] = _folds(table[name])
    if found[:, places[is_test]].any():
        raise DoesNotFit("a test row is in a fold")
    return Parts(places[~is_test], places[is_test], found, past_only)


def _names(deals: int) -> list[str]:
    return ["fold", *(f"fold_{number}" for number in range(2, deals + 1))][: max(deals, 1)]


def _places(listed: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Where the listed rows are among `rows`; both rise."""
    places: np.ndarray = np.searchsorted(rows, listed)
    if (np.diff(listed) <= 0).any() or places.max(initial=-1) >= len(rows):
        raise DoesNotFit("its rows are others")
    if (rows[places] != listed).any():
        raise DoesNotFit("its rows are others")
    return places


def _folds(column: pd.Series) -> np.ndarray:
    try:
        found: np.ndarray = column.fillna(0).to_numpy("int16")
    except (TypeError, ValueError) as error:
        raise DoesNotFit("its folds are no numbers") from error
    if (found < 0).any():
        raise DoesNotFit("its folds are no numbers")
    return found
