"""Gradient boosting by XGBoost: trees that correct each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.learners import fields
from engine.learners.base import Cost, SearchSpace, real, several, whole
from engine.learners.boosting import Boosting
from engine.learners.tree_costs import binned, many
from engine.metrics import Task
from engine.networks.settings import Training

if TYPE_CHECKING:
    from engine.rounds import Rounds, Rows


class XGBoost(Boosting):
    """Decision trees that correct each other, one after the other."""

    title = "XGBoost"
    summary = "Trees that correct each other, one after the other. Often the best on tables."
    takes_float32 = True
    libraries = ("xgboost",)

    algo: Literal["xgboost"] = Field("xgboost", title="Learner")
    n_estimators: int = Field(
        200, ge=1, le=5000, title="Trees", description="More fits closer and takes longer."
    )
    learning_rate: float = Field(
        0.1,
        gt=0,
        le=1,
        title="Learning rate",
        description="How much each tree may correct. Smaller needs more trees.",
    )
    max_depth: int = Field(
        6, ge=1, le=20, title="Depth", description="Questions from root to leaf of each tree."
    )
    min_child_weight: float = Field(
        1.0, ge=0, le=1000, title="Weight per leaf", description="Larger leaves are more careful."
    )
    subsample: float = fields.share_of_rows()
    colsample_bytree: float = fields.share_of_columns()
    gamma: float = fields.pull(0.0, "Least gain", "A question that gains less is not asked.")
    reg_alpha: float = fields.pull(0.0, "Sparse restraint", "Larger sets more leaves to 0.")
    reg_lambda: float = fields.pull(1.0, "Restraint", "Larger keeps the leaves closer to 0.")
    class_weight: fields.ClassWeight = fields.class_weight()
    early_stopping_rounds: int | None = fields.early_stopping()

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "n_estimators": whole(50, 1000, log=True),
            "learning_rate": real(0.01, 0.3, log=True),
            "max_depth": whole(2, 10),
            "min_child_weight": real(0.5, 20, log=True),
            "subsample": real(0.5, 1.0),
            "colsample_bytree": real(0.5, 1.0),
            "reg_lambda": real(0.01, 100, log=True),
        }

    @property
    def most_rounds(self) -> int:
        return self.n_estimators

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        leaves = min(2.0**self.max_depth, rows / (2 * max(self.min_child_weight, 1)))
        share = self.colsample_bytree * self.subsample
        seconds = 3e-5 + binned(rows, columns, leaves, 1.1e-8 * share, (2e-6, 2e-6))
        values = several(classes)
        return many(self.n_estimators * values, seconds, 110 * leaves, rows * (6 * columns + 40 * values))

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + self.n_estimators * several(classes) * (1e-5 + 1.2e-8 * rows)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from xgboost import XGBClassifier, XGBRegressor

        # One thread: XGBoost adds up its histograms by thread, so more of them would change the last digits.
        settings = {
            **self.model_dump(exclude={"algo", "class_weight", "early_stopping_rounds"}),
            "random_state": seed,
            "n_jobs": 1,
            "tree_method": "hist",
        }
        return XGBClassifier(**settings) if task == "classification" else XGBRegressor(**settings)

    def follow(self, model: Any, learn: Rows, watched: list[Rows], rounds: Rounds) -> None:
        if not rounds.matter:
            model.fit(*learn.pair, sample_weight=learn.weights)
            return
        model.set_params(callbacks=[_listener(rounds)])
        model.fit(
            *learn.pair,
            sample_weight=learn.weights,
            eval_set=[rows.pair for rows in watched],
            verbose=False,
        )
        model.set_params(callbacks=None)
        model.evals_result_ = {}  # what was told is not kept twice


def _listener(rounds: Rounds) -> Any:
    from xgboost.callback import TrainingCallback

    class Listener(TrainingCallback):
        """Tells the losses, and keeps the best trees."""

        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
            losses = [_loss(*found.items()) for found in evals_log.values()]
            return rounds.after(epoch + 1, *losses)

        def after_training(self, model: Any) -> Any:
            return model[: rounds.best] if rounds.best else model

    return Listener()


def _loss(measured: tuple[str, list[float]]) -> float:
    """The last value; XGBoost takes the root of squared errors, the others do not."""
    name, values = measured
    return values[-1] ** 2 if name == "rmse" else values[-1]
