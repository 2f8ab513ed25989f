"""Stochastic gradient descent: linear models, learned row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.events import OnStep
from engine.learners.base import Cost, Learner, SearchSpace, choice, real, scaled_target, several
from engine.metrics import TASKS, Task
from engine.networks.settings import Training

if TYPE_CHECKING:
    import numpy as np


class SGD(Learner):
    """A weighted sum of the columns whose weights move with every row. A target of numbers is learned in
    units of its spread.
    """

    title = "Stochastic gradient descent"
    summary = "Linear models, learned row by row. For very many rows."
    tasks = TASKS
    step = "iteration"

    algo: Literal["sgd"] = Field("sgd", title="Learner")
    loss: Literal["log_loss", "modified_huber"] = Field(
        "log_loss",
        title="Loss of classes",
        description="What an error costs. Modified huber minds outliers less. Only for classification.",
    )
    regression_loss: Literal["squared_error", "huber", "epsilon_insensitive"] = Field(
        "squared_error",
        title="Loss of numbers",
        description="What an error costs. The latter two mind outliers less. Only for regression.",
    )
    penalty: Literal["l2", "l1", "elasticnet"] = Field(
        "l2",
        title="Penalty",
        description="Keep weights small (l2), leave columns out (l1), or both (elasticnet).",
    )
    alpha: float = Field(
        1e-4, gt=0, le=1e3, title="Restraint", description="Larger holds the weights closer to zero."
    )
    l1_ratio: float = Field(
        0.15, ge=0, le=1, title="Share of l1", description="Of elasticnet: 0 is l2, 1 is l1."
    )
    fit_intercept: bool = Field(
        True, title="Base value", description="Learn a value to start from, beside the weights."
    )
    learning_rate: Literal["optimal", "invscaling", "adaptive", "constant"] | None = Field(
        None,
        title="Steps",
        description="How the size of steps shrinks. Empty means optimal for classes, invscaling for numbers.",
    )
    eta0: float = Field(0.01, gt=0, le=10, title="First step", description="Its size, but for optimal.")
    average: bool = Field(
        False, title="Average", description="Use the mean of the weights over all steps. Steadier."
    )
    class_weight: Literal["balanced"] | None = Field(
        None,
        title="Class weights",
        description="Balanced makes rare classes count more. Only for classification.",
    )
    max_iter: int = Field(
        1000, ge=1, le=100_000, title="Most passes", description="Passes over the rows, at most."
    )
    tol: float = Field(
        1e-3,
        gt=0,
        le=1,
        title="Tolerance",
        description="The search ends once a step gains less than this. Smaller is more exact and slower.",
    )
    n_iter_no_change: int = Field(
        5, ge=1, le=1000, title="Patience", description="Stop after this many passes that gain nothing."
    )
    early_stopping: bool = Field(
        False,
        title="Stop early",
        description="Watch a tenth of the training rows, show each pass, and keep the best.",
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "alpha": real(1e-7, 1e-1, log=True),
            "penalty": choice("l2", "l1", "elasticnet"),
            "average": choice(True, False),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        passes = min(self.max_iter, 50 if classes else 10)
        one = rows * (4e-8 + 3e-9 * columns)
        return Cost(1e-3 + one * passes * several(classes), 16 * rows * columns)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        model = self._classifier(seed) if task == "classification" else self._regressor(seed)
        if not self.early_stopping:
            return model if task == "classification" else scaled_target(model)
        from engine.transformers.stepwise import StepwiseClassifier, StepwiseRegressor

        how: dict[str, Any] = {
            "max_iter": self.max_iter,
            "patience": self.n_iter_no_change,
            "tol": self.tol,
            "seed": seed,
        }
        if task == "classification":
            return StepwiseClassifier(model, **how, class_weight=self.class_weight)
        return scaled_target(StepwiseRegressor(model, **how))

    def _classifier(self, seed: int) -> Any:
        from sklearn.linear_model import SGDClassifier

        # Passes that are watched one by one weigh the rows themselves.
        weight = None if self.early_stopping else self.class_weight
        rate = self.learning_rate or "optimal"
        return SGDClassifier(loss=self.loss, learning_rate=rate, class_weight=weight, **self._shared(seed))

    def _regressor(self, seed: int) -> Any:
        from sklearn.linear_model import SGDRegressor

        rate = self.learning_rate or "invscaling"
        return SGDRegressor(loss=self.regression_loss, learning_rate=rate, **self._shared(seed))

    def _shared(self, seed: int) -> dict[str, Any]:
        names = {"penalty", "alpha", "l1_ratio", "fit_intercept", "eta0", "average", "max_iter", "tol"}
        return {**self.model_dump(include={*names, "n_iter_no_change"}), "random_state": seed}

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        watched = {"on_step": on_step} if self.early_stopping and on_step else {}
        model.fit(features, target, **watched)
