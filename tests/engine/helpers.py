"""Words for the engine's tests: a spec in one line, and someone who listens."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.spec import RunSpec

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
_FEW_TREES = [
    {"algo": "extra_trees", "n_estimators": 10},
    {"algo": "hist_gradient_boosting", "max_iter": 10},
]
QUICK: dict[str, dict[str, Any]] = {
    "random_forest": {"n_estimators": 20},
    "extra_trees": {"n_estimators": 20},
    "adaboost": {"n_estimators": 20},
    "gradient_boosting": {"n_estimators": 20},
    "hist_gradient_boosting": {"max_iter": 20},
    "xgboost": {"n_estimators": 20},
    "lightgbm": {"n_estimators": 20},
    "voting": {"members": _FEW_TREES},
    "stacking": {"members": _FEW_TREES, "folds": 2},
    "mlp": {"hidden_layer_sizes": [16], "learning_rate_init": 0.01, "max_iter": 100},
    "gaussian_process": {"kernel": "matern"},
    "dense_network": {"epochs": 15, "learning_rate": 0.01, "units": [16]},
}
NO_FOLDS = {"kind": "none"}


def a_spec(
    algo: str = "logistic_regression", settings: Mapping[str, Any] | None = None, **more: Any
) -> RunSpec:
    """A spec for the penguins' species, or whatever `more` says."""
    model = {"algo": algo, **(settings if settings is not None else QUICK.get(algo, {}))}
    return RunSpec.model_validate({"task": "classification", "target": "species", "model": model, **more})


def a_regression(algo: str = "linear_regression", **more: Any) -> RunSpec:
    """A spec for the mileage of cars."""
    return a_spec(algo, **{"task": "regression", "target": "mpg", **more})


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, kind: str, data: dict[str, Any]) -> None:
        self.events.append((kind, data))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [data for found, data in self.events if found == kind]

    def sentences(self, kind: str = "warning") -> str:
        return " ".join(data["message"] for data in self.of(kind))


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Computing as every training does: on several threads the last digits would depend on them."""
    # Brings the libraries that are to be limited.
    import sklearn.ensemble  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def in_fresh_process(program: str) -> Any:
    """What a program prints as JSON on its last line, run by an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])
