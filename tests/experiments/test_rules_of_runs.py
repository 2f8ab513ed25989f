"""A run that cannot be trained is refused before it is queued, in a sentence at its field."""

from typing import Any

import pytest

from datasets.models import DatasetVersion
from engine import learners
from experiments.rules import why_not_run
from experiments.rules.seen import seen
from experiments.rules.widths import why_too_wide
from tests.experiments.profiles import ROWS, a_run, a_version, column

Request = dict[str, Any]
WHEN = column("when", "date", unique=365)
NOTE = column("note", "string", unique=190_000)
CITY = column("city", "categorical", unique=100_000, top=[["Bern", 40], ["Wil", 9]])
BY_WHO = {"split": {"kind": "group", "column": "who"}, "validation": {"kind": "group"}}
WHO = column("who", "categorical", unique=40)


NOTHING_ELSE: Request = {"columns": {"drop": ["x", "y", "w"]}}


def numbers(many: int) -> list[dict[str, Any]]:
    return [column(f"n{i}") for i in range(many)]


def polynomial(degree: int, *columns: str, **more: Any) -> Request:
    return {"features": {"polynomial": {"degree": degree, "columns": list(columns), **more}}}


def special(name: str, **asked: Any) -> Request:
    return {"preprocessing": {"columns": {name: asked}}}


def encode(way: str, **more: Any) -> Request:
    return {"preprocessing": {"categorical": {"encode": way, **more}}}


