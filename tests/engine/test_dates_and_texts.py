"""Dates and texts: how they are read, what is made of them, and when they are left out."""

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.predict import as_dates, as_features, as_text, as_words
from engine.prepare import Ready, prepare
from engine.problems import CannotTrain
from engine.train import train
from engine.transformers.dates import DateParts
from engine.transformers.group_mean import GroupMean
from engine.transformers.words import Words
from tests.engine.features import ROWS, a_table, made, ready_for
from tests.engine.helpers import NO_FOLDS, Heard, a_regression, a_spec

NOON = pd.Timestamp("2026-01-31 12:00")
DAYS = pd.date_range("2026-01-01", periods=ROWS)


def _table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"species": ["a", "b", "c"] * 20, "size": np.arange(ROWS) / 7, **columns})


def _ready(heard: Heard, kinds: dict[str, str], features: dict[str, Any], **columns: Any) -> Ready:
    return prepare(_table(**columns), a_spec(columns={"kinds": kinds}, features=features), heard)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-31T12:00:00", NOON),
        ("2026-01-31 12:00", NOON),
        ("2026-01-31T13:00:00+01:00", NOON),
        ("2026-01-31T12:00Z", NOON),
        (NOON.tz_localize("UTC").tz_convert("Asia/Tokyo"), NOON),
        (datetime.datetime(2026, 1, 31, 12), NOON),
        (datetime.date(2026, 1, 31), pd.Timestamp("2026-01-31")),
        ("20260131", pd.Timestamp("2026-01-31")),
        (20260131.0, pd.Timestamp("2026-01-31")),
        (2026, pd.Timestamp("2026-01-01")),
        (pd.Period("2026-02", "M"), pd.Timestamp("2026-02-01")),
        ("0001-01-01", pd.Timestamp("0001-01-01")),
        ("9999-12-31", pd.Timestamp("9999-12-31")),
        *((odd, pd.NaT) for odd in ("31/01/2026", "12:30", "soon", "", None, np.nan, np.inf, 1_700_000_000)),
    ],
)
def test_a_date_is_read_in_utc_from_however_it_is_written(written: Any, meant: Any) -> None:
    for column in (pd.Series([written]), pd.Series([written, None], dtype=object)):
        read = as_dates(column)
        assert read.dtype == "datetime64[us]"
        assert read.iloc[0] is meant if meant is pd.NaT else read.iloc[0] == meant


def test_dates_of_several_zones_in_one_column_are_one_time() -> None:
    column = pd.Series([NOON.tz_localize("UTC"), NOON, "2026-01-31T07:00-05:00"], dtype=object)
    assert as_dates(column).tolist() == [NOON] * 3


def test_a_text_is_as_it_is_and_a_gap_has_no_words() -> None:
    column = pd.Series(["Free MONEY!", None, 3.0, True], dtype=object, name="message")
    assert as_text(column).tolist() == ["Free MONEY!", "", "3", "true"]
    assert as_features(column.to_frame(), {"message": "text"})["message"].tolist()[1] == ""


@pytest.mark.parametrize(
    "days",
    [
        DAYS,
        DAYS.tz_localize("Europe/Berlin"),
        [day.date() for day in DAYS],
        [day.date() if day.day > 3 else None for day in DAYS],
        pd.period_range("2020-01", periods=ROWS, freq="M"),
    ],
    ids=["moments", "with a zone", "days", "with gaps", "months"],
)
def test_a_column_of_dates_is_used_as_such(days: Any, heard: Heard) -> None:
    ready = _ready(heard, {}, {}, day=days)
    assert ready.kinds["day"] == "date"
    assert ready.features["day"].dtype == "datetime64[us]"
    assert heard.sentences() == ""


def test_dates_written_as_text_are_read_where_the_person_says_so(heard: Heard) -> None:
    written = [*DAYS.strftime("%Y-%m-%d")[:-1], "31.12.2026"]
    ready = _ready(heard, {"day": "date"}, {}, day=written)
    assert ready.features["day"].tolist() == [*DAYS[:-1], pd.NaT]
    assert "day holds 1 value that is no date such as 2026-01-31; it is missing." in heard.sentences()


