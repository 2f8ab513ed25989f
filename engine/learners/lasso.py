"""Lasso: linear regression that leaves columns out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Cost, Learner, SearchSpace, choice, real
from engine.metrics import Task
from engine.networks.settings import Training


class Lasso(Learner):
    """Least squares with a price on the size of the weights, so that many become zero."""

    title = "Lasso"
    summary = "Linear regression that leaves out columns that hardly help."
    tasks = ("regression",)
    takes_sparse = True

    algo: Literal["lasso"] = Field("lasso", title="Learner")
    alpha: float = Field(
        1.0, gt=0, le=1e9, title="Restraint", description="Larger sets more weights to zero."
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
        return {"alpha": real(1e-4, 1e3, log=True), "selection": choice("cyclic", "random")}

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        return Cost(1e-3 + 2e-8 * rows * columns, 16 * rows * columns)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn import linear_model

        return linear_model.Lasso(**self.model_dump(exclude={"algo"}), random_state=seed)
