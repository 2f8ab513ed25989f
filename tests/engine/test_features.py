"""What is made of columns: the right numbers under the right names, and a sentence where it cannot be."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import KBinsDiscretizer

from engine import features
from engine.choices.features import Polynomial
from engine.problems import CannotTrain
from engine.train import train
from tests.engine.features import a_table, made, ready_for
from tests.engine.helpers import NO_FOLDS, Heard, a_spec

SMALL = {"size": [1.0, 2.0, 3.0, -4.0, 5.0, 6.0], "hours": [2.0, 0.0, 4.0, 8.0, 5.0, np.nan]}


def _small(**more: Any) -> pd.DataFrame:
    return pd.DataFrame({"species": ["a", "b"] * 3, **SMALL, **more})


@pytest.mark.parametrize(
    ("wanted", "name", "values"),
    [
        ({"interactions": [["size", "hours"]]}, "size x hours", [2, 0, 12, -32, 25, 2]),
        ({"interactions": [["size", "size"]]}, "size^2", [1, 4, 9, 16, 25, 36]),
        ({"ratios": [["size", "hours"]]}, "size / hours", [0.5, 0.625, 0.75, -0.5, 1, 0.625]),
        ({"differences": [["size", "hours"]]}, "size - hours", [-1, 2, -1, -12, 0, -1]),
        ({"logs": ["size"]}, "log size", np.array([1, 1, 1, -1, 1, 1]) * np.log([2, 3, 4, 5, 6, 7])),
    ],
)
def test_pairs_are_computed_and_what_cannot_be_is_filled(
    wanted: dict[str, Any], name: str, values: Any
) -> None:
    """A gap, and a division by zero, get the median of the others: here of the first five rows."""
    found = made(_small(), **wanted)
    assert found.columns.tolist() == [name]
    np.testing.assert_allclose(found[name], values)


def test_powers_and_products_are_all_up_to_the_degree() -> None:
    found = made(_small(), polynomial={"degree": 3})
    assert found.columns.tolist() == [
        *("size^2", "size x hours", "hours^2"),
        *("size^3", "size^2 x hours", "size x hours^2", "hours^3"),
    ]
    np.testing.assert_allclose(found["size^2 x hours"][:5], [2, 0, 36, 128, 125])


def test_powers_are_of_chosen_columns_and_products_only_have_no_powers() -> None:
    assert made(_small(), polynomial={"columns": ["hours"]}).columns.tolist() == ["hours^2"]
    assert made(_small(), polynomial={"interaction_only": True, "degree": 4}).columns.tolist() == [
        "size x hours"
    ]


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize("degree", [2, 3, 4])
def test_the_number_of_powers_is_known_before_they_are_made(degree: int, only: bool) -> None:
    numbers = {f"n{i}": np.arange(6.0) ** i for i in range(1, 5)}
    wanted = Polynomial(degree=degree, interaction_only=only)
    table = pd.DataFrame({"species": ["a", "b"] * 3, **numbers})
    assert made(table, polynomial=wanted.model_dump()).shape[1] == wanted.width(4)


def test_what_is_asked_twice_is_made_once() -> None:
    wanted: dict[str, Any] = {
        "interactions": [["size", "hours"], ["hours", "size"]],
        "polynomial": {"degree": 2},
    }
    assert made(_small(), **wanted).columns.tolist() == ["size^2", "size x hours", "hours^2"]
    means: dict[str, Any] = {"group_means": [{"of": "size", "by": "word"}] * 2}
    assert made(_small(word=["x", "y"] * 3), **means).shape[1] == 1
    assert made(_small(), bins={"columns": ["size", "size"], "n_bins": 2}).shape[1] == 2


def test_numbers_beyond_what_learners_hold_are_filled() -> None:
    found = made(_small(huge=[1e29, 2e29, 1.0, 2.0, 3.0, 4.0]), polynomial={"columns": ["huge"]})
    np.testing.assert_allclose(found["huge^2"], [6.5, 6.5, 1, 4, 9, 16])


@pytest.mark.parametrize(
    ("strategy", "names"),
    [
        ("uniform", ["n: below 4", "n: 4 to 8", "n: from 8"]),
        ("quantile", ["n: below 1", "n: 1 to 2", "n: from 2"]),
        ("kmeans", ["n: below 0.75", "n: 0.75 to 6.75", "n: from 6.75"]),
    ],
)
def test_numbers_fall_into_ranges(strategy: str, names: list[str]) -> None:
    table = pd.DataFrame({"species": ["a", "b"] * 4, "n": [0, 0, 1, 1, 2, 2, 12, np.nan]})
    found = made(table, bins={"n_bins": 3, "strategy": strategy})
    assert found.columns.tolist() == names
    assert found.sum(axis=1).tolist() == [1] * 7 + [0]


@pytest.mark.parametrize("strategy", ["uniform", "quantile", "kmeans"])
@pytest.mark.parametrize("unit", [1.0, 1e-20, 1e25])
def test_ranges_are_those_of_scikit_learn_in_any_unit(unit: float, strategy: str) -> None:
    values = np.random.default_rng(6).exponential(size=200).round(2)
    cut = KBinsDiscretizer(
        4, encode="onehot-dense", strategy=strategy, quantile_method="averaged_inverted_cdf"
    )
    table = pd.DataFrame({"species": ["a", "b"] * 100, "n": values * unit})
    found = made(table, bins={"n_bins": 4, "strategy": strategy})
    np.testing.assert_array_equal(found, cut.fit_transform(values[:, None]))


def test_ranges_have_short_names_that_tell_them_apart() -> None:
    table = pd.DataFrame({"species": ["a", "b"] * 4, "n": np.arange(8) / 3 + 1_000_000})
    names = made(table, bins={"n_bins": 3, "strategy": "uniform"}).columns
    assert names.tolist() == ["n: below 1000001", "n: 1000001 to 1000002", "n: from 1000002"]


def test_a_column_of_few_values_has_no_more_ranges_than_values() -> None:
    found = made(_small(flag=[0, 1] * 3), bins={"columns": ["flag"], "n_bins": 100, "strategy": "kmeans"})
    assert found.columns.tolist() == ["flag: below 0.5", "flag: from 0.5"]


def test_the_mean_of_a_group_is_that_of_its_training_rows() -> None:
    table = _small(word=["x", "x", "y", "y", "new", None])
    found = made(table, rows=4, group_means=[{"of": "size", "by": "word"}])
    assert found["mean size by word"].tolist() == [1.5, 1.5, -0.5, -0.5, 0.5, 0.5]


def test_a_group_without_a_number_gets_the_mean_of_all() -> None:
    table = _small(n=[1, 3, np.nan, np.nan, 5, 3], word=["x", "x", "y", "y", "z", "z"])
    found = made(table, group_means=[{"of": "n", "by": "word"}])
    assert found["mean n by word"].tolist() == [2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize(
    ("scale", "low", "high"),
    [
        ("standard", -3, 3),
        ("auto", -3, 3),
        ("minmax", 0, 1.001),
        ("robust", -3, 3),
        ("quantile", -5.2, 5.2),
        ("power", -3, 3),
        ("none", 1, 4),
    ],
)
def test_what_is_made_is_scaled_like_the_other_numbers(scale: str, low: float, high: float) -> None:
    wanted: dict[str, Any] = {"algo": "logistic_regression", "preprocessing": {"numeric": {"scale": scale}}}
    found = made(a_table(), logs=["größe"], **wanted)["log größe"]
    assert low <= found.min() < found.max() <= high
    assert (found.min() == 0) == (scale == "minmax")


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    ({"ratios": [["size", "zoo"]]}, "unknown_column", "features.ratios", "no column zoo"),
    ({"logs": ["species"]}, "unknown_column", "features.logs", "is the target or left out"),
    ({"logs": ["same"]}, "unknown_column", "features.logs", "left out"),
    ({"interactions": [["size", "word"]]}, "wrong_kind", "features.interactions", "word holds words"),
    ({"differences": [["word", "size"]]}, "wrong_kind", "features.differences", "takes numbers"),
    (
        {"group_means": [{"of": "size", "by": "hours"}]},
        "wrong_kind",
        "features.group_means",
        "read it as categorical",
    ),
    ({"group_means": [{"of": "word", "by": "word"}]}, "wrong_kind", "features.group_means", "takes numbers"),
    ({"polynomial": {"columns": ["word"]}}, "wrong_kind", "features.polynomial.columns", "takes numbers"),
    ({"bins": {"columns": ["zoo"]}}, "unknown_column", "features.bins.columns", "no column zoo"),
    (
        {"polynomial": {"columns": ["size"], "interaction_only": True}},
        "no_numbers",
        "features.polynomial",
        "two columns",
    ),
]


@pytest.mark.parametrize(("wanted", "code", "field", "words"), REFUSED)
def test_what_cannot_be_made_is_refused_at_its_field(
    wanted: dict[str, Any], code: str, field: str, words: str
) -> None:
    table = _small(word=["x", "y"] * 3, same=[1] * 6)
    with pytest.raises(CannotTrain, match=words) as refusal:
        made(table, **wanted)
    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize("field", ["polynomial", "bins"])
def test_numbers_are_needed_where_all_columns_of_numbers_are_meant(field: str) -> None:
    table = pd.DataFrame({"species": ["a", "b"] * 3, "word": ["x", "y", "y"] * 2})
    with pytest.raises(CannotTrain, match="No column of numbers is left") as refusal:
        made(table, rows=None, **{field: {}})
    assert refusal.value.field == f"features.{field}"


def test_nearest_neighbours_take_topics_of_texts_but_not_their_words() -> None:
    with pytest.raises(CannotTrain, match="Condense the words to topics") as refusal:
        made(a_table(), text={}, algo="knn")
    assert (refusal.value.code, refusal.value.field) == ("infeasible", "model")
    assert made(a_table(), text={"svd": 3}, algo="knn").shape[1] == 3


def test_an_explosion_of_powers_is_refused_with_its_size() -> None:
    numbers = {f"n{i}": np.arange(6.0) + i for i in range(40)}
    table = pd.DataFrame({"species": ["a", "b"] * 3, **numbers})
    with pytest.raises(CannotTrain, match="135,710 powers and products; at most 5,000") as refusal:
        made(table, polynomial={"degree": 4})
    assert (refusal.value.code, refusal.value.field) == ("too_many_columns", "features.polynomial")


def test_without_wishes_only_dates_make_columns() -> None:
    spec, ready = ready_for(a_table())
    assert (features.branches(spec, ready), features.after(spec, ready)) == ([], [])
    spec, ready = ready_for(a_table(), dates=True)
    assert [name for name, _, _ in features.branches(spec, ready)] == ["dates"]


@pytest.mark.parametrize(
    ("wanted", "least"),
    [
        ({"interactions": [["x", "y"]]}, 0.9),
        ({"polynomial": {"degree": 2}}, 0.9),
        ({}, 0.0),
    ],
)
def test_a_product_lets_a_linear_model_see_what_goes_together(wanted: dict[str, Any], least: float) -> None:
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(2, 300))
    table = pd.DataFrame({"x": x, "y": y, "species": np.where(x * y > 0, "same", "other")})
    report = train(table, a_spec(features=wanted, validation=NO_FOLDS), Heard())
    assert report.metrics["test"]["accuracy"] >= least
    assert wanted or report.metrics["test"]["accuracy"] < 0.7
