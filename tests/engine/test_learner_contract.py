"""What every learner must do, for each of its tasks. A new learner joins by standing in the catalogue."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from engine import bundle, learners
from engine.metrics import TASKS, Task
from engine.problems import CannotTrain
from engine.report import Report
from engine.spec import RunSpec
from engine.train import train
from tests.engine.helpers import (
    EXAMPLES,
    NO_FOLDS,
    QUICK,
    a_regression,
    a_spec,
    in_fresh_process,
    on_one_thread,
)

TABLES = {"classification": "penguins.csv", "regression": "mpg.csv"}
PAIRS = [
    (algo, task) for algo, learner in learners.CATALOG.items() for task in TASKS if task in learner.tasks
]
pytestmark = pytest.mark.usefixtures("one_thread")
every_learner = pytest.mark.parametrize(("algo", "task"), PAIRS)


@pytest.fixture(scope="module", name="one_thread")
def _one_thread() -> Iterator[None]:
    with on_one_thread():
        yield


def _table(task: Task) -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / TABLES[task])


def _spec(algo: str, task: Task) -> RunSpec:
    return (a_spec if task == "classification" else a_regression)(algo, validation=NO_FOLDS)


def _trained(algo: str, task: Task, table: pd.DataFrame | None = None) -> Report:
    return train(_table(task) if table is None else table, _spec(algo, task))


@cache
def _plain(algo: str, task: Task) -> Report:
    """Trained once for all tests that only look at it."""
    return _trained(algo, task)


def _said(report: Report) -> list[Any]:
    told = report.predictions.iloc[:, 3:].to_numpy().tolist()
    return [report.metrics["test"], report.metrics["intervals"], told]


@pytest.fixture(scope="session")
def elsewhere() -> dict[str, Any]:
    """What each learner says in another process that has two threads."""
    program = """
import json
from engine.train import train
from tests.engine.helpers import on_one_thread
from tests.engine.test_learner_contract import PAIRS, _said, _spec, _table
with on_one_thread():
    trained = ((pair, train(_table(pair[1]), _spec(*pair), threads=2)) for pair in PAIRS)
    said = {" ".join(pair): _said(report) for pair, report in trained}
print(json.dumps(said))
"""
    found: dict[str, Any] = in_fresh_process(program)
    return found


@every_learner
def test_it_beats_the_naive_guess_or_is_it(algo: str, task: Task) -> None:
    metrics = _plain(algo, task).metrics
    # Not by probabilities: those of a single tree or of AdaBoost are poor even where its answers are right.
    error, naive = (_error(scores, task) for scores in (metrics["test"], metrics["baseline"]["test"]))
    assert error == pytest.approx(naive) if algo == "dummy" else error < naive * 0.8


def _error(scores: dict[str, float], task: Task) -> float:
    return 1 - scores["accuracy"] if task == "classification" else scores["rmse"]


@every_learner
def test_it_gives_the_same_numbers_again_in_another_process(
    algo: str, task: Task, elsewhere: dict[str, Any]
) -> None:
    here = json.loads(json.dumps(_said(_plain(algo, task))))
    assert here == elsewhere[f"{algo} {task}"]


@every_learner
def test_it_survives_save_and_load(algo: str, task: Task, tmp_path: Path) -> None:
    table, report = _table(task), _plain(algo, task)
    report.write(tmp_path)
    told = report.predictions
    again = bundle.load(tmp_path / "model.zip").predict(table.iloc[told["row"]])
    if task == "classification":
        assert again["prediction"].tolist() == told["predicted"].tolist()
    else:
        np.testing.assert_allclose(again["prediction"], told["predicted"], rtol=1e-5)


@every_learner
def test_it_learns_nothing_from_a_shuffled_target(algo: str, task: Task) -> None:
    table = _table(task)
    target = _spec(algo, task).target
    table[target] = np.random.default_rng(0).permutation(table[target])
    metrics = _trained(algo, task, table).metrics["test"]
    if task == "classification":
        assert abs(metrics["roc_auc"] - 0.5) < 0.15
    else:
        assert metrics["r2"] < 0.1


def test_answers_that_are_not_finite_are_refused() -> None:
    table = _table("regression").assign(mpg=[1.7e308, 1.6e308] * 199)
    with pytest.raises(CannotTrain, match="not finite") as refusal:
        _trained("dummy", "regression", table)
    assert refusal.value.code == "loss_not_finite"


@every_learner
def test_another_seed_gives_another_test(algo: str, task: Task) -> None:
    other = RunSpec.model_validate({**_spec(algo, task).model_dump(), "seed": 1})
    tested = set(_plain(algo, task).predictions["row"])
    assert tested != set(train(_table(task), other).predictions["row"])


@pytest.mark.parametrize("algo", learners.CATALOG)
def test_it_refuses_a_setting_it_does_not_have(algo: str) -> None:
    with pytest.raises(ValidationError, match="not_a_setting"):
        learners.CATALOG[algo].model_validate({"algo": algo, "not_a_setting": 1})


@pytest.mark.parametrize("algo", learners.CATALOG)
def test_it_refuses_each_setting_out_of_bounds(algo: str) -> None:
    for name, wrong in _out_of_bounds(algo):
        with pytest.raises(ValidationError, match=name):
            learners.CATALOG[algo].model_validate({"algo": algo, name: wrong})


def _out_of_bounds(algo: str) -> list[tuple[str, Any]]:
    settings = learners.describe(learners.CATALOG[algo])["settings"].get("properties", {})
    wrong = []
    for name, setting in settings.items():
        for kind in setting.get("anyOf", [setting]):
            wrong += [(name, kind[end] - 1) for end in ("minimum", "exclusiveMinimum") if end in kind]
            wrong += [(name, kind["maximum"] + 1)] if "maximum" in kind else []
            wrong += [(name, "no such choice")] if "enum" in kind or "const" in kind else []
    return wrong


def test_the_quick_settings_name_real_learners() -> None:
    assert set(QUICK) <= set(learners.CATALOG)


@every_learner
def test_the_largest_seed_works(algo: str, task: Task) -> None:
    spec = RunSpec.model_validate({**_spec(algo, task).model_dump(), "seed": 2**32 - 1})
    assert len(train(_table(task), spec).predictions)


def test_sums_that_are_too_large_are_said_and_not_broken_on() -> None:
    table = _table("regression")
    table["weight"] = table["weight"].astype("float64") * 1e25
    spec = a_regression("ridge", validation=NO_FOLDS, preprocessing={"numeric": {"scale": "none"}})
    with pytest.raises(CannotTrain, match="not finite") as refusal:
        train(table, spec)
    assert refusal.value.code == "loss_not_finite"
