"""Stage 2 deals the rows fairly, by the seed alone."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.prepare import Ready, prepare
from engine.problems import CannotTrain
from engine.split import Parts, split
from tests.engine.helpers import Heard, a_regression, a_spec


def _ready(classes: list[int]) -> Ready:
    target = np.array(classes)
    return Ready(
        task="classification",
        features=pd.DataFrame({"x": np.arange(len(target), dtype="float64")}),
        kinds={"x": "numeric"},
        target=target,
        classes=tuple(str(number) for number in range(target.max() + 1)),
        rows=np.arange(len(target)),
        without_target=0,
    )


def _parts(table: pd.DataFrame, algo: str = "logistic_regression", **more: Any) -> Parts:
    spec = a_spec(algo, **more)
    return split(prepare(table, spec, Heard()), spec, Heard())


def test_no_row_learns_and_tests(penguins: pd.DataFrame) -> None:
    parts = _parts(penguins)
    assert (len(parts.train), len(parts.test)) == (275, 69)
    assert not set(parts.train) & set(parts.test)
    assert (parts.fold[parts.test] == 0).all()
    assert set(parts.fold[parts.train]) == {1, 2, 3, 4, 5}


def test_each_fold_is_checked_by_what_did_not_see_it(penguins: pd.DataFrame) -> None:
    parts = _parts(penguins)
    for _, learn, check in parts.each_fold():
        assert not set(learn) & set(check)
        assert set(learn) | set(check) == set(parts.train)


def test_the_model_does_not_move_a_row(penguins: pd.DataFrame) -> None:
    one, other = _parts(penguins), _parts(penguins, "random_forest", columns={"drop": ["sex"]})
    assert (one.fold == other.fold).all()


def test_the_seed_moves_rows(penguins: pd.DataFrame) -> None:
    assert (_parts(penguins).fold != _parts(penguins, seed=1).fold).any()


@pytest.mark.parametrize("more", [{}, {"validation": {"kind": "kfold", "stratify": False}}])
def test_keeping_more_rows_aside_moves_no_row_to_another_fold(
    penguins: pd.DataFrame, more: dict[str, Any]
) -> None:
    few = _parts(penguins, split={"test_size": 0.1}, **more).fold
    many = _parts(penguins, split={"test_size": 0.4}, **more).fold
    both = (few > 0) & (many > 0)
    assert both.sum() > 150
    assert (few[both] == many[both]).all()


@given(
    classes=st.lists(st.integers(0, 3), min_size=30, max_size=300).filter(
        lambda c: min(np.bincount(c, minlength=2)[:2]) > 8
    ),
    share=st.floats(0.05, 0.5),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_every_part_keeps_the_proportions(classes: list[int], share: float, seed: int) -> None:
    ready = _ready(classes)
    spec = a_spec(split={"test_size": share}, validation={"kind": "kfold", "folds": 2}, seed=seed)
    parts = split(ready, spec, Heard())
    sizes = np.bincount(ready.target)
    tested = np.bincount(ready.target[parts.test], minlength=len(sizes))
    assert (np.abs(tested - sizes * len(parts.test) / sizes.sum()) <= 1.5).all()
    for number in np.flatnonzero(sizes):
        in_folds = np.bincount(parts.fold[parts.train][ready.target[parts.train] == number], minlength=3)[1:]
        assert np.ptp(in_folds) <= 1


def test_without_folds_there_are_none(penguins: pd.DataFrame) -> None:
    assert _parts(penguins, validation={"kind": "none"}).folds == 0


def test_numbers_are_split_by_chance(cars: pd.DataFrame, heard: Heard) -> None:
    spec = a_regression()
    parts = split(prepare(cars, spec, heard), spec, heard)
    assert (len(parts.train), len(parts.test)) == (318, 80)
    assert np.ptp(np.bincount(parts.fold[parts.train])[1:]) <= 1


def test_a_rare_class_is_named(heard: Heard) -> None:
    split(_ready([0] * 40 + [1] * 40 + [2] * 2), a_spec(), heard)
    assert "Too few rows to be in every part: 2." in heard.sentences()


def test_the_parts_are_told(penguins: pd.DataFrame, heard: Heard) -> None:
    spec = a_spec()
    split(prepare(penguins, spec, heard), spec, heard)
    assert "Split: 275 training rows in 5 folds, 69 test rows, seed 42." in heard.sentences("log")


@pytest.mark.parametrize(
    ("classes", "more", "words"),
    [
        (
            [0, 1] * 5,
            {"validation": {"kind": "kfold", "folds": 10}},
            "10 folds are more than there are rows of any",
        ),
        (
            [0, 1] * 5,
            {"validation": {"kind": "kfold", "folds": 20, "stratify": False}},
            "more than there are training",
        ),
        ([0] * 40 + [1], {}, "too few rows of its rarer class"),
        (
            [0, 1] * 20,
            {"model": {"algo": "dense_network", "batch_size": 33}},
            "A batch of 33 is more than the 32",
        ),
    ],
)
def test_what_cannot_be_split_is_refused(classes: list[int], more: dict[str, Any], words: str) -> None:
    spec = a_spec().model_validate({**a_spec().model_dump(), **more})
    with pytest.raises(CannotTrain, match=words) as refusal:
        split(_ready(classes), spec, Heard())
    assert refusal.value.code == "infeasible"
