"""A walk over the settings of features as the API describes them: each option of each trains once."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import bundle
from engine.choices.features import Features
from engine.train import train
from tests.engine.features import a_table
from tests.engine.helpers import NO_FOLDS, Heard, a_spec, in_fresh_process

SCHEMA = Features.model_json_schema()
COLUMNS = ["größe", "hours"]
Wish = tuple[str, Any]


def _options(setting: dict[str, Any], name: str = "") -> Iterator[Any]:
    """Values that touch all that a setting allows: each word, both ends of a range, with and without."""
    if "$ref" in setting:
        yield from _groups(SCHEMA["$defs"][setting["$ref"].rsplit("/", 1)[1]])
    for choice in setting.get("anyOf", []):
        yield from _options(choice, name)
    kind = str(setting.get("type"))
    ends = [setting[end] for end in ("minimum", "maximum") if end in setting]
    simple: dict[str, list[Any]] = {"null": [None], "boolean": [False, True], "array": _lists(name)}
    yield from simple.get(kind, setting.get("enum", ends))


def _groups(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A group of settings as it is, then with each option of each of them."""
    needed = {"of": "größe", "by": "zip"} if schema["title"] == "GroupMean" else {}
    yield needed
    for name, setting in schema["properties"].items():
        yield from ({**needed, name: value} for value in _options(setting, name) if name not in needed)


def _lists(name: str) -> list[list[Any]]:
    if name == "group_means":
        return [[], [{"of": "größe", "by": "zip"}, {"of": "hours", "by": "zip"}]]
    one = COLUMNS if name in ("interactions", "ratios", "differences") else COLUMNS[0]
    return [[], [one], [one, one[::-1] if one is COLUMNS else COLUMNS[1]]]


def _wishes() -> list[Wish]:
    return [
        (name, value)
        for name, setting in SCHEMA["properties"].items()
        for value in _options(setting, name)
        if value != {"of": "größe", "by": "zip"}
    ]


WISHES = _wishes()
each_wish = pytest.mark.parametrize(
    ("name", "value"), WISHES, ids=[f"{name}={value}" for name, value in WISHES]
)


def _gappy(rows: int = 80) -> pd.DataFrame:
    """A tenth of every column is missing, and one number, one word and one date are unlike the others."""
    table, draw = a_table(rows), np.random.default_rng(9)
    for name in table.columns.drop("species"):
        table.loc[draw.random(rows) < 0.1, name] = None
    return table.assign(day=table["day"].where(table.index != 5, pd.Timestamp("1850-01-01")))


def test_the_walk_meets_every_setting() -> None:
    groups = {name for name, _ in WISHES}
    assert groups == set(Features.model_fields)
    inner = {(name, key) for name, value in WISHES if isinstance(value, dict) for key in value}
    assert {
        ("text", "svd"),
        ("bins", "strategy"),
        ("selection", "threshold"),
        ("pca", "n_components"),
    } <= inner
    assert len(WISHES) > 50


@each_wish
def test_every_option_trains_and_answers_rows_with_gaps(name: str, value: Any, tmp_path: Any) -> None:
    table = _gappy()
    spec = a_spec(features={name: value}, validation=NO_FOLDS)
    report = train(table, spec, Heard())
    bundle.save(tmp_path / "model.zip", report.fitted, spec, report.ready, report.metrics)
    said = bundle.load(tmp_path / "model.zip").predict(table.iloc[[3]]).filter(like="probability_")
    told: Any = report.fitted.answers(report.ready.features, np.array([3]))[0].shares
    assert np.array_equal(said.to_numpy(), told)


@pytest.mark.parametrize("algo", ["random_forest", "linear_regression"])
def test_everything_at_once_trains(algo: str) -> None:
    wanted: dict[str, Any] = {
        "polynomial": {"degree": 2},
        "interactions": [COLUMNS],
        "ratios": [COLUMNS],
        "differences": [COLUMNS],
        "logs": COLUMNS,
        "bins": {},
        "group_means": [{"of": "größe", "by": "zip"}],
        "text": {"svd": 5},
        "pca": {"n_components": 30},
        "selection": {"k": 12},
    }
    table = _gappy(150).assign(price=lambda table: table["größe"].fillna(0) * 3 + 1)
    settings = {"n_estimators": 20} if algo == "random_forest" else {}
    more = {"task": "regression", "target": "price", "columns": {"drop": ["species"]}}
    spec = a_spec(algo, settings, features=wanted, **more)
    heard = Heard()
    report = train(table, spec, heard)
    assert "Prepared: 5 columns in, 12 out." in heard.sentences("log")
    assert report.metrics["test"]["r2"] > 0.5


EVERYTHING = {
    "bins": {"strategy": "kmeans"},
    "text": {"svd": 4},
    "group_means": [{"of": "größe", "by": "zip"}],
    "pca": {"n_components": 12},
    "selection": {"method": "mutual_information", "k": 8},
}


def _said() -> Any:
    report = train(_gappy(), a_spec(features=EVERYTHING, validation=NO_FOLDS), Heard(), threads=2)
    return report.predictions.filter(like="probability_").to_numpy().tolist()


def test_the_same_numbers_come_out_in_another_process() -> None:
    program = (
        "import json; from tests.engine.test_every_feature_trains import _said; print(json.dumps(_said()))"
    )
    assert in_fresh_process(program) == _said()
