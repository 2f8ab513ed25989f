"""AdaBoost: small trees, each looking harder at what the others got wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.learners import fields
from engine.learners.base import Cost, SearchSpace, real, whole
from engine.learners.boosting import Boosting
from engine.learners.tree_costs import levels, many, nodes_bytes
from engine.metrics import Task
from engine.networks.settings import Training

if TYPE_CHECKING:
    from engine.rounds import Rounds, Rows, Staged


class AdaBoost(Boosting):
    """Small trees; rows that were wrong count more for the next."""

    title = "AdaBoost"
    summary = "Small trees, each looking harder at what the others got wrong. Suffers from wrong labels."
    takes_sparse = True
    takes_float32 = True
    rounds_told = 25

    algo: Literal["adaboost"] = Field("adaboost", title="Learner")
    n_estimators: int = fields.trees(50, most=2000)
    learning_rate: float = fields.learning_rate(1.0)
    max_depth: int | None = fields.depth(
        None, "Empty means 1 for classes, which is one question, and 3 for numbers."
    )
    class_weight: fields.ClassWeight = fields.class_weight()
    early_stopping_rounds: int | None = fields.early_stopping()

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "n_estimators": whole(20, 500, log=True),
            "learning_rate": real(0.01, 2.0, log=True),
            "max_depth": whole(1, 6),
        }

    @property
    def most_rounds(self) -> int:
        return self.n_estimators

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        depth = self.max_depth or (1 if classes else 3)
        seconds = 1.2e-3 + 5e-8 * rows * columns * (1 + levels(rows, depth))
        return many(self.n_estimators, seconds, nodes_bytes(rows, 1, depth, classes), 8 * rows * columns)

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + self.n_estimators * (1e-4 + 4e-8 * rows)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor
        from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

        settings: dict[str, Any] = self.model_dump(include={"n_estimators", "learning_rate"})
        settings["random_state"] = seed
        if task == "classification":
            return AdaBoostClassifier(DecisionTreeClassifier(max_depth=self.max_depth or 1), **settings)
        return AdaBoostRegressor(DecisionTreeRegressor(max_depth=self.max_depth or 3), **settings)

    def follow(self, model: Any, learn: Rows, watched: list[Rows], rounds: Rounds) -> None:
        from engine.rounds import Staged

        if not rounds.matter:
            model.fit(*learn.pair, learn.weights)
            return
        staged = [Staged(model, rows) for rows in watched]
        boost = model._boost

        def listened(place: int, *given: Any) -> tuple[Any, Any, Any]:
            return (None, None, None) if place and _tell(staged, rounds) else boost(place, *given)

        # The weight of a tree stands when the next one begins, so each round is told a little later.
        model._boost = listened
        model.fit(*learn.pair, learn.weights)
        del model._boost
        _tell(staged, rounds)
        if rounds.best:
            _keep(model, rounds.best)


def _tell(staged: list[Staged], rounds: Rounds) -> bool:
    """Whether to stop. Only rounds that are told are looked at: a look may cost as much as a tree."""
    number = staged[0].trees
    is_new = number > rounds.heard and rounds.is_due(number)
    return is_new and rounds.after(number, *(rows.loss() for rows in staged))


def _keep(model: Any, best: int) -> None:
    model.estimators_ = model.estimators_[:best]
    model.estimator_weights_ = model.estimator_weights_[:best]
    model.estimator_errors_ = model.estimator_errors_[:best]
