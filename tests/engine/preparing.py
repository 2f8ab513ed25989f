"""Words for the tests of preparation: a small table with gaps, and the prepared columns of it."""

import json
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from engine.build import build, made_names
from engine.prepare import Ready, prepare
from tests.engine.helpers import Heard, a_spec

ROWS, TRAINING = 60, 40


def a_table() -> pd.DataFrame:
    """Sixty rows with gaps: two classes that lean on `age` and `town`, and a `price`."""
    random = np.random.default_rng(7)
    age, income = random.normal(40, 12, ROWS).round(1), random.lognormal(3, 1, ROWS).round(2)
    town = random.choice(["Aa", "Bergen", "Cork"], ROWS, p=[0.5, 0.3, 0.2])
    size = random.choice(["small", "middle", "large"], ROWS)
    likely = (age > 40) ^ (random.random(ROWS) < 0.2)
    table = pd.DataFrame({"age": age, "income": income, "town": town, "size": size})
    table["species"] = np.where(likely, "yes", "no")
    table["price"] = (income * 3 + age + random.normal(0, 2, ROWS)).round(2)
    for name, every in {"age": 7, "income": 9, "town": 8, "size": 11}.items():
        table.loc[::every, name] = None
    return table


class Prepared:
    """The step `prepare`, fitted on the first rows of a table, and what it makes of all of them."""

    def __init__(
        self, table: pd.DataFrame | None = None, rows: int | None = None, algo: str = "dummy", **chosen: Any
    ) -> None:
        spec = a_spec(algo, **{"columns": {"drop": ["price"] if table is None else []}, **chosen})
        self.ready: Ready = prepare(a_table() if table is None else table, spec, Heard())
        self.pipeline = build(spec, self.ready)
        self.step = self.pipeline["prepare"]
        learned = self.ready.features.iloc[:rows]
        self.trained = self.step.fit_transform(learned, self.ready.target[:rows])
        self.made = self.step.transform(self.ready.features)
        self.names = made_names(self.pipeline, self.ready.classes)

    def column(self, name: str) -> np.ndarray:
        return np.asarray(self.made[:, self.names.index(name)])


@lru_cache(maxsize=256)
def prepared(chosen: str) -> Prepared:
    """The small table prepared as some JSON says, from its training rows; once, for all who ask."""
    return Prepared(rows=TRAINING, preprocessing=json.loads(chosen))


def each_choice(settings: Any) -> list[tuple[str, Any]]:
    """Every choice of every setting by its schema: all of an enum, both truths, both ends of a number."""
    found: list[tuple[str, Any]] = []
    for name, field in settings.model_json_schema()["properties"].items():
        for kind in field.get("anyOf", [field]):
            found += [(name, value) for value in _values(kind)]
    return found


def _values(kind: dict[str, Any]) -> list[Any]:
    if "enum" in kind:
        return list(kind["enum"])
    if kind["type"] == "boolean":
        return [True, False]
    if kind["type"] == "array":
        return [["small", "middle", "large"]]
    if kind["type"] == "null":
        return [None]
    low = kind.get("minimum", kind.get("exclusiveMinimum", 0) + 0.001)
    high = kind.get("maximum", 1000)
    return [low, high] if kind["type"] == "integer" else [float(low), float(high)]
