"""Logistic regression: the plain, explainable model for classes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Learner, SearchSpace, choice, real
from engine.metrics import Task
from engine.networks.settings import Training


class LogisticRegression(Learner):
    """A weighted sum of the columns, turned into the probability of each class."""

    title = "Logistic regression"
    summary = "A weighted sum of the columns. Fast, and easy to explain."
    tasks = ("classification",)

    algo: Literal["logistic_regression"] = Field("logistic_regression", title="Learner")
    C: float = Field(
        1.0,
        gt=0,
        le=1e6,
        title="Freedom",
        description="Smaller holds the weights closer to zero and is more careful.",
    )
    class_weight: Literal["balanced"] | None = Field(
        None, title="Class weights", description="Balanced makes rare classes count as much as frequent ones."
    )
    max_iter: int = Field(
        1000,
        ge=10,
        le=100_000,
        title="Most steps",
        description="Steps after which the search for the weights ends.",
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {"C": real(1e-3, 1e3, log=True), "class_weight": choice(None, "balanced")}

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn import linear_model

        return linear_model.LogisticRegression(
            C=self.C, class_weight=self.class_weight, max_iter=self.max_iter, random_state=seed
        )
