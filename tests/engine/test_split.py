"""Stage 2 deals the rows by chance, fairly and by the seed alone."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.prepare import prepare
from engine.problems import CannotTrain
from engine.split import split
from tests.engine.helpers import Heard, a_regression, a_spec
from tests.engine.splits import fold_of, parts_of, ready_of

FOLDS = {"kind": "kfold", "folds": 5}
REPEATED = {"kind": "repeated", "folds": 4, "repeats": 3}


def test_no_row_learns_and_tests(penguins: pd.DataFrame) -> None:
    parts = parts_of(penguins)
    assert (len(parts.train), len(parts.test)) == (275, 69)
    assert not set(parts.train) & set(parts.test)
    assert (fold_of(parts)[parts.test] == 0).all()
    assert set(fold_of(parts)[parts.train]) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("validation", [FOLDS, REPEATED], ids=["kfold", "repeated"])
def test_each_fold_is_checked_by_what_did_not_see_it(
    penguins: pd.DataFrame, validation: dict[str, Any]
) -> None:
    parts = parts_of(penguins, validation=validation)
    for _, learn, check in parts.each_fold():
        assert not set(learn) & set(check)
        assert set(learn) | set(check) == set(parts.train)


def test_folds_are_numbered_on_from_deal_to_deal(penguins: pd.DataFrame) -> None:
    parts = parts_of(penguins, validation=REPEATED)
    assert parts.folds == 12
    assert [number for number, _, _ in parts.each_fold()] == list(range(1, 13))


def test_each_deal_checks_every_training_row_once_and_otherwise(penguins: pd.DataFrame) -> None:
    parts = parts_of(penguins, validation=REPEATED)
    assert (parts.deals[:, parts.train] > 0).all()
    inside = (parts.deals - 1) % 4
    for one, other in [(0, 1), (0, 2), (1, 2)]:
        assert (inside[one] == inside[other])[parts.train].mean() < 0.4


def test_the_first_deal_is_that_of_plain_folds(penguins: pd.DataFrame) -> None:
    plain = parts_of(penguins, validation={"kind": "kfold", "folds": 4})
    assert (parts_of(penguins, validation=REPEATED).deals[0] == plain.deals[0]).all()


def test_the_model_does_not_move_a_row(penguins: pd.DataFrame) -> None:
    one, other = parts_of(penguins), parts_of(penguins, "random_forest", columns={"drop": ["sex"]})
    assert (one.deals == other.deals).all()


def test_the_seed_moves_rows(penguins: pd.DataFrame) -> None:
    assert (parts_of(penguins).deals != parts_of(penguins, seed=1).deals).any()


@pytest.mark.parametrize(
    "validation",
    [FOLDS, {**FOLDS, "stratify": False}, REPEATED, {**REPEATED, "stratify": False}],
    ids=["stratified", "plain", "repeated", "repeated plain"],
)
def test_keeping_more_rows_aside_moves_no_row_to_another_fold(
    penguins: pd.DataFrame, validation: dict[str, Any]
) -> None:
    few = parts_of(penguins, split={"test_size": 0.1}, validation=validation).deals
    many = parts_of(penguins, split={"test_size": 0.4}, validation=validation).deals
    both = (few > 0) & (many > 0)
    assert both.sum() > 150 * len(few)
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
    ready = ready_of(classes)
    repeated = {"kind": "repeated", "folds": 2, "repeats": 3}
    spec = a_spec(split={"test_size": share}, validation=repeated, seed=seed)
    parts = split(ready, spec, Heard())
    sizes = np.bincount(ready.target)
    tested = np.bincount(ready.target[parts.test], minlength=len(sizes))
    assert (np.abs(tested - sizes * len(parts.test) / sizes.sum()) <= 1.5).all()
    assert sorted([*parts.train, *parts.test]) == list(range(len(classes)))
    for deal in parts.deals:
        for number in np.flatnonzero(sizes):
            of_class = parts.train[ready.target[parts.train] == number]
            assert np.ptp(np.bincount((deal[of_class] - 1) % 2, minlength=2)) <= 1


def test_without_folds_there_are_none(penguins: pd.DataFrame) -> None:
    parts = parts_of(penguins, validation={"kind": "none"})
    assert parts.folds == 0
    assert list(parts.each_fold()) == []


def test_numbers_are_split_by_chance(cars: pd.DataFrame, heard: Heard) -> None:
    spec = a_regression()
    parts = split(prepare(cars, spec, heard), spec, heard)
    assert (len(parts.train), len(parts.test)) == (318, 80)
    assert np.ptp(np.bincount(fold_of(parts)[parts.train])[1:]) <= 1


def test_a_rare_class_is_named(heard: Heard) -> None:
    split(ready_of([0] * 40 + [1] * 40 + [2] * 2), a_spec(), heard)
    assert "Too few rows to be in every part: 2." in heard.sentences()


@pytest.mark.parametrize("rare", [1, 2, 3])
def test_a_tiny_class_among_others_holds_nobody_up(rare: int, heard: Heard) -> None:
    parts = split(ready_of([0] * 40 + [1] * 40 + [2] * rare), a_spec(), heard)
    assert sorted([*parts.train, *parts.test]) == list(range(80 + rare))
    assert "Too few rows to be in every part: 2." in heard.sentences()


def test_the_one_row_of_the_second_class_always_learns(heard: Heard) -> None:
    parts = split(ready_of([0] * 40 + [1]), a_spec(), heard)
    assert fold_of(parts)[40] == 0
    assert all(40 in learn for _, learn, _ in parts.each_fold())
    assert "Too few rows to be in every part: 1." in heard.sentences()


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
            {"validation": {"kind": "repeated", "folds": 10, "repeats": 2}},
            "10 folds are more than there are rows of any",
        ),
        (
            [0, 1] * 5,
            {"validation": {"kind": "kfold", "folds": 20, "stratify": False}},
            "more than there are training",
        ),
        (
            [0, 1] * 20,
            {"model": {"algo": "dense_network", "batch_size": 33}},
            "A batch of 33 is more than the 32",
        ),
    ],
    ids=["folds", "repeats", "rows", "batch"],
)
def test_what_cannot_be_split_is_refused(classes: list[int], more: dict[str, Any], words: str) -> None:
    spec = a_spec().model_validate({**a_spec().model_dump(), **more})
    with pytest.raises(CannotTrain, match=words) as refusal:
        split(ready_of(classes), spec, Heard())
    assert refusal.value.code == "infeasible"


def test_copies_across_the_split_are_counted_and_told(penguins: pd.DataFrame, heard: Heard) -> None:
    twice = pd.concat([penguins, penguins], ignore_index=True)
    spec = a_spec()
    parts = split(prepare(twice, spec, heard), spec, heard)
    of_test = {row % 344 for row in parts.test} & {row % 344 for row in parts.train}
    expected = sum(row % 344 in of_test for row in parts.test)
    assert parts.copies == expected > 50
    assert f"Copies: {expected} of 138 test rows are like a training row" in heard.sentences("log")


def test_rows_that_differ_are_no_copies(penguins: pd.DataFrame, heard: Heard) -> None:
    penguins["nearly"] = np.arange(344) / 1e9
    spec = a_spec()
    assert split(prepare(penguins, spec, heard), spec, heard).copies == 0
    assert "Copies" not in heard.sentences("log")


def test_gaps_in_the_same_places_are_copies() -> None:
    gaps = pd.DataFrame({"x": [np.nan, 1.0, 2.0, None] * 15, "species": ["a", "b"] * 30})
    parts = parts_of(gaps)
    assert parts.copies == len(parts.test)
