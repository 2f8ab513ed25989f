"""The story on one screen: prepare → split → build → fit → evaluate → report."""

from __future__ import annotations

import pandas as pd

from engine import thresholds
from engine.build import build
from engine.evaluate import evaluate
from engine.events import Listener, Timings, ignore, stage
from engine.fit import fit_final
from engine.prepare import prepare
from engine.report import Report, report
from engine.spec import RunSpec
from engine.split import split


def train(
    table: pd.DataFrame,
    spec: RunSpec,
    tell: Listener = ignore,
    threads: int = 1,
    stored: pd.DataFrame | None = None,
) -> Report:
    """Train what `spec` says on `table` and test it. `threads` changes the speed, not the numbers.

    `stored` is the `split` of an earlier report on the same rows, to be used again.

    Raises:
        CannotTrain: the data or the settings do not allow it.
        Whatever `tell` raises: so a training is stopped at its next event.
    """
    seconds: Timings = {}
    with stage(tell, "prepare", seconds):
        ready = prepare(table, spec, tell)
    del table  # as large as what was made of it
    with stage(tell, "split", seconds):
        parts = split(ready, spec, tell, stored)
        thresholds.check(spec, ready, parts)
    with stage(tell, "build", seconds):
        pipeline = build(spec, ready, threads)
    with stage(tell, "fit", seconds):
        fitted = fit_final(pipeline, ready, parts.train, spec, tell)
    with stage(tell, "evaluate", seconds):
        scored = evaluate(fitted, ready, parts, spec, tell, threads)
    with stage(tell, "report", seconds):
        return report(spec, ready, parts, fitted, scored, seconds)
