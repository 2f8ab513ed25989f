"""What ensembles share: learners inside a learner, each fitted in its own way and with its own seed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from engine.events import OnStep
from engine.learners.base import Cost, Learner
from engine.metrics import TASKS, Task

if TYPE_CHECKING:
    import numpy as np

_SEEDS = 2**32


class Ensemble(Learner):
    """Learners that answer together. What it wants of the data is what its members want."""

    tasks: ClassVar[tuple[Task, ...]] = TASKS

    @property
    @abstractmethod
    def inside(self) -> dict[str, Learner]:
        """The learners it is made of, by the words that name them to a person."""

    @property
    def wants_scale(self) -> bool:  # type: ignore[override]
        return any(member.wants_scale for member in self.inside.values())

    @property
    def takes_sparse(self) -> bool:  # type: ignore[override]
        return all(member.takes_sparse for member in self.inside.values())

    @property
    def takes_float32(self) -> bool:  # type: ignore[override]
        return all(member.takes_float32 for member in self.inside.values())

    @property
    def libraries(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(sorted({name for member in self.inside.values() for name in member.libraries}))

    def why_not_inside(self, task: Task) -> str | None:
        for name, member in self.inside.items():
            if task not in member.tasks:
                return f"{name.capitalize()}, {member.title}, does not do {task}. Choose another."
        return None

    def too_many(self, rows: int) -> str | None:
        return next((said for member in self.inside.values() if (said := member.too_many(rows))), None)

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        """Fits the members on threads of this process, each of which computes on one."""
        from joblib import parallel_config

        with parallel_config(backend="threading"):
            model.fit(features, target)
        forget(model)
        # Members that answer on several threads are added up in other groups.
        model.n_jobs = 1

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        return sum(member.answer_seconds(learned, rows, columns, classes) for member in self.inside.values())


def as_member(learner: Learner, task: Task, seed: int, place: int = 0) -> Any:
    """A learner as an estimator that others may copy and fit. Each place has a seed of its own."""
    from engine.transformers.member import ClassMember, ValueMember

    kind = ClassMember if task == "classification" else ValueMember
    return kind(learner, random_state=(seed + place) % _SEEDS)


def named(members: Iterable[Learner], task: Task, seed: int) -> list[tuple[str, Any]]:
    """Members as scikit-learn's ensembles want them: (name, estimator)."""
    return [
        (f"member_{place}", as_member(member, task, seed, place))
        for place, member in enumerate(members, start=1)
    ]


def together(costs: Iterable[Cost]) -> Cost:
    """What fits one after the other take, all of which are kept."""
    known = list(costs)
    return Cost(sum(cost.seconds for cost in known), sum(cost.bytes for cost in known))


def forget(model: Any) -> None:
    """Leave in an ensemble what answers, and nothing that could learn again."""
    final = getattr(model, "final_estimator", None)
    templates = [pair[1] for pair in model.estimators] if hasattr(model, "estimators") else [model.estimator]
    fitted = [*model.estimators_, getattr(model, "final_estimator_", None)]
    for member in (*templates, final, *fitted):
        if member is not None:
            member.forget()
    # A second name for the same members, of a type that nobody needs to trust.
    vars(model).pop("named_estimators_", None)
    if hasattr(model, "cv"):
        model.cv = None
