"""Figures as plain numbers, with a drawing for Plotly beside them. At most 2,000 points each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.fit import Answer
from engine.words import number

MOST_POINTS = 2000
_MOST_CURVES = 10
_MOST_CLASSES = 30

Figure = dict[str, Any]


def _figure(kind: str, title: str, description: str, data: dict[str, Any], plotly: dict[str, Any]) -> Figure:
    return {"kind": kind, "title": title, "description": description, "data": data, "plotly": plotly}


def _layout(x: str, y: str, **more: Any) -> dict[str, Any]:
    return {"xaxis": {"title": {"text": x}}, "yaxis": {"title": {"text": y}}, **more}


def confusion_matrix(truth: np.ndarray, predicted: np.ndarray, classes: tuple[str, ...]) -> Figure:
    """Counts by true class (rows) and predicted class (columns). Beyond 30 the rarest are one."""
    labels, group = _grouped(truth, classes)
    cells = np.bincount(group[truth] * len(labels) + group[predicted], minlength=len(labels) ** 2)
    counts = cells.reshape(len(labels), len(labels))
    right, rows = int(np.trace(counts)), len(truth)
    data = {"classes": labels, "counts": counts.tolist()}
    heatmap = {"type": "heatmap", "x": labels, "y": labels, "z": counts.tolist(), "colorscale": "Blues"}
    layout = _layout("Predicted", "True", yaxis_autorange="reversed")
    description = f"{right:,} of {rows:,} test rows are predicted right."
    return _figure(
        "confusion_matrix", "Confusion matrix", description, data, {"data": [heatmap], "layout": layout}
    )


def _grouped(truth: np.ndarray, classes: tuple[str, ...]) -> tuple[list[str], np.ndarray]:
    if len(classes) <= _MOST_CLASSES:
        return list(classes), np.arange(len(classes))
    common = np.sort(
        np.argsort(-np.bincount(truth, minlength=len(classes)), kind="stable")[: _MOST_CLASSES - 1]
    )
    group = np.full(len(classes), len(common))
    group[common] = np.arange(len(common))
    return [*(classes[i] for i in common), "others"], group


def roc(truth: np.ndarray, shares: np.ndarray, classes: tuple[str, ...], area: float | None) -> Figure:
    """One curve for each class against the rest; with two classes only the second."""
    chosen = [1] if len(classes) == 2 else list(range(len(classes)))[:_MOST_CURVES]
    points = MOST_POINTS // len(chosen)
    curves = [_curve(truth == i, shares[:, i], classes[i], points) for i in chosen if _has_both(truth == i)]
    said = "unknown" if area is None else number(area)
    lines = [
        {"type": "scatter", "mode": "lines", "name": c["class"], "x": c["fpr"], "y": c["tpr"]} for c in curves
    ]
    guess = {
        "type": "scatter",
        "mode": "lines",
        "name": "guessing",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"dash": "dash"},
    }
    layout = _layout("Others mistaken for the class", "Rows of the class found")
    description = f"Area under the curve {said}; guessing has 0.5."
    return _figure(
        "roc", "ROC curve", description, {"curves": curves}, {"data": [*lines, guess], "layout": layout}
    )


def _has_both(is_class: np.ndarray) -> bool:
    return bool(is_class.any() and not is_class.all())


def _curve(is_class: np.ndarray, share: np.ndarray, name: str, points: int) -> dict[str, Any]:
    order = np.argsort(-share, kind="stable")
    last_of_ties = np.flatnonzero(np.diff(share[order], append=np.nan) != 0)
    found = np.cumsum(is_class[order])[last_of_ties]
    mistaken = last_of_ties + 1 - found
    kept = _thinned(len(found) + 1, points)
    true_rate = np.concatenate([[0.0], found / found[-1]])[kept]
    false_rate = np.concatenate([[0.0], mistaken / mistaken[-1]])[kept]
    threshold = [None, *share[order][last_of_ties].tolist()]
    return {
        "class": name,
        "fpr": false_rate.tolist(),
        "tpr": true_rate.tolist(),
        "threshold": [threshold[i] for i in kept],
    }


def _thinned(length: int, most: int) -> np.ndarray:
    """Evenly spaced indices, the first and the last among them."""
    return np.unique(np.linspace(0, length - 1, min(length, most)).round().astype("int64"))


def residuals(truth: np.ndarray, answer: Answer, rows: np.ndarray) -> Figure:
    """What is left (true minus predicted) against the prediction."""
    kept = _thinned(len(truth), MOST_POINTS)
    left = truth - answer.predicted
    data = {
        "row": rows[kept].tolist(),
        "predicted": answer.predicted[kept].tolist(),
        "residual": left[kept].tolist(),
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": data["predicted"],
        "y": data["residual"],
        "text": data["row"],
    }
    description = f"Predictions are off by {number(float(np.abs(left).mean()))} on average."
    layout = _layout("Predicted", "True minus predicted")
    return _figure("residuals", "Residuals", description, data, {"data": [dots], "layout": layout})


def predicted_actual(truth: np.ndarray, answer: Answer, rows: np.ndarray, r2: float | None) -> Figure:
    """The prediction against the true value."""
    kept = _thinned(len(truth), MOST_POINTS)
    data = {
        "row": rows[kept].tolist(),
        "actual": truth[kept].tolist(),
        "predicted": answer.predicted[kept].tolist(),
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": data["actual"],
        "y": data["predicted"],
        "text": data["row"],
    }
    ends = [float(min(truth.min(), answer.predicted.min())), float(max(truth.max(), answer.predicted.max()))]
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "perfect",
        "x": ends,
        "y": ends,
        "line": {"dash": "dash"},
    }
    description = (
        f"R² is {'unknown' if r2 is None else number(r2)}; on the dashed line a prediction is right."
    )
    layout = _layout("True", "Predicted")
    return _figure(
        "predicted_actual",
        "Predicted against true",
        description,
        data,
        {"data": [dots, line], "layout": layout},
    )


def learning_curve(steps: Sequence[dict[str, Any]], kind: str) -> Figure:
    """The metrics of each epoch or iteration, from its events."""
    kept = [steps[i] for i in _thinned(len(steps), MOST_POINTS // max(1, len(steps[0]["metrics"])))]
    series = {name: [step["metrics"][name] for step in kept] for name in steps[0]["metrics"]}
    data = {kind: [step[kind] for step in kept], "series": series}
    lines = [
        {"type": "scatter", "mode": "lines", "name": name, "x": data[kind], "y": values}
        for name, values in series.items()
        if name.endswith("loss")
    ]
    first, last = series["val_loss"][0], series["val_loss"][-1]
    description = f"Validation loss goes from {_said(first)} to {_said(last)} in {len(steps):,} {kind}s."
    return _figure(
        "learning_curve",
        f"Loss by {kind}",
        description,
        data,
        {"data": lines, "layout": _layout(kind.capitalize(), "Loss")},
    )


def _said(value: float | None) -> str:
    return "unknown" if value is None else number(value)
