"""Linear regression: the plain, explainable model for numbers."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Cost, Learner, SearchSpace, choice
from engine.metrics import Task
from engine.networks.settings import Training


class LinearRegression(Learner):
    """A weighted sum of the columns, by least squares."""

    title = "Linear regression"
    summary = "A weighted sum of the columns. Fast, and easy to explain."
    tasks = ("regression",)

    algo: Literal["linear_regression"] = Field("linear_regression", title="Learner")
    fit_intercept: bool = Field(
        True, title="Base value", description="Learn a value to start from, beside the weights."
    )
    positive: bool = Field(
        False, title="Only positive weights", description="No column may lower the prediction."
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {"fit_intercept": choice(True, False), "positive": choice(True, False)}

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        return Cost(1e-3 + rows * columns * (4e-9 + 1e-9 * columns), 24 * rows * columns)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn import linear_model

        return linear_model.LinearRegression(fit_intercept=self.fit_intercept, positive=self.positive)
