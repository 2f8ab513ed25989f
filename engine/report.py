"""Stage 6: what is kept of a training, as numbers, tables and figures, and how it becomes files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine import bundle, figures
from engine.evaluate import Scored
from engine.events import Timings
from engine.fit import Answer, Fitted
from engine.gaps import complete_rows
from engine.parts import Parts
from engine.prepare import Ready
from engine.scoring import by_class
from engine.slices import slices
from engine.spec import RunSpec
from engine.words import count, number
from engine.worst import worst_rows


@dataclass(frozen=True)
class Report:
    """One finished training. `metrics` is the content of metrics.json, the tables of the Parquet files."""

    spec: RunSpec
    ready: Ready
    fitted: Fitted
    metrics: dict[str, Any]
    predictions: pd.DataFrame
    worst: pd.DataFrame
    split: pd.DataFrame
    figures: dict[str, figures.Figure]

    def write(self, folder: Path) -> None:
        """Write model.zip, metrics.json, the tables and figures/ into a folder that exists."""
        bundle.save(folder / "model.zip", self.fitted, self.spec, self.ready, self.metrics)
        _write_json(folder / "metrics.json", self.metrics)
        _write_table(folder / "predictions.parquet", self.predictions)
        _write_table(folder / "worst_rows.parquet", self.worst)
        _write_table(folder / "split.parquet", self.split)
        (folder / "figures").mkdir(exist_ok=True)
        for name, figure in self.figures.items():
            _write_json(folder / "figures" / f"{name}.json", figure)


def report(
    spec: RunSpec, ready: Ready, parts: Parts, fitted: Fitted, scored: Scored, seconds: Timings
) -> Report:
    """Put together what was found."""
    worst = worst_rows(ready, parts.test, scored.test_answer)
    metrics = {
        "test": scored.test,
        "train": scored.train,
        "validation": scored.validation,
        "baseline": {"test": scored.baseline},
        "intervals": scored.intervals["test"],
        "intervals_train": scored.intervals["train"],
        "intervals_validation": scored.intervals.get("validation", {}),
        "threshold": scored.threshold,
        "classes": _classes(ready, parts, scored),
        "slices": slices(ready, parts.test, scored.test_answer),
        "worst_rows": worst.to_dict("records"),
        "timings": _timings(seconds),
        "rows": _rows(ready, parts, spec),
        "headline": _headline(ready, parts, scored),
    }
    return Report(
        spec=spec,
        ready=ready,
        fitted=fitted,
        metrics=metrics,
        predictions=_predictions(ready, parts, scored),
        worst=worst,
        split=parts.table(ready.rows),
        figures=_figures(ready, parts, fitted, scored, spec.model.step),
    )


def _rows(ready: Ready, parts: Parts, spec: RunSpec) -> dict[str, int]:
    """Rows by what became of them. Of the training rows, those `with_gaps` were not learned from.

    `duplicates` of the test rows equal a training row in all columns.
    """
    train, test = len(parts.train), len(parts.test)
    return {
        "train": train,
        "test": test,
        "without_target": ready.without_target,
        "without_time": len(ready.rows) - train - test,
        "with_gaps": train - len(complete_rows(ready, parts.train, spec)),
        "duplicates": parts.copies,
    }


def _classes(ready: Ready, parts: Parts, scored: Scored) -> list[dict[str, Any]]:
    """How well each class is found among the test rows; none for numbers."""
    if not ready.is_classification:
        return []
    found = by_class(ready.target[parts.test], scored.test_answer.predicted, len(ready.classes))
    return [
        {
            "class": name,
            **{score: float(found[score][place]) for score in ("precision", "recall", "f1")},
            "support": int(found["support"][place]),
        }
        for place, name in enumerate(ready.classes)
    ]


def _timings(seconds: Timings) -> Timings:
    prepare = sum(seconds[name] for name in ("prepare", "split", "build"))
    found = {"prepare": prepare, "fit": seconds["fit"], "evaluate": seconds["evaluate"]}
    return {name: round(value, 6) for name, value in found.items()}


def _headline(ready: Ready, parts: Parts, scored: Scored) -> dict[str, str]:
    """One sentence that a colleague could repeat, and its yardstick."""
    if not ready.is_classification:
        mae, naive = scored.test["mae"] or 0.0, scored.baseline["mae"] or 0.0
        return {
            "text": f"Off by {number(mae)} on average.",
            "baseline": f"Always answering the mean is off by {number(naive)}.",
        }
    right, naive_right = scored.test["accuracy"] or 0.0, scored.baseline["accuracy"] or 0.0
    answer = ready.classes[int(scored.baseline_answer.predicted[0])]
    text = f"Right for {_of_100(right)} of 100 rows."
    if right == 1:
        text = f"Right for all {count(len(parts.test), 'test row')}."
    return {
        "text": text,
        "baseline": f"Always answering “{answer}” is right for {_of_100(naive_right)} of 100.",
    }


def _of_100(share: float) -> int:
    """Rounded, but 100 only where all are right and 0 only where none is."""
    return int(share) * 100 if share in (0, 1) else int(np.clip(round(share * 100), 1, 99))


def _predictions(ready: Ready, parts: Parts, scored: Scored) -> pd.DataFrame:
    """What was said to each test row, and to each training row by the fold's model that had not seen it."""
    found = [("test", parts.test, scored.test_answer)]
    found += [(str(fold), rows, answer) for fold, rows, answer in scored.folds]
    return pd.concat([_said(ready, part, rows, answer) for part, rows, answer in found], ignore_index=True)


