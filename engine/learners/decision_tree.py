"""Decision tree: questions that a person can read."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners import fields
from engine.learners.base import Cost, Learner, SearchSpace, choice, real, whole
from engine.learners.tree_costs import columns_asked, levels, many, nodes_bytes
from engine.metrics import TASKS, Task
from engine.networks.settings import Training


class DecisionTree(Learner):
    """One tree of questions, from root to leaf."""

    title = "Decision tree"
    summary = "One tree of questions. Easy to read, and rarely the best."
    tasks = TASKS
    wants_scale = False
    takes_sparse = True
    takes_float32 = True

    algo: Literal["decision_tree"] = Field("decision_tree", title="Learner")
    max_depth: int | None = fields.depth(None)
    min_samples_split: int = fields.split()
    min_samples_leaf: int = fields.leaf()
    max_leaf_nodes: int | None = fields.leaves(None)
    max_features: fields.Share | None = fields.columns_per_question("all")
    ccp_alpha: float = Field(
        0.0,
        ge=0,
        le=1e6,
        title="Pruning",
        description="Branches that bring less than this are cut off. 0 cuts none.",
    )
    class_weight: fields.ClassWeight = fields.class_weight()

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "max_depth": choice(None, 3, 5, 10, 20),
            "min_samples_leaf": whole(1, 50, log=True),
            "ccp_alpha": real(1e-5, 0.1, log=True),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        asked = columns_asked(self.max_features, columns)
        seconds = 5e-4 + 7e-8 * rows * asked * levels(rows, self.max_depth)
        kept = nodes_bytes(rows, self.min_samples_leaf, self.max_depth, classes)
        return many(1, seconds, kept, 8 * rows * columns)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + 3e-7 * rows

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

        settings = self.model_dump(exclude={"algo", "class_weight", "max_features"})
        settings |= {"max_features": fields.SHARES[self.max_features or "all"], "random_state": seed}
        if task == "classification":
            return DecisionTreeClassifier(**settings, class_weight=self.class_weight)
        return DecisionTreeRegressor(**settings)
