"""The log of a training, as lines of text: what `log.txt` holds and what the terminal shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.events import Listener
from engine.words import count, number


def printed(tell: Listener) -> Listener:
    """The same listener, with each event also printed as one line with the time of day."""

    def heard(kind: str, data: dict[str, Any]) -> None:
        if sentence := line(kind, data):
            print(f"{datetime.now():%H:%M:%S.%f}"[:-3], sentence, flush=True)  # noqa: T201
        tell(kind, data)

    return heard


def line(kind: str, data: dict[str, Any]) -> str:
    """One sentence for an event; empty for those that a log need not hold."""
    if kind == "log":
        return str(data["message"])
    if kind == "warning":
        return f"Note: {data['message']}"
    if kind == "stage" and data["state"] == "done":
        return f"Done: {data['stage']}, {data['seconds']:.2f} s."
    if kind == "epoch":
        return f"Epoch {data['epoch']} of {data['epochs']}: {_scores(data['metrics'])}."
    if kind == "fold":
        return f"Fold {data['fold']} of {data['folds']}: {_scores(data['metrics'])}."
    return ""


def size(bytes_: int) -> str:
    """`size(20_520)` is "20.5 kB"."""
    amount, unit = float(bytes_), "bytes"
    for larger in ("kB", "MB", "GB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return count(bytes_, "byte") if unit == "bytes" else f"{amount:.3g} {unit}"


def _scores(metrics: dict[str, float | None]) -> str:
    return ", ".join(
        f"{name} {'none' if value is None else number(value)}" for name, value in metrics.items()
    )
