"""A split that the rows do not allow is refused before an experiment is made of it."""

from typing import Any

import pytest

from experiments.rules import remarks, why_not_parts
from experiments.rules.parts import training_rows
from tests.experiments.profiles import ROWS, a_question, a_version, column

GROUP = {"kind": "group", "column": "who"}
TIME = {"kind": "time", "column": "when"}
PART = {"kind": "column", "column": "part"}
NONE = {"kind": "none"}

WHO = column("who", "categorical", unique=40)
WHEN = column("when", "date", unique=365)
PARTS = column("part", "categorical", unique=2, top=[["train", 800], ["test", 200]])
TRUTH = column("part", "bool", unique=2, top=[["false", 9], ["true", 1]])
SHARES = column("part", "float64", unique=2, top=[["0.0", 9], ["1.0", 1]])
BESIDE_GAPS = column("part", "categorical", unique=1, missing=800, top=[["test", 200]])
PATIENTS = column("who", "int64", unique=200)

CAN: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "by chance": ([], {}),
    "no folds": ([], {"validation": NONE}),
    "groups": ([WHO], {"split": GROUP, "validation": {"kind": "group"}}),
    "groups of numbers": ([PATIENTS], {"split": GROUP, "validation": {"kind": "group"}}),
    "groups of folds alone": ([WHO], {"validation": {**GROUP, "folds": 20}}),
    "dates": ([WHEN], {"split": TIME, "validation": {"kind": "time"}}),
    "numbers as time": ([column("when", "int64")], {"split": TIME, "validation": NONE}),
    "dates as text": (
        [column("when", "string", examples=["2026-01-31", "2026-02-01"])],
        {"split": TIME, "validation": NONE},
    ),
    "years as text": ([column("when", "string", examples=["1999", "2000"])], {"split": TIME}),
    "times with a clock": ([column("when", "string", examples=["2026-01-31 08:00:00"])], {"split": TIME}),
    "a column": ([PARTS], {"split": PART}),
    "a truth": ([TRUTH], {"split": {**PART, "test_value": "true"}}),
    "a number": ([SHARES], {"split": {**PART, "test_value": "1"}}),
    "a column of many values": ([column("part", "categorical", unique=50)], {"split": PART}),
    "a number of many": ([column("part", min=1, max=9)], {"split": {**PART, "test_value": "2"}}),
    "a value beside gaps": ([BESIDE_GAPS], {"split": PART}),
    "a long value": (
        [column("part", "categorical", unique=2, top=[["a" * 80, 9], ["b", 1]])],
        {"split": {**PART, "test_value": "a" * 200}},
    ),
    "repeats": ([], {"validation": {"kind": "repeated", "folds": 10, "repeats": 10}}),
    "gaps are a group": ([column("who", "categorical", unique=4, missing=9)], {"validation": GROUP}),
    "more folds than a rare class": (
        [column("species", "categorical", top=[["a", 990], ["b", 8], ["c", 2]])],
        {"validation": {"kind": "kfold", "folds": 20}},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("columns", "question"), CAN.values(), ids=CAN)
def test_a_split_that_the_rows_allow_stands(columns: list[dict[str, Any]], question: dict[str, Any]) -> None:
    assert why_not_parts(a_version(*columns), a_question(**question)) is None


