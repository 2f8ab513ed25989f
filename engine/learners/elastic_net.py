"""Elastic net: between ridge and lasso."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Cost, Learner, SearchSpace, choice, real
from engine.metrics import Task
from engine.networks.settings import Training


class ElasticNet(Learner):
    """Least squares with a price on the size and on the squares of the weights."""

    title = "Elastic net"
    summary = "Between ridge and lasso: small weights, and none for columns that hardly help."
    tasks = ("regression",)
    takes_sparse = True

    algo: Literal["elastic_net"] = Field("elastic_net", title="Learner")
    alpha: float = Field(
        0.1, gt=0, le=1e9, title="Restraint", description="Larger holds the weights closer to zero."
    )
    l1_ratio: float = Field(
        0.5, ge=0, le=1, title="Share of lasso", description="0 is ridge, 1 is lasso, between is both."
    )
    fit_intercept: bool = Field(
        True, title="Base value", description="Learn a value to start from, beside the weights."
    )
    positive: bool = Field(
        False, title="Only positive weights", description="No column may lower the prediction."
    )
    max_iter: int = Field(
        1000,
        ge=10,
        le=100_000,
        title="Most steps",
        description="Steps after which the search for the weights ends.",
    )
    tol: float = Field(
        1e-4,
        gt=0,
        le=1,
        title="Tolerance",
        description="The search ends once a step gains less than this. Smaller is more exact and slower.",
    )
    selection: Literal["cyclic", "random"] = Field(
        "cyclic", title="Order", description="Go through the weights in turn, or by chance."
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "alpha": real(1e-4, 1e2, log=True),
            "l1_ratio": real(0.05, 1.0),
            "selection": choice("cyclic", "random"),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        return Cost(1e-3 + 2e-8 * rows * columns, 16 * rows * columns)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn import linear_model

        return linear_model.ElasticNet(**self.model_dump(exclude={"algo"}), random_state=seed)
