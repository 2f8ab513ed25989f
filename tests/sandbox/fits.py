"""Small real fits, called inside the walls. Heavy libraries are imported where they are used."""

from __future__ import annotations

import sys
from typing import Any

from sandbox.lines import Tell


def _flowers() -> tuple[Any, Any]:
    from sklearn.datasets import load_iris

    rows, labels = load_iris(return_X_y=True)
    return rows, labels


def forest(tell: Tell, jobs: int) -> None:
    from sklearn.ensemble import RandomForestClassifier

    rows, labels = _flowers()
    model = RandomForestClassifier(n_estimators=20, random_state=0, n_jobs=jobs).fit(rows, labels)
    tell("score", {"accuracy": model.score(rows, labels)})


def folds(tell: Tell, jobs: int) -> None:
    """Cross-validation on joblib's own processes."""
    import numpy
    from joblib import parallel_config
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score

    rows, labels = _flowers()
    rows, labels = numpy.tile(rows, (20, 1)), numpy.tile(labels, 20)
    with parallel_config("loky", n_jobs=jobs, max_nbytes=1000):
        scores = cross_val_score(LogisticRegression(max_iter=500), rows, labels, cv=4)
    tell("scores", {"accuracy": scores})


def boosted(tell: Tell) -> None:
    from xgboost import XGBClassifier

    rows, labels = _flowers()
    model = XGBClassifier(n_estimators=10).fit(rows, labels)
    tell("score", {"accuracy": float((model.predict(rows) == labels).mean())})


def network(tell: Tell) -> None:
    import keras

    class Epochs(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            tell("epoch", {"epoch": epoch, "metrics": dict(logs or {})})

    rows, labels = _flowers()
    layers = [keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(3, "softmax")]
    model = keras.Sequential(layers)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(rows, labels, epochs=3, verbose=0, callbacks=[Epochs()])
    model.save("network.keras")
    tell("saved", {"layers": len(keras.saving.load_model("network.keras").layers)})


def table(tell: Tell) -> None:
    import duckdb
    import pandas
    import pyarrow.parquet as parquet

    frame = pandas.DataFrame({"a": range(1000), "b": ["x"] * 1000})
    frame.to_parquet("table.parquet")
    ((total,),) = duckdb.connect().execute("select sum(a) from 'table.parquet'").fetchall()
    tell("read", {"rows": parquet.read_metadata("table.parquet").num_rows, "sum": int(total)})


def loaded(tell: Tell) -> None:
    tell("loaded", {name: name in sys.modules for name in ("sklearn", "keras", "duckdb")})
