"""Whether the rows can be split as an experiment asks: its groups, its times, its test rows, its folds."""

import re
from collections.abc import Callable

from datasets.models import DatasetVersion
from engine.choices.parts import (
    ColumnSplit,
    GroupKFold,
    Holdout,
    KFold,
    NoValidation,
    RepeatedKFold,
    TimeFolds,
    TimeSplit,
    goes_by,
    most_kept_aside,
    validation_column,
    why_not_together,
)
from engine.spec import ExperimentSpec
from engine.words import listed
from experiments.rules.question import Column
from web.problems import Invalid

_DATE = re.compile(r"\d{4}(-?\d{2}(-?\d{2}([T ].*)?)?)?")
_LISTED = 5
_KEPT = 80

Rule = Callable[[DatasetVersion, ExperimentSpec], Invalid | None]


def why_not_parts(version: DatasetVersion, spec: ExperimentSpec) -> Invalid | None:
    """Why the rows cannot be split like this; None where they can."""
    if refusal := why_not_together(spec.split, spec.validation, spec.target):
        return _no(refusal[1], refusal[0])
    rules: tuple[Rule, ...] = (
        _why_no_column,
        _why_no_order,
        _why_no_test,
        _why_no_folds,
        _why_no_class_folds,
    )
    return next((found for rule in rules if (found := rule(version, spec))), None)


def remarks(version: DatasetVersion, spec: ExperimentSpec) -> list[str]:
    """What stops nothing and is worth knowing: classes that are too small to be in every fold."""
    validation, column = spec.validation, version.column(spec.target)
    if spec.task != "classification" or column is None or isinstance(validation, NoValidation):
        return []
    tiny = [f"{word} ({count:,})" for word, count in column.get("top") or [] if count < validation.folds]
    if not tiny:
        return []
    text = f"Some classes of {spec.target} have fewer rows than the {validation.folds} folds: {listed(tiny)}."
    return [f"{text} Folds without a class say nothing of it."]


def training_rows(version: DatasetVersion, spec: ExperimentSpec) -> int:
    """Rows that have an answer and are not kept aside for the test, as far as can be told."""
    column = version.column(spec.target)
    rows = (version.rows or 0) - (column["missing"] if column else 0)
    if isinstance(spec.split, ColumnSplit):
        return rows - min(rows, _test_rows(version.column(spec.split.column), spec.split.test_value) or 0)
    return rows - round(rows * most_kept_aside(spec.split))


def _why_no_column(version: DatasetVersion, spec: ExperimentSpec) -> Invalid | None:
    for field, name in goes_by(spec.split, spec.validation).items():
        column = version.column(name)
        if column is None:
            text = f"There is no column “{name[:100]}” in this version of the dataset."
            return _no(f"{text} Choose one of its columns.", field, code="unknown_column")
        if column["missing"] >= (version.rows or 0):
            return _no(f"“{name}” has no values at all. Choose another column.", field)
        says_it = field == "split.column" and isinstance(spec.split, ColumnSplit)
        if column["unique"] <= 1 and not (says_it and column["missing"]):
            return _no(f"“{name}” has the same value in every row. Choose another column.", field)
    return None


def _why_no_order(version: DatasetVersion, spec: ExperimentSpec) -> Invalid | None:
    """Times are numbers or dates."""
    named = goes_by(spec.split, spec.validation)
    for field, choice in {"split.column": spec.split, "validation.column": spec.validation}.items():
        if not isinstance(choice, TimeSplit | TimeFolds):
            continue
        column = version.column(named[field])
        if column and not _has_order(column):
            text = f"“{column['name']}” holds neither dates nor numbers, so it cannot order the rows."
            return _no(f"{text} Choose another column.", field)
    return None


def _has_order(column: Column) -> bool:
    if column["type"] in ("int64", "float64", "datetime"):
        return True
    shown = column.get("examples") or []
    return column["type"] == "string" and bool(shown) and all(_DATE.fullmatch(str(value)) for value in shown)


