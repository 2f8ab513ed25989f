"""What every figure is: plain numbers, a sentence, and a drawing for Plotly. At most 2,000 points each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.words import number

MOST_POINTS = 2000

Figure = dict[str, Any]


def figure(kind: str, title: str, description: str, data: dict[str, Any], plotly: dict[str, Any]) -> Figure:
    """One figure as it becomes a file."""
    return {"kind": kind, "title": title, "description": description, "data": data, "plotly": plotly}


def drawing(traces: Sequence[dict[str, Any]], x: str, y: str, **more: Any) -> dict[str, Any]:
    """Traces and the names of both axes, as Plotly takes them."""
    axes = {"xaxis": {"title": {"text": x}}, "yaxis": {"title": {"text": y}}}
    return {"data": list(traces), "layout": {**axes, **more}}


def line(name: str, x: Sequence[Any], y: Sequence[Any], *, dash: bool = False) -> dict[str, Any]:
    """A line, dashed where it is what others are compared with."""
    trace = {"type": "scatter", "mode": "lines", "name": name, "x": list(x), "y": list(y)}
    return trace | ({"line": {"dash": "dash"}} if dash else {})


def dots(x: Sequence[Any], y: Sequence[Any], text: Sequence[Any] | None = None) -> dict[str, Any]:
    """A cloud of points, each with a text of its own."""
    trace = {"type": "scatter", "mode": "markers", "x": list(x), "y": list(y)}
    return trace | ({} if text is None else {"text": list(text)})


def thinned(length: int, most: int) -> np.ndarray:
    """Evenly spaced indices, the first and the last among them."""
    return np.unique(np.linspace(0, length - 1, min(length, most)).round().astype("int64"))


def said(value: float | None) -> str:
    """A score in a sentence."""
    return "unknown" if value is None else number(value)
