"""A test row that equals a training row in all columns is counted, however many rows there are."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.copies import copies

DAYS = pd.date_range("2026-01-01", periods=4)


def _count(columns: dict[str, Any], train: list[int], test: list[int]) -> int:
    return copies(pd.DataFrame(columns), np.array(train), np.array(test))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"x": [1.0, 2.0, 1.0, 3.0]}, 1),
        ({"x": [1.0, 2.0, 1.0, 2.0]}, 2),
        ({"x": [1.0, 2.0, 1.0, 2.0], "y": [1.0, 2.0, 3.0, 4.0]}, 0),
        ({"x": [1.0, 2.0, 2.0, 1.0], "y": [2.0, 1.0, 1.0, 2.0]}, 2),
        ({"x": [1.0, 2.0, 2.0, 3.0], "y": [2.0, 1.0, 3.0, 2.0]}, 0),
        ({"x": [np.nan, 1.0, np.nan, 2.0]}, 1),
        ({"x": [0.0, 1.0, -0.0, 2.0]}, 1),
        ({"w": ["a", "b", "a", "c"]}, 1),
        ({"w": ["a", None, np.nan, None]}, 2),
        ({"w": ["a", "b", "b", "a"], "x": [1.0, 2.0, 2.0, np.nan]}, 1),
        ({"t": [DAYS[0], DAYS[1], DAYS[0], DAYS[2]]}, 1),
        ({"t": [DAYS[0], pd.NaT, pd.NaT, DAYS[2]]}, 1),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else " ".join(value),
)
def test_equal_rows_are_copies_and_others_are_not(columns: dict[str, Any], expected: int) -> None:
    assert _count(columns, [0, 1], [2, 3]) == expected


def test_each_test_row_counts_once_and_training_rows_do_not() -> None:
    assert _count({"x": [5.0] * 10}, [0, 1, 2, 3, 4, 5], [6, 7, 8]) == 3
    assert _count({"x": [5.0] * 10}, [0], [9]) == 1


def test_rows_that_are_in_no_part_are_not_looked_at() -> None:
    assert _count({"x": [1.0, 2.0, 1.0]}, [1], [2]) == 0


@pytest.mark.parametrize("rows", [4000, 120_000], ids=["all columns at once", "one column first"])
def test_the_count_is_that_of_looking_up_each_row(rows: int) -> None:
    rng = np.random.default_rng(0)
    words = np.array(["a", "b", None], dtype=object)
    table = pd.DataFrame(
        {
            "x": rng.integers(0, rows // 100, rows) / 7,
            "y": rng.integers(0, 9, rows).astype("float64"),
            "w": words[rng.integers(0, 3, rows)],
        }
    )
    order = rng.permutation(rows)
    train, test = np.sort(order[: rows // 4]), np.sort(order[rows // 4 :])
    whole = list(table.astype(str).itertuples(index=False, name=None))
    known = {whole[row] for row in train}
    expected = sum(whole[row] in known for row in test)
    assert copies(table, train, test) == expected
    assert 0.2 * len(test) < expected < 0.9 * len(test)


def test_neighbouring_numbers_do_not_meet() -> None:
    columns = {"x": np.arange(200_000) / 1e6, "y": np.arange(200_000) % 7 + 0.5}
    rows = np.arange(200_000)
    assert copies(pd.DataFrame(columns), rows[::2], rows[1::2]) == 0
