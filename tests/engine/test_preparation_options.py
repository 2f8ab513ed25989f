"""Everything that may be chosen for the preparation works, in a model file too, from training rows."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import bundle
from engine.choices.preprocessing import Categorical, Numeric, Preprocessing, Special
from engine.train import train
from tests.engine.helpers import NO_FOLDS, a_spec, in_fresh_process
from tests.engine.preparing import TRAINING, Prepared, a_table, each_choice, prepared

_OF_WORDS = {"encode", "min_frequency", "hash_width", "order"}


def _walk() -> list[Any]:
    """Each choice as the preprocessing that asks for it, with an id that says so."""
    kinds = {"numeric": Numeric, "categorical": Categorical}
    walked = [
        pytest.param({kind: {name: value}}, id=f"{kind}-{name}-{value}")
        for kind, settings in kinds.items()
        for name, value in each_choice(settings)
    ]
    for name, value in each_choice(Special):
        column = "size" if name in _OF_WORDS else "age"
        walked.append(pytest.param({"columns": {column: {name: value}}}, id=f"{column}-{name}-{value}"))
    return walked


every_choice = pytest.mark.parametrize("chosen", _walk())


@every_choice
def test_each_choice_trains_and_survives_its_model_file(chosen: dict[str, Any], tmp_path: Path) -> None:
    table = a_table()
    spec = a_spec(preprocessing=chosen, validation=NO_FOLDS)
    report = train(table, spec)
    report.write(tmp_path)
    told = report.predictions
    again = bundle.load(tmp_path / "model.zip").predict(table.iloc[told["row"]])
    np.testing.assert_allclose(again["probability_yes"], told["probability_yes"], rtol=1e-9)


@every_choice
def test_each_choice_learns_from_training_rows_alone(chosen: dict[str, Any]) -> None:
    before, changed = prepared(json.dumps(chosen)), a_table()
    last = changed.index >= TRAINING
    changed.loc[last, ["age", "income"]] = [-1e9, None]
    changed.loc[last, ["town", "size", "species"]] = ["Elsewhere", None, "no"]
    after = Prepared(changed.drop(columns="price"), rows=TRAINING, preprocessing=chosen)
    assert before.made[:TRAINING].tobytes() == after.made[:TRAINING].tobytes()
    assert before.trained.tobytes() == after.trained.tobytes()
    assert before.names == after.names


@every_choice
def test_each_choice_names_each_column_it_makes_once(chosen: dict[str, Any]) -> None:
    found = prepared(json.dumps(chosen))
    assert len(set(found.names)) == len(found.names) == found.made.shape[1]


@every_choice
def test_each_choice_answers_what_training_did_not_see(chosen: dict[str, Any]) -> None:
    numbers = pd.DataFrame({"age": [np.nan, 1e30], "income": [-1e30, np.nan]})
    strange = numbers.assign(town=["?", None], size=[None, ""])
    assert np.isfinite(prepared(json.dumps(chosen)).step.transform(strange)).all()


def made_of(walk: list[Any]) -> dict[str, str]:
    """What each choice makes of the small table, as a sum over its bytes."""
    made = {json.dumps(chosen): prepared(json.dumps(chosen)).made for (chosen,) in walk}
    return {chosen: hashlib.sha256(found.tobytes()).hexdigest() for chosen, found in made.items()}


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, str]:
    program = """
import json
from tests.engine.test_preparation_options import _walk, made_of
print(json.dumps(made_of([param.values for param in _walk()])))
"""
    found: dict[str, str] = in_fresh_process(program)
    return found


@every_choice
def test_each_choice_makes_the_same_numbers_in_another_process(
    chosen: dict[str, Any], elsewhere: dict[str, str]
) -> None:
    assert made_of([(chosen,)])[json.dumps(chosen)] == elsewhere[json.dumps(chosen)]


def test_the_walk_meets_every_setting() -> None:
    assert {name for name, _ in each_choice(Special)} == set(Special.model_fields)
    assert {name for name, _ in each_choice(Numeric)} == set(Numeric.model_fields)
    assert {name for name, _ in each_choice(Categorical)} == set(Categorical.model_fields)


def test_nothing_chosen_is_the_median_one_hot_and_the_standard_scale() -> None:
    said = Preprocessing()
    assert (said.numeric.missing, said.numeric.scale) == ("median", "auto")
    assert said.categorical.encode == "one_hot"
    assert type(Prepared().step).__name__ == "ColumnTransformer"


_ODD: dict[str, list[Any]] = {
    "no value at all in training": [np.nan] * 58 + [1.0, 2.0],
    "the same value in training": [5.0] * 58 + [1.0, 2.0],
    "huge numbers": [1e30, -1e30, 5e29] * 20,
    "tiny numbers": [1e-30, 2e-30, -5e-30] * 20,
    "one huge number": [1.0, 2.0] * 29 + [1e30, 3.0],
    "far from zero": [1e6 + i / 1000 for i in range(60)],
}
_NUMERIC: list[dict[str, Any]] = [{name: value} for name, value in each_choice(Numeric)]


@pytest.mark.parametrize("chosen", _NUMERIC, ids=str)
def test_odd_numbers_stay_finite(chosen: dict[str, Any]) -> None:
    found = Prepared(_without_price().assign(**_ODD), rows=58, preprocessing={"numeric": chosen})
    assert not [name for name in found.names if not np.isfinite(found.column(name).astype("float64")).all()]


@pytest.mark.parametrize("encode", ["one_hot", "ordinal", "target", "frequency", "hashing"])
@pytest.mark.parametrize("missing", ["most_frequent", "constant", "drop"])
def test_a_column_of_words_may_be_empty_or_all_the_same_in_training(encode: str, missing: str) -> None:
    odd = {"none": [None] * 58 + ["p", "q"], "same": ["p"] * 58 + ["q", "r"]}
    chosen = {"categorical": {"encode": encode, "missing": missing}}
    assert np.isfinite(Prepared(_without_price().assign(**odd), rows=58, preprocessing=chosen).made).all()


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_few_rows_of_one_class_can_be_encoded_by_their_target(rows: int) -> None:
    table = _without_price().assign(species=["yes"] * 30 + ["no"] * 30)
    chosen = {"categorical": {"encode": "target"}}
    assert np.isfinite(Prepared(table, rows=rows, preprocessing=chosen).made).all()


def _without_price() -> pd.DataFrame:
    return a_table().drop(columns="price")
