"""Stage 5: how good it is, beside the naive guess, with its spread over folds and resamples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.build import build
from engine.events import Listener, OnStep, all_finite, finite, log
from engine.fit import Answer, Fitted, fit
from engine.learners.dummy import Dummy
from engine.metrics import for_task
from engine.prepare import Ready
from engine.scoring import score
from engine.spec import RunSpec
from engine.split import Parts
from engine.words import number

_MOST_RESAMPLES, _LEAST_RESAMPLES = 1000, 100
_WORK = 10_000_000
_BLOCK = 2_000_000
_ITERATIONS_TOLD = 20

Table = dict[str, float | None]


@dataclass(frozen=True)
class Scored:
    """Everything measured. `folds` holds each fold's number, rows and what the model said to them."""

    test: Table
    train: Table
    validation: dict[str, dict[str, float | list[float | None] | None]]
    baseline: Table
    intervals: dict[str, list[float | None]]
    test_answer: Answer
    baseline_answer: Answer
    folds: list[tuple[int, np.ndarray, Answer]]


def evaluate(
    fitted: Fitted, ready: Ready, parts: Parts, spec: RunSpec, tell: Listener, threads: int = 1
) -> Scored:
    """Test once on the rows kept aside, check in folds, and measure the naive guess on the same rows.

    Raises:
        CannotTrain: loss_not_finite, in one of the folds.
    """
    test, train = fitted.answers(ready.features, parts.test, parts.train)
    baseline = _naive(ready, parts)
    metrics = _scores(ready, parts.test, test)
    best = for_task(spec.task)[0]
    log(tell, f"Test: {best.label} {_said(metrics[best.name])} on {len(parts.test):,} rows it has not seen.")
    folds = list(_validate(ready, parts, spec, tell, threads))
    return Scored(
        test=metrics,
        train=_scores(ready, parts.train, train),
        validation=_summary([scores for _, _, _, scores in folds]),
        baseline=_scores(ready, parts.test, baseline),
        intervals=_intervals(ready.target[parts.test], test, spec.seed),
        test_answer=test,
        baseline_answer=baseline,
        folds=[(fold, rows, answer) for fold, rows, answer, _ in folds],
    )


def _said(value: float | None) -> str:
    return "unknown" if value is None else number(value)


def _scores(ready: Ready, rows: np.ndarray, answer: Answer) -> Table:
    found = score(ready.target[rows], answer)
    return all_finite({metric.name: found[metric.name][0] for metric in for_task(ready.task)})


def _naive(ready: Ready, parts: Parts) -> Answer:
    """What the naive guess says to the test rows."""
    target, rows = ready.target[parts.train], len(parts.test)
    guess = Dummy(algo="dummy").build(ready.task, 0, 1).fit(np.zeros((len(target), 1)), target)
    if not ready.is_classification:
        return Answer(np.asarray(guess.predict(np.zeros((rows, 1)))), None)
    shares = np.zeros((rows, len(ready.classes)))
    shares[:, guess.classes_] = guess.predict_proba(np.zeros((rows, 1)))
    return Answer(shares.argmax(axis=1), shares)


def _validate(
    ready: Ready, parts: Parts, spec: RunSpec, tell: Listener, threads: int
) -> Iterator[tuple[int, np.ndarray, Answer, Table]]:
    for fold, learn, check in parts.each_fold():
        on_step = _iteration_teller(fold, parts.folds, tell)
        fitted = fit(build(spec, ready, threads), ready, learn, spec.model, on_step=on_step)
        (answer,) = fitted.answers(ready.features, check)
        scores = _scores(ready, check, answer)
        tell("fold", {"fold": fold, "folds": parts.folds, "metrics": scores})
        yield fold, check, answer, scores


def _iteration_teller(fold: int, folds: int, tell: Listener) -> OnStep:
    def on_step(number: int, most: int, metrics: dict[str, float], seconds: float) -> None:
        every = max(1, most // _ITERATIONS_TOLD)
        if number % every == 0 or number == most:
            done = (fold - 1) * most + number
            loss = finite(metrics["val_loss"])
            tell("iteration", {"iteration": done, "iterations": folds * most, "fold": fold, "val_loss": loss})

    return on_step


def _summary(folds: list[Table]) -> dict[str, dict[str, float | list[float | None] | None]]:
    """Mean and standard deviation over the folds of each score; folds that have none are left aside."""
    summary: dict[str, dict[str, float | list[float | None] | None]] = {}
    for name in folds[0] if folds else ():
        values = [fold[name] for fold in folds]
        known = [value for value in values if value is not None]
        summary[name] = {
            "mean": float(np.mean(known)) if known else None,
            "std": float(np.std(known)) if known else None,
            "folds": values,
        }
    return summary


def _intervals(truth: np.ndarray, answer: Answer, seed: int) -> dict[str, list[float | None]]:
    """95 % percentile bootstrap of the test rows: 1,000 resamples, fewer where the rows are many."""
    rows, width = len(truth), 1 if answer.shares is None else answer.shares.shape[1]
    resamples = int(np.clip(_WORK // (rows * width), _LEAST_RESAMPLES, _MOST_RESAMPLES))
    random = np.random.default_rng(seed)
    blocks = []
    for size in _blocks(resamples, max(1, _BLOCK // rows)):
        drawn = random.integers(rows, size=(size, rows)) + np.arange(size)[:, None] * rows
        weights = np.bincount(drawn.ravel(), minlength=size * rows).reshape(size, rows).astype("float64")
        blocks.append(score(truth, answer, weights))
    values = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return {name: _middle(found) for name, found in values.items()}


def _blocks(total: int, size: int) -> Iterator[int]:
    return (min(size, total - start) for start in range(0, total, size))


def _middle(values: np.ndarray) -> list[float | None]:
    known = values[np.isfinite(values)]
    if not len(known):
        return [None, None]
    low, high = np.percentile(known, [2.5, 97.5])
    return [finite(low), finite(high)]
