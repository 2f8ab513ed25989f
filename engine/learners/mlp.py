"""Multi-layer perceptron: a small network by scikit-learn."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from engine.events import OnStep
from engine.learners.base import (
    Cost,
    Learner,
    SearchSpace,
    balanced_or_not,
    choice,
    real,
    scaled_target,
    several,
)
from engine.learners.watching import watching_mlp
from engine.metrics import TASKS, Task
from engine.networks.settings import Training
from engine.problems import CannotTrain

if TYPE_CHECKING:
    import numpy as np

Units = Annotated[int, Field(ge=1, le=4096)]
_LEAST_TO_STOP_EARLY = 20


class MLP(Learner):
    """Layers of neurons. A target of numbers is learned in units of its spread."""

    title = "Multi-layer perceptron"
    summary = "A small network of neurons, by scikit-learn. Lighter than a dense network."
    tasks = TASKS
    step = "iteration"
    takes_sparse = True
    takes_float32 = True

    algo: Literal["mlp"] = Field("mlp", title="Learner")
    hidden_layer_sizes: tuple[Units, ...] = Field(
        (100,),
        min_length=1,
        max_length=10,
        strict=False,
        title="Neurons per layer",
        description="One number for each hidden layer, 1 to 4,096; at most 10 layers.",
    )
    activation: Literal["relu", "tanh", "logistic", "identity"] = Field(
        "relu", title="Activation", description="The bend that each neuron adds."
    )
    solver: Literal["adam", "sgd", "lbfgs"] = Field(
        "adam", title="Solver", description="The rule by which weights move. Lbfgs suits few rows."
    )
    alpha: float = Field(
        1e-4, ge=0, le=1e3, title="Restraint", description="Larger holds the weights closer to zero."
    )
    batch_size: int | None = Field(
        None,
        ge=1,
        le=65_536,
        title="Batch size",
        description="Rows per step. Empty means 200, or all if fewer.",
    )
    learning_rate: Literal["constant", "invscaling", "adaptive"] = Field(
        "constant", title="Steps", description="How the size of steps shrinks, for the solver sgd."
    )
    learning_rate_init: float = Field(
        1e-3,
        gt=0,
        le=10,
        title="Learning rate",
        description="The size of a step. Smaller is steadier and slower.",
    )
    max_iter: int = Field(
        200, ge=1, le=10_000, title="Most passes", description="Passes over the rows, at most."
    )
    tol: float = Field(
        1e-4,
        gt=0,
        le=1,
        title="Tolerance",
        description="The search ends once a step gains less than this. Smaller is more exact and slower.",
    )
    n_iter_no_change: int = Field(
        10, ge=1, le=1000, title="Patience", description="Stop after this many passes that gain nothing."
    )
    early_stopping: bool = Field(
        False,
        title="Stop early",
        description="Watch a tenth of the training rows, and keep the best weights.",
    )
    class_weight: Literal["balanced"] | None = Field(
        None,
        title="Class weights",
        description="Balanced makes rare classes count more. Only for classification.",
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "hidden_layer_sizes": choice([50], [100], [100, 50], [200, 100]),
            "alpha": real(1e-6, 1e-1, log=True),
            "learning_rate_init": real(1e-4, 1e-2, log=True),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        sizes = [columns, *self.hidden_layer_sizes, several(classes)]
        weights = sum(before * after for before, after in pairwise(sizes))
        batches = 1 if self.solver == "lbfgs" else ceil(rows / (self.batch_size or 200))
        passes = min(self.max_iter, max(40, 1_000_000 // rows))
        one = 1.5e-4 * batches + rows * (6e-9 * sum(self.hidden_layer_sizes) + 1.5e-10 * weights)
        return Cost(1e-3 + passes * one, 8 * rows * (columns + max(sizes)) + 64 * weights)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        weights = (columns + several(classes)) * max(self.hidden_layer_sizes)
        return 1e-3 + rows * weights * 3e-10

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        shared = {**self.model_dump(exclude={"algo", "class_weight", "batch_size"}), "random_state": seed}
        shared["batch_size"] = self.batch_size or "auto"
        if task == "classification":
            return balanced_or_not(MLPClassifier(**shared), self.class_weight)
        return scaled_target(MLPRegressor(**shared))

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        if self.early_stopping:
            _check_enough(target)
        with watching_mlp(getattr(model, "estimator", model), on_step):
            model.fit(features, target)


def _check_enough(target: np.ndarray) -> None:
    import numpy as np

    alone = target.dtype.kind in "iu" and np.bincount(target).min() < 2
    if len(target) < _LEAST_TO_STOP_EARLY or alone:
        text = f"Stopping early sets rows aside and needs {_LEAST_TO_STOP_EARLY} rows, and 2 of each class."
        raise CannotTrain("too_few_rows", f"{text} Turn it off.", "model.early_stopping")
