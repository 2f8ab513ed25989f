"""Logistic regression: the plain, explainable model for classes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from engine.learners.base import Cost, Learner, SearchSpace, choice, infeasible, real, several
from engine.metrics import Task
from engine.networks.settings import Training


class LogisticRegression(Learner):
    """A weighted sum of the columns, turned into the probability of each class."""

    title = "Logistic regression"
    summary = "A weighted sum of the columns. Fast, and easy to explain."
    tasks = ("classification",)
    takes_sparse = True

    algo: Literal["logistic_regression"] = Field("logistic_regression", title="Learner")
    C: float = Field(
        1.0,
        gt=0,
        le=1e6,
        title="Freedom",
        description="Smaller holds the weights closer to zero and is more careful.",
    )
    l1_ratio: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Share of lasso",
        description="0 keeps weights small, 1 leaves columns out, between is both.",
    )
    solver: Literal["lbfgs", "newton-cg", "newton-cholesky", "sag", "saga"] | None = Field(
        None,
        title="Solver",
        description="How the weights are found. Empty means lbfgs, and saga with a share of lasso.",
    )
    fit_intercept: bool = Field(
        True, title="Base value", description="Learn a value to start from, beside the weights."
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
    tol: float = Field(
        1e-4,
        gt=0,
        le=1,
        title="Tolerance",
        description="The search ends once a step gains less than this. Smaller is more exact and slower.",
    )

    @field_validator("solver", mode="after")
    @classmethod
    def _can_leave_columns_out(cls, solver: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("l1_ratio") and solver not in (None, "saga"):
            raise infeasible(f"{solver} has no share of lasso. Choose saga, or leave the solver empty.")
        return solver

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "C": real(1e-3, 1e3, log=True),
            "l1_ratio": real(0.0, 1.0),
            "class_weight": choice(None, "balanced"),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        # Some 60 steps between two classes, some 200 between several.
        borders = several(classes)
        one = 1.4e-7 * borders if borders > 1 else 4e-8
        return Cost(1e-3 + one * rows * columns, 8 * rows * (columns + 4 * borders))

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn import linear_model

        settings = self.model_dump(exclude={"algo", "solver"})
        solver = self.solver or ("saga" if self.l1_ratio else "lbfgs")
        return linear_model.LogisticRegression(**settings, solver=solver, random_state=seed)
