"""Gradient boosting by LightGBM: trees that grow leaf by leaf."""

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

_MANY_ROWS = 10_000
_LARGEST_SEED = 2**31 - 1


class LightGBM(Boosting):
    """Trees that correct each other and grow where they gain most."""

    title = "LightGBM"
    summary = (
        "Trees that correct each other and grow where they gain most. Quick, and strong on large tables."
    )
    takes_sparse = True
    libraries = ("lightgbm",)

    algo: Literal["lightgbm"] = Field("lightgbm", title="Learner")
    n_estimators: int = fields.trees(200)
    learning_rate: float = fields.learning_rate(0.1)
    num_leaves: int = fields.leaves(31, empty="")
    max_depth: int | None = fields.depth(None)
    min_child_samples: int = fields.leaf(20)
    subsample: float = fields.share_of_rows()
    colsample_bytree: float = fields.share_of_columns()
    reg_alpha: float = fields.pull(0.0, "Sparse restraint", "Larger sets more leaves to 0.")
    reg_lambda: float = fields.pull(0.0, "Restraint", "Larger keeps the leaves closer to 0.")
    min_split_gain: float = fields.pull(0.0, "Least gain", "A question that gains less is not asked.")
    class_weight: fields.ClassWeight = fields.class_weight()
    early_stopping_rounds: int | None = fields.early_stopping()

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "n_estimators": whole(50, 1000, log=True),
            "learning_rate": real(0.01, 0.3, log=True),
            "num_leaves": whole(7, 255, log=True),
            "min_child_samples": whole(5, 100, log=True),
            "subsample": real(0.5, 1.0),
            "colsample_bytree": real(0.5, 1.0),
            "reg_lambda": real(0.001, 100, log=True),
        }

    @property
    def most_rounds(self) -> int:
        return self.n_estimators

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        leaves = min(self.num_leaves, rows / self.min_child_samples, 2.0 ** (self.max_depth or 64))
        share = self.colsample_bytree * self.subsample
        seconds = 3e-5 + binned(rows, columns, leaves, 1.1e-8 * share, (5e-6, 2e-6))
        values = several(classes)
        return many(self.n_estimators * values, seconds, 110 * leaves, rows * (2 * columns + 40 * values))

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return 1e-3 + self.n_estimators * several(classes) * (1e-5 + 3e-8 * rows)

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from lightgbm import LGBMClassifier, LGBMRegressor

        settings = {
            **self.model_dump(exclude={"algo", "class_weight", "early_stopping_rounds", "max_depth"}),
            "max_depth": self.max_depth or -1,
            "subsample_freq": 1,
            "random_state": seed % _LARGEST_SEED,
            "n_jobs": threads,
            # Sums in one order, whatever the threads.
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
        return LGBMClassifier(**settings) if task == "classification" else LGBMRegressor(**settings)

    def follow(self, model: Any, learn: Rows, watched: list[Rows], rounds: Rounds) -> None:
        if len(learn.target) < _MANY_ROWS:
            model.n_jobs = 1  # more would only wait for each other
        # A share of less than one row is none to it, and it fails.
        model.subsample = max(self.subsample, min(1.0, 1.5 / len(learn.target)))
        heard: dict[str, Any] = {}
        if rounds.matter:
            heard = {
                "eval_X": tuple(rows.features for rows in watched),
                "eval_y": tuple(rows.target for rows in watched),
                "callbacks": [_listener(rounds)],
            }
        model.fit(*learn.pair, learn.weights, **heard)
        # What was told is not kept twice.
        model._best_score, model._evals_result, model.booster_.best_score = {}, {}, {}


def _listener(rounds: Rounds) -> Any:
    from lightgbm.callback import EarlyStopException

    def listen(round_: Any) -> None:
        number, results = round_.iteration + 1, round_.evaluation_result_list
        stops = rounds.after(number, *(found[2] for found in results))
        if rounds.best and (stops or number == rounds.most):
            raise EarlyStopException(rounds.best - 1, results)

    return listen
