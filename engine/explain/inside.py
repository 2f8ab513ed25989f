"""Explaining, fifth part: what can be read off the model itself: weights, a tree, its own importances."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.explain.opened import Opened
from engine.explain.owners import owners, summed

MOST_WEIGHTS = 200
DEEPEST = 4
_WEIGHTS = (
    "How much the answer changes with one step of a column as the model sees it. A scaled column steps by "
    "its own spread, one that stands for a word from no to yes."
)
_BUILT_IN = (
    "What the learner itself counts while it learns. It is measured on the training rows and favours columns "
    "with many different values."
)
Table = dict[str, Any]


def core(model: Any) -> Any:
    """The model that learned, out of what only weighs its rows, scales its target or turns it into shares."""
    from engine.transformers.balanced import Balanced
    from engine.transformers.calibrated import Calibrated
    from engine.transformers.scaled_target import ScaledTarget
    from engine.transformers.stepwise import StepwiseClassifier, StepwiseRegressor

    if isinstance(model, Calibrated):
        return core(getattr(model.calibrated_.estimator, "estimator", model.calibrated_.estimator))
    if isinstance(model, Balanced | ScaledTarget | StepwiseClassifier | StepwiseRegressor):
        return core(model.estimator)
    return model


def inside(opened: Opened) -> Table:
    """{"coefficients", "tree", "built_in"}: each None where this kind of model has none."""
    model = opened.model.estimator
    if model is None:
        return {"coefficients": None, "tree": None, "built_in": None}
    pipeline, classes = opened.model.predictor.pipeline, opened.model.predictor.classes or []
    names, owner = owners(pipeline, classes)
    inner = core(model)
    return {
        "coefficients": _coefficients(model, names, classes),
        "tree": _tree(inner, names, classes),
        "built_in": _built_in(inner, owner),
    }


def weights_of(model: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """Weights of shape (outputs, made columns) and base values of shape (outputs,); None without any.

    They are in the unit of the target, or of what the classifier turns into probabilities.
    """
    from sklearn.svm import SVC

    from engine.transformers.scaled_target import ScaledTarget

    inner = core(model)
    if isinstance(inner, SVC) and (inner.kernel != "linear" or len(inner.classes_) > 2):
        return None  # a border for each pair of classes
    try:
        weights, base = inner.coef_, inner.intercept_
    except AttributeError:
        return None
    dense = np.atleast_2d(weights.toarray() if hasattr(weights, "toarray") else np.asarray(weights))
    bases = np.broadcast_to(np.ravel(base), (len(dense),)).astype("float64")
    if isinstance(model, ScaledTarget):
        return dense * model.unit_, bases * model.unit_ + model.mean_
    return dense.astype("float64"), bases


def _coefficients(model: Any, names: list[str], classes: list[str]) -> Table | None:
    found = weights_of(model)
    if found is None:
        return None
    weights, base = found
    largest = np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:MOST_WEIGHTS]
    return {
        "about": _WEIGHTS,
        "outputs": _outputs(len(weights), classes),
        "base": base.tolist(),
        "columns": [{"name": names[place], "weights": weights[:, place].tolist()} for place in largest],
        "of": len(names),
    }


def _outputs(count: int, classes: list[str]) -> list[str]:
    if not classes:
        return [""]
    return [classes[-1]] if count == 1 else list(classes)


def _tree(model: Any, names: list[str], classes: list[str]) -> Table | None:
    from sklearn.tree import BaseDecisionTree

    if not isinstance(model, BaseDecisionTree):
        return None
    return _node(model.tree_, 0, 0, (names, classes))


def _node(tree: Any, place: int, depth: int, words: tuple[list[str], list[str]]) -> Table:
    """{"rows", "says", "share"} of one place, with "column", "threshold", "yes" and "no" where it asks."""
    names, classes = words
    said = {"rows": int(tree.n_node_samples[place]), **_says(tree.value[place][0], classes)}
    yes, no = int(tree.children_left[place]), int(tree.children_right[place])
    if yes == no:
        return {**said, "is_leaf": True}
    if depth == DEEPEST:
        return {**said, "is_leaf": False}
    return {
        **said,
        "is_leaf": False,
        "column": names[tree.feature[place]],
        "threshold": float(tree.threshold[place]),
        "yes": _node(tree, yes, depth + 1, words),
        "no": _node(tree, no, depth + 1, words),
    }


def _says(value: np.ndarray, classes: list[str]) -> Table:
    if not classes:
        return {"says": float(value[0]), "share": None}
    best = int(value.argmax())
    return {"says": classes[best], "share": float(value[best] / value.sum())}


def _built_in(model: Any, owner: list[str]) -> Table | None:
    try:
        counted = np.asarray(model.feature_importances_, dtype="float64")
    except AttributeError:
        return None
    names, found = summed(counted[None, :], owner)
    total = float(counted.sum()) or 1.0
    order = np.argsort(-found[0], kind="stable")
    columns = [{"name": names[place], "share": float(found[0][place] / total)} for place in order]
    return {"about": _BUILT_IN, "columns": columns}
