"""How a network is trained, apart from what it looks like."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.settings import Settings


class Training(Settings):
    """How a network learns: in which steps, how often, and when to stop."""

    optimizer: Literal["adam", "sgd", "rmsprop", "adamw"] = Field(
        "adam", title="Optimizer", description="The rule by which the weights move. Adam suits most tables."
    )
    learning_rate: float = Field(
        0.001,
        gt=0,
        le=10,
        title="Learning rate",
        description="The size of a step. Smaller is steadier and slower.",
    )
    epochs: int = Field(
        50, ge=1, le=5000, title="Epochs", description="How often the network sees every training row."
    )
    batch_size: int = Field(
        32,
        ge=1,
        le=65536,
        title="Batch size",
        description="Rows per step. At most the number of training rows.",
    )
    early_stopping_patience: int | None = Field(
        None,
        ge=0,
        le=1000,
        title="Patience",
        description="Stop after this many epochs without a better validation loss and keep the best weights. "
        "Empty means never.",
    )
