"""Linear support vector machine: a straight border, for many rows."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Cost, Learner, SearchSpace, calibrated, choice, real, scaled_target, several
from engine.metrics import TASKS, Task
from engine.networks.settings import Training


class LinearSVM(Learner):
    """The widest straight border between classes, or the flattest plane through numbers.

    Probabilities are sigmoids of the distance to the border, fitted on five folds (Platt 1999). A target of
    numbers is learned in units of its spread.
    """

    title = "Linear support vector machine"
    summary = "A straight border between classes. For many rows or columns, as words of texts."
    tasks = TASKS
    takes_sparse = True

    algo: Literal["linear_svm"] = Field("linear_svm", title="Learner")
    C: float = Field(
        1.0,
        gt=0,
        le=1e6,
        title="Freedom",
        description="Smaller holds the weights closer to zero and is more careful.",
    )
    fit_intercept: bool = Field(
        True, title="Base value", description="Learn a value to start from, beside the weights."
    )
    epsilon: float = Field(
        0.0,
        ge=0,
        le=100,
        title="Free error",
        description="Errors up to this cost nothing, in units of the target's spread. Only for regression.",
    )
    class_weight: Literal["balanced"] | None = Field(
        None,
        title="Class weights",
        description="Balanced makes rare classes count more. Only for classification.",
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

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {"C": real(1e-3, 1e2, log=True), "fit_intercept": choice(True, False)}

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        one = 3.5e-7 * several(classes) if classes else 9e-7
        return Cost((5e-3 if classes else 1e-3) + one * rows * columns, 24 * rows * columns)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.svm import LinearSVC, LinearSVR

        shared = {
            **self.model_dump(include={"C", "fit_intercept", "max_iter", "tol"}),
            "random_state": seed,
        }
        if task == "classification":
            return calibrated(LinearSVC(**shared, class_weight=self.class_weight), seed)
        return scaled_target(LinearSVR(**shared, epsilon=self.epsilon))
