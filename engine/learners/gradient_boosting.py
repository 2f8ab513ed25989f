"""Gradient boosting by scikit-learn: the classic, exact on small tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.learners import fields
from engine.learners.base import Cost, SearchSpace, real, several, whole
from engine.learners.boosting import Boosting
from engine.learners.tree_costs import columns_asked, levels, many, nodes_bytes
from engine.metrics import Task
from engine.networks.settings import Training

if TYPE_CHECKING:
    import numpy as np

    from engine.rounds import Rounds, Rows


class GradientBoosting(Boosting):
    """Trees that correct each other; every threshold is tried."""

    title = "Gradient boosting, exact"
    summary = "Trees that correct each other and try every threshold. For some thousand rows."
    takes_sparse = True
    takes_float32 = True

    algo: Literal["gradient_boosting"] = Field("gradient_boosting", title="Learner")
    n_estimators: int = fields.trees(100)
    learning_rate: float = fields.learning_rate(0.1)
    max_depth: int | None = fields.depth(3)
    min_samples_split: int = fields.split()
    min_samples_leaf: int = fields.leaf()
    subsample: float = fields.share_of_rows()
    max_features: fields.Share | None = fields.columns_per_question("all")
    class_weight: fields.ClassWeight = fields.class_weight()
    early_stopping_rounds: int | None = fields.early_stopping()

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "n_estimators": whole(50, 500, log=True),
            "learning_rate": real(0.01, 0.3, log=True),
            "max_depth": whole(2, 8),
            "min_samples_leaf": whole(1, 50, log=True),
            "subsample": real(0.5, 1.0),
        }

    @property
    def most_rounds(self) -> int:
        return self.n_estimators

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        asked = columns_asked(self.max_features, columns)
        seconds = 7e-4 + 7e-8 * rows * self.subsample * asked * levels(rows, self.max_depth)
        kept = nodes_bytes(rows, self.min_samples_leaf, self.max_depth, 1)
        return many(self.n_estimators * several(classes), seconds, kept, 8 * rows * columns)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + self.n_estimators * several(classes) * (2e-5 + 1.7e-8 * rows)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

        apart = {"algo", "class_weight", "early_stopping_rounds", "max_features"}
        settings = {
            **self.model_dump(exclude=apart),
            "max_features": fields.SHARES[self.max_features or "all"],
            "random_state": seed,
        }
        return (
            GradientBoostingClassifier(**settings)
            if task == "classification"
            else GradientBoostingRegressor(**settings)
        )

    def follow(self, model: Any, learn: Rows, watched: list[Rows], rounds: Rounds) -> None:
        val_losses = _staged_losses(model, watched[1]) if watched[1:] else None

        def monitor(place: int, fitting: Any, names: dict[str, Any]) -> bool:
            loss = fitting.train_score_[place] / names["factor"]
            return rounds.after(place + 1, _whole(loss, model), next(val_losses) if val_losses else None)

        model.fit(*learn.pair, learn.weights, monitor=monitor if rounds.matter else None)
        if rounds.best:
            _keep(model, rounds.best)


def _whole(loss: float, model: Any) -> float:
    """The loss as others say it: scikit-learn halves squares."""
    return loss * 2 if model.loss == "squared_error" else loss


def _staged_losses(model: Any, check: Rows) -> Iterator[float]:
    """The loss on rows kept aside, tree by tree while the model grows."""
    from engine.rounds import loss_of

    features: np.ndarray = check.features
    staged = model.staged_predict_proba if model.loss == "log_loss" else model.staged_predict
    for answer in staged(features):
        yield loss_of(answer, check.target)


def _keep(model: Any, best: int) -> None:
    model.estimators_ = model.estimators_[:best]
    model.train_score_ = model.train_score_[:best]
    model.n_estimators_ = best
