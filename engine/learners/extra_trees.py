"""Extra trees: a forest whose questions are drawn by chance."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners import fields
from engine.learners.base import Cost, Learner, SearchSpace, choice, whole
from engine.learners.tree_costs import columns_asked, levels, many, nodes_bytes
from engine.metrics import TASKS, Task
from engine.networks.settings import Training


class ExtraTrees(Learner):
    """Many trees whose questions are partly drawn by chance, that vote."""

    title = "Extra trees"
    summary = "A forest with thresholds drawn by chance: faster than a random forest, and often as good."
    tasks = TASKS
    wants_scale = False
    takes_sparse = True
    takes_float32 = True

    algo: Literal["extra_trees"] = Field("extra_trees", title="Learner")
    n_estimators: int = Field(300, ge=10, le=5000, title="Trees", description="More is steadier and slower.")
    max_depth: int | None = fields.depth(None)
    min_samples_split: int = fields.split()
    min_samples_leaf: int = fields.leaf()
    max_features: fields.Share | None = fields.columns_per_question("sqrt for classes, all for numbers")
    bootstrap: bool = Field(
        False, title="Draw rows", description="Each tree sees rows drawn by chance, some of them twice."
    )
    class_weight: fields.ClassWeight = fields.class_weight()

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
        seconds = 8e-4 + 1.5e-08 * rows * asked * levels(rows, self.max_depth)
        kept = nodes_bytes(round(1.0 * rows), self.min_samples_leaf, self.max_depth, classes)
        return many(self.n_estimators, seconds, kept, 8 * rows * columns)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + self.n_estimators * (1e-4 + 2.5e-7 * rows)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

        settings = self.model_dump(exclude={"algo", "class_weight", "max_features"})
        settings |= {"random_state": seed, "n_jobs": threads}
        if task == "classification":
            settings |= {"class_weight": self.class_weight}
            return ExtraTreesClassifier(**settings, max_features=fields.SHARES[self.max_features or "sqrt"])
        return ExtraTreesRegressor(**settings, max_features=fields.SHARES[self.max_features or "all"])
