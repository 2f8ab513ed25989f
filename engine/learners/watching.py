"""Hears each pass of scikit-learn's perceptron, which has no callback, and changes nothing of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.events import OnStep

_HOOK = "_update_no_improvement_count"


@contextmanager
def watching_mlp(model: Any, on_step: OnStep | None) -> Iterator[None]:
    """Tells `on_step` the training loss of each pass, and the validation score where it stops early."""
    if on_step is None or model.solver == "lbfgs":
        yield
        return
    own, began = getattr(model, _HOOK), [time.perf_counter()]

    def heard(*arguments: Any) -> None:
        own(*arguments)
        now = time.perf_counter()
        on_step(model.n_iter_, model.max_iter, _scores(model), now - began[0])
        began[0] = now

    setattr(model, _HOOK, heard)
    try:
        yield
    finally:
        delattr(model, _HOOK)


def _scores(model: Any) -> dict[str, float]:
    scores = {"loss": float(model.loss_curve_[-1])}
    if model.early_stopping:
        scores["val_score"] = float(model.validation_scores_[-1])
    return scores
