"""Naive Bayes: each column on its own."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Cost, Learner, SearchSpace, balanced_or_not, choice, real
from engine.metrics import Task
from engine.networks.settings import Training


class NaiveBayes(Learner):
    """Each class has a bell curve for each column; what fits best is the answer."""

    title = "Naive Bayes"
    summary = "Looks at each column on its own. Instant, and a good first comparison."
    tasks = ("classification",)
    wants_scale = False

    algo: Literal["naive_bayes"] = Field("naive_bayes", title="Learner")
    var_smoothing: float = Field(
        1e-9,
        gt=0,
        le=1,
        title="Smoothing",
        description="Widens every bell curve by this share of the widest. Larger is more careful.",
    )
    class_weight: Literal["balanced"] | None = Field(
        None, title="Class weights", description="Balanced makes rare classes count as much as frequent ones."
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {"var_smoothing": real(1e-12, 1e-1, log=True), "class_weight": choice(None, "balanced")}

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        return Cost(1e-3 + 1.2e-8 * rows * columns, 8 * rows * columns)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.naive_bayes import GaussianNB

        return balanced_or_not(GaussianNB(var_smoothing=self.var_smoothing), self.class_weight)
