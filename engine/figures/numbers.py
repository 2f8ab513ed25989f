"""Figures of numbers: predictions against the truth, and what is left over."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.figures.base import MOST_POINTS, Figure, dots, drawing, figure, line, said, thinned
from engine.fit import Answer
from engine.words import number

_BINS = 10
_QUANTILES = 500


def residuals(truth: np.ndarray, answer: Answer, rows: np.ndarray) -> Figure:
    """What is left (true minus predicted) against the prediction."""
    kept = thinned(len(truth), MOST_POINTS)
    left = truth - answer.predicted
    data = {
        "row": rows[kept].tolist(),
        "predicted": answer.predicted[kept].tolist(),
        "residual": left[kept].tolist(),
    }
    plotly = drawing(
        [dots(data["predicted"], data["residual"], data["row"])], "Predicted", "True minus predicted"
    )
    description = f"Predictions are off by {number(float(np.abs(left).mean()))} on average."
    return figure("residuals", "Residuals", description, data, plotly)


def predicted_actual(truth: np.ndarray, answer: Answer, rows: np.ndarray, r2: float | None) -> Figure:
    """The prediction against the true value."""
    kept = thinned(len(truth), MOST_POINTS)
    data = {
        "row": rows[kept].tolist(),
        "actual": truth[kept].tolist(),
        "predicted": answer.predicted[kept].tolist(),
    }
    ends = [float(min(truth.min(), answer.predicted.min())), float(max(truth.max(), answer.predicted.max()))]
    cloud = dots(data["actual"], data["predicted"], data["row"])
    plotly = drawing([cloud, line("perfect", ends, ends, dash=True)], "True", "Predicted")
    description = f"R² is {said(r2)}; on the dashed line a prediction is right."
    return figure("predicted_actual", "Predicted against true", description, data, plotly)


def qq(truth: np.ndarray, answer: Answer) -> Figure:
    """Quantiles of what is left against those of a normal distribution of its mean and spread.

    Plotting positions (i - 0.5) / n (Hazen 1914), in the unit of the target.
    """
    from scipy.special import ndtri

    left = np.sort(truth - answer.predicted)
    mean, spread = float(left.mean()), float(left.std())
    kept = thinned(len(left), _QUANTILES)
    expected = mean + spread * ndtri((kept + 0.5) / len(left))
    data = {"expected": expected.tolist(), "residual": left[kept].tolist()}
    ends = [float(expected[0]), float(expected[-1])]
    traces = [dots(data["expected"], data["residual"]), line("normal", ends, ends, dash=True)]
    far = float((np.abs(left - mean) > 3 * spread).mean()) if spread else 0.0
    beyond = f"{100 * far:.1f} % of the errors are beyond three standard deviations"
    plotly = drawing(traces, "Expected of normal errors", "True minus predicted")
    title = "Errors against a normal distribution"
    return figure("qq", title, f"{beyond}; of normal ones 0.3 %.", data, plotly)


def error_by_quantile(truth: np.ndarray, answer: Answer) -> Figure:
    """MAE and bias (predicted minus true, on average) of tenths of the test rows by their true value."""
    order = np.argsort(truth, kind="stable")
    off = answer.predicted - truth
    tenths = [part for part in np.array_split(order, _BINS) if len(part)]
    data: dict[str, list[Any]] = {
        "from": [float(truth[part].min()) for part in tenths],
        "to": [float(truth[part].max()) for part in tenths],
        "rows": [len(part) for part in tenths],
        "mae": [float(np.abs(off[part]).mean()) for part in tenths],
        "bias": [float(off[part].mean()) for part in tenths],
    }
    names = [f"{number(a)} to {number(b)}" for a, b in zip(data["from"], data["to"], strict=True)]
    bars = {"type": "bar", "x": names, "y": data["mae"], "name": "MAE"}
    bias = {**line("bias", names, data["bias"]), "mode": "lines+markers"}
    plotly = drawing([bars, bias], "True value", "Error")
    worst = int(np.argmax(data["mae"]))
    description = f"Off the most, by {number(data['mae'][worst])}, where the truth is {names[worst]}."
    return figure("error_by_quantile", "Error by true value", description, data, plotly)
