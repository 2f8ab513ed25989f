"""Stage 3, in words: what the columns are called that the preparation makes and the model sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np


def made_names(pipeline: Any, classes: Sequence[str] = ()) -> list[str]:
    """A name for each column that the fitted step `prepare` makes: "age", "sex = male", "age is missing".

    `classes` holds the names of the classes the model knows, in its order, for columns that stand for them.
    """
    from sklearn.pipeline import Pipeline

    prepare = pipeline["prepare"]
    first, *following = [step for _, step in prepare.steps] if isinstance(prepare, Pipeline) else [prepare]
    names = list(_side_by_side(first, classes))
    for step in following:
        names = _out_of(step, names)
    return names


def _side_by_side(columns: Any, classes: Sequence[str]) -> Iterator[str]:
    from sklearn.pipeline import Pipeline

    for _, branch, names in columns.transformers_:
        if isinstance(
            branch, str
        ):  # what is dropped or handed on is told by a word, and nothing is handed on
            continue
        made = list(names)
        for step in [step for _, step in branch.steps] if isinstance(branch, Pipeline) else [branch]:
            made = _after(step, made, classes)
        yield from made


def _after(step: Any, names: list[str], classes: Sequence[str]) -> list[str]:
    from sklearn.impute import MissingIndicator
    from sklearn.preprocessing import OneHotEncoder

    from engine.transformers.target_means import TargetMeans

    if isinstance(step, OneHotEncoder):
        return list(_words(step, names))
    if isinstance(step, MissingIndicator):
        return [f"{names[i]} is missing" for i in step.features_]
    if isinstance(step, TargetMeans):
        return list(_means(step, names, classes))
    return _out_of(step, names)


def _out_of(step: Any, names: list[str]) -> list[str]:
    return [str(name) for name in step.get_feature_names_out(np.array(names, dtype=object))]


def _words(encoder: Any, names: list[str]) -> Iterator[str]:
    rare = encoder.infrequent_categories_ if encoder.min_frequency else [None] * len(names)
    for name, words, apart in zip(names, encoder.categories_, rare, strict=True):
        few = set() if apart is None else set(apart)
        yield from (f"{name} = {word}" for word in words if word not in few)
        if few:
            yield f"{name}: rare words"


def _means(encoder: Any, names: list[str], classes: Sequence[str]) -> Iterator[str]:
    if encoder.target_type_ != "multiclass":
        yield from (f"{name}: mean of the target" for name in names)
        return
    known = [str(classes[number] if classes else number) for number in encoder.classes_]
    yield from (f"{name}: share of {word}" for name in names for word in known)
