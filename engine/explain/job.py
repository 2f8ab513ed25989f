"""Explaining from file to files: what a child runs when somebody asks why a model answers as it does."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.events import Listener, finite
from engine.explain import dependence, inside, rows
from engine.explain.canary import Canary, canary
from engine.explain.importance import MOST_COLUMNS, importances, rows_to_measure, told
from engine.explain.opened import Opened, open_run
from engine.explain.owners import owners, summed
from engine.job import linear_algebra
from engine.metrics import METRICS
from engine.problems import CannotTrain

FOLDER = "explanation"


def run(tell: Listener, *, files: Mapping[str, str], out: str, metric: str, refit: bool = True) -> None:
    """Explain a run by what it left and its table; write into the folder `out`, which exists.

    `files` names its model.zip as "model", its split.parquet as "split" and the table as "data".

    `out`/explanation gets importance.json, dependence.json, inside.json, shap.json, rows.json and
    shap.parquet. `refit` says whether the model may be learned once more to see what chance does.

    Raises:
        CannotPredict, CannotTrain: what the run left cannot be used; `problem` says why.
    """
    place = Path(out) / FOLDER
    place.mkdir(exist_ok=True)
    with warnings.catch_warnings(), linear_algebra().limit(limits=1):
        warnings.simplefilter("ignore")  # their texts name paths of this machine
        opened = open_run(*(Path(files[name]) for name in ("model", "data", "split")))
        if not len(opened.test):
            raise CannotTrain("no_test_rows", "This run kept no rows aside on which it could be explained.")
        tell("progress", {"stage": "importance"})
        found = _importance(tell, opened, metric, refit)
        _write(place / "importance.json", found)
        tell("progress", {"stage": "dependence"})
        names = [column["name"] for column in found["columns"]]
        _write(place / "dependence.json", dependence.dependence(opened, names))
        tell("progress", {"stage": "inside"})
        _write(place / "inside.json", inside.inside(opened))
        tell("progress", {"stage": "shap"})
        _write_shares(place, opened)


def _importance(tell: Listener, opened: Opened, metric: str, refit: bool) -> dict[str, Any]:
    names = _measured(opened)
    whole, found = importances(opened, metric, names)
    tell("progress", {"stage": "canary"})
    chance, why_none = _canary(opened, metric, len(names)) if refit else (None, _TOO_SLOW)
    line = chance.line if chance else None
    better = METRICS[metric].higher_is_better
    return {
        "metric": metric,
        "higher_is_better": better,
        "score": finite(whole if better else -whole),
        "rows": len(rows_to_measure(opened)),
        "repeats": len(found[0].drops),
        "columns": [told(one, opened.ready.kinds[one.name], len(names), line) for one in found],
        "left_out": len(opened.ready.kinds) - len(names),
        "chance": chance and {"line": chance.line, "drops": chance.importances, "rows": chance.rows},
        "why_no_chance": why_none,
    }


_TOO_SLOW = (
    "Learning this model once more beside columns of pure chance takes too long, so there is no chance line."
)


def _canary(opened: Opened, metric: str, columns: int) -> tuple[Canary | None, str]:
    try:
        found = canary(opened, metric, columns)
    except CannotTrain as reason:
        return None, f"There is no chance line, as this model cannot take further columns. {reason.detail}"
    return found, "" if found else "There is no chance line, as no column of this table can be copied."


def _measured(opened: Opened) -> list[str]:
    """The columns to shuffle: all of them, or of very many those that the model itself weighs most."""
    names = list(opened.ready.kinds)
    if len(names) <= MOST_COLUMNS:
        return names
    weight = dict.fromkeys(names, 0.0) | _weighed(opened)
    heaviest = sorted(names, key=lambda name: -weight[name])[:MOST_COLUMNS]
    return [name for name in names if name in set(heaviest)]


def _weighed(opened: Opened) -> dict[str, float]:
    model = opened.model.estimator
    learned = inside.weights_of(model)
    counted = getattr(inside.core(model), "feature_importances_", None)
    if learned is not None:
        counted = np.abs(learned[0]).max(axis=0)
    if counted is None:
        return {}
    _, owner = owners(opened.model.predictor.pipeline, opened.model.predictor.classes or [])
    found, values = summed(np.asarray(counted, dtype="float64")[None, :], owner)
    return dict(zip(found, map(float, values[0]), strict=True))


def _write_shares(place: Path, opened: Opened) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = rows.shared(opened)
    if isinstance(found, str):
        _write(place / "shap.json", {"reason": found})
        return
    _write(place / "shap.json", rows.summary(found))
    _write(place / "rows.json", {"unit": found.unit, "rows": rows.each(opened, found)})
    table = pa.Table.from_pandas(rows.table(opened, found), preserve_index=False, nthreads=1)
    pq.write_table(table, place / "shap.parquet")


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, allow_nan=False), encoding="utf-8")
