"""Explaining, seventh part: which columns pushed the answer of a row where, for some rows and on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.explain.contributions import Contributions, contributions, most_rows
from engine.explain.opened import Opened
from engine.explain.owners import owners, summed
from engine.fit import Answer
from engine.worst import MOST as MOST_WORST

MOST_PARTS = 10
_BACKGROUND = 2000
_NONE = "SHAP values are found for trees and linear models. This model is neither."
_TOO_LARGE = "The trees of this model are too many or too large to find SHAP values in time."
_BENT = {"log": "in the logarithm of the target", "power": "in the target as the model learns it"}


@dataclass(frozen=True)
class Shared:
    """The SHAP values of some held-out rows, by column of the table: shape (rows, columns, outputs)."""

    rows: np.ndarray
    answer: Answer
    names: list[str]
    values: np.ndarray
    found: Contributions
    unit: str

    @property
    def output(self) -> np.ndarray:
        """Which output explains a row, shape (rows,): the class that is said, else the only one."""
        if self.values.shape[2] == 1:
            return np.zeros(len(self.rows), dtype="int64")
        said: np.ndarray = self.found.outputs.argmax(axis=1)
        return said

    @property
    def own(self) -> np.ndarray:
        """The values for each row's own output, shape (rows, columns)."""
        picked: np.ndarray = self.values[np.arange(len(self.rows)), :, self.output]
        return picked


def shared(opened: Opened) -> Shared | str:
    """SHAP values of at most 500 held-out rows, the worst 50 among them; a sentence where there are none."""
    estimator = opened.model.estimator
    pipeline = opened.model.predictor.pipeline
    if estimator is None:
        return _NONE
    names, owner = owners(pipeline, opened.model.predictor.classes or [])
    most = most_rows(estimator, len(names))
    rows = _chosen(opened, most)
    if not len(rows):
        return _TOO_LARGE
    features = opened.ready.features.iloc[rows]
    background = opened.model.prepared(opened.ready.features.iloc[opened.drawn(opened.train, _BACKGROUND, 6)])
    found = contributions(opened.model, opened.model.prepared(features), background)
    if found is None:
        return _NONE
    columns, values = summed(found.values, owner)
    bend = opened.model.predictor.manifest.get("target_transform")
    unit = _BENT[bend["kind"]] if bend else found.unit
    return Shared(rows, opened.model.answer(features), columns, values, found, unit)


def _chosen(opened: Opened, most: int) -> np.ndarray:
    """The worst of some held-out rows and others by chance, in rising order."""
    some = opened.drawn(opened.test, 20_000, 7)
    truth, answer = opened.ready.target[some], opened.model.answer(opened.ready.features.iloc[some])
    given = answer.shares
    off = np.abs(answer.predicted - truth) if given is None else -given[np.arange(len(truth)), truth]
    worst = some[np.argsort(-off, kind="stable")[: min(MOST_WORST, most)]]
    rest = opened.drawn(np.setdiff1d(some, worst), most - len(worst), 8)
    return np.sort(np.concatenate([worst, rest])).astype("int64")


def summary(found: Shared) -> dict[str, Any]:
    """How much each column moves an answer on average: the mean of its absolute SHAP values."""
    mean = np.abs(found.values).mean(axis=(0, 2))
    order = np.argsort(-mean, kind="stable")
    columns = [{"name": found.names[place], "mean_abs": float(mean[place])} for place in order]
    return {"kind": found.found.kind, "unit": found.unit, "rows": len(found.rows), "columns": columns}


def table(opened: Opened, found: Shared) -> pd.DataFrame:
    """A line per row for shap.parquet: row, explains (a class), base, output, and a value per column."""
    base = np.broadcast_to(found.found.base, found.found.outputs.shape)
    places = np.arange(len(found.rows)), found.output
    head = {
        "row": opened.ready.rows[found.rows],
        "explains": np.array(_explained(opened, found), dtype=object),
        "base": base[places],
        "output": found.found.outputs[places],
    }
    values = {f"shap_{name}": found.own[:, place] for place, name in enumerate(found.names)}
    return pd.DataFrame({**head, **values})


def each(opened: Opened, found: Shared) -> list[dict[str, Any]]:
    """The 10 columns that moved each row's answer most, with what the row holds there, for rows.json."""
    lines = table(opened, found).drop(columns=[f"shap_{name}" for name in found.names])
    features, own = opened.ready.features.iloc[found.rows], found.own
    truth, said = (_spoken(opened, values) for values in (opened.ready.target[found.rows], _said(found)))
    order = np.argsort(-np.abs(own), axis=1, kind="stable")[:, :MOST_PARTS]
    return [
        {
            **line,
            "actual": truth[place],
            "predicted": said[place],
            "parts": [
                {
                    "name": found.names[column],
                    "value": _cell(features, place, found.names[column]),
                    "contribution": float(own[place, column]),
                }
                for column in order[place]
            ],
            "rest": float(own[place].sum() - own[place, order[place]].sum()),
        }
        for place, line in enumerate(lines.to_dict("records"))
    ]


def _explained(opened: Opened, found: Shared) -> list[str]:
    classes = opened.model.predictor.classes
    if classes is None:
        return [opened.spec.target] * len(found.rows)
    if found.values.shape[2] == 1:
        return [classes[-1]] * len(found.rows)
    return [classes[place] for place in found.output]


def _said(found: Shared) -> np.ndarray:
    return found.answer.predicted


def _spoken(opened: Opened, values: np.ndarray) -> list[Any]:
    classes = opened.ready.classes
    return [classes[number] for number in values] if classes else [float(value) for value in values]


def _cell(features: pd.DataFrame, place: int, name: str) -> Any:
    """What the row holds in this column; None where it is missing or no column of the table."""
    if name not in features.columns:
        return None
    value = features[name].iloc[place]
    if pd.isna(value):
        return None
    return float(value) if isinstance(value, float | int | np.number) else str(value)[:80]
