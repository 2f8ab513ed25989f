"""Whether a model, and what is asked of its answers, suits the rows and columns that there are."""

from datasets.models import DatasetVersion
from engine.learners import Learner
from engine.learners.ensemble import Ensemble
from engine.learners.knn import KNN
from engine.spec import RunSpec
from experiments.rules.parts import training_rows
from experiments.rules.seen import Kinds
from experiments.rules.widths import numbers
from web.problems import Invalid

MOST_ROUNDS = 200
"""Columns of numbers that fill each other's gaps at most: each round learns every one from all others."""


def why_not_batch(version: DatasetVersion, spec: RunSpec) -> Invalid | None:
    """Why a network cannot take so many rows at once."""
    rows = training_rows(version, spec)
    if spec.training is None or spec.training.batch_size <= rows:
        return None
    size = spec.training.batch_size
    text = f"A batch of {size:,} rows is more than the {rows:,} to train on. Use a smaller one."
    return Invalid(text, code="infeasible", field="training.batch_size")


def why_not_model(version: DatasetVersion, spec: RunSpec, kinds: Kinds) -> Invalid | None:
    """Why this model does not suit so many rows, or these columns."""
    if sentence := spec.model.too_many(training_rows(version, spec)):
        return Invalid(sentence, code="too_many_rows", field="model")
    text = spec.features.text
    if _asks_neighbours(spec.model) and "text" in kinds.values() and not (text and text.svd):
        sentence = "Nearest neighbours are lost among the thousands of columns that words of a text make."
        sentence += " Condense the words to topics (features.text.svd), or choose another model."
        return Invalid(sentence, code="infeasible", field="model")
    return None


def _asks_neighbours(model: Learner) -> bool:
    inside = model.inside.values() if isinstance(model, Ensemble) else ()
    return any(isinstance(one, KNN) for one in (model, *inside))


def why_not_filled(spec: RunSpec, kinds: Kinds) -> Invalid | None:
    """Why gaps cannot be filled from other columns of numbers."""
    way, there = spec.preprocessing.numeric.missing, numbers(kinds)
    if way not in ("knn", "iterative"):
        return None
    field = "preprocessing.numeric.missing"
    if not there:
        text = f"No column of numbers is left, and {way} fills gaps from numbers alone. Choose another way."
        return Invalid(text, code="no_numbers", field=field)
    if way == "iterative" and there > MOST_ROUNDS:
        text = (
            f"Iterative learns each column from all others, {MOST_ROUNDS} at most, and there are {there:,}."
        )
        return Invalid(f"{text} Choose another way.", code="too_many_columns", field=field)
    return None


def why_not_bent(version: DatasetVersion, spec: RunSpec) -> Invalid | None:
    """Why the target has no logarithm."""
    least = (version.column(spec.target) or {}).get("min")
    if spec.preprocessing.target != "log" or not isinstance(least, int | float) or least >= 0:
        return None
    text = f"“{spec.target}” goes down to {least:,}, and numbers below 0 have no logarithm."
    return Invalid(f"{text} Choose power or none.", code="infeasible", field="preprocessing.target")


def why_not_threshold(version: DatasetVersion, spec: RunSpec) -> Invalid | None:
    """Why no decision threshold can be tuned."""
    if spec.evaluation.threshold == "half":
        return None
    classes = (version.column(spec.target) or {}).get("unique", 0)
    text = ""
    if spec.task != "classification":
        text = f"“{spec.target}” is a number, and a decision threshold needs two classes."
    elif classes != 2:
        text = f"“{spec.target}” has {classes:,} classes, and a decision threshold needs two."
    elif spec.validation.kind == "none":
        text = "A decision threshold is tuned on folds, and this experiment has none."
    if not text:
        return None
    return Invalid(f"{text} Leave it at one half.", code="infeasible", field="evaluation.threshold")
