"""Settings that several learners share, in the same words and bounds."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

ClassWeight = Literal["balanced"] | None
Share = Literal["sqrt", "log2", "all"]
SHARES: dict[str, float | str] = {"sqrt": "sqrt", "log2": "log2", "all": 1.0}
"""What scikit-learn calls the share of columns that each question may choose from."""


def trees(default: int, most: int = 5000) -> Any:
    """How many trees, as `n_estimators` or `max_iter`."""
    return Field(default, ge=1, le=most, title="Trees", description="More fits closer and takes longer.")


def learning_rate(default: float) -> Any:
    """How much each tree of a boosting may correct."""
    return Field(
        default,
        gt=0,
        le=2,
        title="Learning rate",
        description="How much each tree may correct. Smaller needs more trees.",
    )


def depth(default: int | None, empty: str = "Empty means as deep as needed.") -> Any:
    """Questions from root to leaf; with `empty` said where nothing may be chosen."""
    said = "Questions from root to leaf of each tree."
    return Field(default, ge=1, le=200, title="Depth", description=f"{said} {empty}".strip())


def leaf(default: int = 1) -> Any:
    """The fewest rows of a leaf."""
    return Field(
        default,
        ge=1,
        le=10_000,
        title="Rows per leaf",
        description="Larger leaves are more careful and make smaller models.",
    )


def split() -> Any:
    """The fewest rows that are split further."""
    return Field(
        2, ge=2, le=10_000, title="Rows to ask on", description="Fewer rows than this become a leaf."
    )


def leaves(default: int | None, empty: str = " Empty means no limit.") -> Any:
    """The most leaves of a tree."""
    return Field(
        default,
        ge=2,
        le=100_000,
        title="Leaves",
        description=f"The most leaves of each tree; the best questions come first.{empty}",
    )


def columns_per_question(empty: str) -> Any:
    """Columns each question may choose from; `empty` says what nothing chosen means."""
    return Field(
        None,
        title="Columns per question",
        description=f"Columns each question may choose from. Empty means {empty}.",
    )


def share_of_rows(default: float = 1.0) -> Any:
    """The share of the rows that each tree may see."""
    return Field(default, gt=0, le=1, title="Share of rows", description="Rows that each tree may see.")


def share_of_columns(default: float = 1.0, of: str = "tree") -> Any:
    """The share of the columns that each tree, or each question, may see."""
    return Field(
        default,
        gt=0,
        le=1,
        title="Share of columns",
        description=f"Columns that each {of} may see.",
    )


def pull(default: float, title: str, description: str) -> Any:
    """A penalty on the leaves' values."""
    return Field(default, ge=0, le=1000, title=title, description=description)


def class_weight() -> Any:
    """Whether rare classes count more."""
    return Field(
        None,
        title="Class weights",
        description="Balanced makes rare classes count more. Only for classification.",
    )


def early_stopping() -> Any:
    """After how many rounds without a better score a boosting ends."""
    return Field(
        None,
        ge=1,
        le=1000,
        title="Patience",
        description="Stop after this many trees without a better loss on a tenth of the training rows, which "
        "is kept aside for that, and keep the best ones. Empty means never.",
    )
