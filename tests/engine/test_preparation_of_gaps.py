"""Gaps are filled from the other columns, marked, or their rows left out of learning; and it is told."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import KNNImputer
from sklearn.impute._iterative import IterativeImputer

from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.train import train
from engine.transformers.gaps import Neighbours, Rounds
from tests.engine.helpers import NO_FOLDS, Heard, a_spec
from tests.engine.preparing import Prepared, a_table


def _with_gaps(rows: int = 80, columns: int = 4) -> np.ndarray:
    random = np.random.default_rng(1)
    values = random.normal(size=(rows, 1)) + random.normal(size=(rows, columns)) * 0.3
    values[random.random(values.shape) < 0.15] = np.nan
    return values


def _scaled(values: np.ndarray) -> np.ndarray:
    return np.asarray((values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Neighbours(), KNNImputer()),
        (Rounds(), IterativeImputer(random_state=0, skip_complete=True, tol=1e-3)),
    ],
    ids=["neighbours", "rounds"],
)
def test_gaps_are_filled_as_scikit_learn_fills_them_in_columns_of_like_deviation(
    ours: Any, theirs: Any
) -> None:
    scaled = _scaled(_with_gaps())
    expected = np.clip(theirs.fit_transform(scaled), np.nanmin(scaled, axis=0), np.nanmax(scaled, axis=0))
    np.testing.assert_allclose(ours.fit_transform(scaled), expected, atol=1e-9)


@pytest.mark.parametrize("filler", [Neighbours(), Rounds()], ids=["neighbours", "rounds"])
def test_the_unit_of_a_column_does_not_matter(filler: Any) -> None:
    values, units = _with_gaps(), np.array([1.0, 1000.0, 1e-6, 1e12])
    made = filler.fit_transform(values)
    np.testing.assert_allclose(filler.fit_transform(values * units) / units, made, rtol=1e-6)


@pytest.mark.parametrize("filler", [Neighbours(), Rounds()], ids=["neighbours", "rounds"])
def test_what_is_there_stays_to_the_last_digit_and_what_is_filled_stays_in_range(filler: Any) -> None:
    values = _with_gaps()
    made, known = filler.fit_transform(values), ~np.isnan(values)
    assert (made[known] == values[known]).all()
    assert (made >= np.nanmin(values, axis=0)).all()
    assert (made <= np.nanmax(values, axis=0)).all()


@pytest.mark.parametrize("kind", [Neighbours, Rounds])
def test_many_rows_are_learned_from_as_a_sample_that_the_seed_draws(kind: Any) -> None:
    values = _with_gaps(300)
    some, again, other = (kind(100, seed).fit_transform(values) for seed in (1, 1, 2))
    assert (some == again).all()
    assert not (some == other).all()
    assert not np.isnan(other).any()


def test_other_columns_fill_better_than_the_median() -> None:
    truth = a_table().assign(twin=lambda table: table["price"] * 2 + 1).drop(columns="price")
    table = truth.assign(twin=truth["twin"].where(truth.index % 5 > 0), age=truth["income"].fillna(1) * 3)

    def off(way: str) -> float:
        chosen = {"numeric": {"missing": way, "scale": "none"}}
        return float(np.abs(Prepared(table, preprocessing=chosen).column("twin") - truth["twin"]).mean())

    assert off("knn") < off("median") / 2
    assert off("iterative") < off("median") / 2


def test_a_single_column_is_filled_from_those_that_are_treated_otherwise() -> None:
    chosen = {"columns": {"age": {"missing": "knn"}}, "numeric": {"scale": "none"}}
    alone, together = (
        Prepared(preprocessing=chosen),
        Prepared(preprocessing={"numeric": {"missing": "knn", "scale": "none"}}),
    )
    assert (alone.column("age") == together.column("age")).all()
    assert sorted(alone.names[:2]) == ["age", "income"]


def test_gaps_are_marked_where_training_rows_had_them() -> None:
    found = Prepared(
        a_table().drop(columns="price").assign(whole=range(60)),
        preprocessing={"numeric": {"indicator": True}},
    )
    assert [name for name in found.names if name.endswith("is missing")] == [
        "age is missing",
        "income is missing",
    ]
    assert found.column("age is missing").tolist() == a_table()["age"].isna().tolist()


def test_a_gap_in_a_single_column_of_words_may_be_marked() -> None:
    found = Prepared(preprocessing={"columns": {"town": {"indicator": True}}})
    assert found.column("town is missing").sum() == a_table()["town"].isna().sum()


def test_a_single_column_may_go_unmarked() -> None:
    marks = {"numeric": {"indicator": True}, "columns": {"age": {"indicator": False}}}
    assert "age is missing" not in Prepared(preprocessing=marks).names


def _dropping(validation: dict[str, Any] = NO_FOLDS) -> RunSpec:
    chosen = {"numeric": {"missing": "drop"}}
    return a_spec(preprocessing=chosen, validation=validation, columns={"drop": ["price"]})


def test_rows_with_gaps_may_be_left_out_of_learning(heard: Heard) -> None:
    table = a_table()
    report = train(table, _dropping(), heard)
    learned = report.split.loc[report.split["part"] == "train", "row"]
    whole = table.iloc[learned][["age", "income"]].dropna()
    scaler = report.fitted.pipeline["prepare"].named_transformers_["numeric"]["scale"]
    assert scaler.n_samples_seen_ == len(whole)
    assert scaler.mean_[0] == pytest.approx(whole["age"].mean())
    said = f"Left out {len(learned) - len(whole)} of {len(learned)} training rows"
    assert f"{said} that have a gap in age and income." in heard.sentences()
    assert report.metrics["rows"]["with_gaps"] == len(learned) - len(whole)


def test_rows_with_gaps_are_answered_with_the_median_where_learning_left_them_out() -> None:
    report = train(a_table(), _dropping())
    filler = report.fitted.pipeline["prepare"].named_transformers_["numeric"]["missing"]
    without = report.ready.features[["age", "income"]][a_table()["age"].isna()]
    assert set(filler.transform(without)[:, 0]) == {filler.statistics_[0]}
    assert filler.strategy == "median"


def test_a_single_column_may_decide_which_rows_are_complete(heard: Heard) -> None:
    spec = a_spec(preprocessing={"columns": {"town": {"missing": "drop"}}}, columns={"drop": ["price"]})
    train(a_table(), spec, heard)
    assert "that have a gap in town." in heard.sentences()


def test_no_complete_row_is_refused() -> None:
    price, odd = a_table()["price"], a_table().index % 2 == 1
    table = a_table().assign(age=price.where(odd), income=price.where(~odd))
    with pytest.raises(CannotTrain, match="each has a gap in age and income") as refusal:
        train(table, _dropping())
    assert (refusal.value.code, refusal.value.field) == ("no_complete_rows", "preprocessing")


def test_complete_rows_of_one_class_are_refused() -> None:
    table = a_table().assign(age=lambda rows: rows["income"].fillna(1.0).where(rows["species"] == "yes"))
    with pytest.raises(CannotTrain, match="All complete training rows are yes"):
        train(table, _dropping())


def test_a_single_complete_row_is_refused() -> None:
    split = train(a_table(), _dropping()).split.set_index("row")["part"]
    learned = split.index[split == "train"]
    table = a_table().assign(age=range(60), income=range(60)).astype({"income": "float64"})
    table.loc[learned[1:], "income"] = None
    with pytest.raises(CannotTrain, match="A single training row is complete"):
        train(table, _dropping())


def test_a_fold_whose_complete_rows_are_of_one_class_is_no_end() -> None:
    spec = _dropping(validation={"kind": "kfold", "folds": 2})
    fold = train(a_table(), spec).split.set_index("row")["fold"]
    table = a_table().assign(age=range(60), income=range(60)).astype({"income": "float64"})
    table.loc[(table["species"] == "yes") & (fold == 2), "income"] = None
    assert train(table, spec).metrics["validation"]["accuracy"]["mean"] > 0


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"numeric": {"missing": "knn"}}, "with the mean of the nearest rows"),
        ({"numeric": {"missing": "iterative"}}, "with what the other columns say"),
        ({"numeric": {"missing": "constant", "fill_value": -1.5}}, "with -1.5"),
        ({"categorical": {"missing": "constant"}}, "with a word of its own"),
        ({"columns": {"age": {"missing": "mean"}}}, "rows with the mean"),
    ],
    ids=str,
)
def test_what_was_filled_is_told_for_every_way(chosen: dict[str, Any], said: str, heard: Heard) -> None:
    train(a_table(), a_spec("dummy", preprocessing=chosen, validation=NO_FOLDS), heard)
    assert said in heard.sentences("log")


def test_at_most_ten_columns_are_told(heard: Heard) -> None:
    gaps = pd.DataFrame({f"x{i}": a_table()["age"] + i for i in range(30)})
    train(pd.concat([a_table(), gaps], axis=1), a_spec("dummy", validation=NO_FOLDS), heard)
    assert heard.sentences("log").count("Filled") == 10
