"""Explaining, sixth part: SHAP values, by which the columns share out what sets one answer apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.explain.inside import core, weights_of
from engine.explain.opened import Model

MOST_ROWS = 500
_MOST_CELLS = 50_000_000
_MOST_WORK = 1.5e10
_AVERAGED = (
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "ExtraTreesClassifier",
    "ExtraTreesRegressor",
    "RandomForestClassifier",
    "RandomForestRegressor",
)
_ADDED = ("GradientBoostingRegressor", "HistGradientBoostingClassifier", "HistGradientBoostingRegressor")
_SHARES = "in probability"
_LOG_ODDS = "in log-odds, before they become probabilities"
_BORDER = "in distance to the border, before it becomes a probability"


@dataclass(frozen=True)
class Contributions:
    """`values` of shape (rows, made columns, outputs) add up with `base` (outputs,) to what the model says.

    `unit` says in which unit; `kind` is "trees" or "linear". With two classes there is one output, the second
    class.
    """

    kind: str
    unit: str
    values: np.ndarray
    base: np.ndarray

    @property
    def outputs(self) -> np.ndarray:
        """What the model says, shape (rows, outputs)."""
        said: np.ndarray = self.values.sum(axis=1) + self.base
        return said


def most_rows(model: Any, columns: int) -> int:
    """For how many rows SHAP values are found in time: the more the smaller the trees are."""
    inner = core(model)
    rows = min(MOST_ROWS, _MOST_CELLS // max(1, columns))
    work = sum(tree.n_leaves * max(1, tree.max_depth) ** 2 for tree in _trees(inner))
    return int(np.clip(_MOST_WORK / work if work else rows, 0, rows))


def _trees(model: Any) -> list[Any]:
    """The trees of scikit-learn's own forests."""
    found = getattr(model, "estimators_", None)
    if hasattr(model, "tree_"):
        return [model.tree_]
    return [] if found is None else [one.tree_ for one in np.ravel(found) if hasattr(one, "tree_")]


def contributions(model: Model, prepared: np.ndarray, background: np.ndarray) -> Contributions | None:
    """SHAP values of the prepared rows; None for a model that is neither linear nor made of trees.

    Trees: Lundberg et al. (2020), Nature Machine Intelligence 2, path dependent. Linear models: weight times
    (value - mean of `background`, prepared training rows), which are exact where columns are independent.
    """
    estimator = model.estimator
    if estimator is None:
        return None
    found = _of_trees(core(estimator), prepared)
    if found is None:
        return _of_weights(estimator, prepared, background, is_class=model.known is not None)
    return _scaled(found, estimator)


def _of_weights(
    model: Any, prepared: np.ndarray, background: np.ndarray, *, is_class: bool
) -> Contributions | None:
    learned = weights_of(model)
    if learned is None:
        return None
    weights, base = learned
    mean = background.mean(axis=0)
    values = (prepared - mean)[:, :, None] * weights.T[None]
    return Contributions("linear", _linear_unit(core(model), is_class), values, base + weights @ mean)


def _linear_unit(inner: Any, is_class: bool) -> str:
    if not is_class:
        return ""
    loss = getattr(inner, "loss", "log_loss")
    return _LOG_ODDS if loss == "log_loss" and hasattr(inner, "predict_proba") else _BORDER


def _of_trees(model: Any, prepared: np.ndarray) -> Contributions | None:
    name = type(model).__name__
    if name in ("XGBClassifier", "XGBRegressor"):
        return _by_xgboost(model, prepared)
    if name in ("LGBMClassifier", "LGBMRegressor"):
        return _by_lightgbm(model, prepared)
    if name == "GradientBoostingClassifier" and len(model.classes_) == 2:
        return _by_shap(model, prepared, _LOG_ODDS)
    if name in _AVERAGED:
        return _by_shap(model, prepared, _SHARES if name.endswith("Classifier") else "")
    if name in _ADDED:
        return _by_shap(model, prepared, _LOG_ODDS if name.endswith("Classifier") else "")
    return None


def _by_shap(model: Any, prepared: np.ndarray, unit: str) -> Contributions:
    import shap

    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    values = np.asarray(explainer.shap_values(prepared, check_additivity=False), dtype="float64")
    base = np.atleast_1d(np.asarray(explainer.expected_value, dtype="float64")).ravel()
    values = values[:, :, None] if values.ndim == 2 else values
    if values.shape[2] == 2 and unit == _SHARES:
        values, base = values[:, :, 1:], base[1:]
    return Contributions("trees", unit, values, base)


def _by_xgboost(model: Any, prepared: np.ndarray) -> Contributions:
    import xgboost

    rows = xgboost.DMatrix(prepared.astype("float32"))
    found = model.get_booster().predict(rows, pred_contribs=True, strict_shape=True)
    # Shape (rows, outputs, columns + 1); the base comes last and is the same in every row.
    return _with_base(np.moveaxis(np.asarray(found, dtype="float64"), 1, 2), hasattr(model, "classes_"))


def _by_lightgbm(model: Any, prepared: np.ndarray) -> Contributions:
    found = np.asarray(model.predict(prepared, pred_contrib=True), dtype="float64")
    by_output = found.reshape(len(found), -1, prepared.shape[1] + 1)
    return _with_base(np.moveaxis(by_output, 1, 2), hasattr(model, "classes_"))


def _with_base(found: np.ndarray, is_class: bool) -> Contributions:
    return Contributions("trees", _LOG_ODDS if is_class else "", found[:, :-1], found[0, -1])


def _scaled(found: Contributions, model: Any) -> Contributions:
    """In the unit of the target where it was learned in units of its spread."""
    from engine.transformers.scaled_target import ScaledTarget

    if not isinstance(model, ScaledTarget):
        return found
    unit, mean = model.unit_, model.mean_
    return Contributions(found.kind, found.unit, found.values * unit, found.base * unit + mean)
