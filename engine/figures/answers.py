"""Figures of classes: what is mixed up, how rows are ranked, and what each probability is worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.figures.base import MOST_POINTS, Figure, drawing, figure, line, said, thinned
from engine.words import number

_MOST_CURVES = 10
_MOST_CLASSES = 30
_BINS = 10
_GAIN_POINTS = 200
_SURE = 1.959964
Classes = tuple[str, ...]


def confusion_matrix(truth: np.ndarray, predicted: np.ndarray, classes: Classes) -> Figure:
    """Counts and shares by true class (rows) and predicted class (columns). Beyond 30 the rarest are one."""
    labels, group = _grouped(truth, classes)
    cells = np.bincount(group[truth] * len(labels) + group[predicted], minlength=len(labels) ** 2)
    counts = cells.reshape(len(labels), len(labels))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    right, rows = int(np.trace(counts)), len(truth)
    data = {"classes": labels, "counts": counts.tolist(), "shares": shares.tolist()}
    heatmap = {"type": "heatmap", "x": labels, "y": labels, "z": counts.tolist(), "colorscale": "Blues"}
    description = f"{right:,} of {rows:,} test rows are predicted right."
    plotly = drawing([heatmap], "Predicted", "True", yaxis_autorange="reversed")
    return figure("confusion_matrix", "Confusion matrix", description, data, plotly)


def _grouped(truth: np.ndarray, classes: Classes) -> tuple[list[str], np.ndarray]:
    if len(classes) <= _MOST_CLASSES:
        return list(classes), np.arange(len(classes))
    common = np.sort(
        np.argsort(-np.bincount(truth, minlength=len(classes)), kind="stable")[: _MOST_CLASSES - 1]
    )
    group = np.full(len(classes), len(common))
    group[common] = np.arange(len(common))
    return [*(classes[i] for i in common), "others"], group


def roc(truth: np.ndarray, shares: np.ndarray, classes: Classes, area: float | None) -> Figure:
    """One curve for each class against the rest; with two classes only the second."""
    curves = []
    for ranking in _rankings(truth, shares, classes):
        kept = thinned(len(ranking.found) + 1, ranking.points)
        curves.append(
            {
                "class": ranking.name,
                "fpr": np.append(0.0, ranking.mistaken / ranking.mistaken[-1])[kept].tolist(),
                "tpr": np.append(0.0, ranking.found / ranking.found[-1])[kept].tolist(),
                "threshold": [None if i == 0 else float(ranking.thresholds[i - 1]) for i in kept],
            }
        )
    lines = [line(curve["class"], curve["fpr"], curve["tpr"]) for curve in curves]
    guess = line("guessing", [0, 1], [0, 1], dash=True)
    description = f"Area under the curve {said(area)}; guessing has 0.5."
    plotly = drawing([*lines, guess], "Others mistaken for the class", "Rows of the class found")
    return figure("roc", "ROC curve", description, {"curves": curves}, plotly)


def precision_recall(truth: np.ndarray, shares: np.ndarray, classes: Classes, area: float | None) -> Figure:
    """Precision against recall, one curve for each class; `base` is the precision of guessing."""
    curves = []
    for ranking in _rankings(truth, shares, classes):
        kept = thinned(len(ranking.found), ranking.points)
        curves.append(
            {
                "class": ranking.name,
                "recall": (ranking.found / ranking.found[-1])[kept].tolist(),
                "precision": (ranking.found / (ranking.found + ranking.mistaken))[kept].tolist(),
                "threshold": ranking.thresholds[kept].tolist(),
                "base": float(ranking.found[-1] / len(truth)),
            }
        )
    lines = [line(curve["class"], curve["recall"], curve["precision"]) for curve in curves]
    description = f"Average precision {said(area)}."
    if len(curves) == 1:
        base = number(curves[0]["base"])
        description = (
            f"Average precision {said(area)}; guessing has {base}, the share of {curves[0]['class']}."
        )
    plotly = drawing(lines, "Rows of the class found", "Right when it says so")
    return figure("precision_recall", "Precision and recall", description, {"curves": curves}, plotly)


def gain(truth: np.ndarray, shares: np.ndarray, classes: Classes) -> Figure:
    """How much of a class lies in the rows that are ranked first, and how many times more than by chance."""
    curves: list[dict[str, Any]] = []
    for ranking in _rankings(truth, shares, classes):
        asked = (ranking.found + ranking.mistaken) / len(truth)
        found = ranking.found / ranking.found[-1]
        kept = thinned(len(found), _GAIN_POINTS)
        curves.append(
            {
                "class": ranking.name,
                "share": [0.0, *asked[kept].tolist()],
                "found": [0.0, *found[kept].tolist()],
                "lift": [None, *(found / asked)[kept].tolist()],
            }
        )
    lines = [line(curve["class"], curve["share"], curve["found"]) for curve in curves]
    guess = line("guessing", [0, 1], [0, 1], dash=True)
    plotly = drawing([*lines, guess], "Rows taken, the likeliest first", "Rows of the class found")
    return figure("gain", "Gain", _gained(curves), {"curves": curves}, plotly)


def _gained(curves: list[dict[str, Any]]) -> str:
    if not curves:
        return "The test rows hold one class only, so there is nothing to find."
    curve = curves[0]
    found = float(np.interp(0.1, curve["share"], curve["found"]))
    times = f"{number(round(found * 10, 1))} times what chance finds"
    return f"The first tenth of the rows holds {100 * found:.0f} % of {curve['class']}, {times}."


class _Ranking:
    """The rows of one class against the rest, ranked by its probability; ties are passed together."""

    def __init__(self, is_class: np.ndarray, share: np.ndarray, name: str, points: int) -> None:
        order = np.argsort(-share, kind="stable")
        ends = np.flatnonzero(np.diff(share[order], append=np.nan) != 0)
        self.name, self.points = name, points
        self.found = np.cumsum(is_class[order])[ends]
        self.mistaken = ends + 1 - self.found
        self.thresholds = share[order][ends]


def _rankings(truth: np.ndarray, shares: np.ndarray, classes: Classes) -> Iterator[_Ranking]:
    """With two classes the second one; else each class that has rows and others, ten at most."""
    chosen = [1] if len(classes) == 2 else list(range(len(classes)))[:_MOST_CURVES]
    for i in chosen:
        is_class = truth == i
        if is_class.any() and not is_class.all():
            yield _Ranking(is_class, shares[:, i], classes[i], MOST_POINTS // len(chosen))


def calibration(truth: np.ndarray, shares: np.ndarray, classes: Classes, brier: float | None) -> Figure:
    """Whether a probability means what it says: observed shares in ten bins, with Wilson's 95 % intervals.

    With two classes of the second class; with more of the class that is chosen.
    """
    share, hit = shares[:, 1], truth == 1
    if len(classes) != 2:
        share, hit = shares.max(axis=1), truth == shares.argmax(axis=1)
    place = np.searchsorted(np.linspace(0, 1, _BINS + 1)[1:-1], share)
    count = np.bincount(place, minlength=_BINS)
    seen = np.flatnonzero(count)
    predicted = np.bincount(place, share, minlength=_BINS)[seen] / count[seen]
    observed = np.bincount(place, hit, minlength=_BINS)[seen] / count[seen]
    low, high = _wilson(observed, count[seen])
    data = {
        "class": classes[1] if len(classes) == 2 else None,
        "predicted": predicted.tolist(),
        "observed": observed.tolist(),
        "low": low.tolist(),
        "high": high.tolist(),
        "count": count[seen].tolist(),
    }
    bars = {"type": "data", "symmetric": False, "array": (high - observed).tolist()}
    bars["arrayminus"] = (observed - low).tolist()
    trace = {**line("this model", data["predicted"], data["observed"]), "mode": "lines+markers"}
    honest = line("perfectly honest", [0, 1], [0, 1], dash=True)
    plotly = drawing([{**trace, "error_y": bars}, honest], "Predicted probability", "Observed share")
    return figure("calibration", "Calibration", _honesty(data, brier), data, plotly)


def _wilson(share: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The interval of a share (Wilson 1927), which stays between 0 and 1."""
    wide = 1 + _SURE**2 / rows
    centre = (share + _SURE**2 / (2 * rows)) / wide
    half = _SURE * np.sqrt(share * (1 - share) / rows + _SURE**2 / (4 * rows**2)) / wide
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def _honesty(data: dict[str, Any], brier: float | None) -> str:
    off = [
        (abs(observed - predicted), predicted, observed)
        for predicted, observed, low, high in zip(
            data["predicted"], data["observed"], data["low"], data["high"], strict=True
        )
        if not low <= predicted <= high
    ]
    lead = f"Brier score {said(brier)}."
    if not off:
        return f"{lead} As far as these rows tell, its probabilities mean what they say."
    _, predicted, observed = max(off)
    return f"{lead} Where it says {100 * predicted:.0f} %, it is so for {100 * observed:.0f} %."


