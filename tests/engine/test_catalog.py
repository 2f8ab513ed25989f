"""The catalogue of learners, as forms, the API and the documentation read it."""

import json

import pytest

from engine import learners
from engine.metrics import METRICS, TASKS, default_metric, for_task
from engine.problems import CannotTrain


def test_the_catalogue_begins_with_the_naive_guess() -> None:
    assert next(iter(learners.CATALOG)) == "dummy"
    assert {"logistic_regression", "linear_regression", "random_forest", "dense_network"} <= set(
        learners.CATALOG
    )


@pytest.mark.parametrize("algo", learners.CATALOG)
def test_a_description_is_plain_json_with_words_for_people(algo: str) -> None:
    described = learners.describe(learners.CATALOG[algo])
    assert json.loads(json.dumps(described)) == described
    assert described["algo"] == algo
    assert described["summary"].endswith(".")
    assert "algo" not in described["settings"].get("properties", {})


@pytest.mark.parametrize("algo", learners.CATALOG)
def test_every_setting_has_title_help_and_default(algo: str) -> None:
    for setting in learners.describe(learners.CATALOG[algo])["settings"].get("properties", {}).values():
        assert {"title", "description", "default"} <= set(setting)


@pytest.mark.parametrize("algo", learners.CATALOG)
def test_only_networks_have_training_settings(algo: str) -> None:
    described = learners.describe(learners.CATALOG[algo])
    assert (described["training"] is not None) == learners.CATALOG[algo].is_network


@pytest.mark.parametrize("algo", learners.CATALOG)
def test_the_ends_of_a_search_space_are_allowed_settings(algo: str) -> None:
    learner = learners.CATALOG[algo]
    for name, space in learner.search_space().items():
        for value in space["choices"] or (space["low"], space["high"]):
            learner.model_validate({"algo": algo, name: value})


def test_create_gives_a_learner_with_its_settings() -> None:
    forest = learners.create(task="classification", algo="random_forest", n_estimators=50)
    assert forest.model_dump()["n_estimators"] == 50


@pytest.mark.parametrize(
    ("algo", "chosen", "code", "words"),
    [
        ("magic", {}, "unknown_estimator", "Choose one of dummy"),
        ("linear_regression", {}, "infeasible", "does not do classification"),
        ("random_forest", {"n_estimators": 1}, "invalid", "Must be at least 10"),
        ("random_forest", {"trees": 1}, "unknown_field", "no setting of this name"),
    ],
)
def test_create_refuses_in_a_sentence(algo: str, chosen: dict[str, int], code: str, words: str) -> None:
    with pytest.raises(CannotTrain, match=words) as refusal:
        learners.create(task="classification", algo=algo, **chosen)
    assert refusal.value.problem["code"] == code


def test_each_task_has_scores_and_a_default_one() -> None:
    assert {task: default_metric(task) for task in TASKS} == {
        "classification": "roc_auc",
        "regression": "rmse",
    }
    for task in TASKS:
        assert all(task in metric.tasks and metric.meaning.endswith(".") for metric in for_task(task))


def test_the_direction_of_a_score_is_known() -> None:
    lower = {name for name, metric in METRICS.items() if not metric.higher_is_better}
    assert lower == {"log_loss", "brier", "rmse", "mse", "mae", "median_ae", "mape"}