def test_dates_are_left_out_where_their_parts_are_switched_off(heard: Heard) -> None:
    assert "day" not in _ready(heard, {}, {"dates": False}, day=DAYS).kinds
    assert "Left out day: parts of dates are switched off (features.dates)." in heard.sentences()


def test_words_that_are_no_dates_leave_nothing(heard: Heard) -> None:
    assert "day" not in _ready(heard, {"day": "date"}, {}, day=["x", "y", "z"] * 20).kinds
    assert "Left out day: no row has a value." in heard.sentences()


@pytest.mark.parametrize("times", [DAYS, DAYS - DAYS[0]], ids=["dates", "spans"])
def test_times_are_no_numbers(times: Any, heard: Heard) -> None:
    with pytest.raises(CannotTrain, match="Read it as a date") as refusal:
        _ready(heard, {"day": "numeric"}, {}, day=times)
    assert (refusal.value.code, refusal.value.field) == ("wrong_kind", "columns.kinds")


def test_free_text_is_left_out_with_a_way_to_use_it(heard: Heard) -> None:
    table = a_table()
    assert "message" not in prepare(table, a_spec(), heard).kinds
    assert "Read it as text to learn from its words (columns.kinds or features.text)" in heard.sentences()


@pytest.mark.parametrize(
    "way",
    [{"features": {"text": {}}}, {"columns": {"kinds": {"message": "text"}}}],
    ids=["features", "kinds"],
)
def test_free_text_is_used_where_it_is_asked_for(way: dict[str, Any], heard: Heard) -> None:
    ready = prepare(a_table(), a_spec(**way), heard)
    assert (ready.kinds["message"], ready.kinds["zip"]) == ("text", "categorical")


def test_parts_come_again_on_a_circle_and_time_goes_on() -> None:
    table = _table(day=pd.to_datetime(["2024-12-31", "2025-01-01", None] * 20))
    table.loc[0, "day"] = pd.Timestamp("2024-12-30 06:00")
    found = made(table, dates=True)
    assert found.columns.tolist() == [
        "day: year",
        *(f"day: {part} {way}" for part in ("month", "day", "weekday", "hour") for way in ("sin", "cos")),
        "day: days",
    ]
    december, january = found.loc[3], found.loc[1]
    assert np.hypot(*(december - january)[["day: month sin", "day: month cos"]]) == pytest.approx(
        2 * np.sin(np.pi / 12)
    )
    assert found.loc[0, "day: hour sin"] == pytest.approx(1)
    assert found.loc[[0, 3, 1], "day: days"].tolist() == pytest.approx([0, 0.75, 1.75])
    assert found["day: days"][2] == found["day: days"].median()


def test_parts_that_do_not_vary_are_left_out() -> None:
    monthly = pd.date_range("2026-01-01", periods=12, freq="MS").repeat(5)
    names = made(_table(day=monthly), dates=True).columns
    assert not {"day: year", "day: day sin", "day: hour sin"} & set(names)
    assert {"day: month sin", "day: month cos", "day: days"} <= set(names)


def test_dates_that_all_lie_outside_the_training_rows_are_no_error() -> None:
    gaps_first = pd.Series([pd.NaT] * 40 + list(DAYS[:20]))
    found = made(_table(day=gaps_first), rows=40, dates=True)
    assert found.columns.tolist() == ["day: days"]
    assert (found["day: days"][:40] == 0).all()


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        ({}, {"message: free", "message: call", "message: money"}, {"message: no1", "message: free call"}),
        ({"ngrams": 2}, {"message: free", "message: free call"}, {"message: money free"}),
        ({"min_df": 1}, {"message: no1"}, set()),
        ({"svd": 3}, {"message: topic 1", "message: topic 3"}, {"message: topic 4", "message: free"}),
        ({"svd": 500}, {"message: topic 5"}, {"message: topic 499"}),
        ({"min_df": 1000}, {"message: no1"}, set()),
    ],
)
def test_words_become_columns(text: dict[str, Any], there: set[str], not_there: set[str]) -> None:
    names = set(made(a_table(), text=text).columns)
    assert there <= names
    assert not not_there & names


