"""Which columns a model sees, and what they are read as."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.settings import Settings

Kind = Literal["numeric", "categorical", "date", "text"]
Name = Annotated[str, Field(min_length=1, max_length=10_000)]
Pair = Annotated[tuple[Name, Name], Field(strict=False)]


class Columns(Settings):
    """Which columns may be used, and what they are."""

    drop: tuple[Name, ...] = Field(
        (), strict=False, title="Left out", description="Columns that the model must not see."
    )
    kinds: dict[Name, Kind] = Field(
        default_factory=dict,
        title="Kinds",
        description="Columns that are to be read as numeric, categorical, date or text.",
    )
