"""What all boosting shares: trees one after the other, told as they come, stopped where more do not help."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from engine.events import OnStep
from engine.learners.base import Learner, Step
from engine.metrics import TASKS, Task

if TYPE_CHECKING:
    import numpy as np

    from engine.rounds import Rounds, Rows


class Boosting(Learner):
    """Trees that correct each other. Subclasses name their rounds and follow their library's."""

    tasks: ClassVar[tuple[Task, ...]] = TASKS
    step: ClassVar[Step] = "iteration"
    wants_scale: ClassVar[bool] = False
    rounds_told: ClassVar[int] = 100
    """How many rounds are told at most."""

    if TYPE_CHECKING:
        early_stopping_rounds: int | None
        class_weight: str | None

    @property
    @abstractmethod
    def most_rounds(self) -> int:
        """How many trees there may be, for each class."""

    @abstractmethod
    def follow(self, model: Any, learn: Rows, watched: list[Rows], rounds: Rounds) -> None:
        """Fit `model` on `learn`, let `rounds` hear its losses on `watched`, and keep the best trees.

        `watched` has some of the rows to learn from and, where it may stop early, those kept aside.
        """

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        """Fits what `build` gave and tells "loss" of rounds and, where rows are kept aside, "val_loss"."""
        from sklearn.base import is_classifier

        from engine.rounds import Rounds, parts

        learn, check = parts(
            features,
            target,
            model.random_state,
            is_classes=is_classifier(model),
            aside=self.early_stopping_rounds is not None,
            balanced=self.class_weight is not None,
        )
        rounds = Rounds(self.most_rounds, self.early_stopping_rounds, on_step, self.rounds_told)
        watched = [learn.some(model.random_state), *([check] if check else [])]
        self.follow(model, learn, watched, rounds)
