"""Random forest: many trees, one vote."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Cost, Learner, SearchSpace, choice, whole
from engine.learners.tree_costs import columns_asked, levels, many, nodes_bytes
from engine.metrics import TASKS, Task
from engine.networks.settings import Training

_SHARE = {"sqrt": "sqrt", "log2": "log2", "all": 1.0}


class RandomForest(Learner):
    """Many decision trees, each grown on other rows and columns, that vote."""

    title = "Random forest"
    summary = "Many decision trees that vote. A strong first choice for tables."
    tasks = TASKS
    wants_scale = False
    takes_sparse = True
    takes_float32 = True

    algo: Literal["random_forest"] = Field("random_forest", title="Learner")
    n_estimators: int = Field(300, ge=10, le=5000, title="Trees", description="More is steadier and slower.")
    max_depth: int | None = Field(
        None,
        ge=1,
        le=200,
        title="Depth",
        description="Questions from root to leaf. Empty means as deep as needed.",
    )
    min_samples_leaf: int = Field(
        1,
        ge=1,
        le=10_000,
        title="Rows per leaf",
        description="Larger leaves are more careful and make smaller models.",
    )
    max_features: Literal["sqrt", "log2", "all"] | None = Field(
        None,
        title="Columns per question",
        description="Columns each question may choose from. Empty means sqrt for classes, all for numbers.",
    )
    class_weight: Literal["balanced"] | None = Field(
        None,
        title="Class weights",
        description="Balanced makes rare classes count more. Only for classification.",
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "n_estimators": whole(100, 1000, log=True),
            "max_depth": choice(None, 5, 10, 20),
            "min_samples_leaf": whole(1, 20, log=True),
            "max_features": choice("sqrt", "log2", "all"),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        asked = columns_asked(self.max_features or ("sqrt" if classes else "all"), columns)
        seconds = 8e-4 + 5e-08 * rows * asked * levels(rows, self.max_depth)
        kept = nodes_bytes(round(0.63 * rows), self.min_samples_leaf, self.max_depth, classes)
        return many(self.n_estimators, seconds, kept, 8 * rows * columns)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + self.n_estimators * (1e-4 + 2.5e-7 * rows)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

        shared = {
            "n_estimators": self.n_estimators,
            "max_depth": self.max_depth,
            "min_samples_leaf": self.min_samples_leaf,
            "random_state": seed,
            "n_jobs": threads,
        }
        if task == "classification":
            features = _SHARE[self.max_features or "sqrt"]
            return RandomForestClassifier(**shared, max_features=features, class_weight=self.class_weight)
        return RandomForestRegressor(**shared, max_features=_SHARE[self.max_features or "all"])
