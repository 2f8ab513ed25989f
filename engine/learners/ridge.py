"""Ridge: linear regression that keeps its weights small."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from engine.learners.base import Cost, Learner, SearchSpace, choice, infeasible, real
from engine.metrics import Task
from engine.networks.settings import Training


class Ridge(Learner):
    """Least squares with a price on the squares of the weights."""

    title = "Ridge regression"
    summary = "Linear regression with small weights. Steadier where columns are many or alike."
    tasks = ("regression",)
    takes_sparse = True
    takes_float32 = True

    algo: Literal["ridge"] = Field("ridge", title="Learner")
    alpha: float = Field(
        1.0, ge=0, le=1e9, title="Restraint", description="Larger holds the weights closer to zero."
    )
    fit_intercept: bool = Field(
        True, title="Base value", description="Learn a value to start from, beside the weights."
    )
    positive: bool = Field(
        False, title="Only positive weights", description="No column may lower the prediction."
    )
    solver: Literal["auto", "lsqr", "sparse_cg", "sag"] = Field(
        "auto", title="Solver", description="How the weights are found. Auto is exact where it can be."
    )
    tol: float = Field(
        1e-4,
        gt=0,
        le=1,
        title="Tolerance",
        description="The search ends once a step gains less than this. Smaller is more exact and slower.",
    )

    @field_validator("solver", mode="after")
    @classmethod
    def _can_be_positive(cls, solver: str, info: ValidationInfo) -> str:
        if info.data.get("positive") and solver != "auto":
            raise infeasible(f"{solver} cannot keep weights positive. Choose auto.")
        return solver

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {"alpha": real(1e-3, 1e4, log=True), "fit_intercept": choice(True, False)}

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        return Cost(1e-3 + rows * columns * (3e-9 + 1e-10 * columns), 16 * rows * columns)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn import linear_model

        return linear_model.Ridge(**self.model_dump(exclude={"algo"}), random_state=seed)
