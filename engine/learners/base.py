"""What every learner is: its settings, in words and bounds, and how they become something that can fit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from pydantic_core import PydanticCustomError

from engine.events import OnStep
from engine.metrics import Task
from engine.networks.settings import Training
from engine.problems import CannotTrain
from engine.settings import Settings

if TYPE_CHECKING:
    import numpy as np

SearchSpace = dict[str, dict[str, Any]]
Step = Literal["", "epoch", "iteration"]


class Cost(NamedTuple):
    """What one fit takes at one thread: seconds, and bytes beside those of the data."""

    seconds: float
    bytes: int


class Learner(Settings, ABC):
    """One way to learn. Subclasses add `algo` and their settings, named as their library names them."""

    title: ClassVar[str]
    summary: ClassVar[str]
    tasks: ClassVar[tuple[Task, ...]]
    is_network: ClassVar[bool] = False
    step: ClassVar[Step] = ""
    """What it tells while it learns; "" where it tells nothing."""
    wants_scale: ClassVar[bool] = True
    """Whether numbers of a like range help it: what the scale "auto" asks."""
    takes_sparse: ClassVar[bool] = False
    """Whether it learns from a sparse matrix, with the same numbers but for rounding and ties."""
    takes_float32: ClassVar[bool] = False
    """Whether it computes in 32 bits anyway, so that its input may have them."""
    libraries: ClassVar[tuple[str, ...]] = ()
    """Modules whose versions decide its numbers, beside scikit-learn's."""
    largest_rows: ClassVar[int | None] = None
    """The most training rows it suits; None where only time limits them."""

    algo: str

    @classmethod
    def search_space(cls) -> SearchSpace:
        """Where a search may look: name → type ("int", "float", "choice"), low, high, log, choices."""
        return {}

    def why_not_inside(self, task: Task) -> str | None:
        """Why a learner inside this one does not suit a task; None where there is none, or it does."""
        return None

    @abstractmethod
    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        """An unfitted estimator in scikit-learn's manner. Its numbers do not depend on `threads`."""

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        """Fits what `build` gave. Learners with a `step` call `on_step` after each, if there is one."""
        model.fit(features, target)

    def check_rows(self, rows: int) -> None:
        """Refuse more training rows than it suits.

        Raises:
            CannotTrain: too_many_rows.
        """
        if sentence := self.too_many(rows):
            raise CannotTrain("too_many_rows", sentence, "model")

    def too_many(self, rows: int) -> str | None:
        """Why so many training rows are too many for it; None where they are not."""
        if self.largest_rows is None or rows <= self.largest_rows:
            return None
        suits = f"{self.title} suits up to {self.largest_rows:,} rows, and there are {rows:,} to learn from."
        return f"{suits} Choose another model, or a part of the rows."

    def cost(self, task: Task, rows: int, columns: int, classes: int) -> Cost:
        """What one fit on so many prepared rows and columns roughly takes; `classes` is 0 for numbers.

        Good to a factor of 3, at one thread. All constants were measured on one core of a server of 2024
        (3 GHz), with 500 to 20,000 rows of 5 to 80 numbers.
        """
        return Cost(1e-3 + 5e-8 * rows * columns * max(classes, 1), 16 * rows * max(classes, 1))

    def answer_seconds(self, learned: int, rows: int, columns: int, classes: int) -> float:
        """What answering `rows` rows roughly takes, after learning from `learned`."""
        return 3e-4 + 3e-9 * rows * columns * several(classes)


def whole(low: int, high: int, *, log: bool = False) -> dict[str, Any]:
    """A whole number to search between two bounds, both included."""
    return {"type": "int", "low": low, "high": high, "log": log, "choices": None}


def real(low: float, high: float, *, log: bool = False) -> dict[str, Any]:
    """A number to search between two bounds."""
    return {"type": "float", "low": low, "high": high, "log": log, "choices": None}


def choice(*choices: Any) -> dict[str, Any]:
    """One of some values."""
    return {"type": "choice", "low": None, "high": None, "log": False, "choices": list(choices)}


def several(classes: int) -> int:
    """How many borders or curves tell the classes apart: one for two classes, and for numbers (0)."""
    return classes if classes > 2 else 1


def infeasible(sentence: str) -> PydanticCustomError:
    """A refusal of settings that do not go together, to be raised by a validator."""
    return PydanticCustomError("infeasible", "{text}", {"text": sentence})


def balanced_or_not(model: Any, class_weight: str | None) -> Any:
    """`model`, a classifier that weighs rows but not classes, with the class weights that were chosen."""
    from engine.transformers.balanced import Balanced

    return Balanced(model) if class_weight == "balanced" else model


def calibrated(model: Any, seed: int) -> Any:
    """`model`, a classifier that only draws borders, with probabilities."""
    from engine.transformers.calibrated import Calibrated

    return Calibrated(model, seed=seed)


def scaled_target(model: Any) -> Any:
    """`model`, a regressor, that learns the target in units of its spread."""
    from engine.transformers.scaled_target import ScaledTarget

    return ScaledTarget(model)
