"""What a finished run has to say: scores beside the naive guess, and its figures drawn from their data."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.metrics import Metric, for_task
from experiments import artifacts, charts
from experiments.charts import Drawing, Look, Series
from experiments.models import Artifact, Run
from experiments.story import curves_of

TOLD = 5  # scores at the top; the table below has all
NARROW = 4
WIDE = 12  # classes a matrix has room for
ABOUT = {
    "model.zip": "The model, predict.py, its requirements and a card",
    "metrics.json": "Every score",
    "predictions.parquet": "What it said to each row it had not seen",
    "split.parquet": "Which row was in which part",
    "log.txt": "What happened",
}
TIMES = ("queued", "prepare", "fit", "evaluate", "total")
Figure = Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """One metric: on the test rows, by the naive guess, over the folds, on the rows it learned from."""

    metric: Metric
    test: float | None
    naive: float | None
    train: float | None
    interval: tuple[float, float] | None
    mean: float | None
    std: float | None
    folds: tuple[float, ...]

    @property
    def arrow(self) -> str:
        return "↑" if self.metric.higher_is_better else "↓"

    @property
    def versus(self) -> charts.Versus | None:
        return None if self.test is None else charts.versus(self.test, self.naive, self.interval)


@dataclass(frozen=True)
class Cell:
    """One field of the confusion matrix; `look` is one of the five tints."""

    count: int
    share: float
    of: int
    look: str


@dataclass(frozen=True)
class Matrix:
    description: str
    classes: Sequence[str]
    rows: list[tuple[str, list[Cell]]]

    @property
    def is_small(self) -> bool:
        """Whether it has room beside a chart."""
        return len(self.classes) <= NARROW


@dataclass(frozen=True)
class Chart:
    """A figure as the page shows it: the drawing, and the file from which Plotly draws the same."""

    name: str
    heading: str
    drawing: Drawing
    file: str


@dataclass(frozen=True)
class File:
    artifact: Artifact
    about: str


@dataclass(frozen=True)
class Results:
    """A succeeded run, read for the page. `missing` says which figures could not be shown."""

    run: Run
    missing: list[str] = field(default_factory=list)

    @cached_property
    def artifacts(self) -> dict[str, Artifact]:
        return {artifact.name: artifact for artifact in self.run.artifacts.all()}

    @cached_property
    def scores(self) -> list[Score]:
        """All metrics of the task, the experiment's own first."""
        own = self.run.experiment.metric
        metrics = for_task(self.run.experiment.task)  # type: ignore[arg-type]
        found = [_score(metric, self.run.metrics) for metric in metrics]
        return sorted(found, key=lambda score: score.metric.name != own)

    @property
    def told(self) -> list[Score]:
        return [score for score in self.scores if score.test is not None][:TOLD]

    @property
    def has_folds(self) -> bool:
        return any(score.folds for score in self.scores)

    @cached_property
    def matrix(self) -> Matrix | None:
        figure = self._figure("confusion_matrix")
        return _matrix(figure) if figure and len(figure["data"]["classes"]) <= WIDE else None

    @cached_property
    def charts(self) -> list[Chart]:
        found = [(name, heading, self._figure(name), draw) for name, heading, draw in DRAWN]
        return [
            Chart(name, heading, draw(figure), f"figures/{name}.json")
            for name, heading, figure, draw in found
            if figure
        ]

    @property
    def model(self) -> Artifact | None:
        return self.artifacts.get("model.zip")

    @property
    def files(self) -> list[File]:
        """What is for people first, then the data of the figures."""
        told = [File(self.artifacts[name], about) for name, about in ABOUT.items() if name in self.artifacts]
        rest = [name for name in self.artifacts if name not in ABOUT]
        return [*told, *(File(self.artifacts[name], "A figure's data") for name in rest)]

    @property
    def times(self) -> list[tuple[str, float]]:
        """How long each part took, in seconds."""
        return [
            (name.capitalize(), value) for name in TIMES if (value := self.run.timings.get(name)) is not None
        ]

    @property
    def bytes(self) -> int:
        return sum(artifact.size for artifact in self.artifacts.values())

    def _figure(self, name: str) -> Figure | None:
        artifact = self.artifacts.get(f"figures/{name}.json")
        if artifact is None:
            return None
        try:
            figure: Figure = json.loads(artifacts.path_of(artifact).read_bytes())
        except artifacts.Corrupt as reason:
            self.missing.append(reason.detail)
            return None
        return figure


