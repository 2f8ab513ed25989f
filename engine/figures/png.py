"""Figures as pictures: drawn by matplotlib from their data alone, when somebody asks for them."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.events import Listener

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE, _DOTS = (6.4, 4.8), 150
_LONGEST = 30
_MOST_NUMBERS = 12
Data = dict[str, Any]


def draw(tell: Listener, *, figures: dict[str, str], out: str) -> None:
    """Draw each figure file (a name and the path of its JSON) as `out`/<name>.png."""
    os.environ["MPLCONFIGDIR"] = out  # the only folder that a child may write to
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a font that lacks a sign draws a box, and says so on each
        for name, source in figures.items():
            found = json.loads(Path(source).read_text(encoding="utf-8"))
            picture(found, Path(out) / f"{name}.png")


def picture(figure: dict[str, Any], target: Path) -> None:
    """Draw one figure into a file: 960 × 720 dots. A kind that is not known is a KeyError."""
    import matplotlib as mpl

    # A dollar sign in the name of a class is no formula.
    with mpl.rc_context({"text.parse_math": False, "axes.spines.top": False}):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        sheet = Figure(figsize=_SIZE, dpi=_DOTS, layout="constrained")
        axes = sheet.add_subplot()
        _KINDS[figure["kind"]](axes, figure["data"])
        axes.set_title(figure["title"])
        FigureCanvasAgg(sheet).print_png(target, metadata={"Software": None})  # type: ignore[no-untyped-call]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _confusion_matrix(axes: Axes, data: Data) -> None:
    from sklearn.metrics import ConfusionMatrixDisplay

    names = [_short(name) for name in data["classes"]]
    shown = ConfusionMatrixDisplay(np.array(data["counts"]), display_labels=names)
    few = len(names) <= _MOST_NUMBERS
    turned = "horizontal" if max(map(len, names)) * len(names) < 50 else "vertical"
    shown.plot(ax=axes, cmap="Blues", include_values=few, values_format="d", xticks_rotation=turned)
    axes.set(xlabel="Predicted", ylabel="True")


def _roc(axes: Axes, data: Data) -> None:
    from sklearn.metrics import RocCurveDisplay

    for curve in data["curves"]:
        shown = RocCurveDisplay(fpr=np.array(curve["fpr"]), tpr=np.array(curve["tpr"]))
        shown.plot(ax=axes, name=_short(curve["class"]))
    _diagonal(axes, "guessing")
    axes.set(xlabel="Others mistaken for the class", ylabel="Rows of the class found")
    axes.legend()


def _precision_recall(axes: Axes, data: Data) -> None:
    from sklearn.metrics import PrecisionRecallDisplay

    for curve in data["curves"]:
        shown = PrecisionRecallDisplay(
            precision=np.array(curve["precision"]), recall=np.array(curve["recall"])
        )
        shown.plot(ax=axes, name=_short(curve["class"]))
    if len(data["curves"]) == 1:
        axes.axhline(data["curves"][0]["base"], color="grey", linestyle="--", label="guessing")
    axes.set(xlabel="Rows of the class found", ylabel="Right when it says so", ylim=(0, 1.03))
    axes.legend()


def _calibration(axes: Axes, data: Data) -> None:
    predicted, observed = np.array(data["predicted"]), np.array(data["observed"])
    errors = np.stack([observed - data["low"], data["high"] - observed]).clip(0)
    axes.errorbar(predicted, observed, yerr=errors, marker="o", label="this model")
    for x, y, count in zip(predicted, observed, data["count"], strict=True):
        axes.annotate(f"{count:,}", (x, y), (4, -12), textcoords="offset points", fontsize="x-small")
    _diagonal(axes, "perfectly honest")
    axes.set(xlabel="Predicted probability", ylabel="Observed share")
    axes.legend()


def _gain(axes: Axes, data: Data) -> None:
    for curve in data["curves"]:
        axes.plot(curve["share"], curve["found"], label=_short(curve["class"]))
    _diagonal(axes, "guessing")
    axes.set(xlabel="Rows taken, the likeliest first", ylabel="Rows of the class found")
    axes.legend()


def _threshold(axes: Axes, data: Data) -> None:
    names = {"precision": "precision", "recall": "recall", "f1": "F1", "said": "share said"}
    for name, label in names.items():
        axes.plot(data["threshold"], np.array(data[name], dtype="float64"), label=label)
    axes.axvline(data["chosen"], color="grey", linestyle="--", label="in use")
    axes.set(xlabel=f"Says {_short(data['class'])} from this probability on", ylabel="Share", ylim=(0, 1.03))
    axes.legend()


def _predicted_actual(axes: Axes, data: Data) -> None:
    from sklearn.metrics import PredictionErrorDisplay

    shown = PredictionErrorDisplay(y_true=np.array(data["actual"]), y_pred=np.array(data["predicted"]))
    shown.plot(ax=axes, kind="actual_vs_predicted", scatter_kwargs={"s": 8, "alpha": 0.5})
    axes.set(xlabel="Predicted", ylabel="True")


def _residuals(axes: Axes, data: Data) -> None:
    axes.scatter(data["predicted"], data["residual"], s=8, alpha=0.5)
    axes.axhline(0, color="grey", linestyle="--")
    axes.set(xlabel="Predicted", ylabel="True minus predicted")


def _qq(axes: Axes, data: Data) -> None:
    axes.scatter(data["expected"], data["residual"], s=8)
    ends = [data["expected"][0], data["expected"][-1]]
    axes.plot(ends, ends, color="grey", linestyle="--", label="normal")
    axes.set(xlabel="Expected of normal errors", ylabel="True minus predicted")
    axes.legend()


def _error_by_quantile(axes: Axes, data: Data) -> None:
    places = range(len(data["mae"]))
    axes.bar(places, data["mae"], label="MAE")
    axes.plot(places, data["bias"], color="black", marker="o", label="bias")
    names = [f"{a:.4g} to {b:.4g}" for a, b in zip(data["from"], data["to"], strict=True)]
    axes.set_xticks(places, names, rotation=60, ha="right", fontsize="small")
    axes.set(xlabel="True value", ylabel="Error")
    axes.legend()


def _learning_curve(axes: Axes, data: Data) -> None:
    kind = next(name for name in data if name != "series")
    for name, values in data["series"].items():
        if name.endswith("loss"):
            axes.plot(data[kind], np.array(values, dtype="float64"), label=name.replace("_", " "))
    axes.set(xlabel=kind.capitalize(), ylabel="Loss")
    axes.legend()


def _data_sizes(axes: Axes, data: Data) -> None:
    axes.scatter(data["rows"], data["score"], label="measured")
    if data["fitted"]:
        axes.plot(data["fitted"]["rows"], data["fitted"]["score"], "--", color="grey", label="power law")
    axes.set(xlabel="Training rows", ylabel="MAE" if data["metric"] == "mae" else "Accuracy")
    axes.legend()


def _diagonal(axes: Axes, label: str) -> None:
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", label=label)


_KINDS: dict[str, Callable[[Axes, Data], None]] = {
    "calibration": _calibration,
    "confusion_matrix": _confusion_matrix,
    "data_sizes": _data_sizes,
    "error_by_quantile": _error_by_quantile,
    "gain": _gain,
    "learning_curve": _learning_curve,
    "precision_recall": _precision_recall,
    "predicted_actual": _predicted_actual,
    "qq": _qq,
    "residuals": _residuals,
    "roc": _roc,
    "threshold": _threshold,
}
KINDS = frozenset(_KINDS)
"""The kinds of figures that can be drawn."""
