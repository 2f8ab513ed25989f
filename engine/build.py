"""Stage 3: the pipeline. Whatever learns from data sits in it, so that it is fitted on training rows only."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.choices.parts import most_kept_aside
from engine.choices.preprocessing import Categorical, Numeric
from engine.prepare import Ready
from engine.spec import RunSpec


def build(spec: RunSpec, ready: Ready, threads: int = 1) -> Any:
    """An unfitted scikit-learn pipeline with two steps, `prepare` and `model`."""
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    chosen = [
        ("numeric", _numeric(spec.preprocessing.numeric, spec), _of_kind(ready, "numeric")),
        (
            "categorical",
            _categorical(spec.preprocessing.categorical, spec, ready),
            _of_kind(ready, "categorical"),
        ),
    ]
    prepare = ColumnTransformer([entry for entry in chosen if entry[2]], sparse_threshold=0)
    model = spec.model.build(spec.task, spec.seed, threads, spec.training)
    return Pipeline([("prepare", prepare), ("model", model)])


def _of_kind(ready: Ready, kind: str) -> list[str]:
    return [name for name, found in ready.kinds.items() if found == kind]


def _numeric(wanted: Numeric, spec: RunSpec) -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    scalers = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}
    fill = {"fill_value": 0.0} if wanted.missing == "constant" else {}
    steps = [("missing", SimpleImputer(strategy=wanted.missing, keep_empty_features=True, **fill))]
    auto = "standard" if spec.model.wants_scale else "none"
    scale = auto if wanted.scale == "auto" else wanted.scale
    if scale != "none":
        steps.append(("scale", scalers[scale]()))
    return Pipeline(steps)


def _categorical(wanted: Categorical, spec: RunSpec, ready: Ready) -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline

    fill = {"fill_value": "missing"} if wanted.missing == "constant" else {}
    missing = SimpleImputer(strategy=wanted.missing, keep_empty_features=True, **fill)
    encoders = {"one_hot": _one_hot, "ordinal": _ordinal, "target": _target}
    return Pipeline([("missing", missing), ("encode", encoders[wanted.encode](wanted, spec, ready))])


def _one_hot(wanted: Categorical, spec: RunSpec, ready: Ready) -> Any:
    from sklearn.preprocessing import OneHotEncoder

    # A word that training never saw is treated like the rare ones.
    return OneHotEncoder(
        handle_unknown="infrequent_if_exist",
        min_frequency=wanted.min_frequency or None,
        sparse_output=False,
        dtype="float64",
    )


def _ordinal(wanted: Categorical, spec: RunSpec, ready: Ready) -> Any:
    from sklearn.preprocessing import OrdinalEncoder

    return OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=wanted.min_frequency or None
    )


def _target(wanted: Categorical, spec: RunSpec, ready: Ready) -> Any:
    from sklearn.model_selection import KFold
    from sklearn.preprocessing import TargetEncoder

    kind = "binary" if len(ready.classes) == 2 else "multiclass"
    parts = KFold(_parts_of_the_smallest_fit(spec, ready), shuffle=True, random_state=spec.seed)
    return TargetEncoder(target_type=kind if ready.is_classification else "continuous", cv=parts)


def _parts_of_the_smallest_fit(spec: RunSpec, ready: Ready) -> int:
    """Five, or fewer where the table is so small that a fold would have fewer rows than that."""
    training = len(ready.target) * (1 - most_kept_aside(spec.split))
    return int(np.clip(training // 2, 2, 5))
