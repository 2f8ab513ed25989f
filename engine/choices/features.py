"""What is made of the columns: products, parts of dates, words of a text, and what of it is kept."""

from __future__ import annotations

from math import comb
from typing import Literal

from pydantic import Field

from engine.choices.columns import Kind, Name, Pair
from engine.settings import Settings

MOST_PRODUCTS = 5_000
"""So many powers and products are made at most."""
_EMPTY_IS_ALL = "Empty means all columns of numbers."


class Polynomial(Settings):
    """Powers and products of numbers."""

    degree: int = Field(2, ge=2, le=4, title="Degree", description="The highest power.")
    interaction_only: bool = Field(False, title="Products only", description="No powers of a single column.")
    columns: tuple[Name, ...] = Field((), strict=False, title="Columns", description=_EMPTY_IS_ALL)

    def width(self, columns: int) -> int:
        """How many columns it makes of so many, beside them."""
        if self.interaction_only:
            return sum(comb(columns, degree) for degree in range(2, self.degree + 1))
        return comb(columns + self.degree, self.degree) - 1 - columns


class Bins(Settings):
    """Numbers cut into ranges, a column for each range."""

    columns: tuple[Name, ...] = Field((), strict=False, title="Columns", description=_EMPTY_IS_ALL)
    n_bins: int = Field(5, ge=2, le=100, title="Ranges", description="How many.")
    strategy: Literal["quantile", "uniform", "kmeans"] = Field(
        "quantile", title="Edges", description="The same number of rows, the same width, or by clusters."
    )


class GroupMean(Settings):
    """The mean of a number in each group, learned from training rows."""

    of: Name = Field(title="Number", description="The column that is averaged.")
    by: Name = Field(title="Group", description="The column of words that groups the rows.")


class Text(Settings):
    """Words of a text and how telling they are (TF-IDF)."""

    max_features: int = Field(2000, ge=10, le=100_000, title="Words", description="The most frequent ones.")
    ngrams: int = Field(1, ge=1, le=3, title="Words in a row", description="Count up to so many as one.")
    min_df: int = Field(
        2, ge=1, le=1000, title="Rows per word", description="Words in fewer rows are left out."
    )
    svd: int | None = Field(
        None,
        ge=2,
        le=500,
        title="Topics",
        description="Condense the words to so many columns. Empty does not.",
    )


class PCA(Settings):
    """Fewer columns that keep most of the variation (principal components)."""

    n_components: int = Field(10, ge=1, le=1000, title="Components", description="How many are kept at most.")


class Selection(Settings):
    """Keep the columns that help most. Chosen on training rows only."""

    method: Literal["variance", "mutual_information", "l1", "top_k"] = Field(
        "top_k",
        title="Keep by",
        description="Variation, shared information, the weights of a sparse linear model, or an F-test.",
    )
    k: int = Field(20, ge=1, le=10_000, title="Columns", description="How many are kept, but for variance.")
    threshold: float = Field(
        0.0, ge=0, le=1e6, title="Least variance", description="Columns that vary less are left out."
    )


class Features(Settings):
    """What is made of the columns beside themselves."""

    polynomial: Polynomial | None = Field(None, title="Powers and products")
    interactions: tuple[Pair, ...] = Field(
        (),
        max_length=100,
        strict=False,
        title="Products",
        description="Pairs of columns that are multiplied.",
    )
    ratios: tuple[Pair, ...] = Field(
        (),
        max_length=100,
        strict=False,
        title="Ratios",
        description="Pairs: the first divided by the second.",
    )
    differences: tuple[Pair, ...] = Field(
        (), max_length=100, strict=False, title="Differences", description="Pairs: the first less the second."
    )
    logs: tuple[Name, ...] = Field(
        (), max_length=1000, strict=False, title="Logarithms", description="Columns whose logarithm is added."
    )
    bins: Bins | None = Field(None, title="Ranges")
    group_means: tuple[GroupMean, ...] = Field((), max_length=100, strict=False, title="Means by group")
    dates: bool = Field(
        True,
        title="Parts of dates",
        description="Year, month, day, weekday and hour, on a circle, and the time since the first.",
    )
    text: Text | None = Field(None, title="Words of texts")
    pca: PCA | None = Field(None, title="Principal components")
    selection: Selection | None = Field(None, title="Keep the best columns")

    def named(self) -> list[tuple[str, Name, Kind]]:
        """Each column that is named here: at which field, its name, and the kind that it must be."""
        pairs = {name: getattr(self, name) for name in ("interactions", "ratios", "differences")}
        numbers = {name: [column for pair in found for column in pair] for name, found in pairs.items()}
        numbers["logs"] = list(self.logs)
        numbers["polynomial.columns"] = list(self.polynomial.columns) if self.polynomial else []
        numbers["bins.columns"] = list(self.bins.columns) if self.bins else []
        numbers["group_means"] = [mean.of for mean in self.group_means]
        found: list[tuple[str, Name, Kind]] = [
            (f"features.{field}", name, "numeric") for field, names in numbers.items() for name in names
        ]
        return found + [("features.group_means", mean.by, "categorical") for mean in self.group_means]
