"""What every learner does with tables that no example in a book has: it learns, or refuses in a sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import learners
from engine.build import build
from engine.events import ignore
from engine.fit import Answer, fit, fit_final
from engine.metrics import TASKS, Task
from engine.prepare import Ready, prepare
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.train import train
from tests.engine.helpers import NO_FOLDS, QUICK, Heard, on_one_thread

PAIRS = [
    (algo, task) for algo, learner in learners.CATALOG.items() for task in TASKS if task in learner.tasks
]
every_learner = pytest.mark.parametrize(("algo", "task"), PAIRS, ids=[" ".join(pair) for pair in PAIRS])
ROWS, TO_LEARN = 60, 48
LEARN, ASK = np.arange(TO_LEARN), np.arange(TO_LEARN, ROWS)
WEIRD_NAMES = ["größe 📏", '[a]<b>,"c"{}:\'', "עברית\u202e", "x" * 300, "  spaced\tout  "]

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]


@pytest.fixture(scope="module", name="one_thread")
def _one_thread() -> Any:
    with on_one_thread():
        yield


def _table(task: Task) -> pd.DataFrame:
    """Two informative numbers and a word, in an order without meaning."""
    random = np.random.default_rng(0)
    a, b = random.normal(size=(2, ROWS))
    answer = np.where(a + b > 0, "yes", "no") if task == "classification" else 3 * a - b
    return pd.DataFrame({"a": a, "b": b, "word": random.choice(["x", "y", "z"], ROWS), "answer": answer})


def _spec(algo: str, task: Task, **more: Any) -> RunSpec:
    model = {"algo": algo, **QUICK.get(algo, {})}
    return RunSpec.model_validate({"task": task, "target": "answer", "model": model, **more})


def _asked(algo: str, table: pd.DataFrame, task: Task, learn: np.ndarray = LEARN) -> tuple[Ready, Answer]:
    spec = _spec(algo, task)
    ready = prepare(table, spec, ignore)
    fitted = fit(build(spec, ready), ready, learn, spec)
    return ready, fitted.answers(ready.features, ASK)[0]


def _of_gaps_and_constants(table: pd.DataFrame) -> pd.DataFrame:
    """What the rows to learn from do not show at all, or as one value, and what is infinite everywhere."""
    late = np.arange(ROWS - TO_LEARN)
    return table.assign(
        empty=np.r_[np.full(TO_LEARN, np.nan), late], flat=np.r_[np.zeros(TO_LEARN), late], endless=np.inf
    )


def _of_huge_and_tiny_numbers(table: pd.DataFrame) -> pd.DataFrame:
    a, b = table["a"], table["b"]
    return table.assign(beyond=a * 1e300, huge=b * 1e29, small=b * 1e-160, tiny=a * 1e-300)


def _strangely_named(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=dict(zip(("a", "b", "word"), WEIRD_NAMES, strict=False)))


def _only_words(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=["a", "b"])


ODD: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "gaps and constants": _of_gaps_and_constants,
    "huge and tiny numbers": _of_huge_and_tiny_numbers,
    "strange names": _strangely_named,
    "only words": _only_words,
}


@every_learner
@pytest.mark.parametrize("odd", ODD)
def test_it_answers_with_finite_numbers_whatever_the_columns_are(algo: str, task: Task, odd: str) -> None:
    ready, answer = _asked(algo, ODD[odd](_table(task)), task)
    assert len(answer.predicted) == len(ASK)
    assert np.isfinite(answer.predicted).all()
    if task == "classification":
        assert answer.shares is not None
        assert answer.shares.shape == (len(ASK), len(ready.classes))
        np.testing.assert_allclose(answer.shares.sum(axis=1), 1, atol=1e-5)


@every_learner
@pytest.mark.parametrize("rows", [1, 2])
def test_it_learns_even_from_so_few_rows(algo: str, task: Task, rows: int) -> None:
    ready, answer = _asked(algo, _table(task), task, learn=_of_both_classes(task)[:rows])
    assert np.isfinite(answer.predicted).all()
    if task == "classification":
        assert set(answer.predicted) <= set(range(len(ready.classes)))


def _of_both_classes(task: Task) -> np.ndarray:
    answers = _table(task)["answer"]
    if task == "regression":
        return LEARN[:3]
    yes, no = np.flatnonzero(answers == "yes"), np.flatnonzero(answers == "no")
    return np.array([yes[0], no[0], no[1]])


@every_learner
@pytest.mark.parametrize("rows", [1, 2])
def test_a_table_of_so_few_rows_is_refused_in_a_sentence(algo: str, task: Task, rows: int) -> None:
    with pytest.raises(CannotTrain) as refusal:
        train(_table(task).iloc[:rows], _spec(algo, task))
    assert refusal.value.code in {"too_few_rows", "target_constant"}


classifiers = pytest.mark.parametrize("algo", [algo for algo, task in PAIRS if task == "classification"])


@classifiers
def test_where_a_fold_has_one_class_that_class_is_the_answer(algo: str) -> None:
    table = _table("classification")
    only_yes = np.flatnonzero(table["answer"] == "yes")[:10]
    ready, answer = _asked(algo, table, "classification", learn=only_yes)
    assert {ready.classes[number] for number in answer.predicted} == {"yes"}
    assert answer.shares is not None
    assert answer.shares[:, ready.classes.index("no")].tolist() == [0.0] * len(ASK)


@classifiers
def test_a_model_of_one_class_is_refused(algo: str) -> None:
    table = _table("classification")
    spec = _spec(algo, "classification")
    ready = prepare(table, spec, ignore)
    with pytest.raises(CannotTrain, match="All training rows are yes") as refusal:
        fit_final(build(spec, ready), ready, np.flatnonzero(table["answer"] == "yes"), spec, Heard())
    assert (refusal.value.code, refusal.value.field) == ("one_class", "split")


@classifiers
def test_a_class_that_only_the_test_has_gets_no_share(algo: str) -> None:
    table = _table("classification").assign(part=np.where(np.arange(ROWS) < TO_LEARN, "train", "test"))
    table.loc[ROWS - 3 :, "answer"] = "maybe"
    split = {"kind": "column", "column": "part"}
    report = train(table, _spec(algo, "classification", split=split, validation=NO_FOLDS))
    told = report.predictions
    assert (told["actual"] == "maybe").sum() == 3
    assert (told["probability_maybe"] == 0).all()
    assert "maybe" not in set(told["predicted"])


@classifiers
def test_a_class_of_one_row_is_learned(algo: str) -> None:
    table = _table("classification")
    table.loc[0, "answer"] = "rare"
    ready, answer = _asked(algo, table, "classification")
    assert answer.shares is not None
    assert np.isfinite(answer.shares[:, ready.classes.index("rare")]).all()


@every_learner
def test_a_model_of_one_row_is_refused(algo: str, task: Task) -> None:
    spec = _spec(algo, task)
    ready = prepare(_table(task), spec, ignore)
    with pytest.raises(CannotTrain, match="A single row is left") as refusal:
        fit_final(build(spec, ready), ready, LEARN[:1], spec, Heard())
    assert (refusal.value.code, refusal.value.field) == ("too_few_rows", "split")


def test_a_gaussian_process_refuses_more_rows_than_suit_it() -> None:
    rows = 2600
    numbers = np.random.default_rng(0).normal(size=rows)
    table = pd.DataFrame({"a": numbers, "answer": numbers * 2})
    with pytest.raises(CannotTrain, match="suits up to 2,000 rows, and there are 2,080") as refusal:
        train(table, _spec("gaussian_process", "regression"))
    assert (refusal.value.code, refusal.value.field) == ("too_many_rows", "model")
