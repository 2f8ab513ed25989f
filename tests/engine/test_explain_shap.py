"""SHAP values add up to what the model says; weights, trees and own importances are read off it."""

import zipfile
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.explain.contributions import contributions, most_rows
from engine.explain.owners import owners
from tests.engine.explaining import TRUE, Explained, explained, of_planted
from tests.engine.helpers import EXAMPLES

TREES = [
    "decision_tree",
    "random_forest",
    "extra_trees",
    "gradient_boosting",
    "hist_gradient_boosting",
    "xgboost",
    "lightgbm",
]
LINEAR = {
    "yes or no": ["logistic_regression", "linear_svm", "sgd"],
    "three": ["logistic_regression", "linear_svm", "sgd"],
    "number": ["linear_regression", "ridge", "lasso", "elastic_net", "linear_svm", "sgd"],
}
CASES = [(algo, target) for target, algos in LINEAR.items() for algo in algos] + [
    (algo, target)
    for algo in TREES
    for target in ("yes or no", "three", "number")
    if (algo, target) != ("gradient_boosting", "three")
]


def said_by_the_model(found: Explained) -> np.ndarray:
    """What the model says to the explained rows: a value, or the probability of the explained class."""
    opened, table = found.opened, found.shap
    rows = np.searchsorted(opened.ready.rows, table["row"])
    answer = opened.model.answer(opened.ready.features.iloc[rows])
    if answer.shares is None:
        values: np.ndarray = answer.predicted
        return values
    classes = list(opened.ready.classes)
    places = [classes.index(name) for name in table["explains"]]
    shares: np.ndarray = answer.shares[np.arange(len(rows)), places]
    return shares


def sigmoid(values: np.ndarray) -> np.ndarray:
    shares: np.ndarray = 1 / (1 + np.exp(-values))
    return shares


@pytest.mark.parametrize(("algo", "target"), CASES)
def test_base_and_parts_add_up_to_the_output(algo: str, target: str) -> None:
    table = of_planted(algo, target).shap
    parts = table.filter(like="shap_").sum(axis=1)
    assert np.allclose(table["base"] + parts, table["output"], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("algo", "target"), [case for case in CASES if case[1] != "three"])
def test_the_output_is_what_the_model_says(algo: str, target: str) -> None:
    found = of_planted(algo, target)
    unit = found.read("shap.json")["unit"]
    output, said = found.shap["output"].to_numpy(), said_by_the_model(found)
    if "log-odds" in unit:
        output = sigmoid(output)
    if "border" in unit:  # probabilities are made of the distance, in its order
        assert np.corrcoef(np.argsort(np.argsort(output)), np.argsort(np.argsort(said)))[0, 1] > 0.999
        return
    assert np.allclose(output, said, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("algo", "target"), CASES)
def test_the_planted_columns_move_the_answers_most(algo: str, target: str) -> None:
    found = of_planted(algo, target).read("shap.json")
    assert [column["name"] for column in found["columns"][:2]] == TRUE
    assert found["kind"] == ("trees" if algo in TREES else "linear")


@pytest.mark.parametrize("algo", ["knn", "adaboost"])
def test_models_that_are_neither_trees_nor_linear_say_so(algo: str) -> None:
    found = of_planted(algo, "number")
    assert found.read("shap.json") == {
        "reason": "SHAP values are found for trees and linear models. This model is neither."
    }
    assert not (found.folder / "explanation" / "shap.parquet").exists()


def test_a_row_is_told_by_the_columns_that_moved_it_most() -> None:
    found = of_planted("xgboost", "yes or no")
    row = found.read("rows.json")["rows"][0]
    amounts = [abs(part["contribution"]) for part in row["parts"]]
    assert amounts == sorted(amounts, reverse=True)
    assert row["base"] + sum(part["contribution"] for part in row["parts"]) + row["rest"] == pytest.approx(
        row["output"], abs=1e-4
    )
    opened = found.opened
    place = int(np.searchsorted(opened.ready.rows, row["row"]))
    assert row["parts"][0]["value"] == pytest.approx(opened.ready.features[row["parts"][0]["name"]][place])
    assert row["actual"] == opened.ready.classes[opened.ready.target[place]]


def test_the_worst_rows_are_among_those_that_are_told() -> None:
    found = of_planted("random_forest", "number")
    worst = pd.read_parquet(found.folder / "worst_rows.parquet")["row"]
    assert set(worst) <= {row["row"] for row in found.read("rows.json")["rows"]}


@pytest.fixture(scope="module")
def penguins() -> dict[str, Explained]:
    table = pd.read_csv(EXAMPLES / "penguins.csv")
    question = {"task": "classification", "target": "species"}
    extra = {"polynomial": {"degree": 2, "columns": ["bill_length_mm", "bill_depth_mm"]}}
    return {
        "words": explained(table, {**question, "model": {"algo": "logistic_regression"}}),
        "products": explained(
            table,
            {**question, "model": {"algo": "random_forest", "n_estimators": 20}, "features": extra},
        ),
        "components": explained(
            table,
            {
                **question,
                "model": {"algo": "logistic_regression"},
                "features": {"pca": {"n_components": 3}},
            },
        ),
    }


def names_of(found: Explained) -> list[str]:
    return [column["name"] for column in found.read("shap.json")["columns"]]


