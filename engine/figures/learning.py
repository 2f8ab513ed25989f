"""Figures of learning: by epoch or iteration, and by how many rows it learns from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.data_sizes import Sizes
from engine.figures.base import MOST_POINTS, Figure, drawing, figure, line, said, thinned

_CURVE = 60


def learning_curve(steps: Sequence[dict[str, Any]], kind: str) -> Figure:
    """The metrics of each epoch or iteration, from its events."""
    kept = [steps[i] for i in thinned(len(steps), MOST_POINTS // max(1, len(steps[0]["metrics"])))]
    series = {name: [step["metrics"][name] for step in kept] for name in steps[0]["metrics"]}
    data: dict[str, Any] = {kind: [step[kind] for step in kept], "series": series}
    lines = [line(name, data[kind], values) for name, values in series.items() if name.endswith("loss")]
    name, words = ("val_loss", "Validation loss") if "val_loss" in series else ("loss", "Loss")
    first, last = (series[name][place] if name in series else None for place in (0, -1))
    description = f"{words} goes from {said(first)} to {said(last)} in {steps[-1][kind]:,} {kind}s."
    plotly = drawing(lines, kind.capitalize(), "Loss")
    return figure("learning_curve", f"Loss by {kind}", description, data, plotly)


def data_sizes(sizes: Sizes) -> Figure:
    """Accuracy or MAE on the test rows by number of training rows, and the power law up to twice as many."""
    name = "accuracy" if sizes.is_share else "mae"
    found = [1 - error for error in sizes.error] if sizes.is_share else sizes.error
    data: dict[str, Any] = {"metric": name, "rows": sizes.rows, "score": found, "law": None, "fitted": None}
    label = "Accuracy" if sizes.is_share else "MAE"
    lines = [{**line(label, sizes.rows, found), "mode": "markers"}]
    if sizes.law is not None:
        a, b, c = sizes.law
        rows = np.geomspace(sizes.rows[0], 2 * sizes.rows[-1], _CURVE)
        error = a + b * (rows / sizes.rows[-1]) ** -c
        fitted = (1 - error if sizes.is_share else error).tolist()
        data["law"] = {"a": a, "b": b, "c": c, "gain": sizes.gain, "doubt": sizes.doubt}
        data["fitted"] = {"rows": rows.tolist(), "score": fitted}
        lines.append(line("power law", data["fitted"]["rows"], fitted, dash=True))
    plotly = drawing(lines, "Training rows", label)
    return figure("data_sizes", "What more rows would bring", sizes.sentence, data, plotly)
