"""Explaining, in between: which column of the table each column that the model sees was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.naming import made_names

_SIGNS = (" = ", ": ", " is missing")


def owners(pipeline: Any, classes: list[str]) -> tuple[list[str], list[str]]:
    """The name and the owner of each made column: a column of the table, or its own name.

    What was made of several columns, as a product or a component, owns itself.
    """
    from sklearn.pipeline import Pipeline

    names = made_names(pipeline, classes)
    prepare = pipeline["prepare"]
    columns = prepare[0] if isinstance(prepare, Pipeline) else prepare
    first = made_names({"prepare": columns}, classes)
    owner: dict[str, str] = {}
    for name, found in zip(first, _owners(columns, first), strict=True):
        owner.setdefault(name, found)
    return names, [owner.get(name, name) for name in names]


def summed(values: np.ndarray, owner: list[str]) -> tuple[list[str], np.ndarray]:
    """Made columns added up by owner over the second axis: the owners in order, and the sums."""
    names = list(dict.fromkeys(owner))
    places = {name: place for place, name in enumerate(names)}
    found = np.zeros((values.shape[0], len(names), *values.shape[2:]))
    for place, name in enumerate(owner):
        found[:, places[name]] += values[:, place]
    return names, found


def _owners(columns: Any, made: list[str]) -> Iterator[str]:
    """In the order of `made`: the branches stand side by side, each with the columns that it reads."""
    place = 0
    for branch, _, read in columns.transformers_:
        reach = columns.output_indices_[branch]
        for name in made[place : place + (reach.stop - reach.start)]:
            yield _owner(name, list(read))
        place += reach.stop - reach.start


def _owner(made: str, read: list[str]) -> str:
    if len(read) == 1:
        return read[0]
    if made in read:
        return made
    fitting = [name for name in read if any(made.startswith(name + sign) for sign in _SIGNS)]
    return max(fitting, key=len) if fitting else made
