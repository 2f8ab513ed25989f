"""Stacking: several learners, and one more that learns whom to believe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.events import OnStep
from engine.learners.base import Cost, Learner, SearchSpace, whole
from engine.learners.ensemble import Ensemble, as_member, named, together
from engine.learners.extra_trees import ExtraTrees
from engine.learners.hist_gradient_boosting import HistGradientBoosting
from engine.learners.logistic_regression import LogisticRegression
from engine.learners.members import AnyMember
from engine.learners.ridge import Ridge
from engine.metrics import TASKS, Task
from engine.networks.settings import Training

if TYPE_CHECKING:
    import numpy as np


class Stacking(Ensemble):
    """Members answer rows that they did not see; one more learner learns from their answers."""

    title = "Stacking"
    summary = "Several learners, and one more that learns whom to believe. Slow, and often a little better."

    algo: Literal["stacking"] = Field("stacking", title="Learner")
    members: tuple[AnyMember, ...] = Field(
        (ExtraTrees(algo="extra_trees"), HistGradientBoosting(algo="hist_gradient_boosting")),
        min_length=2,
        max_length=10,
        strict=False,
        title="Members",
        description="The learners that are asked, each with its settings; 2 to 10.",
    )
    final: AnyMember | None = Field(
        None,
        title="Final learner",
        description="Learns from what the members say. Empty means logistic regression for classes, "
        "ridge for numbers.",
    )
    folds: int = Field(
        5, ge=2, le=20, title="Folds", description="Parts in which the members answer rows they did not see."
    )
    passthrough: bool = Field(
        False, title="Columns as well", description="The final learner sees the columns beside the answers."
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {"folds": whole(3, 10)}

    @property
    def inside(self) -> dict[str, Learner]:
        members = {f"member {place}": member for place, member in enumerate(self.members, start=1)}
        return members if self.final is None else {**members, "the final learner": self.final}

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from sklearn.ensemble import StackingClassifier, StackingRegressor

        is_classes = task == "classification"
        settings = {
            "final_estimator": as_member(self._final(task), task, seed),
            "passthrough": self.passthrough,
            "n_jobs": threads,
        }
        members = named(self.members, task, seed)
        if is_classes:
            return StackingClassifier(members, stack_method="predict_proba", **settings)
        return StackingRegressor(members, **settings)

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        """Fits with fewer folds where the rows, or those of the largest class, are fewer."""
        model.cv = _dealt(model, target, self.folds)
        super().fit(model, features, target, on_step)

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        part = rows * (self.folds - 1) // self.folds
        asked = [
            member.cost(task, part, columns, classes) for member in self.members for _ in range(self.folds)
        ]
        told = len(self.members) * max(classes, 1) + (columns if self.passthrough else 0)
        kept = together(member.cost(task, rows, columns, classes) for member in self.members)
        final = self._final(task).cost(task, rows, told, classes)
        return Cost(sum(cost.seconds for cost in (*asked, kept, final)), kept.bytes + final.bytes)

    def _final(self, task: Task) -> Learner:
        usual = LogisticRegression(algo="logistic_regression") if task == TASKS[0] else Ridge(algo="ridge")
        return self.final or usual


def _dealt(model: Any, target: np.ndarray, folds: int) -> Any:
    """Folds that keep the proportions of classes, but where no class has two rows."""
    import numpy as np
    from sklearn.base import is_classifier
    from sklearn.model_selection import KFold, StratifiedKFold

    largest = int(np.unique(target, return_counts=True)[1].max()) if is_classifier(model) else 1
    seed = model.final_estimator.random_state
    if largest < 2:
        return KFold(min(folds, len(target)), shuffle=True, random_state=seed)
    return StratifiedKFold(min(folds, largest), shuffle=True, random_state=seed)
