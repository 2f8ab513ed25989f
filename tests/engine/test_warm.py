"""What a zygote preloads: everything a training needs, and no thread."""

from typing import Any

import pytest

from engine.learners import CATALOG
from tests.engine.helpers import EXAMPLES, a_regression, a_spec, in_fresh_process

TWO_FOLDS = {"kind": "kfold", "folds": 2}
SPECS = [
    a_spec(algo, validation=TWO_FOLDS).model_dump(mode="json")
    if "classification" in learner.tasks
    else a_regression(algo, target="body_mass_g", validation=TWO_FOLDS).model_dump(mode="json")
    for algo, learner in CATALOG.items()
]
HEAVY = (
    "sklearn",
    "keras",
    "tensorflow",
    "xgboost",
    "lightgbm",
    "skops",
    "scipy",
    "narwhals",
    "pyarrow.parquet",
)


@pytest.fixture(scope="module")
def warmed() -> dict[str, Any]:
    """What a fresh process sees after warming up, and what trainings import after that."""
    program = f"""
import json, os, sys
import engine.warm
threads = len(os.listdir("/proc/self/task"))
before = set(sys.modules)
import pandas as pd, tempfile, pathlib
from engine import job
folder = pathlib.Path(tempfile.mkdtemp())
pd.read_csv({str(EXAMPLES / "penguins.csv")!r}).to_parquet(folder / "data.parquet")
for spec in {SPECS}:
    job.run(lambda kind, data: None, spec=spec, data=str(folder / "data.parquet"), out=str(folder))
print(json.dumps({{"threads": threads, "new": sorted(set(sys.modules) - before)}}))
"""
    found: dict[str, Any] = in_fresh_process(program)
    return found


def test_warming_up_starts_no_thread(warmed: dict[str, Any]) -> None:
    assert warmed["threads"] == 1


def test_a_training_imports_no_heavy_library_more(warmed: dict[str, Any]) -> None:
    assert [name for name in warmed["new"] if name.startswith(HEAVY)] == []
