"""What every learner is: its settings, in words and bounds, and how they become something that can fit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from engine.metrics import Task
from engine.networks.settings import Training
from engine.settings import Settings

SearchSpace = dict[str, dict[str, Any]]


class Learner(Settings, ABC):
    """One way to learn. Subclasses add `algo` and their settings, named as their library names them."""

    title: ClassVar[str]
    summary: ClassVar[str]
    tasks: ClassVar[tuple[Task, ...]]
    is_network: ClassVar[bool] = False

    algo: str

    @classmethod
    def search_space(cls) -> SearchSpace:
        """Where a search may look: name → type ("int", "float", "choice"), low, high, log, choices."""
        return {}

    @abstractmethod
    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        """An unfitted estimator in scikit-learn's manner. Its numbers do not depend on `threads`."""


def whole(low: int, high: int, *, log: bool = False) -> dict[str, Any]:
    """A whole number to search between two bounds, both included."""
    return {"type": "int", "low": low, "high": high, "log": log, "choices": None}


def real(low: float, high: float, *, log: bool = False) -> dict[str, Any]:
    """A number to search between two bounds."""
    return {"type": "float", "low": low, "high": high, "log": log, "choices": None}


def choice(*choices: Any) -> dict[str, Any]:
    """One of some values."""
    return {"type": "choice", "low": None, "high": None, "log": False, "choices": list(choices)}
