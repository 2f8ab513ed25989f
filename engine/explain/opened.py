"""Explaining, first part: a saved model and the rows that it never saw, as its training read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine import predict
from engine.events import ignore
from engine.fit import Answer
from engine.predict import Predictor, turned_back
from engine.prepare import Ready, prepare
from engine.problems import CannotTrain
from engine.scoring import score
from engine.spec import RunSpec
from engine.thresholds import decided

_BLOCK = 20_000


@dataclass(frozen=True)
class Model:
    """A saved model whose answers count classes as `Ready` does: `known` holds the ones it learned."""

    predictor: Predictor
    known: np.ndarray | None
    classes: tuple[str, ...]

    def answer(self, features: pd.DataFrame) -> Answer:
        """What it says to columns as `Ready.features` holds them, decided by its own threshold."""
        starts = range(0, len(features), _BLOCK)
        said = np.concatenate(
            [self.predictor.answers(features.iloc[start : start + _BLOCK]) for start in starts]
        )
        manifest = self.predictor.manifest
        if self.known is None:
            return Answer(turned_back(said.reshape(-1), manifest.get("target_transform")), None)
        shares = np.zeros((len(said), len(self.classes)))
        shares[:, self.known] = said
        likeliest = Answer(self.known[said.argmax(axis=1)], shares)
        return decided(likeliest, manifest.get("threshold"))

    def prepared(self, features: pd.DataFrame) -> Any:
        """The columns that the model itself sees, dense: shape (rows, made columns), float64."""
        made = self.predictor.pipeline["prepare"].transform(features)
        return np.asarray(made.toarray() if hasattr(made, "toarray") else made, dtype="float64")

    @property
    def estimator(self) -> Any | None:
        """The fitted last step; None for a network."""
        return None if self.predictor.network is not None else self.predictor.pipeline["model"]


@dataclass(frozen=True)
class Opened:
    """`train` and `test` are rows of `ready`, as the split of the run dealt them."""

    spec: RunSpec
    ready: Ready
    model: Model
    train: np.ndarray
    test: np.ndarray

    def drawn(self, rows: np.ndarray, most: int, *purpose: int) -> np.ndarray:
        """At most so many of the rows, in rising order; the same ones for the same seed and purpose."""
        if len(rows) <= most:
            return rows
        return np.sort(self.random(*purpose).choice(rows, most, replace=False))

    def random(self, *purpose: int) -> np.random.Generator:
        """Chance that comes from the seed of the run and from what it is for."""
        return np.random.default_rng([self.spec.seed, *purpose])


def open_run(model: Path, data: Path, split: Path) -> Opened:
    """A run from what it left (model.zip, split.parquet) and the table that it learned from.

    Raises:
        CannotPredict: the model file is damaged.
        CannotTrain: the table no longer is the one of the run.
    """
    predictor = predict.load(model)
    spec = RunSpec.model_validate(predictor.manifest["spec"])
    ready = prepare(_table(data), spec, ignore)
    train, test = _parts(_table(split), ready)
    return Opened(spec, ready, of_predictor(predictor, ready.classes), train, test)


def of_predictor(predictor: Predictor, classes: tuple[str, ...]) -> Model:
    """A loaded model beside the classes of a table."""
    known = None
    if predictor.classes is not None:
        known = np.array([classes.index(name) for name in predictor.classes], dtype="int64")
    return Model(predictor, known, classes)


def worth(truth: np.ndarray, answer: Answer, metric: str, *, higher_is_better: bool) -> float:
    """The score of an answer, turned so that more is better; NaN where it cannot be said."""
    value = float(score(truth, answer)[metric][0])
    return value if higher_is_better else -value


def _table(path: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path).read(use_threads=False).to_pandas(use_threads=False)


def _parts(split: pd.DataFrame, ready: Ready) -> tuple[np.ndarray, np.ndarray]:
    places = np.searchsorted(ready.rows, split["row"].to_numpy("int64"))
    if len(places) and (places.max() >= len(ready.rows) or (ready.rows[places] != split["row"]).any()):
        raise CannotTrain("split_unfit", "The rows of this run are no longer those of the dataset.")
    is_test = (split["part"] == "test").to_numpy()
    return places[~is_test], places[is_test]
