"""Stage 5: how good it is, beside the naive guess, with its spread over folds and resamples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine import data_sizes, thresholds
from engine.build import build
from engine.data_sizes import Sizes, Whole
from engine.events import Listener, OnStep, all_finite, finite, log
from engine.fit import Answer, Fitted, fit
from engine.intervals import BESIDE, Intervals, intervals
from engine.learners.dummy import Dummy
from engine.metrics import METRICS, for_task
from engine.parts import Parts
from engine.prepare import Ready
from engine.scoring import score
from engine.spec import RunSpec
from engine.thresholds import Fold
from engine.words import number

_ITERATIONS_TOLD = 20

Table = dict[str, float | None]
_Checked = tuple[Fold, Table]


@dataclass(frozen=True)
class Scored:
    """Everything measured. `folds` holds each fold's number, rows and what the model said to them.

    `intervals` holds those of "test", "train" and, where there are folds, "validation". `threshold` is the
    probability from which the second class is said, None where the likelier class is.
    """

    test: Table
    train: Table
    validation: dict[str, dict[str, float | list[float | None] | None]]
    baseline: Table
    intervals: dict[str, Intervals]
    test_answer: Answer
    baseline_answer: Answer
    folds: list[Fold]
    threshold: float | None = None
    sizes: Sizes | None = None


def evaluate(
    fitted: Fitted, ready: Ready, parts: Parts, spec: RunSpec, tell: Listener, threads: int = 1
) -> Scored:
    """Check in folds, decide from which probability on a class is said, and test once on the rows kept aside.

    The naive guess is measured on the same rows.

    Raises:
        CannotTrain: loss_not_finite, in one of the folds.
    """
    checked = list(_validate(ready, parts, spec, tell, threads))
    folds, threshold = _decide([fold for fold, _ in checked], ready, spec, tell)
    answers = fitted.answers(ready.features, parts.test, parts.train)
    test, train = (thresholds.decided(answer, threshold) for answer in answers)
    metrics = _scores(ready, parts.test, test)
    _tell_of_the_test(metrics, spec, parts, tell)
    sizes = None
    if spec.evaluation.data_sizes:
        sizes = data_sizes.measure(spec, ready, parts, Whole(test, threshold), tell, threads)
    baseline = _naive(ready, parts)
    decided = [_scores(ready, rows, answer) for _, rows, answer in folds] if threshold else None
    validation = _summary(decided or [scores for _, scores in checked])
    return Scored(
        test=metrics,
        train=_scores(ready, parts.train, train),
        validation=validation,
        baseline=_scores(ready, parts.test, baseline),
        intervals={
            "test": intervals(ready.target[parts.test], test, spec.seed),
            "train": intervals(ready.target[parts.train], train, spec.seed, BESIDE),
            **_of_folds(folds, validation, ready, spec.seed),
        },
        test_answer=test,
        baseline_answer=baseline,
        folds=folds,
        threshold=threshold,
        sizes=sizes,
    )


def _decide(
    folds: list[Fold], ready: Ready, spec: RunSpec, tell: Listener
) -> tuple[list[Fold], float | None]:
    """The folds, each decided by what the others show, and the threshold that all of them show together."""
    wanted = spec.evaluation.threshold
    if wanted == "half":
        return folds, None
    threshold = thresholds.tuned(*thresholds.gathered(folds, ready.target), wanted)
    best = f"where {METRICS[wanted].label} is best out of fold"
    log(tell, f"Says {ready.classes[1]} from a probability of {number(threshold)} on, {best}.")
    return thresholds.decided_folds(folds, ready.target, wanted), threshold


def _tell_of_the_test(metrics: Table, spec: RunSpec, parts: Parts, tell: Listener) -> None:
    best = for_task(spec.task)[0]
    log(tell, f"Test: {best.label} {_said(metrics[best.name])} on {len(parts.test):,} rows it has not seen.")


def _of_folds(
    folds: list[Fold],
    validation: dict[str, dict[str, float | list[float | None] | None]],
    ready: Ready,
    seed: int,
) -> dict[str, Intervals]:
    """The intervals of what was said out of fold, around the means over the folds."""
    if not folds:
        return {}
    rows = np.concatenate([rows for _, rows, _ in folds])
    shares = [answer.shares for _, _, answer in folds if answer.shares is not None]
    predicted = np.concatenate([answer.predicted for _, _, answer in folds])
    together = Answer(predicted, np.concatenate(shares) if shares else None)
    means = {name: _mean(found["mean"]) for name, found in validation.items()}
    return {"validation": intervals(ready.target[rows], together, seed, BESIDE, rows=rows, centre=means)}


def _mean(value: float | list[float | None] | None) -> float | None:
    return value if isinstance(value, float) else None


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


def _validate(ready: Ready, parts: Parts, spec: RunSpec, tell: Listener, threads: int) -> Iterator[_Checked]:
    for fold, learn, check in parts.each_fold():
        on_step = _iteration_teller(fold, parts.folds, tell)
        fitted = fit(build(spec, ready, threads), ready, learn, spec, on_step=on_step)
        (answer,) = fitted.answers(ready.features, check)
        del fitted  # the next one needs the room of its rows
        scores = _scores(ready, check, answer)
        tell("fold", {"fold": fold, "folds": parts.folds, "metrics": scores})
        yield (fold, check, answer), scores


def _iteration_teller(fold: int, folds: int, tell: Listener) -> OnStep:
    def on_step(number: int, most: int, metrics: dict[str, float], seconds: float) -> None:
        every = max(1, most // _ITERATIONS_TOLD)
        if number % every == 0 or number == most:
            done = (fold - 1) * most + number
            loss = finite(metrics.get("val_loss", metrics.get("loss", np.nan)))
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