def test_what_is_made_of_one_column_counts_as_that_column(penguins: dict[str, Explained]) -> None:
    found = penguins["words"]
    assert sorted(names_of(found)) == sorted(found.opened.ready.kinds)
    made, owner = owners(found.opened.model.predictor.pipeline, ["Adelie", "Chinstrap", "Gentoo"])
    assert dict(zip(made, owner, strict=True))["island = Dream"] == "island"


def test_what_is_made_of_several_stands_for_itself(penguins: dict[str, Explained]) -> None:
    assert "bill_length_mm x bill_depth_mm" in names_of(penguins["products"])
    assert len(names_of(penguins["components"])) == 3


@pytest.mark.parametrize("case", ["words", "products", "components"])
def test_a_class_among_three_is_explained_by_what_speaks_for_it(
    penguins: dict[str, Explained], case: str
) -> None:
    table = penguins[case].shap
    assert set(table["explains"]) == {"Adelie", "Chinstrap", "Gentoo"}
    assert np.allclose(table["base"] + table.filter(like="shap_").sum(axis=1), table["output"], atol=1e-6)


def test_a_target_that_was_bent_says_in_which_unit_it_is_explained() -> None:
    random = np.random.default_rng(0)
    table = pd.DataFrame({"a": random.normal(size=200), "b": random.normal(size=200)})
    table["y"] = np.exp(table["a"])
    spec: dict[str, Any] = {"task": "regression", "target": "y", "model": {"algo": "ridge"}}
    spec["preprocessing"] = {"target": "log"}
    found = explained(table, spec)
    assert found.read("shap.json")["unit"] == "in the logarithm of the target"
    said = said_by_the_model(found)
    assert np.allclose(np.expm1(found.shap["output"]), said)


def inside(algo: str, target: str) -> dict[str, Any]:
    told: dict[str, Any] = of_planted(algo, target).read("inside.json")
    return told


@pytest.mark.parametrize("algo", ["ridge", "linear_regression", "lasso", "linear_svm", "sgd"])
def test_weights_are_told_by_made_column_the_largest_first(algo: str) -> None:
    columns = inside(algo, "number")["coefficients"]["columns"]
    assert [column["name"] for column in columns[:2]] == TRUE
    assert columns[0]["weights"][0] > 0 > columns[1]["weights"][0]
    assert "own spread" in inside(algo, "number")["coefficients"]["about"]


def test_weights_of_classes_come_one_for_each_or_for_the_second_of_two() -> None:
    assert inside("logistic_regression", "yes or no")["coefficients"]["outputs"] == ["yes"]
    found = inside("logistic_regression", "three")["coefficients"]
    assert found["outputs"] == ["low", "middle", "up"]
    assert len(found["columns"][0]["weights"]) == len(found["base"]) == 3


def depth(node: dict[str, Any]) -> int:
    return 1 + max(depth(node["yes"]), depth(node["no"])) if "yes" in node else 0


@pytest.mark.parametrize("target", ["yes or no", "number"])
def test_a_tree_is_told_down_to_its_fourth_question(target: str) -> None:
    tree = inside("decision_tree", target)["tree"]
    assert depth(tree) == 4
    assert tree["column"] in TRUE
    assert tree["rows"] == 480 == tree["yes"]["rows"] + tree["no"]["rows"]
    assert (tree["share"] is None) == (target == "number")


def test_only_a_single_tree_is_drawn_and_importances_of_the_learner_are_called_its_own() -> None:
    found = inside("random_forest", "number")
    assert found["tree"] is None
    assert sum(column["share"] for column in found["built_in"]["columns"]) == pytest.approx(1)
    assert "favours columns" in found["built_in"]["about"]


def test_large_forests_are_explained_for_fewer_rows() -> None:
    class Tree:
        n_leaves, max_depth = 100_000, 40

    class Grown:
        tree_ = Tree()

    class Forest:
        estimators_ = [Grown()] * 10

    assert most_rows(Forest(), 10) == 9
    Forest.estimators_ = [Grown()] * 1000
    assert most_rows(Forest(), 10) == 0
    assert most_rows(of_planted("random_forest", "number").opened.model.estimator, 10) == 500


def test_shap_agrees_with_the_definition_on_a_tiny_tree() -> None:
    """With one question the column that is asked takes all of the difference, and no other any."""
    table = pd.DataFrame({"a": [0.0, 1.0] * 40, "b": [5.0] * 79 + [6.0], "y": [10.0, 30.0] * 40})
    spec = {"task": "regression", "target": "y", "model": {"algo": "decision_tree"}}
    found = explained(table, spec)
    opened = found.opened
    prepared = opened.model.prepared(opened.ready.features)
    told = contributions(opened.model, prepared, prepared)
    assert told is not None
    place = owners(opened.model.predictor.pipeline, [])[1].index("a")
    assert told.values[:, place, 0] + told.base[0] == pytest.approx(table["y"].to_numpy())
    assert np.delete(told.values, place, axis=1) == pytest.approx(0)


def test_nothing_of_a_child_is_pickled() -> None:
    with zipfile.ZipFile(of_planted("ridge", "number").folder / "model.zip") as archive:
        assert not [name for name in archive.namelist() if name.endswith((".pkl", ".pickle"))]
