"""Each option of each setting trains on a small table: a few together, and with --all each alone."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from engine import problems
from engine.choices.parts import AnySplit, AnyValidation
from engine.choices.preprocessing import WordFill
from engine.choices.single_columns import suits
from engine.learners import CATALOG, describe
from engine.problems import CannotTrain
from engine.settings import Settings
from engine.spec import RunSpec
from engine.train import train
from tests.engine.helpers import NO_FOLDS, QUICK

Schema = Mapping[str, Any]
Case = tuple[str, Any]
WORDS = (None, *get_args(WordFill))
SPEC = RunSpec.model_json_schema()
ROWS = 60
NEAR = 0.01  # above a bound that is itself not allowed
NAMES = {  # what a walk over the schema cannot guess
    "features.interactions": [["size", "weight"]],
    "features.ratios": [["size", "weight"]],
    "features.differences": [["size", "weight"]],
    "features.logs": ["weight"],
    "features.group_means": [{"of": "size", "by": "city"}],
    "features.polynomial.columns": ["size", "weight"],
    "features.bins.columns": ["size"],
    "preprocessing.columns.grade.order": ["low", "middle", "high"],
}
BESIDE: dict[str, Case] = {  # what gives a setting something to do
    "preprocessing.numeric.fill_value": ("preprocessing.numeric.missing", "constant"),
    "preprocessing.categorical.hash_width": ("preprocessing.categorical.encode", "hashing"),
    "preprocessing.columns.size.fill_value": ("preprocessing.columns.size.missing", "constant"),
    "preprocessing.columns.grade.hash_width": ("preprocessing.columns.grade.encode", "hashing"),
    "features.selection.threshold": ("features.selection.method", "variance"),
    "evaluation.threshold": ("validation", {"kind": "kfold", "folds": 2}),
    "preprocessing.target": ("task", "regression"),
}
COLUMNS = {"group": "city", "time": "day", "column": "part"}


def small_table() -> pd.DataFrame:
    """Numbers with gaps, words, days, sentences, a column of parts; a class and a number to predict."""
    rng = np.random.default_rng(0)
    size, weight = rng.normal(size=ROWS), rng.uniform(1, 9, size=ROWS)
    words = np.array(["warm", "cold", "wet", "dry"])
    table = pd.DataFrame(
        {
            "size": np.where(rng.random(ROWS) < 0.1, np.nan, size),
            "weight": weight,
            "city": rng.choice(["Rome", "Oslo", "Bern", "Lima", "Bonn", "Nice"], ROWS),
            "grade": rng.choice(["low", "middle", "high"], ROWS),
            "day": pd.date_range("2024-01-01", periods=ROWS),
            "said": [" ".join(rng.choice(words, 4)) for _ in range(ROWS)],
            "part": np.where(np.arange(ROWS) % 5, "train", "test"),
        }
    )
    table.loc[::13, "grade"] = None
    noisy = size + weight / 4 + rng.normal(scale=0.3, size=ROWS)
    return table.assign(price=np.exp(noisy), dear=np.where(noisy > np.median(noisy), "yes", "no"))


TABLE = small_table()


def plain(schema: Schema) -> Schema:
    """A schema without the null it may be, looked up."""
    found = next((part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"), schema)
    return SPEC["$defs"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found


def options(schema: Schema) -> list[Any]:
    """Each option of a choice, both of yes and no, a number as it is and near its lower bound."""
    found = plain(schema)
    empty = [None] if found is not schema and schema.get("default", 0) is None else []
    if "enum" in found or "const" in found:
        return [*empty, *found.get("enum", [found.get("const")])]
    if found.get("type") == "boolean":
        return [*empty, False, True]
    if found.get("type") not in ("integer", "number"):
        return []
    usual = schema.get("default")
    return [*empty, *dict.fromkeys(value for value in (usual, lowest(found)) if value is not None)]


def lowest(schema: Schema) -> float | None:
    above = schema.get("exclusiveMinimum")
    low: float | None = (
        schema.get("minimum") if above is None else above + min(NEAR, schema.get("maximum", NEAR))
    )
    return low


def leaves(schema: Schema, path: str) -> Iterator[Case]:
    """Each setting below a path with each of its options."""
    for name, part in schema["properties"].items():
        below, found = f"{path}.{name}", plain(part)
        if below in NAMES:
            yield below, NAMES[below]
        elif "properties" in found:
            yield below, {}
            yield from leaves(found, below)
        elif name != "kind":
            yield from ((below, value) for value in options(part))


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Sets a value at a path; an object that is there already gets what it does not have."""
    *steps, last = path.split(".")
    for step in steps:
        document = document.setdefault(step, {})
    document[last] = {**document.get(last, {}), **value} if isinstance(value, dict) else value


