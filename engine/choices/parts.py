"""Who learns and who tests: how rows are kept aside, and how the others are checked in folds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from engine.choices.columns import Name
from engine.settings import Settings

_SIZE = "Share of the rows that only the final test sees."
_FOLDS = "Each fold is predicted by a model that did not see it."
_LIKE_CLASSES = "Each part gets the same share of every class."


class Holdout(Settings):
    """Keep some rows aside for one honest test at the end."""

    kind: Literal["holdout"] = Field("holdout", title="Split", description="Rows are kept aside by chance.")
    test_size: float = Field(0.2, ge=0.05, le=0.5, title="Kept aside", description=_SIZE)
    stratify: bool = Field(True, title="Keep proportions", description=_LIKE_CLASSES)


class GroupSplit(Settings):
    """Keep whole groups aside: no patient, customer or machine is in both parts."""

    kind: Literal["group"] = Field("group", title="Split", description="Whole groups are kept aside.")
    column: Name = Field(title="Group", description="Rows with the same value here stay together.")
    test_size: float = Field(0.2, ge=0.05, le=0.5, title="Kept aside", description=_SIZE)


class TimeSplit(Settings):
    """Keep the latest rows aside: the test is the future of what was learned."""

    kind: Literal["time"] = Field("time", title="Split", description="The latest rows are kept aside.")
    column: Name = Field(title="Time", description="The column that orders the rows.")
    test_size: float = Field(0.2, ge=0.05, le=0.5, title="Kept aside", description=_SIZE)


class ColumnSplit(Settings):
    """A column says which rows are the test."""

    kind: Literal["column"] = Field("column", title="Split", description="A column says which rows test.")
    column: Name = Field(title="Column", description="The column that says it. The model does not see it.")
    test_value: str = Field(
        "test", min_length=1, max_length=1000, title="Test rows", description="Its value in the test rows."
    )


class NoValidation(Settings):
    """No folds: only the final test. Faster, and less sure."""

    kind: Literal["none"] = Field("none", title="Validation", description="Only the final test.")


class KFold(Settings):
    """Train and check again in folds, so that runs can be compared with their spread."""

    kind: Literal["kfold"] = Field(
        "kfold", title="Validation", description="The training rows are checked in folds."
    )
    folds: int = Field(5, ge=2, le=20, title="Folds", description=_FOLDS)
    stratify: bool = Field(True, title="Keep proportions", description=_LIKE_CLASSES)


class GroupKFold(Settings):
    """Folds of whole groups."""

    kind: Literal["group"] = Field("group", title="Validation", description="Folds of whole groups.")
    column: Name | None = Field(
        None, title="Group", description="Rows with the same value stay together. Empty takes the split's."
    )
    folds: int = Field(5, ge=2, le=20, title="Folds", description=_FOLDS)


class TimeFolds(Settings):
    """Each fold is the time after all that it learned from."""

    kind: Literal["time"] = Field("time", title="Validation", description="Each fold lies after its past.")
    column: Name | None = Field(
        None, title="Time", description="The column that orders the rows. Empty takes the split's."
    )
    folds: int = Field(5, ge=2, le=20, title="Folds", description="Each fold is predicted from its past.")


class RepeatedKFold(Settings):
    """Folds, dealt several times: a steadier mean for small tables."""

    kind: Literal["repeated"] = Field(
        "repeated", title="Validation", description="Folds, dealt several times."
    )
    folds: int = Field(5, ge=2, le=20, title="Folds", description=_FOLDS)
    repeats: int = Field(3, ge=2, le=20, title="Repeats", description="How often the folds are dealt anew.")
    stratify: bool = Field(True, title="Keep proportions", description=_LIKE_CLASSES)


AnySplit = Holdout | GroupSplit | TimeSplit | ColumnSplit
AnyValidation = NoValidation | KFold | GroupKFold | TimeFolds | RepeatedKFold


def most_kept_aside(split: AnySplit) -> float:
    """The share of the rows that the test takes; half where only the rows themselves say it."""
    return 0.5 if isinstance(split, ColumnSplit) else split.test_size


def validation_column(split: AnySplit, validation: AnyValidation) -> str | None:
    """The column that folds go by: the validation's own, or the split's where it is of the same kind."""
    if not isinstance(validation, GroupKFold | TimeFolds):
        return None
    if validation.column is None and isinstance(split, GroupSplit | TimeSplit):
        return split.column if split.kind == validation.kind else None
    return validation.column


def goes_by(split: AnySplit, validation: AnyValidation) -> dict[str, str]:
    """The columns that decide who learns and who tests, by the field that names them."""
    of_split = None if isinstance(split, Holdout) else split.column
    of_folds = validation_column(split, validation)
    found = {"split.column": of_split, "validation.column": of_folds}
    return {field: name for field, name in found.items() if name is not None}


def never_learned(split: AnySplit, validation: AnyValidation) -> frozenset[str]:
    """The columns of groups and of test rows: they only say who is who, and a new row would be a stranger."""
    of_split = {split.column} if isinstance(split, GroupSplit | ColumnSplit) else set()
    of_folds = validation_column(split, validation) if isinstance(validation, GroupKFold) else None
    return frozenset(of_split | ({of_folds} if of_folds is not None else set()))


def why_not_together(split: AnySplit, validation: AnyValidation, target: str) -> tuple[str, str] | None:
    """(field, sentence) where the two cannot be done, whatever the rows are."""
    named = goes_by(split, validation)
    for field, name in named.items():
        if name == target:
            return field, f"{name} is what is to be predicted, so rows cannot be split by it. Choose another."
    if isinstance(validation, GroupKFold | TimeFolds) and "validation.column" not in named:
        what = "the groups" if validation.kind == "group" else "the time"
        return "validation.column", f"Say which column holds {what} that the folds go by."
    return None


def _by_chance_unless_said(split: Any) -> Any:
    return {"kind": "holdout", **split} if isinstance(split, dict) else split


Split = Annotated[AnySplit, Field(discriminator="kind"), BeforeValidator(_by_chance_unless_said)]
Validation = Annotated[AnyValidation, Field(discriminator="kind")]
