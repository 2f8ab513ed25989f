"""How the answers of a model are decided and looked at, beside its settings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.settings import Settings


class Evaluation(Settings):
    """What is done with the model's answers, and what is measured beside the scores."""

    threshold: Literal["half", "f1", "balanced_accuracy", "mcc"] = Field(
        "half",
        title="Decision threshold",
        description="Say the second class from a probability of one half, or from where this score is best "
        "on out-of-fold predictions. For two classes, with folds.",
    )
    data_sizes: bool = Field(
        False,
        title="Learning curve by rows",
        description="Train on parts of the rows as well, to say what more rows would bring.",
    )
