"""A spec is one frozen value: what is odd is refused, what is equal has one form."""

from typing import Any

import pytest
from pydantic import ValidationError

from engine.choices.parts import KFold
from engine.problems import explain, first
from engine.spec import ExperimentSpec, RunRequest, RunSpec
from tests.engine.helpers import a_spec

PLAIN: dict[str, Any] = {"task": "classification", "target": "species", "model": {"algo": "random_forest"}}
NETWORK: dict[str, Any] = {**PLAIN, "model": {"algo": "dense_network"}}

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"zoo": 1}, "zoo"),
    ({"model": {"algo": "os.system"}}, "model"),
    ({"model": {}}, "model"),
    ({"model": None}, "model"),
    ({"model": {"algo": "random_forest", "trees": 5}}, "model.trees"),
    ({"model": {"algo": "random_forest", "n_estimators": 9}}, "model.n_estimators"),
    ({"model": {"algo": "random_forest", "n_estimators": 5001}}, "model.n_estimators"),
    ({"model": {"algo": "random_forest", "n_estimators": True}}, "model.n_estimators"),
    ({"model": {"algo": "random_forest", "n_estimators": "50"}}, "model.n_estimators"),
    ({"model": {"algo": "random_forest", "n_estimators": 50.0}}, "model.n_estimators"),
    ({"model": {"algo": "logistic_regression", "C": float("nan")}}, "model.C"),
    ({"model": {"algo": "logistic_regression", "C": float("inf")}}, "model.C"),
    ({"model": {"algo": "logistic_regression", "C": False}}, "model.C"),
    ({"model": {"algo": "linear_regression"}}, "model"),
    ({"model": {"algo": "dense_network", "units": []}}, "model.units"),
    ({"model": {"algo": "dense_network", "units": [1] * 11}}, "model.units"),
    ({"model": {"algo": "dense_network", "units": [4097]}}, "model.units.0"),
    ({"model": {"algo": "dense_network", "epochs": 0}}, "training.epochs"),
    ({"model": {"algo": "dense_network", "learning_rate": 0}}, "training.learning_rate"),
    ({"model": {"algo": "dense_network", "batch_size": 10**9}}, "training.batch_size"),
    ({"training": {"epochs": 3}}, "training"),
    ({"seed": -1}, "seed"),
    ({"seed": 2**32}, "seed"),
    ({"seed": "abc"}, "seed"),
    ({"task": "forecasting"}, "task"),
    ({"target": ""}, "target"),
    ({"columns": {"drop": ["species"]}}, "columns"),
    ({"columns": {"kinds": {"age": "colour"}}}, "columns.kinds.age"),
    ({"split": {"kind": "group"}}, "split.column"),
    ({"features": {"ratios": [["age"]]}}, "features.ratios.0.1"),
    ({"split": {"test_size": 0}}, "split.test_size"),
    ({"split": {"test_size": 1.5}}, "split.test_size"),
    ({"validation": {"folds": 5}}, "validation"),
    ({"validation": {"kind": "kfold", "folds": 21}}, "validation.folds"),
    ({"preprocessing": {"numeric": {"missing": "guess"}}}, "preprocessing.numeric.missing"),
]


@pytest.mark.parametrize(("change", "field"), REFUSED)
def test_an_odd_spec_is_refused_at_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        RunSpec.model_validate({**PLAIN, **change})
    problem = explain(refusal.value)[0]
    assert problem["field"] == field
    assert problem["detail"].endswith((".", "]."))


def test_the_code_of_a_refusal_is_a_word_for_programs() -> None:
    codes = []
    for change in (
        {"zoo": 1},
        {"model": {"algo": "zoo"}},
        {"model": {"algo": "linear_regression"}},
        {"seed": -1},
    ):
        with pytest.raises(ValidationError) as refusal:
            RunSpec.model_validate({**PLAIN, **change})
        codes.append(first(refusal.value).code)
    assert codes == ["unknown_field", "unknown_estimator", "infeasible", "invalid"]


def test_a_learner_that_does_not_suit_the_task_is_refused_with_the_ones_that_do() -> None:
    with pytest.raises(
        ValidationError, match=r"Linear regression does not do classification\. Choose one of dummy"
    ):
        a_spec("linear_regression")


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        a_spec().seed = 7  # type: ignore[misc]


def test_training_written_flat_in_the_model_moves_to_its_place() -> None:
    flat = RunSpec.model_validate(
        {**NETWORK, "model": {"algo": "dense_network", "epochs": 3, "batch_size": 8}}
    )
    apart = RunSpec.model_validate({**NETWORK, "training": {"epochs": 3, "batch_size": 8}})
    assert flat == apart
    assert flat.fingerprint() == apart.fingerprint()


def test_a_network_without_training_gets_the_defaults() -> None:
    training = RunSpec.model_validate(NETWORK).training
    assert training is not None
    assert (training.epochs, training.batch_size, training.optimizer) == (50, 32, "adam")


def test_other_learners_have_no_training() -> None:
    assert a_spec("random_forest").training is None


def test_validation_is_five_folds_where_nothing_is_said() -> None:
    assert a_spec().validation == KFold(kind="kfold", folds=5)


def test_a_spec_comes_back_from_its_stored_form() -> None:
    spec = RunSpec.model_validate(
        {**NETWORK, "columns": {"drop": ["sex"], "kinds": {"island": "categorical"}}}
    )
    assert RunSpec.model_validate_json(spec.canonical()) == spec
    assert RunSpec.model_validate(spec.model_dump(mode="json")) == spec


def test_the_fingerprint_ignores_the_order_of_keys_and_sees_every_value() -> None:
    turned = RunSpec.model_validate(dict(reversed(PLAIN.items())))
    assert turned.fingerprint() == RunSpec.model_validate(PLAIN).fingerprint()
    assert RunSpec.model_validate({**PLAIN, "seed": 43}).fingerprint() != turned.fingerprint()
    assert len(turned.fingerprint()) == 64


def test_an_experiment_and_a_request_join_to_a_spec() -> None:
    experiment = ExperimentSpec(task="classification", target="species", seed=7)
    request = RunRequest.model_validate({"model": {"algo": "dense_network", "epochs": 3}})
    spec = RunSpec.join(experiment, request)
    assert (spec.seed, spec.target, spec.model.algo) == (7, "species", "dense_network")
    assert spec.training is not None
    assert spec.training.epochs == 3


@pytest.mark.parametrize("fixed", ["seed", "task", "target", "split", "validation"])
def test_a_request_cannot_change_what_the_experiment_fixes(fixed: str) -> None:
    with pytest.raises(ValidationError, match=fixed):
        RunRequest.model_validate({"model": {"algo": "dummy"}, fixed: 1})


def test_a_request_that_does_not_suit_the_experiment_is_refused_when_they_join() -> None:
    experiment = ExperimentSpec(task="regression", target="mpg")
    with pytest.raises(ValidationError, match="does not do regression"):
        RunSpec.join(experiment, RunRequest.model_validate({"model": {"algo": "logistic_regression"}}))


def test_every_field_has_a_title_for_forms() -> None:
    schema = RunSpec.model_json_schema()
    groups = [schema, *schema["$defs"].values()]
    fields = [entry for group in groups for entry in group.get("properties", {}).items()]
    untitled = [name for name, field in fields if not field.get("title")]
    assert untitled == []