def _score(metric: Metric, metrics: Mapping[str, Any]) -> Score:
    validation = (metrics.get("validation") or {}).get(metric.name) or {}
    interval = (metrics.get("intervals") or {}).get(metric.name)
    return Score(
        metric=metric,
        test=(metrics.get("test") or {}).get(metric.name),
        naive=((metrics.get("baseline") or {}).get("test") or {}).get(metric.name),
        train=(metrics.get("train") or {}).get(metric.name),
        interval=(interval[0], interval[1]) if interval and None not in interval else None,
        mean=validation.get("mean"),
        std=validation.get("std"),
        folds=tuple(fold for fold in validation.get("folds") or () if fold is not None),
    )


def _matrix(figure: Figure) -> Matrix:
    classes, counts = figure["data"]["classes"], figure["data"]["counts"]
    rows = [(name, _cells(place, row)) for place, (name, row) in enumerate(zip(classes, counts, strict=True))]
    return Matrix(figure["description"], classes, rows)


def _cells(place: int, row: Sequence[int]) -> list[Cell]:
    total = sum(row)
    return [
        Cell(
            count,
            count / total if total else 0.0,
            total,
            _look(count / total if total else 0.0, column == place),
        )
        for column, count in enumerate(row)
    ]


def _look(share: float, is_right: bool) -> str:
    if is_right:
        return "right-3" if share >= 0.75 else "right-2" if share >= 0.5 else "right-1"
    return "" if share < 0.02 else "wrong-1" if share < 0.2 else "wrong-2"


def _roc(figure: Figure) -> Drawing:
    curves = figure["data"]["curves"][:5]
    lines = [
        Series(curve["class"], list(zip(curve["fpr"], curve["tpr"], strict=True)), f"s{place}")
        for place, curve in enumerate(curves, start=1)
    ]
    look = Look(
        figure["title"],
        figure["description"],
        "Others mistaken for the class",
        "Rows of the class found",
        x_range=(0, 1),
        y_range=(0, 1),
        height=300,
        ends=False,
        whole=False,
    )
    return charts.curves(lines, look, diagonal="guessing")


def _residuals(figure: Figure) -> Drawing:
    data = figure["data"]
    look = Look(figure["title"], figure["description"], "Predicted", "True minus predicted", height=300)
    points = list(zip(data["predicted"], data["residual"], strict=True))
    return charts.scatter(points, look, zero="right on the spot")


def _predicted_actual(figure: Figure) -> Drawing:
    data = figure["data"]
    look = Look(figure["title"], figure["description"], "True", "Predicted", height=300)
    return charts.scatter(
        list(zip(data["actual"], data["predicted"], strict=True)), look, equal="right on the spot"
    )


def _learning(figure: Figure) -> Drawing:
    data = figure["data"]
    epochs = [
        {
            "epoch": epoch,
            "epochs": data["epoch"][-1],
            "metrics": {name: row[place] for name, row in data["series"].items()},
        }
        for place, epoch in enumerate(data["epoch"])
    ]
    return curves_of(epochs)[0]


DRAWN: tuple[tuple[str, str, Callable[[Figure], Drawing]], ...] = (
    ("roc", "How well it ranks", _roc),
    ("predicted_actual", "Predicted against actual", _predicted_actual),
    ("residuals", "Residuals: what is left over", _residuals),
    ("learning_curve", "How it learned", _learning),
)
