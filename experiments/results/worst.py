"""The rows where a run was most wrong, with what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from datasets import preview
from experiments.results import Results

MOST_COLUMNS = 8


@dataclass(frozen=True)
class WorstRow:
    """`number` counts from 1, as pages do; `off` is the probability of the true class, or the error."""

    number: int
    actual: Any
    predicted: Any
    off: float
    cells: list[Any]


@dataclass(frozen=True)
class Worst:
    """The worst test rows of a run, the worst first. Reading them raises as `datasets.preview.rows` does."""

    results: Results

    @property
    def is_classes(self) -> bool:
        return self.results.run.experiment.task == "classification"

    @cached_property
    def columns(self) -> list[str]:
        """The first columns that the model may have learned from."""
        experiment = self.results.run.experiment
        left_out = {experiment.target, *self.results.run.spec.get("columns", {}).get("drop", ())}
        names = [column["name"] for column in experiment.dataset_version.columns]
        return [name for name in names if name not in left_out][:MOST_COLUMNS]

    @cached_property
    def rows(self) -> list[WorstRow]:
        told = self.results.worst_rows
        if not told:
            return []
        version = self.results.run.experiment.dataset_version
        cells = preview.picked(version, [one["row"] for one in told], self.columns)
        return [self._row(one, row) for one, row in zip(told, cells, strict=True)]

    def _row(self, told: Mapping[str, Any], cells: list[Any]) -> WorstRow:
        off = told["probability" if self.is_classes else "error"]
        return WorstRow(told["row"] + 1, told["actual"], told["predicted"], off, cells)
