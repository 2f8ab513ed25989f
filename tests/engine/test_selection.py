"""Which columns are kept, and what they are condensed to: dense and sparse alike, by rows of training."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from engine.features import after
from engine.transformers.components import Components
from engine.transformers.keep import Keep
from tests.engine.features import a_table, ready_for

ROWS = 200
METHODS = ["variance", "mutual_information", "l1", "top_k"]
both_forms = pytest.mark.parametrize("form", [np.asarray, sparse.csr_matrix], ids=["dense", "sparse"])
both_tasks = pytest.mark.parametrize("classes", [True, False], ids=["classes", "values"])


def _columns(columns: int = 6) -> np.ndarray:
    draw = np.random.default_rng(0).normal(size=(ROWS, columns))
    return np.where(np.abs(draw) > 0.3, draw, 0.0)


def _target(columns: np.ndarray, classes: bool) -> np.ndarray:
    """What columns 1 and 4 say together."""
    said: np.ndarray = columns[:, 1] - 2 * columns[:, 4]
    return np.digitize(said, [-1, 1]) if classes else said


def _keep(method: str, k: int = 2, threshold: float = 0.0, *, classes: bool = True) -> Keep:
    return Keep(method, k, threshold, classes, seed=3)


@both_tasks
@both_forms
@pytest.mark.parametrize("method", ["mutual_information", "l1", "top_k"])
def test_the_columns_that_tell_the_target_are_kept(method: str, form: Any, classes: bool) -> None:
    columns = _columns()
    keep = _keep(method, classes=classes).fit(form(columns), _target(columns, classes))
    assert keep.kept_.tolist() == [1, 4]
    assert keep.transform(form(columns)).shape == (ROWS, 2)
    assert keep.get_feature_names_out([f"c{i}" for i in range(6)]).tolist() == ["c1", "c4"]


@both_forms
def test_columns_that_vary_little_are_left_out_however_many_are_wanted(form: Any) -> None:
    columns = _columns() * [1, 0.1, 1, 0, 1, 3]
    found = {
        least: _keep("variance", 1, least).fit(form(columns), columns[:, 0]).kept_.tolist()
        for least in (0, 0.5)
    }
    assert found == {0: [0, 1, 2, 4, 5], 0.5: [0, 2, 4, 5]}


@both_tasks
@both_forms
@pytest.mark.parametrize("method", METHODS)
def test_more_columns_than_there_are_keep_all_that_tell_anything(
    method: str, form: Any, classes: bool
) -> None:
    columns = _columns()
    keep = _keep(method, 10_000, classes=classes).fit(form(columns), _target(columns, classes))
    assert {1, 4} <= set(keep.kept_)
    assert len(keep.kept_) == 6 or method == "l1"


@both_tasks
@both_forms
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("odd", ["constant columns", "one row", "two rows", "one answer"])
def test_one_column_is_left_in_any_case(odd: str, method: str, form: Any, classes: bool) -> None:
    columns = _columns(3)
    target = _target(_columns(), classes)
    rows = {"one row": 1, "two rows": 2}.get(odd, ROWS)
    if odd == "constant columns":
        columns = np.ones_like(columns)
    if odd == "one answer":
        target = np.zeros_like(target)
    keep = _keep(method, 2, 1e6, classes=classes).fit(form(columns[:rows]), target[:rows])
    assert 1 <= len(keep.kept_) <= 2


def test_a_column_that_never_varies_is_not_kept_for_its_weight() -> None:
    columns = _columns()
    columns[:, 0] = 7.0
    keep = _keep("l1", 6).fit(sparse.csr_matrix(columns), (columns[:, 4] > -1).astype(int))
    assert 0 not in keep.kept_


@both_tasks
@pytest.mark.parametrize("method", ["l1", "top_k"])
def test_of_many_rows_some_are_enough_to_choose(method: str, classes: bool) -> None:
    columns = np.random.default_rng(0).normal(size=(60_000, 6))
    keeps = [_keep(method, classes=classes).fit(columns, _target(columns, classes)) for _ in range(2)]
    assert [keep.kept_.tolist() for keep in keeps] == [[1, 4]] * 2


@pytest.mark.parametrize("method", METHODS)
def test_the_choice_is_the_same_each_time(method: str) -> None:
    columns = _columns(60)
    target = np.random.default_rng(4).integers(0, 3, ROWS)
    kept = [_keep(method, 15).fit(columns, target).kept_.tolist() for _ in range(2)]
    assert kept[0] == kept[1]


@both_forms
@pytest.mark.parametrize(
    ("wanted", "rows", "found"), [(2, ROWS, 2), (1000, ROWS, 6), (1000, 4, 4), (5, 2, 2), (5, 1, 1)]
)
def test_there_are_no_more_components_than_rows_and_columns(
    wanted: int, rows: int, found: int, form: Any
) -> None:
    columns = _columns()
    components = Components(wanted, even=False, seed=0).fit(form(columns[:rows]))
    assert components.transform(form(columns)).shape == (ROWS, found)
    assert components.get_feature_names_out()[0] == "component 1"


@both_forms
def test_components_keep_the_most_variation_of_even_columns(form: Any) -> None:
    loud, common, quiet = np.random.default_rng(0).normal(size=(3, ROWS))
    columns = form(np.column_stack([1000 * loud, common, common + quiet / 9]))
    tied = {}
    for even in (True, False):
        first = Components(1, even, 0).fit(columns).transform(columns)[:, 0]
        tied[even] = abs(np.corrcoef(first, common)[0, 1])
    assert tied[True] > 0.98
    assert tied[False] < 0.3


@pytest.mark.parametrize(
    ("scale", "algo", "even"),
    [
        ("auto", "random_forest", True),
        ("none", "random_forest", False),
        ("standard", "random_forest", False),
        ("auto", "logistic_regression", False),
    ],
)
def test_columns_are_made_even_for_components_where_nobody_scaled_them(
    scale: str, algo: str, even: bool
) -> None:
    spec, ready = ready_for(a_table(), pca={}, algo=algo, preprocessing={"numeric": {"scale": scale}})
    [(name, step)] = after(spec, ready)
    assert (name, step.even) == ("components", even)


def test_components_come_before_the_choice() -> None:
    spec, ready = ready_for(a_table(), pca={}, selection={})
    assert [name for name, _ in after(spec, ready)] == ["components", "keep"]
