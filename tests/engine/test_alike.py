"""Rows that were learned from are answered as they were prepared, and nothing changes by it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.alike import is_alike
from engine.build import build
from engine.events import ignore
from engine.fit import Fitted, fit
from engine.prepare import Ready, prepare
from engine.spec import RunSpec
from tests.engine.helpers import EXAMPLES, a_spec

ALIKE: dict[str, dict[str, Any]] = {
    "plain": {},
    "robust": {"preprocessing": {"numeric": {"scale": "robust"}}},
    "minmax": {"preprocessing": {"numeric": {"scale": "minmax", "missing": "mean"}}},
    "clipped": {"preprocessing": {"numeric": {"clip": 0.05}}},
    "ordinal": {"preprocessing": {"categorical": {"encode": "ordinal"}}},
    "frequency": {"preprocessing": {"categorical": {"encode": "frequency"}}},
    "ranges": {"features": {"bins": {"columns": ["body_mass_g"]}}},
}
NOT_ALIKE: dict[str, dict[str, Any]] = {
    "target encoding": {"preprocessing": {"categorical": {"encode": "target"}}},
    "components": {"features": {"pca": {"n_components": 2}}},
    "means by group": {"features": {"group_means": [{"of": "body_mass_g", "by": "island"}]}},
    "neighbours": {"preprocessing": {"numeric": {"missing": "knn"}}},
}


def fitted(spec: RunSpec) -> tuple[Fitted, Ready, np.ndarray]:
    ready = prepare(pd.read_csv(EXAMPLES / "penguins.csv"), spec, ignore)
    rows = np.arange(0, len(ready.target), 2)
    return fit(build(spec, ready), ready, rows, spec), ready, rows


@pytest.mark.parametrize("algo", ["logistic_regression", "random_forest"])
@pytest.mark.parametrize("case", ALIKE)
def test_what_was_made_to_learn_is_what_would_be_made_to_answer(case: str, algo: str) -> None:
    found, ready, rows = fitted(a_spec(algo, **ALIKE[case]))
    assert found.learned is not None
    asked = found.pipeline["prepare"].transform(ready.features.iloc[rows])
    np.testing.assert_array_equal(found.learned.made, asked)


@pytest.mark.parametrize("case", NOT_ALIKE)
def test_what_is_made_otherwise_is_made_anew(case: str) -> None:
    found, _, _ = fitted(a_spec(**NOT_ALIKE[case]))
    assert found.learned is None


def test_answers_are_the_same_in_whatever_order_they_are_asked() -> None:
    found, ready, rows = fitted(a_spec())
    others = np.setdiff1d(np.arange(len(ready.target)), rows)
    told = found.answers(ready.features, others, rows, others)
    anew = replace(found, learned=None).answers(ready.features, others, rows, others)
    for one, other in zip(told, anew, strict=True):
        np.testing.assert_array_equal(one.predicted, other.predicted)
        np.testing.assert_array_equal(one.shares, other.shares)


def test_other_rows_of_the_same_number_are_prepared() -> None:
    found, ready, rows = fitted(a_spec())
    (shifted,) = found.answers(ready.features, rows + 1 if rows[-1] + 1 < len(ready.target) else rows[::-1])
    (learned,) = found.answers(ready.features, rows)
    assert shifted.shares is not None
    assert learned.shares is not None
    assert not np.array_equal(shifted.shares, learned.shares)


def test_only_known_steps_count_as_alike() -> None:
    class Unknown:
        steps = ()

    assert not is_alike(Unknown())
