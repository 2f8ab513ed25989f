"""Stage 2 by groups, by time and by a column: groups stay whole, and the future is never learned from."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.parts import Parts
from engine.prepare import Ready, prepare
from engine.problems import CannotTrain
from engine.split import split
from tests.engine.helpers import Heard, a_regression, a_spec
from tests.engine.splits import fold_of, parts_of, ready_of

BY_GROUP = {"kind": "group", "column": "who"}
BY_TIME = {"kind": "time", "column": "when"}
BY_PART = {"kind": "column", "column": "part"}
GROUPS = {"kind": "group"}
NO_FOLDS = {"kind": "none"}
ROWS = 120


def _table(**columns: Any) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    plain = {"x": rng.normal(size=ROWS), "y": rng.normal(size=ROWS), "species": ["a", "b", "c"] * 40}
    return pd.DataFrame({**plain, **columns})


def _times(number: int = ROWS, step: int = 1) -> pd.Series:
    days = np.random.default_rng(1).permutation(number) // step
    return pd.Series(pd.Timestamp("2026-01-01") + pd.to_timedelta(days, unit="D"))


sizes = st.lists(st.integers(1, 12), min_size=6, max_size=60)
shares = st.floats(0.05, 0.5)
seeds = st.integers(0, 2**32 - 1)


@given(sizes=sizes, share=shares, seed=seeds)
@settings(max_examples=60, deadline=None)
def test_no_group_is_in_two_parts(sizes: list[int], share: float, seed: int) -> None:
    who = np.repeat(np.arange(len(sizes)), sizes)
    ready = ready_of([0, 1] * (len(who) // 2) + [0] * (len(who) % 2), who=who)
    spec = a_spec(
        task="regression",
        target="x",
        model={"algo": "linear_regression"},
        split={**BY_GROUP, "test_size": share},
        validation={"kind": "group", "folds": 2},
        seed=seed,
    )
    parts = split(_as_numbers(ready), spec, Heard())
    assert sorted([*parts.train, *parts.test]) == list(range(len(who)))
    assert not set(who[parts.train]) & set(who[parts.test])
    is_near = abs(len(parts.test) - len(who) * share) <= max(sizes) / 2
    assert is_near or len(set(who[parts.test])) == 1 or len(set(who[parts.train])) == 2
    for _, learn, check in parts.each_fold():
        assert not set(who[learn]) & set(who[check])
        assert set(learn) | set(check) == set(parts.train)


@pytest.mark.parametrize("seed", range(8))
def test_a_test_of_groups_leaves_one_for_each_fold(seed: int) -> None:
    who = np.repeat(np.arange(6), [1, 1, 1, 1, 1, 40])
    spec = a_regression(
        split={**BY_GROUP, "test_size": 0.5}, validation={"kind": "group", "folds": 5}, seed=seed
    )
    parts = split(_as_numbers(ready_of([0, 1] * 22 + [0], who=who)), spec, Heard())
    assert len(set(who[parts.test])) == 1
    assert parts.filled == 5


def _as_numbers(ready: Ready) -> Ready:
    return replace(ready, task="regression", classes=(), target=ready.target.astype("float64"))


def test_groups_are_kept_aside_in_proportion_to_the_classes() -> None:
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(60), 10)
    classes = np.repeat(rng.choice(3, size=60, p=[0.6, 0.3, 0.1]), 10)
    spec = a_spec(split=BY_GROUP, validation={"kind": "group", "folds": 4})
    parts = split(ready_of(list(classes), who=who), spec, Heard())
    whole = np.bincount(classes)
    assert (np.abs(np.bincount(classes[parts.test]) - whole * 0.2) <= 10).all()
    for _, _, check in parts.each_fold():
        assert (np.abs(np.bincount(classes[check], minlength=3) - whole * 0.2) <= 20).all()


def test_keeping_more_groups_aside_moves_no_row_to_another_fold() -> None:
    table = _table(who=np.repeat(np.arange(40), 3))
    few, many = (
        parts_of(table, split={**BY_GROUP, "test_size": size}, validation={"kind": "group", "folds": 4})
        for size in (0.1, 0.4)
    )
    both = (fold_of(few) > 0) & (fold_of(many) > 0)
    assert both.sum() >= 0.6 * ROWS
    assert (fold_of(few)[both] == fold_of(many)[both]).all()


@pytest.mark.parametrize(
    ("wanted", "validation"),
    [
        ({"kind": "holdout"}, {**BY_TIME, "folds": 4}),
        ({"kind": "holdout"}, {**BY_GROUP, "folds": 4}),
        (BY_TIME, {"kind": "kfold", "folds": 4}),
        (BY_TIME, {**BY_GROUP, "folds": 4}),
        (BY_GROUP, {**BY_TIME, "folds": 4}),
        (BY_GROUP, {"kind": "repeated", "folds": 4, "repeats": 2}),
    ],
    ids=lambda choice: f"{choice['kind']}",
)
def test_the_share_moves_no_row_where_test_and_folds_differ(wanted: Any, validation: Any) -> None:
    table = _table(who=np.repeat(np.arange(40), 3), when=_times())
    few, many = (
        parts_of(table, split={**wanted, "test_size": size}, validation=validation) for size in (0.1, 0.4)
    )
    both = np.isin(np.arange(ROWS), few.train) & np.isin(np.arange(ROWS), many.train)
    assert both.sum() >= 0.5 * ROWS
    assert (few.deals[:, both] == many.deals[:, both]).all()


def test_many_groups_are_dealt_in_a_moment() -> None:
    who = np.arange(50_000)
    ready = ready_of([0, 1] * 25_000, who=who)
    parts = split(ready, a_spec(split=BY_GROUP, validation={"kind": "group"}), Heard())
    assert len(parts.test) == pytest.approx(10_000, abs=60)
    assert np.ptp(np.bincount(fold_of(parts)[parts.train])[1:]) < 50


def test_rows_without_a_group_stay_together() -> None:
    who = pd.Series(np.repeat(np.arange(12), 10), dtype="float64")
    who[:30] = np.nan
    parts = parts_of(_table(who=who), split=BY_GROUP, validation={"kind": "group", "folds": 3})
    assert len(set(np.isin(np.arange(30), parts.test))) == 1
    assert len(set(fold_of(parts)[:30])) == 1


def test_the_column_of_groups_and_of_test_rows_is_not_learned_from(heard: Heard) -> None:
    table = _table(who=np.repeat(np.arange(12), 10), when=np.arange(ROWS), part=["test", "x", "x"] * 40)
    by_group = prepare(table, a_spec(split=BY_GROUP, validation=NO_FOLDS), heard)
    by_part = prepare(table, a_spec(split={"kind": "column", "column": "part"}), heard)
    by_time = prepare(table, a_spec(split=BY_TIME, validation={**BY_GROUP}), heard)
    assert "who" not in by_group.kinds
    assert "part" not in by_part.kinds
    assert "who" not in by_time.kinds
    assert "when" in by_time.kinds


@given(days=st.lists(st.integers(0, 40), min_size=30, max_size=150), share=shares, seed=seeds)
@settings(max_examples=60, deadline=None)
def test_the_past_learns_and_the_future_tests(days: list[int], share: float, seed: int) -> None:
    assume(len(set(days)) >= 4)
    when = np.array(days)
    spec = a_regression(
        split={**BY_TIME, "test_size": share}, validation={"kind": "time", "folds": 2}, seed=seed
    )
    parts = split(
        _as_numbers(ready_of([0, 1] * (len(when) // 2) + [0] * (len(when) % 2), when=when)), spec, Heard()
    )
    assert when[parts.train].max() < when[parts.test].min()
    assert abs(len(parts.test) - share * len(when)) <= np.bincount(when).max() or _leaves(when, parts, 3)
    assert sorted([*parts.train, *parts.test]) == list(range(len(when)))
    checked = []
    for _, learn, check in parts.each_fold():
        assert when[learn].max() < when[check].min()
        checked += list(check)
    assert len(checked) == len(set(checked)) < len(parts.train)


def _leaves(when: np.ndarray, parts: Parts, times: int) -> bool:
    return len(set(when[parts.train])) == times


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_a_test_of_time_leaves_what_the_folds_need(share: float) -> None:
    when = np.repeat(np.arange(7), [10, 1, 1, 1, 1, 1, 40])
    spec = a_regression(split={**BY_TIME, "test_size": share}, validation={"kind": "time", "folds": 5})
    parts = split(_as_numbers(ready_of([0, 1] * 27 + [0], when=when)), spec, Heard())
    assert set(when[parts.test]) == {6}
    assert parts.filled == 5


def test_time_folds_are_about_equal() -> None:
    parts = parts_of(_table(when=_times()), split=BY_TIME, validation={"kind": "time", "folds": 5})
    assert [len(check) for _, _, check in parts.each_fold()] == [16] * 5
    assert [len(learn) for _, learn, _ in parts.each_fold()] == [16, 32, 48, 64, 80]


@pytest.mark.parametrize(
    "when",
    [
        pd.Series([date(2026, 1, 1) + timedelta(days=i) for i in range(ROWS)]),
        pd.Series([f"2026-01-01T00:{i // 60:02}:{i % 60:02}" for i in range(ROWS)]),
        pd.Series([f"{1900 + i}" for i in range(ROWS)]),
        pd.Series(range(ROWS)),
        pd.Series([Decimal(i) / 3 for i in range(ROWS)]),
        pd.Series(pd.date_range("2026-01-01", periods=ROWS, tz="Europe/Berlin")),
        pd.Series([2**60 + i for i in range(ROWS)]),
    ],
    ids=["dates", "text", "years", "numbers", "decimals", "zoned", "huge"],
)
def test_time_may_be_written_as(when: pd.Series) -> None:
    parts = parts_of(_table(when=when), split=BY_TIME, validation=NO_FOLDS)
    assert list(parts.test) == list(range(96, ROWS))


def test_rows_without_a_time_are_left_out_and_told(heard: Heard) -> None:
    when = _times()
    when[:7] = pd.NaT
    spec = a_spec(split=BY_TIME, validation={"kind": "time", "folds": 3})
    parts = split(prepare(_table(when=when), spec, heard), spec, heard)
    assert sorted([*parts.train, *parts.test]) == list(range(7, ROWS))
    assert "Left out 7 rows without when" in heard.sentences()
    assert list(parts.table(np.arange(ROWS))["row"]) == list(range(7, ROWS))


def test_infinite_times_are_no_times() -> None:
    when = np.arange(ROWS, dtype="float64")
    when[-3:] = np.inf
    assert ROWS - 1 not in parts_of(_table(when=when), split=BY_TIME, validation=NO_FOLDS).test


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["test", "train", None, "TEST"] * 30, "test"),
        ([1, 0, 0, 0] * 30, "1"),
        ([1.0, 0.0, np.nan, 0.0] * 30, "1"),
        ([True, False, False, False] * 30, "true"),
    ],
    ids=["words", "numbers", "gaps", "booleans"],
)
def test_a_column_says_which_rows_test(values: list[Any], said: str) -> None:
    chosen = {"kind": "column", "column": "part", "test_value": said}
    parts = parts_of(_table(part=values), split=chosen)
    assert list(parts.test) == list(range(0, ROWS, 4))
    assert np.ptp(np.bincount(fold_of(parts)[parts.train])[1:]) <= 1


CANNOT: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"who": "one"}, {"split": BY_GROUP}, "split.column", "Every row has the same who"),
    ({"when": 2026}, {"split": BY_TIME}, "split.column", "Every row has the same when"),
    ({"when": "soon"}, {"split": BY_TIME}, "split.column", "neither dates nor numbers"),
    ({"when": True}, {"split": BY_TIME}, "split.column", "neither dates nor numbers"),
    ({"when": None}, {"split": BY_TIME}, "split.column", "neither dates nor numbers"),
    ({}, {"split": BY_TIME}, "split.column", "There is no column when"),
    ({}, {"validation": {**BY_GROUP}}, "validation.column", "There is no column who"),
    ({"part": "train"}, {"split": BY_PART}, "split.test_value", "No row has “test”"),
    ({"part": "test"}, {"split": BY_PART}, "split.test_value", "none is left"),
    ({}, {"validation": {"kind": "group"}}, "validation.column", "Say which column holds the groups"),
    ({"when": range(ROWS)}, {"split": BY_TIME, "validation": GROUPS}, "validation.column", "the groups"),
    ({}, {"validation": {"kind": "time"}}, "validation.column", "Say which column holds the time"),
    ({}, {"split": {"kind": "group", "column": "species"}}, "split.column", "is what is to be predicted"),
    (
        {"who": [1, 2, 3, 4] * 30},
        {"validation": {**BY_GROUP, "folds": 5}},
        "validation.folds",
        "5 folds need 5 different groups in who, and the training rows have 4",
    ),
    (
        {"when": [1, 2, 3, 4, 5, 6] * 20},
        {"split": BY_TIME, "validation": {"kind": "time", "folds": 5}},
        "validation.folds",
        "5 folds need 6 different times in when, and the training rows have 5",
    ),
    (
        {"when": range(ROWS), "species": ["a"] * 100 + ["b"] * 20},
        {"split": BY_TIME, "validation": NO_FOLDS},
        "split",
        "one class of species only",
    ),
    (
        {"when": range(ROWS), "species": ["a"] * 60 + ["b", "a"] * 30},
        {"split": BY_TIME, "validation": {"kind": "time", "folds": 5}},
        "validation.folds",
        "too few rows of its rarer class",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "more", "field", "words"), CANNOT, ids=[one[3][:40] for one in CANNOT])
def test_what_the_columns_do_not_allow_is_refused_at_its_field(
    columns: dict[str, Any], more: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(CannotTrain, match=words) as refusal:
        parts_of(_table(**columns), **more)
    assert refusal.value.field == field


WARNED: list[tuple[dict[str, Any], str]] = [
    ({"split": BY_GROUP}, "Folds do not keep each who together"),
    ({"split": BY_GROUP, "validation": {"kind": "group", "column": "when"}}, "Folds do not keep each who"),
    ({"split": BY_TIME}, "Folds learn from rows that are later by when"),
    ({"validation": {**BY_GROUP}}, "The test shares rows of a who with the training rows"),
    ({"validation": {**BY_TIME}}, "The test shares times in when with the training rows"),
    ({"split": BY_GROUP, "validation": {"kind": "group"}}, ""),
    ({"split": BY_TIME, "validation": {"kind": "time"}}, ""),
    ({"split": BY_TIME, "validation": NO_FOLDS}, ""),
]


@pytest.mark.parametrize(("more", "words"), WARNED, ids=[f"{i}" for i in range(len(WARNED))])
def test_a_test_unlike_the_folds_is_warned_of(more: dict[str, Any], words: str, heard: Heard) -> None:
    table = _table(who=np.repeat(np.arange(40), 3), when=_times())
    spec = a_spec(**more)
    split(prepare(table, spec, heard), spec, heard)
    assert (words in heard.sentences()) if words else ("too good" not in heard.sentences())


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (BY_GROUP, "Split by whole groups of who: 96 training rows"),
        (BY_TIME, "Split with the latest rows by when as the test: 96 training rows"),
        ({"kind": "column", "column": "who", "test_value": "7"}, "Split as who says: 117 training rows"),
    ],
    ids=["group", "time", "column"],
)
def test_the_way_is_told(wanted: dict[str, Any], words: str, heard: Heard) -> None:
    table = _table(who=np.repeat(np.arange(40), 3), when=_times())
    spec = a_spec(split=wanted)
    split(prepare(table, spec, heard), spec, heard)
    assert words in heard.sentences("log")


def test_the_same_seed_gives_the_same_parts() -> None:
    def found(seed: int) -> Parts:
        table = _table(who=np.repeat(np.arange(40), 3))
        return parts_of(table, split=BY_GROUP, validation={"kind": "group"}, seed=seed)

    assert (found(1).deals == found(1).deals).all()
    assert list(found(1).test) != list(found(2).test)
