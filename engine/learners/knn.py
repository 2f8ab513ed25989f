"""Nearest neighbours: answers like the rows that are most alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.events import OnStep
from engine.learners.base import Cost, Learner, SearchSpace, choice, whole
from engine.metrics import TASKS, Task
from engine.networks.settings import Training

if TYPE_CHECKING:
    import numpy as np


class KNN(Learner):
    """The answer is that of the training rows that lie nearest."""

    title = "Nearest neighbours"
    summary = "Answers like the training rows that are most alike. Slow to answer where rows are many."
    tasks = TASKS
    takes_float32 = True

    algo: Literal["knn"] = Field("knn", title="Learner")
    n_neighbors: int = Field(
        5,
        ge=1,
        le=1000,
        title="Neighbours",
        description="Rows that are asked; at most all. More is smoother and less exact.",
    )
    weights: Literal["uniform", "distance"] = Field(
        "uniform", title="Weights", description="Whether nearer rows count more (distance) or all alike."
    )
    metric: Literal["euclidean", "manhattan", "cosine"] = Field(
        "euclidean", title="Distance", description="How far apart two rows are."
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "n_neighbors": whole(1, 100, log=True),
            "weights": choice("uniform", "distance"),
            "metric": choice("euclidean", "manhattan", "cosine"),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        return Cost(1e-3 + 2e-9 * rows * columns, 8 * rows * columns)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        one = {"euclidean": 1.6e-9 + 3e-11 * columns, "manhattan": 1e-9 * columns, "cosine": 4e-9}
        return 1e-3 + rows * learned * one[self.metric]

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

        kind = KNeighborsClassifier if task == "classification" else KNeighborsRegressor
        # Every row is compared: a model file then holds numbers only, no tree whose links could be forged.
        return kind(**self.model_dump(exclude={"algo"}), algorithm="brute")

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        model.n_neighbors = min(self.n_neighbors, len(target))
        model.fit(features, target)
