"""Explaining, fourth part: how the answer moves with one column while all others stay as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.explain.opened import Model, Opened

MOST_COLUMNS, MOST_POINTS, MOST_CURVES, MOST_ROWS, MOST_CLASSES = 8, 20, 30, 500, 5
_SHOWN = ("numeric", "categorical", "date")


def dependence(opened: Opened, names: list[str]) -> dict[str, Any]:
    """Partial dependence and ICE of at most 8 of the named columns, the first ones.

    {"rows", "outputs", "columns": [{"name", "kind", "grid", "mean": [[output]], "ice": [[point]], "rows":
    [share of rows near each point]}]}. `mean` has shape (points, outputs), in probabilities or in the unit
    of the target; `ice` shape (curves, points), of the first output. Friedman (2001), "Greedy function
    approximation", Ann. Statist. 29(5); Goldstein et al. (2015), J. Comput. Graph. Statist. 24(1).
    """
    rows = opened.drawn(opened.test, MOST_ROWS, 5)
    features = opened.ready.features.iloc[rows].reset_index(drop=True)
    places, outputs = _outputs(opened)
    shown = [name for name in names if opened.ready.kinds[name] in _SHOWN][:MOST_COLUMNS]
    columns = [
        found
        for name in shown
        if (found := _one(opened.model, features, name, opened.ready.kinds[name], places))
    ]
    return {"rows": len(features), "outputs": outputs, "columns": columns}


def _outputs(opened: Opened) -> tuple[list[int], list[str]]:
    """Which classes are drawn: the second of two, else the most frequent; none for a number."""
    classes = opened.ready.classes
    if not classes:
        return [], [opened.spec.target]
    counts = np.bincount(opened.ready.target[opened.train], minlength=len(classes))
    places = [1] if len(classes) == 2 else list(np.argsort(-counts, kind="stable")[:MOST_CLASSES])
    return [int(place) for place in places], [classes[place] for place in places]


def _one(
    model: Model, features: pd.DataFrame, name: str, kind: str, places: list[int]
) -> dict[str, Any] | None:
    grid = _grid(features[name], kind)
    if len(grid) < 2:
        return None
    every = pd.concat([features] * len(grid), ignore_index=True)
    every[name] = pd.Series(grid).repeat(len(features)).array
    said = _said(model, every, places).reshape(len(grid), len(features), -1)
    return {
        "name": name,
        "kind": kind,
        "grid": _spoken(grid, kind),
        "mean": said.mean(axis=1).tolist(),
        "ice": said[:, _spread(len(features)), 0].T.tolist(),
        "rows": _near(features[name], grid, kind),
    }


def _spread(rows: int) -> np.ndarray:
    """At most 30 rows from everywhere in the sample: tables are often sorted."""
    places: np.ndarray = np.unique(np.linspace(0, rows - 1, MOST_CURVES).round().astype("int64"))
    return places


def _said(model: Model, features: pd.DataFrame, places: list[int]) -> np.ndarray:
    """Shape (rows, outputs): the probability of each class that is drawn, or the value."""
    answer = model.answer(features)
    return answer.predicted[:, None] if answer.shares is None else answer.shares[:, places]


def _grid(column: pd.Series, kind: str) -> np.ndarray:
    """At most 20 points: the most frequent words, or values from the 5th to the 95th percentile."""
    known = column.dropna()
    if kind == "categorical":
        words: np.ndarray = known.value_counts(sort=True).index[:MOST_POINTS].to_numpy(dtype=object)
        return words
    values: np.ndarray = np.unique(known.to_numpy())
    if len(values) <= MOST_POINTS:
        return values
    shares = np.linspace(0.05, 0.95, MOST_POINTS)
    places = np.round(shares * (len(known) - 1)).astype("int64")
    return np.unique(np.sort(known.to_numpy())[places])


def _spoken(grid: np.ndarray, kind: str) -> list[Any]:
    if kind == "date":
        return [str(moment)[:10] for moment in grid]
    found: list[Any] = grid.tolist()
    return found


def _near(column: pd.Series, grid: np.ndarray, kind: str) -> list[float]:
    """Which share of the rows with a value lies nearest to each point, so that nobody trusts empty places."""
    known = column.dropna()
    if kind == "categorical":
        counts = [int((known == word).sum()) for word in grid]
    else:
        values, points = known.to_numpy().astype("float64"), grid.astype("float64")
        nearest = np.searchsorted((points[1:] + points[:-1]) / 2, values)
        counts = np.bincount(nearest, minlength=len(points)).tolist()
    return [round(count / max(1, len(known)), 4) for count in counts]