def _why_no_test(version: DatasetVersion, spec: ExperimentSpec) -> Invalid | None:
    """A column that says which rows test must say it of some, and not of all."""
    if not isinstance(spec.split, ColumnSplit):
        return None
    column, value = version.column(spec.split.column), spec.split.test_value
    tested = _test_rows(column, value)
    if column is None or tested is None:
        return None
    if tested == 0:
        text = f"No row has “{value[:100]}” in “{column['name']}”, so there is no test."
        return _no(f"{text} {_what_there_is(column)}", "split.test_value")
    if tested >= (version.rows or 0):
        text = f"Every row has “{value[:100]}” in “{column['name']}”, so none is left to learn from."
        return _no(text, "split.test_value")
    return None


def _what_there_is(column: Column) -> str:
    if column["unique"] <= len(column.get("top") or []):
        return f"Its values are {', '.join(_words(column)[:_LISTED])}."
    return f"Its values go from {column['min']:,} to {column['max']:,}."


def _test_rows(column: Column | None, value: str) -> int | None:
    """How many rows have this value; None where that cannot be told from the profile."""
    if column is None:
        return None
    if column["type"] in ("int64", "float64") and not _lies_in(column, value):
        return 0
    if column["unique"] > len(column.get("top") or []):
        return None
    counts = zip(_words(column), column["top"], strict=True)
    return sum(int(count) for word, (_, count) in counts if _is_cut_from(value, word))


def _lies_in(column: Column, value: str) -> bool:
    """Whether a column of numbers can hold this one; its ends say."""
    low, high = column.get("min"), column.get("max")
    try:
        number = float(value)
    except ValueError:
        return False
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return True
    return low <= number <= high


def _is_cut_from(value: str, word: str) -> bool:
    """A profile keeps the beginning of a long word."""
    return value.startswith(word) if len(word) >= _KEPT else value == word


def _words(column: Column) -> list[str]:
    """The values of a column as the engine reads them as words: 3.0 is "3"."""
    return [
        str(word).removesuffix(".0") if column["type"] == "float64" else str(word)
        for word, _ in column["top"]
    ]


def _why_no_folds(version: DatasetVersion, spec: ExperimentSpec) -> Invalid | None:
    if isinstance(spec.validation, NoValidation):
        return None
    kept, folds = training_rows(version, spec), spec.validation.folds
    if folds > kept // 2:
        text = f"{folds} folds need more than the {kept:,} rows to train on. Use fewer folds."
        return _no(text, "validation.folds")
    return _why_no_different(version, spec, folds)


def _why_no_different(version: DatasetVersion, spec: ExperimentSpec, folds: int) -> Invalid | None:
    """Each fold takes a group or a time of its own, the test another, and what learns first one more."""
    name = validation_column(spec.split, spec.validation)
    column = version.column(name) if name is not None else None
    if column is None:
        return None
    by_time = isinstance(spec.validation, TimeFolds)
    of_test = not isinstance(spec.split, Holdout) and spec.split.column == name
    needed, there = folds + by_time + of_test, column["unique"] + _gap_is_a_group(column, spec)
    if there >= needed:
        return None
    what = "times" if by_time else "groups"
    besides = ", that of the test among them" if of_test else ""
    text = (
        f"{folds} folds need {needed} different {what}{besides}, and “{name}” has {there:,}. Use fewer folds."
    )
    return _no(text, "validation.folds")


def _gap_is_a_group(column: Column, spec: ExperimentSpec) -> bool:
    return isinstance(spec.validation, GroupKFold) and column["missing"] > 0


def _why_no_class_folds(version: DatasetVersion, spec: ExperimentSpec) -> Invalid | None:
    """Folds that keep the classes' shares need as many rows of one class; a rarer one is only warned of."""
    validation, column = spec.validation, version.column(spec.target)
    by_class = isinstance(validation, KFold | RepeatedKFold) and validation.stratify
    if not by_class or spec.task != "classification" or column is None or not column.get("top"):
        return None
    most = column["top"][0][1]
    if isinstance(validation, NoValidation) or validation.folds <= most:
        return None
    text = f"{validation.folds} folds are more than the {most:,} rows of the most common class."
    return _no(f"{text} Use fewer folds.", "validation.folds")


def _no(sentence: str, field: str, *, code: str = "infeasible") -> Invalid:
    return Invalid(sentence, code=code, field=field)
