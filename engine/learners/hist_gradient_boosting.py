"""Gradient boosting over bins by scikit-learn: quick on large tables."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.learners import fields
from engine.learners.base import Cost, SearchSpace, real, several, whole
from engine.learners.boosting import Boosting
from engine.learners.tree_costs import binned, many
from engine.metrics import Task
from engine.networks.settings import Training

if TYPE_CHECKING:
    import numpy as np

    from engine.rounds import Rounds, Rows


class HistGradientBoosting(Boosting):
    """Trees that correct each other, over numbers sorted into bins."""

    title = "Gradient boosting, in bins"
    summary = "Trees that correct each other, over numbers in at most 255 bins. Quick on large tables."

    algo: Literal["hist_gradient_boosting"] = Field("hist_gradient_boosting", title="Learner")
    max_iter: int = fields.trees(100)
    learning_rate: float = fields.learning_rate(0.1)
    max_leaf_nodes: int | None = fields.leaves(31)
    max_depth: int | None = fields.depth(None)
    min_samples_leaf: int = fields.leaf(20)
    l2_regularization: float = fields.pull(0.0, "Restraint", "Larger keeps the leaves closer to 0.")
    max_features: float = fields.share_of_columns(of="question")
    max_bins: int = Field(255, ge=2, le=255, title="Bins", description="How finely numbers are told apart.")
    class_weight: fields.ClassWeight = fields.class_weight()
    early_stopping_rounds: int | None = fields.early_stopping()

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "max_iter": whole(50, 1000, log=True),
            "learning_rate": real(0.01, 0.3, log=True),
            "max_leaf_nodes": whole(7, 127, log=True),
            "min_samples_leaf": whole(5, 100, log=True),
            "l2_regularization": real(0.001, 100, log=True),
            "max_features": real(0.4, 1.0),
        }

    @property
    def most_rounds(self) -> int:
        return self.max_iter

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        leaves = min(self.max_leaf_nodes or rows, rows / self.min_samples_leaf, 2.0 ** (self.max_depth or 64))
        seconds = 1e-4 + binned(rows, columns, leaves, 1e-8 * self.max_features, (3e-5, 1.7e-6))
        values = several(classes)
        return many(self.max_iter * values, seconds, 110 * leaves, rows * (9 * columns + 40 * values))

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + self.max_iter * several(classes) * (2e-5 + 4e-8 * rows)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        settings = {
            **self.model_dump(exclude={"algo", "class_weight", "early_stopping_rounds"}),
            "early_stopping": False,
            "random_state": seed,
        }
        return (
            HistGradientBoostingClassifier(**settings)
            if task == "classification"
            else HistGradientBoostingRegressor(**settings)
        )

    def follow(self, model: Any, learn: Rows, watched: list[Rows], rounds: Rounds) -> None:
        from threadpoolctl import threadpool_limits

        # It adds up by thread, so more of them would change the last digits.
        with threadpool_limits(limits=1, user_api="openmp"):
            self._follow(model, learn, watched, rounds)
        # Only learning needs it, and a model file is to hold nothing that answers can do without.
        model._feature_subsample_rng, model._random_seed = None, int(model._random_seed)

    def _follow(self, model: Any, learn: Rows, watched: list[Rows], rounds: Rounds) -> None:
        from engine.rounds import a_few

        if not rounds.matter:
            model.fit(*learn.pair, learn.weights)
            return
        # The losses are computed where the library would stop by itself; it is told never to.
        model.set_params(early_stopping=True, n_iter_no_change=self.max_iter + 1, validation_fraction=None)
        few = a_few(len(learn.target), model.random_state)
        model._check_early_stopping_loss = _listening(model, rounds, few)
        aside = dict(zip(("X_val", "y_val"), watched[1].pair, strict=True)) if watched[1:] else {}
        model.fit(*learn.pair, learn.weights, **aside)
        del model._check_early_stopping_loss
        model.set_params(early_stopping=False, n_iter_no_change=10, validation_fraction=0.1)
        if rounds.best:
            _keep(model, rounds.best)


def _listening(model: Any, rounds: Rounds, few: np.ndarray) -> Any:
    """Stands for the library's own check after each tree, and once before the first."""
    unit = 1.0 if hasattr(model, "predict_proba") else 2.0  # it halves squares
    checks = itertools.count()

    def check(**now: Any) -> bool:
        number = next(checks)
        if not number or not (rounds.patience or rounds.is_due(number)):
            return False
        losses = [model._loss(y_true=now["y_train"][few], raw_prediction=now["raw_predictions"][few])]
        if now["y_val"] is not None:
            losses.append(model._loss(y_true=now["y_val"], raw_prediction=now["raw_predictions_val"]))
        return rounds.after(number, *(unit * loss for loss in losses))

    return check


def _keep(model: Any, best: int) -> None:
    model._predictors = model._predictors[:best]