def _said(ready: Ready, part: str, rows: np.ndarray, answer: Answer) -> pd.DataFrame:
    words = np.array(ready.classes, dtype=object) if ready.is_classification else None
    table = {
        "row": ready.rows[rows],
        "part": np.full(len(rows), part, dtype=object),
        "actual": ready.target[rows] if words is None else words[ready.target[rows]],
        "predicted": answer.predicted if words is None else words[answer.predicted],
    }
    if answer.shares is not None:
        table |= {f"probability_{name}": answer.shares[:, i] for i, name in enumerate(ready.classes)}
    return pd.DataFrame(table)


def _figures(
    ready: Ready, parts: Parts, fitted: Fitted, scored: Scored, step: str
) -> dict[str, figures.Figure]:
    shares = scored.test_answer.shares
    if shares is None:
        drawn = _of_numbers(ready, parts, scored)
    else:
        drawn = _of_classes(ready.target[parts.test], shares, ready.classes, scored)
    if fitted.steps:
        drawn["learning_curve"] = figures.learning_curve(fitted.steps, step)
    if scored.sizes:
        drawn["data_sizes"] = figures.data_sizes(scored.sizes)
    return drawn


def _of_classes(
    truth: np.ndarray, shares: np.ndarray, names: tuple[str, ...], scored: Scored
) -> dict[str, figures.Figure]:
    test, predicted = scored.test, scored.test_answer.predicted
    drawn = {
        "confusion_matrix": figures.confusion_matrix(truth, predicted, names),
        "roc": figures.roc(truth, shares, names, test["roc_auc"]),
        "precision_recall": figures.precision_recall(truth, shares, names, test["average_precision"]),
        "calibration": figures.calibration(truth, shares, names, test["brier"]),
        "gain": figures.gain(truth, shares, names),
    }
    if len(names) == 2:
        second = shares[:, 1]
        drawn["threshold"] = figures.threshold_curve(truth, second, predicted, names[1], scored.threshold)
    return drawn


def _of_numbers(ready: Ready, parts: Parts, scored: Scored) -> dict[str, figures.Figure]:
    truth, rows, answer = ready.target[parts.test], ready.rows[parts.test], scored.test_answer
    return {
        "residuals": figures.residuals(truth, answer, rows),
        "predicted_actual": figures.predicted_actual(truth, answer, rows, scored.test["r2"]),
        "qq": figures.qq(truth, answer),
        "error_by_quantile": figures.error_by_quantile(truth, answer),
    }


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def _write_table(path: Path, table: pd.DataFrame) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pandas(table, preserve_index=False, nthreads=1), path)
