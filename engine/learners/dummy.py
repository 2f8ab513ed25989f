"""The naive guess: the yardstick for all the others."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Cost, Learner
from engine.metrics import TASKS, Task
from engine.networks.settings import Training


class Dummy(Learner):
    """Always gives the same answer: the most frequent class with the shares of all, or the mean."""

    title = "Naive guess"
    summary = "Always gives the most frequent class, or the mean. Anything useful must beat it."
    tasks = TASKS
    wants_scale = False

    algo: Literal["dummy"] = Field("dummy", title="Learner")

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        return Cost(1e-3 + 5e-9 * rows, 8 * rows)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-4 + 1e-9 * rows * max(classes, 1)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.dummy import DummyClassifier, DummyRegressor

        return (
            DummyClassifier(strategy="prior") if task == "classification" else DummyRegressor(strategy="mean")
        )