def request(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A spec in which these settings are as said and the rest is quick."""
    spec: dict[str, Any] = {"task": "classification", "target": "dear", "validation": dict(NO_FOLDS)}
    spec |= {
        "model": {"algo": "logistic_regression"},
        "columns": {"drop": ["price"], "kinds": {"said": "text"}},
    }
    for path, value in settings.items():
        put(spec, path, deepcopy(value))
    if spec["task"] == "regression":
        spec |= {"target": "price", "columns": {**spec["columns"], "drop": ["dear"]}}
        if spec["model"]["algo"] == "logistic_regression":
            spec["model"] = {"algo": "ridge"}
    return spec


def trains(spec: dict[str, Any]) -> str:
    """Trains; the sentence of the refusal where it is refused, which must be one that helps a person."""
    try:
        report = train(TABLE, RunSpec.model_validate(spec))
    except ValidationError as error:
        return sentence(problems.first(error))
    except CannotTrain as error:
        return sentence(error)
    assert report.metrics["test"]
    return ""


def sentence(error: CannotTrain) -> str:
    said = error.detail
    assert said.endswith(".")
    assert " " in said
    assert error.field
    return said


def word(value: Any) -> str:
    return str(value).replace(" ", "")[:40] if not isinstance(value, dict) else "on"


def single_columns() -> Iterator[Case]:
    for column, kind in (("size", "numeric"), ("grade", "categorical")):
        for path, value in leaves(SPEC["$defs"]["Special"], f"preprocessing.columns.{column}"):
            if suits(path.rpartition(".")[2], kind):
                yield path, value


def covered(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Few settings that go together and hold each choice once: the first of all, the second of all, …

    Numbers are near their lower bound, which is quick; as they are by themselves they train everywhere else.
    """
    by_path: dict[str, list[Any]] = {}
    for path, value in cases:
        by_path.setdefault(path, []).append(value)
    by_path = {path: [*others(values), *numbers(values)[-1:]] for path, values in by_path.items()}
    most = max(len(values) for values in by_path.values())
    return [{path: values[place % len(values)] for path, values in by_path.items()} for place in range(most)]


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def numbers(values: list[Any]) -> list[Any]:
    return [value for value in values if is_number(value)]


def others(values: list[Any]) -> list[Any]:
    return [value for value in values if not is_number(value)]


def with_beside(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {**dict(BESIDE[path] for path in settings if path in BESIDE), **settings}


OF_A_RUN = {
    part: [
        case for case in leaves(plain(SPEC["properties"][part]), part) if case[0] != "preprocessing.columns"
    ]
    for part in ("preprocessing", "features", "evaluation")
} | {"single": list(single_columns())}
TOGETHER = [(part, chosen) for part, cases in OF_A_RUN.items() for chosen in covered(cases)]
ALONE = [case for cases in OF_A_RUN.values() for case in cases]


@pytest.mark.parametrize(
    "chosen",
    [chosen for _, chosen in TOGETHER],
    ids=[f"{part}-{at}" for at, (part, _) in enumerate(TOGETHER)],
)
def test_every_option_of_a_run_trains_with_others(chosen: dict[str, Any]) -> None:
    words = chosen.get("preprocessing.columns.grade.missing")
    if words not in (None, *get_args(WordFill)):
        assert "holds words" in trains(request(chosen))
        chosen = {**chosen, "preprocessing.columns.grade.missing": "constant"}
    if "preprocessing.columns.grade.order" in chosen:
        assert "order" in trains(request({**chosen, "preprocessing.columns.grade.encode": "target"}))
        del chosen["preprocessing.columns.grade.order"]
    assert trains(request(with_beside(chosen))) == ""


@pytest.mark.slow
@pytest.mark.parametrize(("path", "value"), ALONE, ids=[f"{path}={word(value)}" for path, value in ALONE])
def test_every_option_of_a_run_trains_alone(path: str, value: Any) -> None:
    said = trains(request(with_beside({path: value})))
    assert ("holds words" in said) == (path == "preprocessing.columns.grade.missing" and value not in WORDS)
    assert not said or "holds words" in said


KINDS = [
    (part, made)
    for part, union in (("split", AnySplit), ("validation", AnyValidation))
    for made in get_args(union)
]
PARTS = [
    (part, made, chosen)
    for part, made in KINDS
    for chosen in covered([(part, {}), *leaves(made.model_json_schema(), part)])
]


@pytest.mark.parametrize(
    ("part", "made", "chosen"),
    PARTS,
    ids=[f"{made.__name__}-{at}" for at, (_, made, _) in enumerate(PARTS)],
)
def test_every_option_of_every_split_trains(part: str, made: type[Settings], chosen: dict[str, Any]) -> None:
    kind = made.model_fields["kind"].default
    kinds = {f"{part}.kind": kind} | ({f"{part}.column": COLUMNS[kind]} if kind in COLUMNS else {})
    assert trains(request({**kinds, **chosen, **kinds})) == ""


def of_learner(algo: str) -> list[Case]:
    described = describe(CATALOG[algo])
    parts = (("model", described["settings"]), ("training", described["training"]))
    return [case for part, schema in parts if schema for case in leaves(schema, part)]


def of_algo(algo: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """A spec of two columns for this learner."""
    quick = {f"model.{name}": found for name, found in QUICK.get(algo, {}).items()}
    spec = request({"model.algo": algo, **quick, "task": CATALOG[algo].tasks[0], **chosen})
    left_out = {"city", "grade", "day", "said", "part", "price", "dear"} - {spec["target"]}
    return {**spec, "columns": {"drop": sorted(left_out)}}


APART = {"ridge": "model.positive"}  # goes with one solver only, and is refused in a sentence with others


def together(algo: str) -> list[dict[str, Any]]:
    apart = [case for case in of_learner(algo) if case[0] == APART.get(algo)]
    joined = [case for case in of_learner(algo) if case not in apart]
    return [*(covered(joined) if joined else [{}]), *(dict([case]) for case in apart)]


SETTLED = [(algo, chosen) for algo in CATALOG for chosen in together(algo)]
SINGLE = [(algo, *case) for algo in CATALOG for case in of_learner(algo)]


@pytest.mark.parametrize(
    ("algo", "chosen"), SETTLED, ids=[f"{algo}-{at}" for at, (algo, _) in enumerate(SETTLED)]
)
def test_every_option_of_every_learner_trains_with_others(algo: str, chosen: dict[str, Any]) -> None:
    assert trains(of_algo(algo, chosen)) == ""


def test_settings_that_exclude_each_other_are_refused_in_a_sentence() -> None:
    said = trains(of_algo("ridge", {"model.positive": True, "model.solver": "lsqr"}))
    assert "cannot keep weights positive" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("algo", "path", "value"), SINGLE, ids=[f"{algo}-{path}={word(value)}" for algo, path, value in SINGLE]
)
def test_every_option_of_every_learner_trains_alone(algo: str, path: str, value: Any) -> None:
    assert trains(of_algo(algo, {path: value})) == ""