def test_the_most_frequent_words_are_kept() -> None:
    table = a_table(message=[f"often {'sometimes' * (i % 2)} w{i // 3}" for i in range(ROWS)])
    names = made(table, text={"max_features": 10}).columns
    assert len(names) == 10
    assert {"message: often", "message: sometimes"} <= set(names)


def test_a_row_of_words_has_length_one_and_a_gap_none() -> None:
    table = a_table()
    table.loc[0, "message"] = None
    found = made(table, text={})
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [0] + [1] * (ROWS - 1))


@pytest.mark.parametrize("odd", ["", "!", "a b c"])
@pytest.mark.parametrize("svd", [None, 5])
def test_training_rows_without_any_word_give_one_column_of_zeros(odd: str, svd: int | None) -> None:
    table = a_table(message=[odd + " " * (i % 2) for i in range(40)] + [f"word {i}" for i in range(20)])
    found = made(table, rows=40, text={"svd": svd}, columns={"kinds": {"message": "text"}})
    assert found.columns.tolist() == ["message: no words"]
    assert (found == 0).all(axis=None)


def test_several_texts_stand_beside_each_other() -> None:
    names = made(a_table(title=[f"Übung {i}" for i in range(ROWS)]), text={}).columns
    assert {"title: übung", "message: free"} <= set(names)


def test_words_are_learned_from() -> None:
    spec = a_spec(features={"text": {}}, validation=NO_FOLDS)
    spam = a_table(200).assign(species=lambda table: table["message"].str.contains("free"))
    assert train(spam, spec, Heard()).metrics["test"]["accuracy"] == 1


def test_a_season_is_learned_from_dates() -> None:
    days = pd.Series(pd.date_range("2020-01-01", periods=900))
    season = np.cos(2 * np.pi * (days.dt.day_of_year - 15) / 365)
    table = pd.DataFrame({"day": days.sample(frac=1, random_state=0), "mpg": 10 + season})
    report = train(table, a_regression(validation=NO_FOLDS), Heard())
    assert report.metrics["test"]["r2"] > 0.95


def test_gaps_in_dates_are_told(heard: Heard) -> None:
    table = a_table(day=[*[None] * 30, *DAYS[30:]])
    train(table, a_spec(validation=NO_FOLDS), heard)
    assert "Filled day in" in heard.sentences("log")


def test_the_spec_of_a_table_with_all_kinds_prepares() -> None:
    _, ready = ready_for(a_table(), dates=True, text={})
    assert list(ready.kinds.values()) == ["numeric", "numeric", "categorical", "date", "text"]


DATES = st.datetimes(timezones=st.timezones() | st.none()).map(str) | st.dates().map(str)
ODD = st.one_of(st.none(), st.text(max_size=12), st.floats(), st.integers(), st.booleans(), DATES)


@settings(max_examples=60, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=8))
def test_nothing_stands_in_a_cell_that_cannot_be_read(values: list[Any]) -> None:
    column = pd.Series(values, dtype=object, name="cell")
    read = as_features(column.to_frame(), dict.fromkeys(["cell"], "date"))["cell"]
    table = pd.DataFrame({"cell": read, "text": as_text(column)})
    parts = DateParts().fit(table[["cell"]]).transform(table[["cell"]])
    assert np.isfinite(parts[read.notna()]).all()
    assert np.isnan(parts[read.isna()]).all()
    words = Words(100, 1, 1, None, 0)
    assert words.fit_transform(table[["text"]]).shape == (len(values), len(words.get_feature_names_out()))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=3) | st.none(), min_size=1, max_size=12))
def test_any_word_can_name_a_group(words: list[str | None]) -> None:
    table = pd.DataFrame({"n": np.arange(float(len(words))), "word": pd.Series(words, dtype=object)})
    table["word"] = as_words(table["word"])
    found = GroupMean([("n", "word")]).fit(table).transform(table)[:, 0]
    own = table.groupby("word")["n"].transform("mean").fillna(table["n"].mean())
    np.testing.assert_allclose(found, own)
