"""The figures of a run, drawn from their data in the frame that Plotly fills later."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from experiments import charts
from experiments.charts import Drawing, Look, Mark, Series, number
from experiments.learning import curves_of

Figure = Mapping[str, Any]
TALL = 300
MOST_CURVES = 5


@dataclass(frozen=True)
class Chart:
    """A figure as the page shows it: the drawing, the file from which Plotly draws the same, the picture."""

    name: str
    heading: str
    drawing: Drawing
    file: str

    @property
    def picture(self) -> str:
        return self.file.removesuffix(".json") + ".png"


def _of_shares(figure: Figure, x_unit: str, y_unit: str) -> Look:
    """Both axes go from 0 to 1."""
    return Look(
        figure["title"],
        figure["description"],
        x_unit,
        y_unit,
        x_range=(0, 1),
        y_range=(0, 1),
        height=TALL,
        ends=False,
        whole=False,
    )


def _of_curves(figure: Figure, x: str, y: str, units: tuple[str, str], diagonal: str = "") -> Drawing:
    lines = [
        Series(curve["class"], list(zip(curve[x], curve[y], strict=True)), f"s{place}")
        for place, curve in enumerate(figure["data"]["curves"][:MOST_CURVES], start=1)
    ]
    return charts.curves(lines, _of_shares(figure, *units), diagonal=diagonal)


def _roc(figure: Figure) -> Drawing:
    units = ("Others mistaken for the class", "Rows of the class found")
    return _of_curves(figure, "fpr", "tpr", units, "guessing")


def _precision_recall(figure: Figure) -> Drawing:
    return _of_curves(figure, "recall", "precision", ("Rows of the class found", "Right when it says so"))


def _gain(figure: Figure) -> Drawing:
    units = ("Rows taken, the likeliest first", "Rows of the class found")
    return _of_curves(figure, "share", "found", units, "guessing")


def _calibration(figure: Figure) -> Drawing:
    data = figure["data"]
    points = list(zip(data["predicted"], data["observed"], strict=True))
    look = _of_shares(figure, "Predicted probability", "Observed share")
    drawn = charts.curves([Series("observed", points)], look, diagonal="perfectly honest")
    x, y = drawn.unit
    whiskers = "".join(
        f"M{number(x(predicted))} {number(y(low))}V{number(y(high))}"
        for predicted, low, high in zip(data["predicted"], data["low"], data["high"], strict=True)
    )
    dots = tuple(Mark("dot s1", x=number(x(a)), y=number(y(b))) for a, b in points)
    table = zip(data["predicted"], data["observed"], data["low"], data["high"], data["count"], strict=True)
    head = ("Predicted", "Observed", "95 % from", "to", "Rows")
    paths = (*drawn.paths, Mark("line line--thin s1", d=whiskers))
    return replace(drawn, paths=paths, dots=dots, head=head, rows=tuple(table))


def threshold(figure: Figure) -> Drawing:
    """Precision, recall, F1 and the share said over the threshold; a rule of class `at` where it stands."""
    data = figure["data"]
    names = {"precision": "s1", "recall": "s2", "f1": "s3", "said": "s0 line--dash"}
    labels = {"f1": "F1", "said": f"rows said to be {data['class']}"}
    lines = [
        Series(labels.get(name, name), list(zip(data["threshold"], data[name], strict=True)), style)
        for name, style in names.items()
    ]
    drawn = charts.curves(lines, _of_shares(figure, "Threshold", "Share"))
    x, y = drawn.unit
    rule = Mark("line line--thin s0 at", d=f"M{number(x(data['chosen']))} {number(y(0))}V{number(y(1))}")
    return replace(drawn, rules=(*drawn.rules, rule))


def _residuals(figure: Figure) -> Drawing:
    data = figure["data"]
    look = Look(figure["title"], figure["description"], "Predicted", "True minus predicted", height=TALL)
    points = list(zip(data["predicted"], data["residual"], strict=True))
    return charts.scatter(points, look, zero="right on the spot")


def _predicted_actual(figure: Figure) -> Drawing:
    data = figure["data"]
    look = Look(figure["title"], figure["description"], "True", "Predicted", height=TALL)
    return charts.scatter(
        list(zip(data["actual"], data["predicted"], strict=True)), look, equal="right on the spot"
    )


def _qq(figure: Figure) -> Drawing:
    data = figure["data"]
    units = ("Expected of normal errors", "True minus predicted")
    look = Look(figure["title"], figure["description"], *units, height=TALL)
    return charts.scatter(
        _part(list(zip(data["expected"], data["residual"], strict=True))), look, equal="normal"
    )


def _part(points: Sequence[tuple[float, float]], most: int = 200) -> list[tuple[float, float]]:
    """Evenly spaced, the outermost among them."""
    if len(points) <= most:
        return list(points)
    return [points[round(place * (len(points) - 1) / (most - 1))] for place in range(most)]


def _error_by_quantile(figure: Figure) -> Drawing:
    data = figure["data"]
    look = Look(figure["title"], figure["description"], "True value from", "MAE", height=TALL)
    places = [(float(place), value) for place, value in enumerate(data["bias"])]
    bias = Series("bias: predicted minus true", places, "s2")
    drawn = charts.bars(data["mae"], [f"{value:,.4g}" for value in data["from"]], look, bias)
    table = zip(data["from"], data["to"], data["mae"], data["bias"], data["rows"], strict=True)
    return replace(drawn, head=("From", "to", "MAE", "Bias", "Rows"), rows=tuple(table))


def _learning(figure: Figure) -> Drawing:
    data = figure["data"]
    if "epoch" not in data:
        return _by_iteration(figure)
    epochs = [
        {
            "epoch": epoch,
            "epochs": data["epoch"][-1],
            "metrics": {name: row[place] for name, row in data["series"].items()},
        }
        for place, epoch in enumerate(data["epoch"])
    ]
    return curves_of(epochs)[0]


def _by_iteration(figure: Figure) -> Drawing:
    data = figure["data"]
    kind = next(name for name in data if name != "series")
    names = {"loss": ("training", "s0 line--thin"), "val_loss": ("validation", "s1")}
    lines = [
        Series(label, list(zip(data[kind], data["series"][name], strict=True)), style)
        for name, (label, style) in names.items()
        if name in data["series"]
    ]
    return charts.curves(lines, Look(figure["title"], figure["description"], kind.capitalize(), "Loss"))


def _data_sizes(figure: Figure) -> Drawing:
    data = figure["data"]
    points = list(zip(data["rows"], data["score"], strict=True))
    measured = Series("measured", points, "s1", is_dots=True)
    fitted = data["fitted"] or {"rows": [], "score": []}
    law = Series("power law", list(zip(fitted["rows"], fitted["score"], strict=True)), "s0 line--dash")
    unit = "MAE" if data["metric"] == "mae" else "Accuracy"
    look = Look(figure["title"], figure["description"], "Training rows", unit, height=TALL, ends=False)
    return charts.curves([law, measured] if law.points else [measured], look)


DRAWN: tuple[tuple[str, str, Callable[[Figure], Drawing]], ...] = (
    ("roc", "How well it ranks", _roc),
    ("precision_recall", "Finding them, and being right", _precision_recall),
    ("calibration", "Can its probabilities be trusted?", _calibration),
    ("gain", "How early it finds them", _gain),
    ("predicted_actual", "Predicted against actual", _predicted_actual),
    ("residuals", "Residuals: what is left over", _residuals),
    ("error_by_quantile", "Where it is off", _error_by_quantile),
    ("qq", "Are its errors normal?", _qq),
    ("learning_curve", "How it learned", _learning),
    ("data_sizes", "What more rows would bring", _data_sizes),
)
