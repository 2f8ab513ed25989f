"""What a zygote preloads: everything a training needs, and no thread."""

from typing import Any

import pytest

from tests.engine.helpers import EXAMPLES, in_fresh_process


@pytest.fixture(scope="module")
def warmed() -> dict[str, Any]:
    """What a fresh process sees after warming up, and what trainings import after that."""
    program = f"""
import json, os, sys
import engine.warm
threads = len(os.listdir("/proc/self/task"))
before = set(sys.modules)
import pandas as pd, tempfile, pathlib
from engine import job, learners
folder = pathlib.Path(tempfile.mkdtemp())
pd.read_csv({str(EXAMPLES / "penguins.csv")!r}).to_parquet(folder / "data.parquet")
settings = {{"dense_network": {{"epochs": 2}}, "random_forest": {{"n_estimators": 10}}, "xgboost": {{"n_estimators": 5}}}}
for algo, learner in learners.CATALOG.items():
    task, target = ("classification", "species") if "classification" in learner.tasks else ("regression", "body_mass_g")
    spec = {{"task": task, "target": target, "model": {{"algo": algo, **settings.get(algo, {{}})}}}}
    job.run(lambda kind, data: None, spec=spec, data=str(folder / "data.parquet"), out=str(folder))
print(json.dumps({{"threads": threads, "new": sorted(set(sys.modules) - before)}}))
"""
    found: dict[str, Any] = in_fresh_process(program)
    return found


def test_warming_up_starts_no_thread(warmed: dict[str, Any]) -> None:
    assert warmed["threads"] == 1


def test_a_training_imports_nothing_more(warmed: dict[str, Any]) -> None:
    ours = {
        name
        for name in warmed["new"]
        if name.split(".")[0] in ("sklearn", "keras", "tensorflow", "xgboost", "skops")
    }
    assert ours == set()
    assert len(warmed["new"]) < 30
