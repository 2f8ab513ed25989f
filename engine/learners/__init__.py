"""The catalogue of learners. One that stands alone is named in `members`, the others here."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from engine.learners.bagging import Bagging
from engine.learners.base import Learner
from engine.learners.dense_network import DenseNetwork
from engine.learners.members import SINGLE
from engine.learners.stacking import Stacking
from engine.learners.voting import Voting
from engine.metrics import Task
from engine.networks.settings import Training
from engine.problems import CannotTrain, first

_LEARNERS: tuple[type[Learner], ...] = (*SINGLE, Bagging, Voting, Stacking, DenseNetwork)
CATALOG: dict[str, type[Learner]] = {learner.model_fields["algo"].default: learner for learner in _LEARNERS}

__all__ = ["CATALOG", "Learner", "create", "describe", "why_not"]


def why_not(learner: type[Learner], task: Task) -> str | None:
    """Why a learner does not suit a task; None where it does."""
    if task in learner.tasks:
        return None
    fitting = [algo for algo, other in CATALOG.items() if task in other.tasks]
    return f"{learner.title} does not do {task}. Choose one of {', '.join(fitting)}."


def create(*, task: Task, algo: str, **settings: Any) -> Learner:
    """A learner with its settings checked.

    Raises:
        CannotTrain: there is no such learner, it does not suit the task, or a setting is out of bounds.
    """
    learner = CATALOG.get(algo)
    if learner is None:
        raise CannotTrain(
            "unknown_estimator", f"“{algo}” is not known. Choose one of {', '.join(CATALOG)}.", "model"
        )
    if reason := why_not(learner, task):
        raise CannotTrain("infeasible", reason, "model")
    try:
        made = learner.model_validate({"algo": algo, **settings})
    except ValidationError as error:
        raise first(error) from error
    if reason := made.why_not_inside(task):
        raise CannotTrain("infeasible", reason, "model")
    return made


def describe(learner: type[Learner]) -> dict[str, Any]:
    """One learner for forms, the API and the documentation."""
    settings = learner.model_json_schema()
    algo = settings["properties"].pop("algo")["const"]
    return {
        "algo": algo,
        "label": learner.title,
        "summary": learner.summary,
        "tasks": list(learner.tasks),
        "settings": settings,
        "training": Training.model_json_schema() if learner.is_network else None,
        "search_space": learner.search_space(),
    }