def threshold_curve(
    truth: np.ndarray, share: np.ndarray, predicted: np.ndarray, name: str, chosen: float | None
) -> Figure:
    """Precision, recall, F1 and the share of rows said to be of the second class, from 0 to 1 in hundredths.

    `share` is what it says of that class, `name` its name; `tp`, `fp`, `fn` and `tn` count rows. `chosen`
    is the threshold in use; None is one half.
    """
    thresholds = np.arange(101) / 100
    order, found = np.sort(share), np.sort(share[truth == 1])
    said_so = len(order) - np.searchsorted(order, thresholds)
    hits = len(found) - np.searchsorted(found, thresholds)
    if chosen is None:  # the class that is likelier; where both are equally likely it is the first
        said_so[50], hits[50] = predicted.sum(), (predicted * truth).sum()
    with np.errstate(invalid="ignore"):
        precision = np.where(said_so > 0, hits / np.maximum(said_so, 1), np.nan)
    recall, f1 = hits / max(len(found), 1), 2 * hits / np.maximum(said_so + len(found), 1)
    data: dict[str, Any] = {
        "class": name,
        "chosen": 0.5 if chosen is None else chosen,
        "threshold": thresholds.tolist(),
        "precision": [None if np.isnan(value) else float(value) for value in precision],
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "said": (said_so / len(order)).tolist(),
        "tp": hits.tolist(),
        "fp": (said_so - hits).tolist(),
        "fn": (len(found) - hits).tolist(),
        "tn": (len(order) - len(found) - said_so + hits).tolist(),
    }
    lines = [line(one, data["threshold"], data[one]) for one in ("precision", "recall", "f1", "said")]
    plotly = drawing(lines, "Threshold", "Share")
    return figure("threshold", "Precision and recall by threshold", _drawn(data), data, plotly)


def _drawn(data: dict[str, Any]) -> str:
    place = round(data["chosen"] * 100)
    precision, recall = data["precision"][place], data["recall"][place]
    where = f"From {number(data['chosen'])} on it says {data['class']}"
    if precision is None:
        return f"{where}, which no test row reaches."
    return f"{where}: right {100 * precision:.0f} of 100 times, and it finds {100 * recall:.0f} of 100."
