"""The same pipeline twice, in turns, in one process: bare scikit-learn, and the engine. Fit and score only.

    python bench/bare/side_by_side.py DATA.parquet TARGET LEARNER TIMES

Prints {"engine": seconds, "bare": seconds, "columns": made} as JSON; medians, each after one that does not
count. Both sides have the rows in memory, learn from the same ones and are scored on the same others.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pandas as pd
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import engine.warm  # noqa: F401  # as in a worker: imported before the clock runs
from engine import fit
from engine.build import build
from engine.events import ignore
from engine.job import same_numbers_everywhere
from engine.prepare import prepare
from engine.scoring import score
from engine.spec import RunSpec
from engine.split import split

SEED = 42
LEARNERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "ridge": (Ridge(random_state=SEED), {}),
    "random_forest": (RandomForestRegressor(100, random_state=SEED), {"n_estimators": 100}),
    "hist_gradient_boosting": (
        HistGradientBoostingRegressor(max_iter=100, early_stopping=False, random_state=SEED),
        {"max_iter": 100},
    ),
}


def bare_pipeline(features: pd.DataFrame, model: Any) -> Any:
    """What a person would write."""
    numbers = features.select_dtypes("number").columns
    words = features.columns.difference(numbers, sort=False)
    scale = [StandardScaler()] if isinstance(model, Ridge) else []
    fill = SimpleImputer(strategy="most_frequent")
    encode = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=0.01, sparse_output=False)
    prepared = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), *scale), numbers),
            ("words", make_pipeline(fill, encode), words),
        ]
    )
    return make_pipeline(prepared, model)


def main(data: str, target: str, learner: str, times: str) -> None:
    table = pd.read_parquet(data)
    model, settings = LEARNERS[learner]
    wanted = {
        "task": "regression",
        "target": target,
        "validation": {"kind": "none"},
        "model": {"algo": learner, **settings},
        "seed": SEED,
    }
    spec = RunSpec.model_validate(wanted)
    ready = prepare(table, spec, ignore)
    parts = split(ready, spec, ignore)
    features, values = table.drop(columns=target), table[target].to_numpy()
    pipeline = bare_pipeline(features, model)

    def ours() -> float:
        fitted = fit.fit(build(spec, ready), ready, parts.train, spec)
        (answer,) = fitted.answers(ready.features, parts.test)
        return float(score(ready.target[parts.test], answer)["r2"][0])

    def theirs() -> float:
        own = clone(pipeline).fit(features.iloc[parts.train], values[parts.train])
        return float(r2_score(values[parts.test], own.predict(features.iloc[parts.test])))

    with same_numbers_everywhere():
        spans: dict[str, list[float]] = {"engine": [], "bare": []}
        for _ in range(int(times) + 1):
            spans["engine"].append(_seconds(ours))
            spans["bare"].append(_seconds(theirs))
    medians = {name: statistics.median(values[1:]) for name, values in spans.items()}
    print(json.dumps({**medians, "r2": [ours(), theirs()]}))


def _seconds(work: Callable[[], float]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(*sys.argv[1:])
