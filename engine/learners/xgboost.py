"""Gradient boosting by XGBoost: trees that correct each other."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Learner, SearchSpace, real, whole
from engine.metrics import TASKS, Task
from engine.networks.settings import Training


class XGBoost(Learner):
    """Decision trees that correct each other, one after the other."""

    title = "Gradient boosting"
    summary = "Trees that correct each other, one after the other. Often the best on tables."
    tasks = TASKS
    wants_scale = False
    takes_float32 = True
    libraries = ("xgboost",)

    algo: Literal["xgboost"] = Field("xgboost", title="Learner")
    n_estimators: int = Field(
        200, ge=1, le=5000, title="Trees", description="More fits closer and takes longer."
    )
    learning_rate: float = Field(
        0.1,
        gt=0,
        le=1,
        title="Learning rate",
        description="How much each tree may correct. Smaller needs more trees.",
    )
    max_depth: int = Field(
        6, ge=1, le=20, title="Depth", description="Questions from root to leaf of each tree."
    )
    min_child_weight: float = Field(
        1.0, ge=0, le=1000, title="Weight per leaf", description="Larger leaves are more careful."
    )
    subsample: float = Field(
        1.0, gt=0, le=1, title="Share of rows", description="Rows that each tree may see."
    )
    colsample_bytree: float = Field(
        1.0, gt=0, le=1, title="Share of columns", description="Columns that each tree may see."
    )
    reg_lambda: float = Field(
        1.0, ge=0, le=1000, title="Restraint", description="Larger keeps the leaves closer to 0."
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "n_estimators": whole(50, 1000, log=True),
            "learning_rate": real(0.01, 0.3, log=True),
            "max_depth": whole(2, 10),
            "min_child_weight": real(0.5, 20, log=True),
            "subsample": real(0.5, 1.0),
            "colsample_bytree": real(0.5, 1.0),
            "reg_lambda": real(0.01, 100, log=True),
        }

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from xgboost import XGBClassifier, XGBRegressor

        # One thread: XGBoost adds up its histograms by thread, so more of them would change the last digits.
        settings = {
            **self.model_dump(exclude={"algo"}),
            "random_state": seed,
            "n_jobs": 1,
            "tree_method": "hist",
        }
        return XGBClassifier(**settings) if task == "classification" else XGBRegressor(**settings)
