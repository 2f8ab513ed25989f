"""Words for the sentences about explaining: a table whose truth is known, and a run of it, explained."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pandas as pd

from engine import explain, job
from engine.events import ignore
from engine.explain.opened import Opened, open_run
from engine.metrics import default_metric
from tests.engine.helpers import QUICK, Heard

TRUE, NOISE = ["x0", "x1"], [f"x{number}" for number in range(2, 10)]
TASKS = {"yes or no": "classification", "three": "classification", "number": "regression"}


def planted(target: str, rows: int = 600) -> pd.DataFrame:
    """Ten columns of chance, of which the first rises and the second falls with the target; nothing else."""
    random = np.random.default_rng(5)
    table = pd.DataFrame(random.normal(size=(rows, 10)), columns=[*TRUE, *NOISE])
    values = 2 * table["x0"] - 1.5 * table["x1"] + 0.2 * random.normal(size=rows)
    if target == "yes or no":
        return table.assign(y=np.where(values > 0, "yes", "no"))
    if target == "three":
        return table.assign(y=np.select([values < -1, values > 1], ["low", "up"], "middle"))
    return table.assign(y=values)


@dataclass(frozen=True)
class Explained:
    """What a run left in a folder, and what was found out about it."""

    folder: Path
    data: Path
    heard: Heard

    def read(self, name: str) -> Any:
        return json.loads((self.folder / "explanation" / name).read_text("utf-8"))

    @property
    def shap(self) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "explanation" / "shap.parquet")

    @property
    def opened(self) -> Opened:
        return open_run(self.folder / "model.zip", self.data, self.folder / "split.parquet")


def explained(table: pd.DataFrame, spec: dict[str, Any], **more: Any) -> Explained:
    """Train and explain, each as a child does it."""
    folder = Path(mkdtemp())
    data = folder / "table.parquet"
    table.to_parquet(data)
    job.run(ignore, spec={"validation": {"kind": "none"}, **spec}, data=str(data), out=str(folder))
    return again(Explained(folder, data, Heard()), spec["task"], **more)


def again(found: Explained, task: Any, **more: Any) -> Explained:
    """Explain a run that was trained, into its folder."""
    files = {"model": found.folder / "model.zip", "split": found.folder / "split.parquet", "data": found.data}
    paths = {name: str(path) for name, path in files.items()}
    wanted: dict[str, Any] = {"metric": default_metric(task), **more}
    explain.run(found.heard, files=paths, out=str(found.folder), **wanted)
    return found


@cache
def of_planted(algo: str, target: str, metric: str = "") -> Explained:
    """The planted table, learned by one learner; made once, for looking at only."""
    task = TASKS[target]
    spec = {"task": task, "target": "y", "model": {"algo": algo, **QUICK.get(algo, {})}}
    return explained(planted(target), spec, **({"metric": metric} if metric else {}))
