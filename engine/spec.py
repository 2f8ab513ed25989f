"""What to train: one frozen value that forms, the API, the documentation and the engine share."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine.choices.columns import Columns, Name
from engine.choices.evaluation import Evaluation
from engine.choices.features import Features
from engine.choices.parts import Holdout, KFold, Split, Validation
from engine.choices.preprocessing import Preprocessing
from engine.learners import CATALOG, Learner, why_not
from engine.metrics import Task
from engine.networks.settings import Training
from engine.settings import Settings

__all__ = ["ExperimentSpec", "RunRequest", "RunSpec"]

Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]

if TYPE_CHECKING:
    AnyLearner = Learner
else:
    AnyLearner = Annotated[Union[tuple(CATALOG.values())], Field(discriminator="algo")]  # noqa: UP007


class ExperimentSpec(Settings):
    """What an experiment fixes, so that all of its runs can be compared."""

    task: Task = Field(title="Task", description="Predict a class, or a number.")
    target: Name = Field(title="Target", description="The column to predict.")
    seed: Seed = Field(
        42, title="Seed", description="The same seed gives the same parts and the same numbers."
    )
    split: Split = Field(default_factory=Holdout, title="Split")
    validation: Validation = Field(default_factory=KFold, title="Validation")


class RunRequest(Settings):
    """What a run may choose."""

    columns: Columns = Field(default_factory=Columns, title="Columns to use")
    preprocessing: Preprocessing = Field(default_factory=Preprocessing, title="Preparation")
    features: Features = Field(default_factory=Features, title="Made of columns")
    model: AnyLearner = Field(title="Model")
    training: Training | None = Field(
        None, validate_default=True, title="Training", description="How a network learns. Only for networks."
    )
    evaluation: Evaluation = Field(default_factory=Evaluation, title="Answers and measures")

    @model_validator(mode="before")
    @classmethod
    def _gather_training(cls, data: Any) -> Any:
        """Training settings written flat inside `model` move to `training`, so that one form is stored."""
        if not isinstance(data, dict) or not isinstance(data.get("model"), dict):
            return data
        model, training = data["model"], data.get("training")
        learner = CATALOG.get(model["algo"]) if isinstance(model.get("algo"), str) else None
        flat = {name for name in model if name in Training.model_fields}
        if learner is None or not learner.is_network or not flat or not isinstance(training, dict | None):
            return data
        moved = {name: model[name] for name in flat}
        kept = {name: value for name, value in model.items() if name not in flat}
        return {**data, "model": kept, "training": {**(training or {}), **moved}}

    @field_validator("training", mode="after")
    @classmethod
    def _belongs_to_networks(cls, training: Training | None, info: ValidationInfo) -> Training | None:
        model = info.data.get("model")
        if model is None:
            return training
        if training is not None and not model.is_network:
            text = f"{model.title} has no epochs to train. Leave training empty."
            raise PydanticCustomError("infeasible", "{text}", {"text": text})
        return Training() if training is None and model.is_network else training


class RunSpec(RunRequest, ExperimentSpec):
    """Everything that decides the numbers of one run."""

    @classmethod
    def join(cls, experiment: ExperimentSpec, request: RunRequest) -> RunSpec:
        """The experiment's part and the run's part as one.

        Raises:
            pydantic.ValidationError: the two do not fit, as a learner that does not suit the task.
        """
        return cls.model_validate({**experiment.model_dump(), **request.model_dump()})

    @field_validator("columns", mode="after")
    @classmethod
    def _keeps_the_target(cls, columns: Columns, info: ValidationInfo) -> Columns:
        if info.data.get("target") in columns.drop:
            text = "The target cannot be left out of the columns."
            raise PydanticCustomError("infeasible", "{text}", {"text": text})
        return columns

    @field_validator("preprocessing", mode="after")
    @classmethod
    def _bends_only_numbers(cls, preprocessing: Preprocessing, info: ValidationInfo) -> Preprocessing:
        if preprocessing.target != "none" and info.data.get("task") == "classification":
            text = "Only a target of numbers can be transformed. Choose none for its transform."
            raise PydanticCustomError("infeasible", "{text}", {"text": text})
        return preprocessing

    @field_validator("model", mode="after")
    @classmethod
    def _suits_the_task(cls, model: Learner, info: ValidationInfo) -> Learner:
        task = info.data.get("task")
        if task and (reason := why_not(type(model), task) or model.why_not_inside(task)):
            raise PydanticCustomError("infeasible", "{text}", {"text": reason})
        return model

    def canonical(self) -> str:
        """The one way to write this spec as JSON."""
        return json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )

    def fingerprint(self) -> str:
        """Equal for equal specs on every machine: sha256 of the canonical JSON, in hex."""
        return hashlib.sha256(self.canonical().encode("utf-8", "surrogatepass")).hexdigest()
