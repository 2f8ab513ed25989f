"""Bagging: one learner many times, each time on rows drawn anew."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners import fields
from engine.learners.base import Cost, Learner, SearchSpace, real, whole
from engine.learners.decision_tree import DecisionTree
from engine.learners.ensemble import Ensemble, as_member, together
from engine.learners.members import AnyMember
from engine.metrics import Task
from engine.networks.settings import Training


class Bagging(Ensemble):
    """One learner, fitted many times on other rows, whose answers are averaged."""

    title = "Bagging"
    summary = "One learner many times, on rows drawn anew each time. Steadies what is unsteady."

    algo: Literal["bagging"] = Field("bagging", title="Learner")
    member: AnyMember = Field(
        DecisionTree(algo="decision_tree"),
        title="Member",
        description="The learner that is fitted many times, with its settings.",
    )
    n_estimators: int = Field(10, ge=2, le=500, title="How often", description="More is steadier and slower.")
    max_samples: float = fields.share_of_rows()
    max_features: float = fields.share_of_columns(of="member")
    bootstrap: bool = Field(
        True, title="Draw with repeats", description="A member may see a row twice. Off draws each once."
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "n_estimators": whole(5, 100, log=True),
            "max_samples": real(0.3, 1.0),
            "max_features": real(0.3, 1.0),
        }

    @property
    def inside(self) -> dict[str, Learner]:
        return {"the member": self.member}

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.ensemble import BaggingClassifier, BaggingRegressor

        settings = {
            **self.model_dump(exclude={"algo", "member"}),
            "estimator": as_member(self.member, task, seed),
            "random_state": seed,
            "n_jobs": threads,
        }
        return BaggingClassifier(**settings) if task == "classification" else BaggingRegressor(**settings)

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        seen = max(1, round(rows * self.max_samples)), max(1, round(columns * self.max_features))
        return together([self.member.cost(task, *seen, classes)] * self.n_estimators)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return self.n_estimators * super().answer_seconds(learned, rows, columns, classes)