CANNOT: dict[str, tuple[list[dict[str, Any]], Request, str, str, str]] = {
    "drops a stranger": ([], {"columns": {"drop": ["z"]}}, "columns.drop", "unknown_column", "no column “z”"),
    "reads a stranger": (
        [],
        {"columns": {"kinds": {"z": "numeric"}}},
        "columns.kinds",
        "unknown_column",
        "no column “z”",
    ),
    "treats a stranger": ([], special("z"), "preprocessing.columns", "unknown_column", "no column “z”"),
    "powers of a stranger": ([], polynomial(2, "z"), "features.polynomial.columns", "unknown_column", "“z”"),
    "reads times as numbers": (
        [WHEN],
        {"columns": {"kinds": {"when": "numeric"}}},
        "columns.kinds",
        "wrong_kind",
        "“when” holds times and cannot be read as numbers. Read it as a date.",
    ),
    "drops all": (
        [],
        NOTHING_ELSE,
        "columns.drop",
        "no_features",
        "Every column is left out. Keep one.",
    ),
    "keeps what never changes": (
        [column("x", unique=1)],
        {"columns": {"drop": ["y", "w"]}},
        "columns.drop",
        "no_features",
        "Nothing can be learned from the columns that are left, such as “x”",
    ),
    "keeps a text alone": ([NOTE], NOTHING_ELSE, "columns.drop", "no_features", "“note”"),
    "makes of the target": (
        [],
        {"features": {"interactions": [["x", "species"]]}},
        "features.interactions",
        "unknown_column",
        "The model does not see “species”: it is the target or left out.",
    ),
    "makes of what is dropped": (
        [],
        {"columns": {"drop": ["x"]}, "features": {"logs": ["x"]}},
        "features.logs",
        "unknown_column",
        "does not see “x”",
    ),
    "multiplies words": (
        [],
        {"features": {"ratios": [["x", "w"]]}},
        "features.ratios",
        "wrong_kind",
        "“w” holds words, and this takes numbers.",
    ),
    "averages by numbers": (
        [],
        {"features": {"group_means": [{"of": "x", "by": "y"}]}},
        "features.group_means",
        "wrong_kind",
        "“y” holds numbers, and this takes words.",
    ),
    "scales words": (
        [],
        special("w", scale="robust"),
        "preprocessing.columns.w.scale",
        "infeasible",
        "w holds words",
    ),
    "encodes numbers": (
        [],
        special("x", encode="target"),
        "preprocessing.columns.x.encode",
        "infeasible",
        "x holds numbers",
    ),
    "fills words from neighbours": (
        [],
        special("w", missing="knn"),
        "preprocessing.columns.w.missing",
        "infeasible",
        "w holds words",
    ),
    "fills from no numbers": (
        [],
        {"columns": {"drop": ["x", "y"]}, "preprocessing": {"numeric": {"missing": "knn"}}},
        "preprocessing.numeric.missing",
        "no_numbers",
        "knn fills gaps from numbers alone",
    ),
    "fills from too many": (
        numbers(201),
        {"preprocessing": {"numeric": {"missing": "iterative"}}},
        "preprocessing.numeric.missing",
        "too_many_columns",
        "200 at most, and there are 203.",
    ),
    "powers of many": (
        numbers(40),
        polynomial(4),
        "features.polynomial",
        "too_many_columns",
        "This makes 163,142 powers and products; at most 5,000 are made.",
    ),
    "powers of no numbers": (
        [],
        {"columns": {"drop": ["x", "y"]}, **polynomial(2)},
        "features.polynomial",
        "no_numbers",
        "No column of numbers is left",
    ),
    "products of one": (
        [],
        {"columns": {"drop": ["x"]}, **polynomial(2, interaction_only=True)},
        "features.polynomial",
        "no_numbers",
        "Products take two columns of numbers, and this has one.",
    ),
    "ranges of no numbers": (
        [],
        {"columns": {"drop": ["x", "y"]}, "features": {"bins": {}}},
        "features.bins",
        "no_numbers",
        "No column of numbers is left",
    ),
    "a column for each word": (
        [CITY],
        encode("one_hot", min_frequency=0),
        "preprocessing.categorical.encode",
        "too_many_columns",
        "One-hot would make 100,003 columns, 100,000 of them of “city”; at most 10,000 are made.",
    ),
    "a column for each word of one": (
        [CITY],
        special("city", encode="one_hot", min_frequency=0),
        "preprocessing.columns.city.encode",
        "too_many_columns",
        "One-hot would make",
    ),
    "all words are rare": (
        [CITY],
        {},
        "preprocessing.categorical.encode",
        "too_many_columns",
        "“city” has 100,000 different words, each in less than 1 % of the rows",
    ),
    "many columns of words": (
        [column(f"c{i}", "categorical", unique=200) for i in range(100)],
        encode("one_hot"),
        "preprocessing.categorical.encode",
        "too_many_columns",
        "One-hot would make 10,103 columns, 101 of them",
    ),
    "words and nearest neighbours": (
        [NOTE],
        {"model": {"algo": "knn"}, "features": {"text": {}}},
        "model",
        "infeasible",
        "Condense the words to topics",
    ),
    "words and nearest neighbours among others": (
        [NOTE],
        {
            "model": {"algo": "voting", "members": [{"algo": "dummy"}, {"algo": "knn"}]},
            "features": {"text": {}},
        },
        "model",
        "infeasible",
        "Condense the words to topics",
    ),
    "too many rows for a process": (
        [],
        {"model": {"algo": "gaussian_process"}},
        "model",
        "too_many_rows",
        "suits up to 2,000 rows, and there are 160,000 to learn from",
    ),
    "a threshold of three classes": (
        [],
        {"evaluation": {"threshold": "f1"}},
        "evaluation.threshold",
        "infeasible",
        "“species” has 3 classes, and a decision threshold needs two.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("columns", "request_", "field", "code", "words"), CANNOT.values(), ids=CANNOT)
def test_a_run_that_cannot_be_trained_is_refused_at_its_field(
    columns: list[dict[str, Any]], request_: Request, field: str, code: str, words: str
) -> None:
    refused = why_not_run(a_version(*columns, rows=200_000), a_run(**request_))
    assert refused is not None
    assert words in refused.detail
    assert (refused.code, refused.field) == (code, field)
    assert refused.detail.endswith(".")


CAN: dict[str, tuple[list[dict[str, Any]], Request]] = {
    "as it is": ([], {}),
    "dates": ([WHEN], {}),
    "texts": ([NOTE], {"features": {"text": {}}}),
    "texts as neighbours by topics": ([NOTE], {"model": {"algo": "knn"}, "features": {"text": {"svd": 20}}}),
    "neighbours beside a text that is left out": ([NOTE], {"model": {"algo": "knn"}}),
    "many words by target": ([CITY], encode("target")),
    "many words by frequency": ([CITY], encode("frequency")),
    "many words by hashing": ([CITY], encode("hashing")),
    "many words of one by hashing": ([CITY], special("city", encode="hashing")),
    "many words that are left out": ([CITY], {"columns": {"drop": ["city"]}}),
    "some frequent words of many": ([{**CITY, "top": [["Bern", 90_000]]}], {}),
    "few powers of many": (numbers(40), polynomial(4, "x", "y")),
    "squares of many": (numbers(60), polynomial(2)),
    "gaps from neighbours": ([], {"preprocessing": {"numeric": {"missing": "knn"}}}),
    "gaps from others": (numbers(100), {"preprocessing": {"numeric": {"missing": "iterative"}}}),
    "more to keep than there are": ([], {"features": {"selection": {"k": 500}}}),
    "numbers as words": ([], {"columns": {"kinds": {"x": "categorical"}}, **special("x", encode="target")}),
}


@pytest.mark.parametrize(("columns", "request_"), CAN.values(), ids=CAN)
def test_a_run_that_can_be_trained_stands(columns: list[dict[str, Any]], request_: Request) -> None:
    assert why_not_run(a_version(*columns, rows=200_000), a_run(**request_)) is None


@pytest.mark.parametrize(
    "algo", [algo for algo, one in learners.CATALOG.items() if "classification" in one.tasks]
)
def test_every_learner_may_be_asked_with_what_it_comes_with(algo: str) -> None:
    assert why_not_run(a_version(), a_run(algo)) is None


def test_a_column_of_groups_is_not_learned_from() -> None:
    run = a_run(question=BY_WHO, columns={"drop": ["x", "y", "w"]})
    refused = why_not_run(a_version(WHO), run)
    assert refused is not None
    assert refused.code == "no_features"


def test_a_target_below_0_has_no_logarithm() -> None:
    question = {"task": "regression", "target": "x"}
    run = a_run("linear_regression", question, preprocessing={"target": "log"})
    refused = why_not_run(a_version(column("x", min=-2.5)), run)
    assert refused is not None
    assert (
        refused.detail
        == "“x” goes down to -2.5, and numbers below 0 have no logarithm. Choose power or none."
    )
    assert why_not_run(a_version(column("x", min=0)), run) is None


@pytest.mark.parametrize(
    ("question", "target", "words"),
    [
        ({"validation": {"kind": "none"}}, column("species", "categorical", unique=2), "tuned on folds"),
        ({"task": "regression", "target": "x"}, column("x"), "“x” is a number"),
    ],
    ids=["no folds", "numbers"],
)
def test_a_threshold_needs_folds_and_classes(question: Request, target: dict[str, Any], words: str) -> None:
    algo = "linear_regression" if "task" in question else "logistic_regression"
    refused = why_not_run(a_version(target), a_run(algo, question, evaluation={"threshold": "mcc"}))
    assert refused is not None
    assert words in refused.detail
    assert refused.field == "evaluation.threshold"


def test_a_threshold_of_two_classes_may_be_tuned() -> None:
    two = column("species", "categorical", unique=2)
    assert why_not_run(a_version(two), a_run(evaluation={"threshold": "mcc"})) is None


def test_numbers_that_do_not_fit_into_memory_are_refused(settings: Any) -> None:
    settings.RUN_MEMORY = 10**9
    version = a_version(*numbers(98), rows=2_000_000)
    refused = why_not_run(version, a_run())
    assert refused is not None
    assert (refused.code, refused.field) == ("exceeds_memory", "columns.drop")
    assert (
        refused.detail
        == "100 columns of 1,600,000 rows take 1.28\xa0GB, and a run may use 1.00\xa0GB. Use fewer columns."
    )
    halves = a_run("xgboost")  # it takes numbers of half the size
    assert why_too_wide(version, halves, seen(version, halves)) is None


def test_products_that_do_not_fit_into_memory_are_refused_where_they_are_asked_for(settings: Any) -> None:
    settings.RUN_MEMORY = 10**9
    refused = why_not_run(a_version(*numbers(88), rows=100_000), a_run(**polynomial(2)))
    assert refused is not None
    assert (refused.code, refused.field) == ("exceeds_memory", "features.polynomial")
    assert "Use fewer columns or a lower degree." in refused.detail


def test_columns_are_seen_as_the_engine_reads_them() -> None:
    version: DatasetVersion = a_version(
        WHEN,
        NOTE,
        column("truth", "bool", unique=2),
        column("code", "int64", unique=3),
        column("never", unique=1),
        column("shot", "image"),
        column("few", "string", unique=20, missing=ROWS - 21),
    )
    assert seen(version, a_run()) == {
        "x": "numeric",
        "y": "numeric",
        "w": "categorical",
        "when": "date",
        "truth": "categorical",
        "code": "numeric",
        "few": "categorical",
    }
    asked = a_run(features={"dates": False, "text": {}}, columns={"kinds": {"code": "categorical"}})
    assert seen(version, asked) == {
        "x": "numeric",
        "y": "numeric",
        "w": "categorical",
        "note": "text",
        "truth": "categorical",
        "code": "categorical",
        "few": "categorical",
    }
