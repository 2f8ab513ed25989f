"""Stage 4: learning. The pipeline sees training rows and nothing else."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from engine import shelf
from engine.alike import is_alike
from engine.events import Listener, OnStep, all_finite, warn
from engine.gaps import check_complete, complete_rows, tell_of_gaps, tell_of_new_words
from engine.learners import Learner
from engine.learners.dummy import Dummy
from engine.predict import turned_back
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.spec import RunSpec
from engine.target import Bend, learn, tell_of_bend

_OVERFLOW = re.compile(r"\b(infs?|infinity|NaNs?|overflow)\b", re.IGNORECASE)
OnPrepared = Callable[[int], None]
Step = dict[str, Any]

_NOT_FINITE = (
    "The model answers with numbers that are not finite. Scale the numbers, or choose gentler settings."
)


@dataclass(frozen=True)
class Answer:
    """What a model says to some rows: class numbers or values, and for classes a share for each."""

    predicted: np.ndarray
    shares: np.ndarray | None


@dataclass(frozen=True)
class Learned:
    """Rows that a model learned from, and what its preparation made of them."""

    rows: np.ndarray
    made: Any


@dataclass(frozen=True)
class Fitted:
    """A fitted pipeline. `known` holds the class numbers it has seen; it calls them 0, 1, … in that order.

    `bend` turns values back that were learned in another shape. `mark` names the rows that its preparation
    was fitted on, `steps` holds what was told of each epoch or iteration, `learned` the rows that need not be
    prepared again.
    """

    pipeline: Any
    known: np.ndarray | None
    classes: int
    bend: Bend | None = None
    mark: str = ""
    steps: tuple[Step, ...] = ()
    learned: Learned | None = None

    def answers(self, features: pd.DataFrame, *parts: np.ndarray) -> list[Answer]:
        """Predictions for some parts of `Ready.features`, each given by its rows; prepared together, once.

        Raises:
            CannotTrain: loss_not_finite, where the model answers with numbers that are not finite.
        """
        made = [self._made_already(rows) for rows in parts]
        new = [rows for rows, found in zip(parts, made, strict=True) if found is None]
        told = iter(self._new_answers(features, new) if new else ())
        return [next(told) if found is None else self._answer(found) for found in made]

    def _made_already(self, rows: np.ndarray) -> Any:
        """What was made of these very rows to learn from them; None where they are to be prepared."""
        if self.learned is None or not np.array_equal(rows, self.learned.rows):
            return None
        return self.learned.made

    def _new_answers(self, features: pd.DataFrame, parts: list[np.ndarray]) -> list[Answer]:
        asked = np.concatenate(parts)
        prepared = shelf.current().asked(self.pipeline["prepare"], features, asked, self.mark)
        ends = np.cumsum([len(rows) for rows in parts])
        return [self._answer(prepared[end - len(rows) : end]) for rows, end in zip(parts, ends, strict=True)]

    def _answer(self, prepared: Any) -> Answer:
        model = self.pipeline["model"]
        if self.known is None:
            values = turned_back(np.asarray(model.predict(prepared), dtype="float64"), self.bend)
            _check_finite(values)
            return Answer(values, None)
        found = np.asarray(model.predict_proba(prepared), dtype="float64")
        _check_finite(found)
        shares = np.zeros((len(found), self.classes))
        shares[:, self.known] = found
        return Answer(self.known[found.argmax(axis=1)], shares)


def fit(
    pipeline: Any,
    ready: Ready,
    rows: np.ndarray,
    spec: RunSpec,
    *,
    on_prepared: OnPrepared | None = None,
    on_step: OnStep | None = None,
) -> Fitted:
    """Fit `pipeline` on some rows, or those of them that are complete where gaps are to be dropped.

    `on_prepared` hears how many columns the model gets, `on_step` each epoch or iteration of a learner that
    has them.

    Raises:
        CannotTrain: loss_not_finite, no_complete_rows, too_many_rows.
    """
    rows = complete_rows(ready, rows, spec)
    spec.model.check_rows(len(rows))
    known, bend = None, None
    if ready.is_classification:
        known, target = np.unique(ready.target[rows], return_inverse=True)
    else:
        target, bend = learn(spec.preprocessing.target, ready.target[rows])
    learner: Learner = spec.model
    if len(target) == 1 or (known is not None and len(known) == 1):
        # A fold of one row or one class: no other learner could start.
        learner = Dummy(algo="dummy")
        pipeline.steps[1] = ("model", learner.build(ready.task, 0, 1))
    model = pipeline["model"]
    prepare, prepared, mark = shelf.current().learned(pipeline["prepare"], ready.features, rows, target)
    pipeline.steps[0] = ("prepare", prepare)
    if on_prepared:
        on_prepared(prepared.shape[1])
    with _said_where_numbers_overflow():
        learner.fit(model, prepared, target, on_step)
    if hasattr(model, "n_jobs"):
        # Threads that answer together add up in any order, which would change the last digits.
        model.n_jobs = 1
    kept = Learned(rows, prepared) if is_alike(prepare) else None
    return Fitted(pipeline, known, len(ready.classes), bend, mark, learned=kept)


def fit_final(pipeline: Any, ready: Ready, rows: np.ndarray, spec: RunSpec, tell: Listener) -> Fitted:
    """Fit the model that is kept, and tell how it goes.

    Raises:
        CannotTrain: as `fit`; too_few_rows, one_class.
    """
    check_complete(ready, rows, spec)
    _check_enough(ready, rows)
    steps: list[Step] = []
    on_step = _step_teller(spec.model.step, steps, tell)
    with _spoken_warnings(tell):

        def on_prepared(made: int) -> None:
            tell_of_gaps(ready, rows, spec, made, tell)
            tell_of_new_words(ready, rows, spec, tell)
            tell_of_bend(spec, tell)

        fitted = fit(pipeline, ready, rows, spec, on_prepared=on_prepared, on_step=on_step)
    return replace(fitted, steps=tuple(steps))


def _check_enough(ready: Ready, rows: np.ndarray) -> None:
    if len(rows) < 2:
        raise CannotTrain(
            "too_few_rows", "A single row is left to learn from. Split the rows otherwise.", "split"
        )
    if ready.is_classification and len(found := np.unique(ready.target[rows])) == 1:
        detail = f"All training rows are {ready.classes[found[0]]}, so there is nothing to tell apart."
        raise CannotTrain("one_class", f"{detail} Split the rows in another way.", "split")


def _check_finite(values: np.ndarray) -> None:
    if not np.isfinite(values).all():
        raise CannotTrain("loss_not_finite", _NOT_FINITE)


@contextmanager
def _said_where_numbers_overflow() -> Iterator[None]:
    """Libraries end in a word of their own where sums are too large or equations have no answer."""
    try:
        yield
    except np.linalg.LinAlgError as error:
        raise CannotTrain("loss_not_finite", _NOT_FINITE) from error
    except ValueError as error:
        if not _OVERFLOW.search(str(error)):
            raise
        raise CannotTrain("loss_not_finite", _NOT_FINITE) from error


def _step_teller(kind: str, told: list[Step], tell: Listener) -> OnStep:
    """Tells {kind: its number, kind + "s": how many at most, "metrics", "seconds"} and keeps it in `told`."""

    def on_step(number: int, most: int, metrics: dict[str, float], seconds: float) -> None:
        counted = {kind: number, f"{kind}s": most}
        told.append({**counted, "metrics": all_finite(metrics), "seconds": round(seconds, 6)})
        tell(kind, told[-1])

    return on_step


@contextmanager
def _spoken_warnings(tell: Listener) -> Iterator[None]:
    """Warnings of the libraries, said once and in words where a person can act on them."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    if any(issubclass(found.category, ConvergenceWarning) for found in caught):
        warn(
            tell,
            "The search for the best weights ended before it settled. Allow more steps or scale the numbers.",
        )