ONE = column("who", "categorical", unique=1)
CANNOT: list[tuple[list[dict[str, Any]], dict[str, Any], str, str]] = [
    ([], {"split": GROUP}, "split.column", "There is no column “who”"),
    ([], {"split": TIME}, "split.column", "There is no column “when”"),
    ([], {"split": PART}, "split.column", "There is no column “part”"),
    ([], {"validation": GROUP}, "validation.column", "There is no column “who”"),
    ([], {"validation": TIME}, "validation.column", "There is no column “when”"),
    ([], {"validation": {"kind": "group"}}, "validation.column", "Say which column holds the groups"),
    ([], {"validation": {"kind": "time"}}, "validation.column", "Say which column holds the time"),
    ([WHO], {"split": GROUP, "validation": {"kind": "time"}}, "validation.column", "Say which column"),
    ([], {"split": {**GROUP, "column": "species"}}, "split.column", "is what is to be predicted"),
    ([], {"validation": {**GROUP, "column": "species"}}, "validation.column", "is what is to be predicted"),
    ([column("who", missing=ROWS, unique=0)], {"split": GROUP}, "split.column", "“who” has no values at all"),
    ([ONE], {"split": GROUP}, "split.column", "“who” has the same value in every row"),
    ([column("when", unique=1)], {"split": TIME}, "split.column", "“when” has the same value"),
    ([column("part", "categorical", unique=1)], {"split": PART}, "split.column", "“part” has the same value"),
    ([], {"split": {**TIME, "column": "w"}}, "split.column", "“w” holds neither dates nor numbers"),
    ([], {"validation": {**TIME, "column": "w"}}, "validation.column", "neither dates nor numbers"),
    ([column("when", "bool", unique=2)], {"split": TIME}, "split.column", "neither dates nor numbers"),
    (
        [column("when", "string", examples=["2026-01-31", "soon"])],
        {"split": TIME},
        "split.column",
        "neither dates nor numbers",
    ),
    (
        [PARTS],
        {"split": {**PART, "test_value": "holdout"}},
        "split.test_value",
        "No row has “holdout” in “part”, so there is no test. Its values are train, test.",
    ),
    (
        [column("part", "categorical", unique=1, missing=5, top=[["test", ROWS]])],
        {"split": PART},
        "split.test_value",
        "Every row has “test” in “part”",
    ),
    (
        [column("part", min=1.5, max=2000.0)],
        {"split": PART},
        "split.test_value",
        "No row has “test” in “part”, so there is no test. Its values go from 1.5 to 2,000.0.",
    ),
    (
        [column("part", "int64", min=1, max=12)],
        {"split": {**PART, "test_value": "13"}},
        "split.test_value",
        "Its values go from 1 to 12.",
    ),
    (
        [column("who", "categorical", unique=5)],
        {"split": GROUP, "validation": {"kind": "group"}},
        "validation.folds",
        "5 folds need 6 different groups, that of the test among them, and “who” has 5.",
    ),
    (
        [column("who", "categorical", unique=4)],
        {"validation": GROUP},
        "validation.folds",
        "5 folds need 5 different groups, and “who” has 4. Use fewer folds.",
    ),
    (
        [column("when", unique=6)],
        {"split": TIME, "validation": {"kind": "time"}},
        "validation.folds",
        "5 folds need 7 different times, that of the test among them, and “when” has 6.",
    ),
    (
        [column("species", "categorical", unique=300, top=[["a", 7], ["b", 7]])],
        {"validation": {"kind": "kfold", "folds": 8}},
        "validation.folds",
        "8 folds are more than the 7 rows of the most common class.",
    ),
    (
        [column("species", "categorical", unique=300, top=[["a", 7], ["b", 7]])],
        {"validation": {"kind": "repeated", "folds": 8}},
        "validation.folds",
        "rows of the most common class",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "question", "field", "words"), CANNOT, ids=[f"{one[2]} {one[3][:30]}" for one in CANNOT]
)
def test_a_split_that_the_rows_do_not_allow_is_refused_at_its_field(
    columns: list[dict[str, Any]], question: dict[str, Any], field: str, words: str
) -> None:
    refused = why_not_parts(a_version(*columns), a_question(**question))
    assert refused is not None
    assert words in refused.detail
    assert [error["field"] for error in refused.errors] == [field]
    assert refused.detail.endswith(".")


@pytest.mark.parametrize(
    "validation",
    [
        {"kind": "kfold", "folds": 20},
        {"kind": "repeated", "folds": 20},
        {**GROUP, "folds": 20},
        {**TIME, "folds": 20},
    ],
    ids=lambda validation: validation["kind"],
)
def test_more_folds_than_half_the_rows_are_refused(validation: dict[str, Any]) -> None:
    version = a_version(column("who", unique=30), column("when", unique=30), rows=30)
    refused = why_not_parts(version, a_question(validation=validation))
    assert refused is not None
    assert refused.detail == "20 folds need more than the 24 rows to train on. Use fewer folds."


def test_classes_of_any_size_may_be_dealt_without_their_shares() -> None:
    rare = column("species", "categorical", unique=300, top=[["a", 7], ["b", 7]])
    question = a_question(validation={"kind": "kfold", "folds": 8, "stratify": False})
    assert why_not_parts(a_version(rare), question) is None


def test_numbers_have_no_class_to_be_too_small() -> None:
    few = column("y", unique=5, top=[["1.0", 3], ["2.0", 2]])
    question = a_question(task="regression", target="y", validation={"kind": "kfold", "folds": 8})
    assert why_not_parts(a_version(few), question) is None


@pytest.mark.parametrize(
    ("columns", "question", "rows"),
    [
        ([], {}, 800),
        ([], {"split": {"test_size": 0.5}}, 500),
        ([column("species", "categorical", missing=100)], {}, 720),
        ([PARTS], {"split": PART}, 800),
        ([column("part", "categorical", unique=50)], {"split": PART}, 1000),
    ],
    ids=["a fifth", "a half", "gaps", "as a column says", "as nobody knows"],
)
def test_training_rows_are_those_that_are_left(
    columns: list[dict[str, Any]], question: dict[str, Any], rows: int
) -> None:
    assert training_rows(a_version(*columns), a_question(**question)) == rows


TINY = column("species", "categorical", top=[["a", 980], ["b", 4], ["c", 1]])


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({}, "Some classes of species have fewer rows than the 5 folds: b (4) and c (1)."),
        ({"validation": {"kind": "kfold", "folds": 3}}, "fewer rows than the 3 folds: c (1)."),
        (
            {"validation": {"kind": "repeated", "folds": 3, "repeats": 9}},
            "fewer rows than the 3 folds: c (1).",
        ),
        ({"validation": NONE}, ""),
        ({"task": "regression", "target": "x"}, ""),
    ],
    ids=["five folds", "three folds", "repeats", "no folds", "numbers"],
)
def test_classes_too_small_for_every_fold_are_told_and_stop_nothing(
    question: dict[str, Any], said: str
) -> None:
    spec = a_question(**question)
    found = remarks(a_version(TINY), spec)
    assert [said in sentence for sentence in found] == [True] * bool(said)
    assert why_not_parts(a_version(TINY), spec) is None


def test_classes_that_are_in_every_fold_are_no_remark() -> None:
    assert remarks(a_version(), a_question()) == []
