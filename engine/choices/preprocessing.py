"""What happens to each kind of column before the model sees it, and to a single one where asked for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.choices.columns import Name
from engine.settings import Settings

NumberFill = Literal["mean", "median", "most_frequent", "constant", "knn", "iterative", "drop"]
WordFill = Literal["most_frequent", "constant", "drop"]
Scale = Literal["auto", "standard", "minmax", "robust", "quantile", "power", "none"]
Encode = Literal["one_hot", "ordinal", "target", "frequency", "hashing"]
Word = Annotated[str, Field(max_length=10_000)]

MOST_ONE_HOT = 10_000
"""So many columns are made of words by one-hot at most."""
_DROP = "Drop learns from complete rows only; a row to predict gets the median or the most frequent word."
_RARE = "Words in a smaller share of the rows are taken together."
_CLIP = "Values beyond this share at either end become the value at its edge. Empty leaves them."
_ORDER = "The words from low to high, for ordinal. Empty orders them by the alphabet."
_WIDTH = "Columns that all words are spread over, for hashing."


class Numeric(Settings):
    """What happens to numbers before the model sees them."""

    missing: NumberFill = Field(
        "median", title="Missing numbers", description=f"What fills the gaps. {_DROP}"
    )
    fill_value: float = Field(0.0, title="Constant", description="What constant fills in.")
    indicator: bool = Field(
        False, title="Mark gaps", description="A further column says where a value was missing."
    )
    clip: float | None = Field(None, gt=0, le=0.25, title="Outliers", description=_CLIP)
    scale: Scale = Field(
        "auto",
        title="Scale",
        description="Bring all numbers to a like range. Auto is standard, and none for trees.",
    )


class Categorical(Settings):
    """What happens to words before the model sees them."""

    missing: WordFill = Field(
        "most_frequent",
        title="Missing words",
        description=f"What fills the gaps. Constant makes missing a word of its own. {_DROP}",
    )
    encode: Encode = Field(
        "one_hot",
        title="Encode",
        description="A column per word, a number per word, the target's mean per word, how frequent it is, "
        "or words spread over a few columns. A word that training never saw counts as rare, or as none.",
    )
    min_frequency: float = Field(0.01, ge=0, le=0.5, title="Rare words", description=_RARE)
    hash_width: int = Field(32, ge=2, le=4096, title="Hashed columns", description=_WIDTH)


class Special(Settings):
    """What happens to one column. What is left empty is as for its kind."""

    missing: NumberFill | None = Field(None, title="Missing", description="What fills the gaps.")
    fill_value: float | None = Field(None, title="Constant", description="What constant fills in.")
    indicator: bool | None = Field(None, title="Mark gaps", description="Say where a value was missing.")
    clip: float | None = Field(None, gt=0, le=0.25, title="Outliers", description=_CLIP)
    scale: Scale | None = Field(None, title="Scale", description="Bring the numbers to a like range.")
    encode: Encode | None = Field(None, title="Encode", description="How its words become numbers.")
    min_frequency: float | None = Field(None, ge=0, le=0.5, title="Rare words", description=_RARE)
    hash_width: int | None = Field(None, ge=2, le=4096, title="Hashed columns", description=_WIDTH)
    order: tuple[Word, ...] = Field((), max_length=1000, strict=False, title="Order", description=_ORDER)


class Preprocessing(Settings):
    """What happens to the columns before the model sees them. Learned from training rows only."""

    numeric: Numeric = Field(default_factory=Numeric, title="Numbers")
    categorical: Categorical = Field(default_factory=Categorical, title="Words")
    columns: dict[Name, Special] = Field(
        default_factory=dict, title="Single columns", description="Columns that are treated otherwise."
    )
    target: Literal["none", "log", "power"] = Field(
        "none",
        title="Target",
        description="Learn the logarithm or a power of the target and turn predictions back. For regression.",
    )
