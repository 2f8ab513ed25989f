"""What becomes of numbers and words that are there: clipped, scaled, encoded, and named."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction import FeatureHasher
from sklearn.preprocessing import PowerTransformer, QuantileTransformer

from engine.learners import CATALOG
from engine.train import train
from engine.transformers.clip import Clip
from engine.transformers.frequency import Frequency
from engine.transformers.hashing import Hashing
from engine.transformers.power import Power
from engine.transformers.quantiles import Quantiles
from engine.transformers.single import Single
from tests.engine.helpers import NO_FOLDS, Heard, a_spec
from tests.engine.preparing import TRAINING, Prepared, a_table


def test_outliers_become_the_value_at_the_edge() -> None:
    column = np.array([*range(101), np.nan])[:, None].astype(float)
    clip = Clip(0.05).fit(column)
    assert clip.transform([[-7.0], [3.0], [50.0], [99.0]])[:, 0].tolist() == [5.0, 5.0, 50.0, 95.0]
    assert np.isnan(clip.transform(column)[-1, 0])


def test_outliers_are_clipped_before_gaps_are_filled() -> None:
    table = pd.DataFrame({"species": ["a", "b"] * 10, "x": [*range(18), 1e6, np.nan]})
    chosen = {"numeric": {"missing": "mean", "clip": 0.25, "scale": "none"}}
    assert Prepared(table, preprocessing=chosen).column("x")[-1] < 10


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Power(), PowerTransformer()),
        (Quantiles(3), QuantileTransformer(n_quantiles=60, output_distribution="normal", random_state=3)),
    ],
    ids=["power", "quantile"],
)
def test_bell_curves_are_those_of_scikit_learn(ours: Any, theirs: Any) -> None:
    values = a_table()[["age", "income"]].fillna(1.0).to_numpy()
    expected = theirs.fit(values[:60]).transform(values)
    np.testing.assert_allclose(ours.fit(values[:60]).transform(values), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("bend", [Power(), Quantiles()], ids=["power", "quantile"])
def test_a_skewed_column_becomes_even_and_keeps_its_order(bend: Any) -> None:
    values = np.random.default_rng(0).lognormal(3, 1.5, (500, 1))
    made = bend.fit_transform(values)[:, 0]
    assert abs(pd.Series(made).skew()) < 0.2 < 2 < pd.Series(values[:, 0]).skew()
    assert (np.argsort(made, kind="stable") == np.argsort(values[:, 0], kind="stable")).all()


def test_a_power_that_no_number_survives_leaves_the_column_its_shape() -> None:
    near = 1e8 + np.arange(50.0)[:, None]
    assert np.corrcoef(Power().fit_transform(near)[:, 0], near[:, 0])[0, 1] == pytest.approx(1)


def test_frequency_is_the_share_of_training_rows_and_0_for_a_new_word() -> None:
    words = np.array([["x"], ["y"], ["x"], ["x"]], dtype=object)
    shares = Frequency().fit(words)
    assert shares.transform([["x"], ["y"], ["new"]])[:, 0].tolist() == [0.75, 0.25, 0.0]


def test_hashing_spreads_words_as_scikit_learn_does_for_column_and_word() -> None:
    words = np.array([["x", "p"], ["y", "x"], ["x", "x"]], dtype=object)
    made = Hashing(16, ["one", "two"]).fit(words).transform(words).toarray()
    rows = [[f"one={one}", f"two={two}"] for one, two in words]
    assert (made == FeatureHasher(16, input_type="string").transform(rows).toarray()).all()
    assert not (made[1] == Hashing(16, ["two", "one"]).fit(words).transform(words).toarray()[1]).all()


@pytest.mark.parametrize(
    ("encode", "treated"),
    [
        ("one_hot", "treated like the rare ones, or as no known word"),
        ("ordinal", "it comes below all known ones"),
        ("target", "the mean of the target over all training rows"),
        ("frequency", "its share is 0"),
        ("hashing", "hashed like any other"),
    ],
)
def test_words_that_training_did_not_see_are_told_with_what_becomes_of_them(
    encode: str, treated: str, heard: Heard
) -> None:
    spec = a_spec("dummy", preprocessing={"categorical": {"encode": encode}}, validation=NO_FOLDS)
    aside = train(a_table(), spec).predictions["row"].to_numpy()
    table = a_table()
    table.loc[aside[:3], "town"] = ["Novel", "Newer", None]
    train(table, spec, heard)
    assert "In 2 rows kept aside, town is a word that training did not see: " in heard.sentences("log")
    assert treated in heard.sentences("log")


def test_nothing_is_told_of_words_that_training_saw(heard: Heard) -> None:
    train(a_table(), a_spec("dummy", validation=NO_FOLDS), heard)
    assert "did not see" not in heard.sentences("log")


def test_all_hashed_columns_share_their_width() -> None:
    found = Prepared(preprocessing={"categorical": {"encode": "hashing", "hash_width": 8}})
    assert found.names[-8:] == [f"words: hash {i}" for i in range(1, 9)]


def test_each_row_that_learns_from_its_word_is_left_out_of_the_word_s_mean() -> None:
    own = [f"w{i // 2}" for i in range(60)]
    table = pd.DataFrame({"species": ["a", "b"] * 30, "own": own, "x": range(60)})
    kinds = {"kinds": {"own": "categorical"}}
    found = Prepared(table, preprocessing={"categorical": {"encode": "target"}}, columns=kinds)
    means = np.asarray(found.trained[:, found.names.index("own: mean of the target")])
    assert np.corrcoef(means, found.ready.target)[0, 1] < 0.1


def test_an_order_says_which_number_a_word_gets() -> None:
    found = Prepared(preprocessing={"columns": {"size": {"order": ["small", "middle", "large"]}}})
    numbers = {"small": 0.0, "middle": 1.0, "large": 2.0}
    known = a_table()["size"].notna()
    assert found.column("size")[known].tolist() == [numbers[word] for word in a_table()["size"][known]]


def test_a_word_that_the_order_does_not_name_comes_below_all() -> None:
    found = Prepared(preprocessing={"columns": {"size": {"order": ["small", "middle"]}}})
    assert set(found.column("size")[a_table()["size"] == "large"]) == {-1.0}


def test_three_classes_give_a_word_a_share_for_each() -> None:
    table = a_table().assign(species=["a", "b", "c"] * 20).drop(columns="price")
    found = Prepared(table, preprocessing={"categorical": {"encode": "target"}})
    shares = [found.column(f"town: share of {name}") for name in "abc"]
    np.testing.assert_allclose(np.sum(shares, axis=0), 1.0, atol=0.01)


def test_two_of_three_classes_in_training_can_be_encoded_by_their_target() -> None:
    table = a_table().assign(species=["a", "b"] * 20 + ["c"] * 20).drop(columns="price")
    found = Prepared(table, rows=TRAINING, preprocessing={"categorical": {"encode": "target"}})
    assert "town: mean of the target" in found.names


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, ["town = Aa", "town = Bergen", "town = Cork"]),
        ({"columns": {"town": {"min_frequency": 0.4}}}, ["town = Aa", "town: rare words"]),
        ({"columns": {"town": {"encode": "frequency"}}}, ["town: frequency"]),
        ({"columns": {"town": {"encode": "hashing", "hash_width": 2}}}, ["town: hash 1", "town: hash 2"]),
        ({"columns": {"town": {"encode": "target"}}}, ["town: mean of the target"]),
        ({"columns": {"town": {"encode": "ordinal"}}}, ["town"]),
        ({"columns": {"age": {"scale": "power", "clip": 0.1, "missing": "iterative"}}}, ["age"]),
    ],
    ids=str,
)
def test_made_columns_are_named_after_what_they_are_made_of(chosen: dict[str, Any], names: list[str]) -> None:
    named = Prepared(preprocessing=chosen).names
    about = names[0].split(" ")[0].rstrip(":")
    assert [name for name in named if name.split(" ")[0].rstrip(":") == about] == names


def test_made_columns_are_named_where_steps_follow() -> None:
    found = Prepared(features={"pca": {"n_components": 2}})
    assert found.names == ["component 1", "component 2"]


def test_numbers_may_have_32_bits_and_keep_to_what_those_can_hold() -> None:
    made = Single().fit_transform(np.asfortranarray([[1e60, -1e60], [0.1, 2.0]]))
    assert (made.dtype, made.flags.c_contiguous) == (np.float32, True)
    assert np.isfinite(made).all()
    assert made[1].tolist() == [np.float32(0.1), 2.0]


def _learner_that(takes: str) -> str:
    fitting = {algo: learner for algo, learner in CATALOG.items() if "classification" in learner.tasks}
    return next(algo for algo, learner in fitting.items() if getattr(learner, takes))


def _wide() -> pd.DataFrame:
    words = [f"w{i % 40:02}" for i in range(400)]
    return pd.DataFrame({"species": ["a", "b"] * 200, "word": words, "x": np.arange(400.0)})


@pytest.mark.parametrize(("width", "sparse"), [(0.0, True), (0.5, False)], ids=["many words", "few words"])
def test_wide_columns_are_sparse_for_a_learner_that_takes_them(width: float, sparse: bool) -> None:
    chosen = {"categorical": {"min_frequency": width}}
    found = Prepared(_wide(), algo=_learner_that("takes_sparse"), preprocessing=chosen)
    assert hasattr(found.trained, "tocsr") is sparse
    assert hasattr(found.made, "tocsr") is sparse


def test_a_sparse_preparation_holds_the_numbers_of_the_dense_one() -> None:
    chosen = {"numeric": {"scale": "standard"}, "categorical": {"min_frequency": 0.0}}
    sparse = Prepared(_wide(), algo=_learner_that("takes_sparse"), preprocessing=chosen)
    dense = Prepared(_wide(), algo="dummy", preprocessing=chosen)
    assert (sparse.made.toarray() == dense.made).all()
    assert sparse.names == dense.names


def test_a_learner_that_computes_in_32_bits_gets_them() -> None:
    both = (_learner_that("takes_float32"), "dummy")
    chosen = {"numeric": {"scale": "standard", "indicator": True}}
    found, whole = (Prepared(algo=algo, preprocessing=chosen) for algo in both)
    assert (found.made.dtype, found.trained.dtype) == (np.float32, np.float32)
    assert (found.made == whole.made.astype("float32")).all()
    assert found.made.flags.c_contiguous
    assert found.names == whole.names


def test_components_of_32_bits_are_those_of_64() -> None:
    both = (_learner_that("takes_float32"), "dummy")
    pca, scale = {"pca": {"n_components": 2}}, {"numeric": {"scale": "minmax"}}
    found, whole = (Prepared(algo=algo, features=pca, preprocessing=scale) for algo in both)
    assert found.made.dtype == np.float32
    assert (found.made == whole.made.astype("float32")).all()
