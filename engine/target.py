"""Stage 4, the target: bent before it is learned and turned back in answers: scores are in real units."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.events import Listener, log
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.words import count

Bend = dict[str, Any]
"""`kind` ("log" or "power") and plain numbers, as `engine.predict.turned_back` reads them."""


def check(spec: RunSpec, ready: Ready) -> None:
    """Refuse a logarithm that the target does not have.

    Raises:
        CannotTrain: infeasible.
    """
    if spec.preprocessing.target != "log":
        return
    if negative := int((ready.target < 0).sum()):
        detail = f"{spec.target} is below 0 in {count(negative, 'row')}, and such numbers have no logarithm."
        raise CannotTrain("infeasible", f"{detail} Choose power or none.", "preprocessing.target")


def learn(kind: str, target: np.ndarray) -> tuple[np.ndarray, Bend | None]:
    """The training target as it is learned, and what turns answers back. `log` is log(1 + y)."""
    if kind == "log":
        return np.log1p(target), {"kind": "log"}
    if kind == "power":
        return _powered(target)
    return target, None


def tell_of_bend(spec: RunSpec, tell: Listener) -> None:
    """Say in which units the losses of epochs and rounds are, where these are not those of the scores."""
    way = {"log": "the logarithm", "power": "a power"}.get(spec.preprocessing.target)
    if way:
        losses = f"Losses are told in its units, scores in those of {spec.target}"
        log(tell, f"Learns {way} of {spec.target}. {losses}.")


def _powered(target: np.ndarray) -> tuple[np.ndarray, Bend]:
    from engine.transformers.power import Power

    power = Power().fit(target[:, None])
    numbers = {
        "lambda": power.lambdas_[0],
        "unit": power.unit_[0],
        "mean": power.mean_[0],
        "scale": power.scale_[0],
        "low": target.min(),
        "high": target.max(),
    }
    plain = {name: float(value) for name, value in numbers.items()}
    return power.transform(target[:, None])[:, 0], {"kind": "power", **plain}
