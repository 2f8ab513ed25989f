"""Support vector machine: a border between classes, or a band around numbers, bent by a kernel."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.learners.base import Cost, Learner, SearchSpace, calibrated, choice, real, scaled_target
from engine.metrics import TASKS, Task
from engine.networks.settings import Training


class SVM(Learner):
    """The widest border between classes or the flattest band around numbers.

    Probabilities are sigmoids of the distance to the border, fitted on five folds (Platt 1999). A target of
    numbers is learned in units of its spread.
    """

    title = "Support vector machine"
    summary = "A bent border between classes. Strong up to some ten thousand rows, slow beyond."
    tasks = TASKS
    takes_sparse = True

    algo: Literal["svm"] = Field("svm", title="Learner")
    C: float = Field(
        1.0,
        gt=0,
        le=1e6,
        title="Freedom",
        description="Smaller allows more rows on the wrong side and is more careful.",
    )
    kernel: Literal["rbf", "linear", "poly", "sigmoid"] = Field(
        "rbf", title="Kernel", description="How the border may bend. Rbf suits most tables."
    )
    gamma: float | None = Field(
        None,
        gt=0,
        le=1e6,
        title="Reach",
        description="Larger bends the border around single rows. Empty suits the columns and their spread.",
    )
    degree: int = Field(3, ge=1, le=10, title="Degree", description="Of the kernel poly.")
    coef0: float = Field(
        0.0, ge=-1000, le=1000, title="Offset", description="Of the kernels poly and sigmoid."
    )
    epsilon: float = Field(
        0.1,
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
    tol: float = Field(
        1e-3,
        gt=0,
        le=1,
        title="Tolerance",
        description="The search ends once a step gains less than this. Smaller is more exact and slower.",
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "C": real(1e-2, 1e3, log=True),
            "gamma": real(1e-4, 1e1, log=True),
            "kernel": choice("rbf", "linear"),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        # Classes are learned once more in each of five folds. The cache of the kernel holds 500 MB at most.
        pair = 4e-8 + 2e-9 * columns if classes else 1.8e-8 + 4e-10 * columns
        return Cost(1e-3 + rows**2 * pair, 24 * rows * columns + min(500_000_000, 8 * rows**2))

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + rows * learned * (8e-9 + 8e-10 * columns)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.svm import SVC, SVR

        shared = {**self.model_dump(include={"C", "kernel", "degree", "coef0", "tol"}), "cache_size": 500}
        shared["gamma"] = self.gamma or "scale"
        if task == "classification":
            return calibrated(SVC(**shared, class_weight=self.class_weight), seed)
        return scaled_target(SVR(**shared, epsilon=self.epsilon))
