"""Words for the tests of features: a small table with everything in it, and what is made of it."""

from typing import Any

import numpy as np
import pandas as pd

from engine import features
from engine.prepare import Ready, prepare
from engine.spec import RunSpec
from tests.engine.helpers import Heard, a_spec

ROWS = 60
UNSCALED = {"numeric": {"scale": "none"}}
WORDS = ("free money now", "call me later", "see you at home", "free call")


def a_table(rows: int = ROWS, **more: Any) -> pd.DataFrame:
    """Numbers, words, dates and texts, and a target that the texts and the first number tell."""
    draw = np.random.default_rng(5)
    size, text = draw.normal(10, 3, rows), draw.choice(WORDS, rows)
    return pd.DataFrame(
        {
            "species": np.where((size > 10) ^ (text == WORDS[0]), "a", "b"),
            "größe": size,
            "hours": draw.integers(0, 5, rows).astype("float64"),
            "zip": draw.choice(["Köln", "Bonn", "Ulm"], rows),
            "day": pd.date_range("2024-11-03", periods=rows, freq="31h"),
            "message": [f"{words} no{number}" for number, words in enumerate(text)],
            **more,
        }
    )


def ready_for(table: pd.DataFrame, **wanted: Any) -> tuple[RunSpec, Ready]:
    """A spec with these `features` (and columns, preprocessing, model), and the table prepared for it."""
    spec = _spec(**wanted)
    return spec, prepare(table, spec, Heard())


def made(table: pd.DataFrame, rows: int | None = None, **wanted: Any) -> pd.DataFrame:
    """What the branches make of all rows by their names, fitted on the first `rows` rows, without scaling."""
    spec, ready = ready_for(table, **{"preprocessing": UNSCALED, **wanted})
    parts = [
        _part(step.fit(ready.features[names].iloc[:rows], ready.target[:rows]), ready.features[names])
        for _, step, names in features.branches(spec, ready)
    ]
    return pd.concat(parts, axis=1)


def _part(step: Any, features: pd.DataFrame) -> pd.DataFrame:
    values = step.transform(features)
    dense = values.toarray() if hasattr(values, "toarray") else values
    return pd.DataFrame(dense, columns=step.get_feature_names_out())


def _spec(**wanted: Any) -> RunSpec:
    more = {name: wanted.pop(name) for name in ("columns", "preprocessing", "algo") if name in wanted}
    return a_spec(features={"dates": False, **wanted}, **{"algo": "dummy", **more})
