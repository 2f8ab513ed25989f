"""Two runs on the same rows: whose answers are right where the other's are wrong, and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.events import Listener, all_finite
from engine.fit import Answer
from engine.scoring import score

_RESAMPLES, _LEAST = 1000, 100
_WORK = 20_000_000
_BLOCK = 2_000_000
_SHARE = "probability_"


def run(tell: Listener, *, first: str, second: str, out: str, seed: int = 0) -> None:
    """Two predictions.parquet into `out`/compared.json: {"test": Compared, "folds": Compared or null}.

    Compared is {"rows", "metrics": {name: {"first", "second", "difference", "low", "high"}}, "mcnemar"}; the
    interval holds 95 % of the paired bootstrap of first less second. "mcnemar" counts, for classes, the rows
    that "both", "first", "second" or "neither" get right; "p" is the exact test's chance that such a lead of
    one is none.
    """
    tables = [_read(Path(path)) for path in (first, second)]
    body: dict[str, Any] = {"test": None, "folds": None}
    for name, is_test in (("test", True), ("folds", False)):
        pair = _shared(*(table[(table["part"] == "test") == is_test] for table in tables))
        if len(pair[0]):
            body[name] = _compared(*pair, seed)
    (Path(out) / "compared.json").write_text(json.dumps(body, allow_nan=False), encoding="utf-8")


def _read(path: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path).read(use_threads=False).to_pandas(use_threads=False)


def _shared(first: pd.DataFrame, second: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that both answered, in one order."""
    keys = ["row", "part"]
    one, other = first.set_index(keys), second.set_index(keys)
    both = one.index.intersection(other.index).sort_values()
    return one.loc[both], other.loc[both]


def _compared(first: pd.DataFrame, second: pd.DataFrame, seed: int) -> dict[str, Any]:
    classes = [name.removeprefix(_SHARE) for name in first.columns if name.startswith(_SHARE)]
    truth = _numbers(first["actual"], classes)
    answers = [_answer(table, classes) for table in (first, second)]
    is_right = [answer.predicted == truth for answer in answers]
    return {
        "rows": len(truth),
        "metrics": _differences(truth, answers, seed),
        "mcnemar": _mcnemar(*is_right) if classes else None,
    }


def _numbers(values: pd.Series, classes: list[str]) -> np.ndarray:
    if not classes:
        return np.asarray(values, dtype="float64")
    numbers = {name: number for number, name in enumerate(classes)}
    return np.asarray(values.astype(str).map(numbers), dtype="int64")


def _answer(table: pd.DataFrame, classes: list[str]) -> Answer:
    shares = table[[_SHARE + name for name in classes]].to_numpy("float64") if classes else None
    return Answer(_numbers(table["predicted"], classes), shares)


def _differences(truth: np.ndarray, answers: list[Answer], seed: int) -> dict[str, dict[str, float | None]]:
    one, other = (score(truth, answer) for answer in answers)
    spread: dict[str, list[np.ndarray]] = {name: [] for name in one}
    for weights in _resamples(len(truth), seed):
        first, second = (score(truth, answer, weights) for answer in answers)
        for name, values in spread.items():
            values.append(first[name] - second[name])
    return {
        name: _difference(float(one[name][0]), float(other[name][0]), np.concatenate(values))
        for name, values in spread.items()
    }


def _difference(first: float, second: float, resampled: np.ndarray) -> dict[str, float | None]:
    known = resampled[np.isfinite(resampled)]
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
    return all_finite(
        {"first": first, "second": second, "difference": first - second, "low": low, "high": high}
    )


def _resamples(rows: int, seed: int) -> Iterator[np.ndarray]:
    """How often each row counts, block by block: 1,000 resamples, fewer where the rows are many."""
    random = np.random.default_rng(seed)
    left = int(np.clip(_WORK // rows, _LEAST, _RESAMPLES))
    size = max(1, _BLOCK // rows)
    while left > 0:
        drawn = random.integers(rows, size=(min(size, left), rows))
        drawn += np.arange(len(drawn))[:, None] * rows
        counts = np.bincount(drawn.ravel(), minlength=drawn.size)
        yield counts.reshape(drawn.shape).astype("float64")
        left -= size


def _mcnemar(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    from scipy import stats

    only_first, only_second = int((first & ~second).sum()), int((~first & second).sum())
    apart = only_first + only_second
    return {
        "both": int((first & second).sum()),
        "first": only_first,
        "second": only_second,
        "neither": int((~first & ~second).sum()),
        "p": float(stats.binomtest(only_first, apart).pvalue) if apart else 1.0,
    }
