"""What a finished run has to say: scores beside the naive guess, and its figures drawn from their data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.metrics import for_task
from experiments import artifacts
from experiments.charts import Drawing
from experiments.models import Artifact, Run
from experiments.results import tables
from experiments.results.drawn import DRAWN, Chart, Figure, threshold
from experiments.results.matrix import Matrix, matrix
from experiments.results.scores import Score, score

TOLD = 5  # scores at the top; the table below has all
WIDE = 12  # classes a matrix has room for
ABOUT = {
    "model.zip": "The model, predict.py, its requirements and a card",
    "metrics.json": "Every score",
    "predictions.parquet": "What it said to each row it had not seen",
    "worst_rows.parquet": "The test rows where it was most wrong",
    "split.parquet": "Which row was in which part",
    "log.txt": "What happened",
}
TIMES = ("queued", "prepare", "fit", "evaluate", "total")


@dataclass(frozen=True)
class Threshold:
    """Where the line between two classes is drawn: the curve, the class, and the data of the slider."""

    drawing: Drawing
    name: str
    chosen: float
    file: str
    is_tuned: bool


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
        found = [score(metric, self.run.metrics) for metric in metrics]
        return sorted(found, key=lambda one: one.metric.name != own)

    @property
    def told(self) -> list[Score]:
        return [score for score in self.scores if score.test is not None][:TOLD]

    @property
    def has_folds(self) -> bool:
        return any(score.folds for score in self.scores)

    @cached_property
    def matrix(self) -> Matrix | None:
        figure = self._figure("confusion_matrix")
        return matrix(figure) if figure and len(figure["data"]["classes"]) <= WIDE else None

    @cached_property
    def charts(self) -> list[Chart]:
        found = [(name, heading, self._figure(name), draw) for name, heading, draw in DRAWN]
        return [
            Chart(name, heading, draw(figure), f"figures/{name}.json")
            for name, heading, figure, draw in found
            if figure
        ]

    @cached_property
    def threshold(self) -> Threshold | None:
        figure = self._figure("threshold")
        if figure is None:
            return None
        name, chosen = figure["data"]["class"], figure["data"]["chosen"]
        tuned = self.measured.get("threshold") is not None
        return Threshold(threshold(figure), name, chosen, "figures/threshold.json", tuned)

    @cached_property
    def measured(self) -> Mapping[str, Any]:
        """All that metrics.json holds; of an older run what is known of it."""
        return self._content("metrics.json") or self.run.metrics

    @cached_property
    def slices(self) -> tables.Slices | None:
        return tables.slices(self.measured, self.run.experiment.metric)

    @property
    def classes(self) -> list[Mapping[str, Any]]:
        return tables.classes(self.measured)

    @property
    def worst_rows(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self.measured.get("worst_rows") or []
        return found

    @property
    def model(self) -> Artifact | None:
        return self.artifacts.get("model.zip")

    @property
    def files(self) -> list[File]:
        """What is for people first, then what explains it."""
        told = [File(self.artifacts[name], about) for name, about in ABOUT.items() if name in self.artifacts]
        rest = [name for name in self.artifacts if name not in ABOUT and not name.startswith("figures/")]
        return [*told, *(File(self.artifacts[name], "What explains it") for name in rest)]

    @property
    def figures(self) -> list[tuple[str, Artifact, str]]:
        """The name of each figure, its data, and the name of its picture."""
        return [
            (name.removeprefix("figures/").removesuffix(".json"), artifact, name.removesuffix("json") + "png")
            for name, artifact in self.artifacts.items()
            if name.startswith("figures/") and name.endswith(".json")
        ]

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
        return self._content(f"figures/{name}.json")

    def _content(self, name: str) -> Mapping[str, Any] | None:
        """What a JSON file holds; None, with a sentence in `missing`, where it was changed."""
        artifact = self.artifacts.get(name)
        if artifact is None:
            return None
        try:
            found: Mapping[str, Any] = json.loads(artifacts.path_of(artifact).read_bytes())
        except artifacts.Corrupt as reason:
            self.missing.append(reason.detail)
            return None
        return found
