"""Gaussian process: a smooth curve through few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.events import OnStep
from engine.learners.base import Cost, Learner, SearchSpace, choice, several, whole
from engine.metrics import TASKS, Task
from engine.networks.settings import Training
from engine.problems import CannotTrain

if TYPE_CHECKING:
    import numpy as np


class GaussianProcess(Learner):
    """Rows that are alike have like answers; how alike is learned. Work grows with the cube of the rows."""

    title = "Gaussian process"
    summary = "A smooth curve through few rows. Up to 2,000 rows to learn from."
    tasks = TASKS
    largest_rows = 2000

    algo: Literal["gaussian_process"] = Field("gaussian_process", title="Learner")
    kernel: Literal["rbf", "matern", "rational_quadratic"] = Field(
        "rbf",
        title="Kernel",
        description="How answers go together: very smooth (rbf), rougher (matern), or at several scales.",
    )
    alpha: float = Field(
        1e-10,
        ge=1e-10,
        le=1,
        title="Least noise",
        description="Noise of the target that is taken for sure, beside what is learned of it. "
        "Only for regression.",
    )
    n_restarts_optimizer: int = Field(
        0, ge=0, le=10, title="Restarts", description="Further searches for the kernel's lengths, by chance."
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "kernel": choice("rbf", "matern", "rational_quadratic"),
            "n_restarts_optimizer": whole(0, 3),
        }

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        one = 5e-9 * rows**3 if classes else 3.5e-9 * rows**3 + 5e-7 * rows**2
        return Cost(1e-2 + one * several(classes) * (1 + self.n_restarts_optimizer), 64 * rows**2)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + 5e-8 * rows * learned * several(classes)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import WhiteKernel

        shared = {"n_restarts_optimizer": self.n_restarts_optimizer, "random_state": seed}
        if task == "classification":
            return GaussianProcessClassifier(self._likeness(), **shared)
        return GaussianProcessRegressor(
            self._likeness() + WhiteKernel(), alpha=self.alpha, normalize_y=True, **shared
        )

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        from numpy.linalg import LinAlgError

        try:
            model.fit(features, target)
        except LinAlgError as error:
            text = "The rows are too much alike for a Gaussian process. Scale the numbers, or raise alpha."
            raise CannotTrain("no_convergence", text, "model") from error

    def _likeness(self) -> Any:
        from sklearn.gaussian_process import kernels

        # Wider bounds let classes that part cleanly drive the size to infinity, and take ten times as long.
        size, length = (1e-2, 1e2), (1e-1, 1e2)
        known = {
            "rbf": lambda: kernels.RBF(1.0, length),
            "matern": lambda: kernels.Matern(1.0, length),
            "rational_quadratic": lambda: kernels.RationalQuadratic(1.0, 1.0, length, length),
        }
        return kernels.ConstantKernel(1.0, size) * known[self.kernel]()
