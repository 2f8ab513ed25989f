"""Voting: several learners, whose answers are averaged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_core.core_schema import ValidationInfo

from engine.learners.base import Cost, Learner, infeasible
from engine.learners.ensemble import Ensemble, named, together
from engine.learners.extra_trees import ExtraTrees
from engine.learners.hist_gradient_boosting import HistGradientBoosting
from engine.learners.members import AnyMember
from engine.metrics import Task
from engine.networks.settings import Training

Weight = Annotated[float, Field(ge=0, le=1000)]


class Voting(Ensemble):
    """Several learners, whose shares or values are averaged."""

    title = "Voting"
    summary = "Several learners, whose answers are averaged. Better than each where they err differently."

    algo: Literal["voting"] = Field("voting", title="Learner")
    members: tuple[AnyMember, ...] = Field(
        (ExtraTrees(algo="extra_trees"), HistGradientBoosting(algo="hist_gradient_boosting")),
        min_length=2,
        max_length=10,
        strict=False,
        title="Members",
        description="The learners that vote, each with its settings; 2 to 10.",
    )
    weights: tuple[Weight, ...] | None = Field(
        None,
        strict=False,
        title="Weights",
        description="How much each member counts, in their order. Empty counts all the same.",
    )

    @field_validator("weights", mode="after")
    @classmethod
    def _one_for_each(cls, weights: tuple[float, ...] | None, info: ValidationInfo) -> Any:
        members = info.data.get("members")
        if weights is None or members is None:
            return weights
        if len(weights) != len(members) or not any(weights):
            raise infeasible(f"Give {len(members)} weights, one for each member, not all of them 0.")
        return weights

    @property
    def inside(self) -> dict[str, Learner]:
        return {f"member {place}": member for place, member in enumerate(self.members, start=1)}

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.ensemble import VotingClassifier, VotingRegressor

        weights = None if self.weights is None else list(self.weights)
        members = named(self.members, task, seed)
        if task == "classification":
            return VotingClassifier(members, voting="soft", weights=weights, n_jobs=threads)
        return VotingRegressor(members, weights=weights, n_jobs=threads)

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        return together(member.cost(task, rows, columns, classes) for member in self.members)
