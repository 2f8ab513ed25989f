"""What is measured: each gives its figure, the bound it has to keep, and how it came about."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import browser
from bench.platform import ROOT, Json, Platform
from examples import demo

PENGUINS = ROOT / "examples" / "penguins.csv"
TIMES = 5


@dataclass(frozen=True)
class Measure:
    """One line of the result."""

    name: str
    figure: float
    bound: float
    unit: str
    how: str

    @property
    def holds(self) -> bool:
        return self.figure <= self.bound


def click_to_result(platform: Platform, version: Json) -> list[Measure]:
    """`POST run` to `succeeded` over HTTP, against a bare script with the same fit."""
    logistic = {"model": {"algo": "logistic_regression"}}
    dense = {
        "model": {"algo": "dense_network", "units": [64, 32]},
        "training": {"epochs": 3, "batch_size": 32},
    }
    return [
        _against(platform, version, "logistic_regression", logistic, "logistic.py", 0.15),
        _against(platform, version, "dense_network, 3 epochs", dense, "dense.py", 0.30),
    ]


def _against(platform: Platform, version: Json, name: str, body: Json, script: str, bound: float) -> Measure:
    experiment = platform.ask(version, validation={"kind": "none"})
    ours, theirs = [], []
    for _ in range(TIMES):  # side by side, so that a noisy neighbour disturbs both
        ours.append(_second(lambda: _run_seconds(platform, experiment, body)))
        theirs.append(_second(lambda: _script_seconds(script)))
    run, bare = statistics.median(ours), statistics.median(theirs)
    how = f"{run:.3f} s against {bare:.3f} s, medians of {TIMES}"
    return Measure(f"click_to_result: {name}", run / bare, bound, "of the bare script", how)


def _second(measure: Callable[[], float]) -> float:
    """Measured right after one of its own kind: each finds the caches as it left them, on both sides."""
    measure()
    return measure()


def _run_seconds(platform: Platform, experiment: Json, body: Json) -> float:
    start = time.perf_counter()
    run = platform.api.call("POST", f"/api/v1/experiments/{experiment['id']}/runs/", body)
    while run["status"] in ("queued", "running"):
        time.sleep(0.025)  # asking more often would take the core that trains
        run = platform.api.call("GET", f"/api/v1/runs/{run['id']}/")
    if run["status"] != "succeeded":
        raise demo.DemoError(f"{run['name']} {run['status']}: {run['problem']}")
    return time.perf_counter() - start


def _script_seconds(script: str) -> float:
    start = time.perf_counter()
    path = Path(__file__).parent / "bare" / script
    subprocess.run([sys.executable, path, PENGUINS], check=True, capture_output=True)
    return time.perf_counter() - start


def first_epoch(platform: Platform, version: Json) -> list[Measure]:
    """Seconds from the click on Train to the first epoch on the page, in a browser."""
    spans = browser.first_epoch_spans(platform, version, TIMES)
    if not spans:
        return []
    how = f"median of {len(spans)} clicks, slowest {max(spans):.2f} s"
    return [Measure("first epoch in the browser after the click", statistics.median(spans), 1.5, "s", how)]


def web_memory(platform: Platform) -> list[Measure]:
    """What the web process holds after all this work."""
    held = platform.web().memory_info().rss / 2**20
    return [Measure("memory of the web process", held, 150, "MB", "resident, at the end of all the above")]
