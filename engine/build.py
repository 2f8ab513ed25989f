"""Stage 3: the pipeline. Whatever learns from data sits in it, so that it is fitted on training rows only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine import features, target, widths
from engine.choices import single_columns
from engine.choices.preprocessing import Categorical, Numeric
from engine.choices.single_columns import categorical_of, marks_gaps, numeric_of, order_of
from engine.naming import made_names
from engine.prepare import Ready
from engine.scaling import scaler
from engine.spec import RunSpec

__all__ = ["build", "made_names"]

Entry = features.Entry

_WIDE = 0.1
"""Below this share of numbers that are not 0, a sparse matrix is smaller and faster."""
_NEIGHBOURS_AMONG, _LEARNED_FROM = 5_000, 10_000
"""Rows that gaps are filled from, at most: by the nearest of them, and by regression on them."""


def build(spec: RunSpec, ready: Ready, threads: int = 1) -> Any:
    """An unfitted scikit-learn pipeline with two steps, `prepare` and `model`.

    Raises:
        CannotTrain: infeasible, where a setting does not suit its column or the target; too_many_columns.
    """
    from sklearn.pipeline import Pipeline

    single_columns.check(spec.preprocessing, ready.kinds)
    target.check(spec, ready)
    widths.check(spec, ready)
    model = spec.model.build(spec.task, spec.seed, threads, spec.training)
    return Pipeline([("prepare", _prepare(spec, ready)), ("model", model)])


def _prepare(spec: RunSpec, ready: Ready) -> Any:
    """All columns side by side, then what follows for all of them. The first alone where nothing follows."""
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    entries = [*_numeric_entries(spec, ready), *_categorical_entries(spec, ready), *_marks(spec, ready)]
    entries += features.branches(spec, ready)
    following = features.after(spec, ready)
    if spec.model.takes_float32:
        if following:
            following = _in_32_bits(following)
        else:  # before they are put together: so they never stand there in 64
            entries = [(name, Pipeline(_in_32_bits(_steps(step))), names) for name, step, names in entries]
    columns = ColumnTransformer(entries, sparse_threshold=_WIDE if spec.model.takes_sparse else 0)
    return Pipeline([("columns", columns), *following]) if following else columns


def _steps(step: Any) -> list[tuple[str, Any]]:
    return list(step.steps) if hasattr(step, "steps") else [("made", step)]


def _in_32_bits(steps: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    from engine.transformers.single import Single

    return [*steps, ("single", Single())]


def _of_kind(ready: Ready, kind: str) -> list[str]:
    return [name for name, found in ready.kinds.items() if found == kind]


def _alike(names: list[str], treatment: Callable[[str], Any]) -> dict[Any, list[str]]:
    """The columns that are treated alike, by how they are."""
    groups: dict[Any, list[str]] = {}
    for name in names:
        groups.setdefault(treatment(name), []).append(name)
    return groups


def _named(kind: str, entries: list[tuple[Any, list[str]]]) -> list[Entry]:
    return [(f"{kind} {i}" if i else kind, step, names) for i, (step, names) in enumerate(entries)]


def _numeric_entries(spec: RunSpec, ready: Ready) -> list[Entry]:
    every = _of_kind(ready, "numeric")
    groups = _alike(every, lambda name: numeric_of(spec.preprocessing, name))
    from_others = ("knn", "iterative")
    return _named(
        "numeric",
        [
            (_numeric(wanted, spec, names, every), every if wanted.missing in from_others else names)
            for wanted, names in groups.items()
        ],
    )


def _numeric(wanted: Numeric, spec: RunSpec, names: list[str], every: list[str]) -> Any:
    from sklearn.pipeline import Pipeline

    steps: list[tuple[str, Any]] = [("missing", _filler(wanted, spec))]
    if wanted.clip is not None:
        from engine.transformers.clip import Clip

        steps.insert(0, ("clip", Clip(wanted.clip)))
    if wanted.missing in ("knn", "iterative") and names != every:
        from engine.transformers.places import Places

        steps.append(("keep", Places([every.index(name) for name in names])))
    scale = scaler(wanted.scale, spec)
    if scale is not None:
        steps.append(("scale", scale))
    return Pipeline(steps)


def _filler(wanted: Numeric, spec: RunSpec) -> Any:
    from sklearn.impute import SimpleImputer

    if wanted.missing in ("knn", "iterative"):
        from engine.transformers.gaps import Neighbours, Rounds

        return (
            Neighbours(_NEIGHBOURS_AMONG, spec.seed)
            if wanted.missing == "knn"
            else Rounds(_LEARNED_FROM, spec.seed)
        )
    fill = {"fill_value": wanted.fill_value} if wanted.missing == "constant" else {}
    strategy = "median" if wanted.missing == "drop" else wanted.missing
    return SimpleImputer(strategy=strategy, keep_empty_features=True, **fill)


def _categorical_entries(spec: RunSpec, ready: Ready) -> list[Entry]:
    def treatment(name: str) -> tuple[Categorical, tuple[str, ...]]:
        return categorical_of(spec.preprocessing, name), order_of(spec.preprocessing, name)

    groups = _alike(_of_kind(ready, "categorical"), treatment)
    return _named(
        "categorical",
        [(_categorical(wanted, order, names, spec), names) for (wanted, order), names in groups.items()],
    )


def _categorical(wanted: Categorical, order: tuple[str, ...], names: list[str], spec: RunSpec) -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline

    fill = {"fill_value": "missing"} if wanted.missing == "constant" else {}
    strategy = "most_frequent" if wanted.missing == "drop" else wanted.missing
    missing = SimpleImputer(strategy=strategy, keep_empty_features=True, **fill)
    return Pipeline([("missing", missing), ("encode", _encoder(wanted, order, names, spec))])


def _encoder(wanted: Categorical, order: tuple[str, ...], names: list[str], spec: RunSpec) -> Any:
    if wanted.encode == "one_hot":
        return _one_hot(wanted, spec)
    if wanted.encode == "ordinal":
        return _ordinal(wanted, order, len(names))
    if wanted.encode == "target":
        from engine.transformers.target_means import TargetMeans

        return TargetMeans(spec.task == "classification", spec.seed)
    if wanted.encode == "frequency":
        from engine.transformers.frequency import Frequency

        return Frequency()
    from engine.transformers.hashing import Hashing

    return Hashing(wanted.hash_width, names)


def _one_hot(wanted: Categorical, spec: RunSpec) -> Any:
    from sklearn.preprocessing import OneHotEncoder

    # A word that training never saw is treated like the rare ones.
    return OneHotEncoder(
        handle_unknown="infrequent_if_exist",
        min_frequency=wanted.min_frequency or None,
        sparse_output=spec.model.takes_sparse,
        dtype="float32" if spec.model.takes_float32 and not spec.features.pca else "float64",
    )


def _ordinal(wanted: Categorical, order: tuple[str, ...], columns: int) -> Any:
    from sklearn.preprocessing import OrdinalEncoder

    unknown = {"handle_unknown": "use_encoded_value", "unknown_value": -1}
    if order:
        return OrdinalEncoder(categories=[list(order)] * columns, **unknown)
    return OrdinalEncoder(min_frequency=wanted.min_frequency or None, **unknown)


def _marks(spec: RunSpec, ready: Ready) -> list[Entry]:
    """Columns that say where a value was missing, for those that had gaps in the training rows."""
    marked = [name for name, kind in ready.kinds.items() if marks_gaps(spec.preprocessing, name, kind)]
    if not marked:
        return []
    from sklearn.impute import MissingIndicator

    return [("gaps", MissingIndicator(error_on_new=False), marked)]
