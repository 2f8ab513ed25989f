"""The measures behind the findings: as others compute them, silent on noise, bounded on large tables."""
# ruff: noqa: S608 - these tables are our own

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import datasets as skdata
from sklearn.metrics import r2_score, roc_auc_score

from datasets import quality
from datasets.knowledge import associations, evidence, exact, people, sample, strengths
from datasets.knowledge.look import look
from datasets.knowledge.sample import Cells, Sample
from datasets.quality.spellings import ends_with, parts

CHANCE = np.random.default_rng(7)
ROWS = 400


def cells(values: Any, name: str = "x") -> Cells:
    """A column as the sample holds it; None and NaN are missing."""
    words = [None if value is None or value != value else str(value) for value in values]
    seen = list(dict.fromkeys(word for word in words if word is not None))
    codes = np.array([seen.index(word) if word is not None else -1 for word in words])
    if all(isinstance(value, str | None) for value in values):
        return Cells(name, "category", "string", codes, len(seen), seen)
    return Cells(name, "number", "float64", codes, len(seen), seen, np.array(values, dtype=float))


def of(**columns: Any) -> Sample:
    made = {name: cells(values, name) for name, values in columns.items()}
    size = len(next(iter(made.values())).codes)
    return Sample(size, size, made)


def pairs(**columns: Any) -> dict[tuple[str, str], tuple[str, float]]:
    return {(a, b): (measure, value) for a, b, measure, value in associations.measure(of(**columns))["pairs"]}


@pytest.mark.filterwarnings("error")
def test_a_column_of_one_number_or_of_none_says_nothing_of_others() -> None:
    x = CHANCE.normal(size=ROWS)
    nothing, single = np.full(ROWS, np.nan), np.full(ROWS, 3.0)
    assert list(pairs(a=x, b=nothing, c=single, d=x * 2)) == [("a", "d")]


def test_numbers_are_compared_as_pearson_and_spearman_do() -> None:
    x = CHANCE.normal(size=ROWS)
    y = x + CHANCE.normal(size=ROWS)
    z = np.exp(4 * x)
    found = pairs(x=x, y=y, z=z)
    assert [found[pair][0] for pair in (("x", "y"), ("x", "z"), ("y", "z"))] == [
        "pearson",
        "spearman",
        "spearman",
    ]
    assert found["x", "y"][1] == pytest.approx(stats.pearsonr(x, y)[0], abs=1e-4)
    assert found["x", "z"][1] == pytest.approx(1.0)
    assert found["y", "z"][1] == pytest.approx(stats.spearmanr(y, z)[0], abs=1e-4)


def test_a_falling_line_has_its_sign() -> None:
    x = CHANCE.normal(size=ROWS)
    assert pairs(x=x, y=-3 * x)["x", "y"] == ("pearson", -1.0)


def test_only_rows_that_have_both_count() -> None:
    x = CHANCE.normal(size=ROWS)
    y = np.where(np.arange(ROWS) % 3 == 0, np.nan, x + CHANCE.normal(size=ROWS))
    known = np.isfinite(y)
    expected = stats.pearsonr(x[known], y[known])[0]
    assert pairs(x=x, y=y)["x", "y"][1] == pytest.approx(expected, abs=1e-4)


def test_categories_are_compared_as_scipy_does_but_for_the_bias() -> None:
    one = CHANCE.integers(0, 3, ROWS)
    other = np.where(CHANCE.random(ROWS) < 0.7, one, CHANCE.integers(0, 3, ROWS))
    table = np.zeros((3, 3), dtype=int)
    np.add.at(table, (one, other), 1)
    plain = stats.contingency.association(table, method="cramer")
    found = associations.cramers_v(one, other, 3, 3)
    assert plain - 0.02 < found <= plain
    assert associations.cramers_v(one, CHANCE.integers(0, 3, ROWS), 3, 3) < 0.1


def test_a_number_is_compared_with_categories_by_the_spread_between_them() -> None:
    group = CHANCE.integers(0, 3, ROWS)
    value = group * 2.0 + CHANCE.normal(size=ROWS)
    means = np.array([value[group == place].mean() for place in range(3)])
    expected = np.sqrt(((means[group] - value.mean()) ** 2).sum() / ((value - value.mean()) ** 2).sum())
    assert associations.correlation_ratio(group, value, 3) == pytest.approx(expected)


def test_rare_categories_are_counted_together() -> None:
    many = cells([f"w{place % 90}" for place in range(ROWS)])
    codes, size = associations.few(many)
    assert size == associations.WORDS
    assert (codes.min(), codes.max()) == (0, size - 1)


@pytest.mark.parametrize("of_", [{"x": [1.0, None] * 30}, {"x": [1.0] * 60, "y": [2.0] * 60}])
def test_what_never_changes_is_tied_to_nothing(of_: dict[str, Any]) -> None:
    assert pairs(**of_) == {}


@given(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=40))
@settings(max_examples=40)
def test_ranks_are_those_of_scipy(values: list[float]) -> None:
    assert np.array_equal(associations.ranks(np.array(values)), stats.rankdata(values))


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=60))
@settings(max_examples=40)
def test_the_area_under_the_curve_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    guesses, truth = np.array([float(guess) for guess, _ in rows]), np.array([is_one for _, is_one in rows])
    expected = 0.5 if truth.all() or not truth.any() else max(roc_auc_score(truth, guesses), 0.5)
    assert strengths.auc(guesses, truth) == pytest.approx(expected)


def test_the_explained_share_is_r2() -> None:
    truth, guess = CHANCE.normal(size=(ROWS, 1)), CHANCE.normal(size=(ROWS, 1))
    assert strengths.explained(guess, truth) == pytest.approx(r2_score(truth, guess))


def told(x: Any, y: Any) -> float:
    """How surely x alone tells y."""
    table = of(x=x, y=y)
    target = table.columns["y"]
    (found,) = strengths.strengths(table, target, target.numbers is not None)
    return found.value


@pytest.mark.parametrize(
    ("make", "least", "most"),
    [
        (lambda x: x, 0.999, 1.0),
        (lambda x: -5 * x + 3, 0.999, 1.0),
        (lambda x: x**3, 0.975, 1.0),
        (lambda x: x + CHANCE.normal(size=ROWS) * 0.5, 0.6, 0.85),
        (lambda x: CHANCE.normal(size=ROWS), 0.0, 0.05),
    ],
)
def test_a_number_tells_a_number(make: Callable[[Any], Any], least: float, most: float) -> None:
    x = CHANCE.normal(size=ROWS)
    assert least <= told(x, make(x)) <= most


@pytest.mark.parametrize(
    ("noise", "least", "most"), [(0.0, 0.975, 1.0), (1.0, 0.6, 0.97), (1000.0, 0.5, 0.65)]
)
def test_a_number_tells_two_classes(noise: float, least: float, most: float) -> None:
    x = CHANCE.normal(size=ROWS)
    y = ["yes" if value > 0 else "no" for value in x]
    assert least <= told(x + noise * CHANCE.normal(size=ROWS), y) <= most


def test_being_missing_may_tell_everything() -> None:
    y = ["well", "dead"] * (ROWS // 2)
    assert told([None if word == "well" else float(place) for place, word in enumerate(y)], y) > 0.99


def test_a_name_of_its_own_for_every_row_tells_nothing() -> None:
    y = [("a", "b")[bit] for bit in CHANCE.integers(0, 2, ROWS)]
    assert told([f"name {place}" for place in range(ROWS)], y) < 0.6


@pytest.mark.parametrize("rows", [0, 1, strengths.FEW - 1])
def test_of_few_rows_nothing_is_said(rows: int) -> None:
    values = [float(place) for place in range(rows)]
    table = of(x=values, y=values) if rows else Sample(0, 0, {"y": cells([], "y")})
    assert strengths.strengths(table, table.columns["y"], is_number=True) == []


def test_noise_is_rarely_strong() -> None:
    best = []
    for seed in range(20):
        chance = np.random.default_rng(seed)
        columns = {f"c{place}": chance.normal(size=60) for place in range(20)}
        table = of(**columns, y=[("a", "b")[bit] for bit in chance.integers(0, 2, 60)])
        best.append(strengths.strengths(table, table.columns["y"], is_number=False)[0].value)
    assert max(best) < 0.85


def test_numbers_beyond_all_measure_and_odd_names_break_nothing(tmp_path: Path) -> None:
    huge = "CASE WHEN range % 3 = 0 THEN NULL WHEN range % 2 = 0 THEN 1.7e308 ELSE -1.7e308 END"
    columns = f'{huge} AS "a""b", ({huge}) / 2 AS "`c`", 9223372036854775807 - range AS "é ;", range % 2 AS y'
    path = written(tmp_path, f"SELECT {columns} FROM range(90)")
    kinds = {'a"b': "float64", "`c`": "float64", "é ;": "int64", "y": "int64"}
    facts: list[dict[str, Any]] = [
        {
            "name": name,
            "type": kind,
            "kind": "number" if kind == "float64" else "integer",
            "unique": 2,
            "missing": 0,
            "top": [],
            "target_reason": "" if name != "y" else "likely",
        }
        for name, kind in kinds.items()
    ]
    found = look(duckdb.connect(), path, facts, 90)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert "duplicate_columns:`c`" in [one["id"] for one in found["findings"]]


@pytest.mark.parametrize(
    ("load", "strongest"),
    [
        (skdata.load_iris, 0.846),
        (skdata.load_wine, 0.52),
        (skdata.load_breast_cancer, 0.967),
        (skdata.load_diabetes, 0.34),
    ],
)
def test_clean_tables_give_nothing_away(load: Any, strongest: float) -> None:
    known = load()
    columns = {str(name): known.data[:, place] for place, name in enumerate(known.feature_names)}
    answer = known.target if load is skdata.load_diabetes else [f"class {code}" for code in known.target]
    table = of(**columns, answer=answer)
    target = table.columns["answer"]
    found = strengths.strengths(table, target, target.numbers is not None)
    assert found[0].value == pytest.approx(strongest, abs=0.02)
    assert found[0].value < quality.leaks.SURELY


def written(folder: Path, query: str) -> Path:
    path = folder / "table.parquet"
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_of_a_large_table_blocks_all_over_it_are_looked_at(tmp_path: Path) -> None:
    rows = 200_000
    path = written(tmp_path, f"SELECT range AS n, range % 7 AS m FROM range({rows})")
    columns = [{"name": name, "kind": "integer", "type": "int64"} for name in "nm"]
    taken = sample.take(duckdb.connect(), path, columns, rows)
    numbers = taken.columns["n"].numbers
    assert taken.size == sample.ROWS
    assert (numbers.min(), numbers.max() > rows * 0.95) == (0, True)
    assert np.all(np.diff(numbers) > 0)


def test_a_wide_table_is_looked_at_as_far_as_its_target(tmp_path: Path) -> None:
    width = sample.COLUMNS + 50
    names = ", ".join(f"range % {place % 9 + 2} AS c{place}" for place in range(width))
    path = written(tmp_path, f"SELECT {names} FROM range(60)")
    columns = [{"name": f"c{place}", "kind": "integer", "type": "int64"} for place in range(width)]
    taken = sample.take(duckdb.connect(), path, columns, 60, besides=f"c{width - 1}")
    assert len(taken.columns) == sample.COLUMNS + 1
    assert f"c{width - 1}" in taken.columns


def test_pictures_are_not_looked_at(tmp_path: Path) -> None:
    path = written(tmp_path, "SELECT 'a'::BLOB AS picture, 'x' AS label FROM range(60)")
    columns = [
        {"name": "picture", "kind": "image", "type": "image", "unique": 1, "missing": 0, "top": []},
        {"name": "label", "kind": "constant", "type": "string", "unique": 1, "missing": 0, "top": []},
    ]
    found = look(duckdb.connect(), path, columns, 60)
    assert found["target"] is None
    assert found["associations"]["columns"] == []


@pytest.mark.parametrize(
    ("cells", "copies"),
    [
        ("i AS a, i AS b", 0),
        ("i % 50 AS a, i // 50 AS b", 0),
        ("i % 50 AS a, i % 25 AS b", 50),
        ("NULL AS a, 'same' AS b", 99),
        ("i % 50 AS a, " + ", ".join(f"i % {60 + place} AS b{place}" for place in range(6)), 0),
        ("i % 90 AS a, " + ", ".join(f"i % 90 + {place} AS b{place}" for place in range(6)), 10),
        (", ".join(f"i % 50 + {place} AS b{place}" for place in range(6)) + ", i // 50 AS z", 0),
        ("CASE WHEN i > 1 THEN i END AS a, i::VARCHAR AS b", 0),
    ],
)
def test_every_copied_row_is_counted_and_no_other(tmp_path: Path, cells: str, copies: int) -> None:
    path = written(tmp_path, f"SELECT {cells} FROM range(100) t(i)")
    con = duckdb.connect()
    table = sample.relation(path)
    described = con.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {table}").fetchall()
    counted = ", ".join(f"count(DISTINCT {name})" for name, *_ in described)
    unique = con.execute(f"SELECT {counted} FROM {table}").fetchone() or ()
    columns = [
        {"name": name, "kind": "number", "unique": count, "type": "string" if kind == "VARCHAR" else "int64"}
        for (name, kind, *_), count in zip(described, unique, strict=True)
    ]
    assert exact.copied_rows(con, table, columns, 100) == copies


def test_copies_are_confirmed_in_rows_outside_of_the_sample(tmp_path: Path) -> None:
    rows = 200_000
    unlike = "CASE WHEN range = 199999 THEN 5 ELSE range % 3 END"
    path = written(tmp_path, f"SELECT range % 3 AS a, range % 3 AS b, {unlike} AS c FROM range({rows})")
    columns = [{"name": name, "kind": "integer", "type": "int64"} for name in "abc"]
    con = duckdb.connect()
    taken = sample.take(con, path, columns, rows)
    found = exact.same_columns(con, sample.relation(path), taken)
    assert [(same.first, same.second, same.how, same.rows) for same in found] == [("a", "b", "equal", rows)]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([f"p{place}@mail.example.org" for place in range(9)], "e-mail addresses"),
        ([f"+44 20 7946 0{place}00" for place in range(9)], "phone numbers"),
        ([f"(030) 123-45{place}0" for place in range(9)], "phone numbers"),
        ([f"10.0.0.{place}" for place in range(9)], "IP addresses"),
        ([f"123-45-678{place}" for place in range(9)], "social security numbers"),
        (["4111111111111111", "5500000000000004", "4012888888881881"] * 2, "card numbers"),
        (
            ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"] * 3,
            "bank accounts",
        ),
        (["Braund, Mr. Owen Harris", "Allen, Miss. Elisabeth Walton"] * 3, "names of people"),
        ([f"2020-01-0{place}" for place in range(1, 9)], None),
        ([f"{place}.5" for place in range(9)], None),
        (["4111111111111112", "5500000000000005"] * 3, None),
        ([f"12-3{place}" for place in range(9)], None),
        ([f"A{place}" for place in range(9)], None),
        (["a@b.org"] * 2, None),
    ],
)
def test_people_are_recognised_by_the_form_of_values(values: list[str], what: str | None) -> None:
    found = people.recognise("column", "text", values)
    assert (found.what if found else None) == what


@pytest.mark.parametrize(
    ("name", "kind", "what"),
    [
        ("Email", "text", "e-mail addresses"),
        ("customerEmail", "category", "e-mail addresses"),
        ("last_name", "category", "names of people"),
        ("date of birth", "datetime", "dates of birth"),
        ("email_sent", "boolean", None),
        ("email", "boolean", None),
        ("emails", "integer", None),
        ("name", "text", None),
        ("shipping", "category", None),
        ("ip", "number", None),
    ],
)
def test_people_are_recognised_by_names_of_columns(name: str, kind: str, what: str | None) -> None:
    found = people.recognise(name, kind, [])
    assert (found.what if found else None) == what


def test_names_fall_into_their_words() -> None:
    assert parts("closedAt-Date of_birth2") == ["closed", "at", "date", "of", "birth2"]
    assert ends_with("the_last_name", [("last", "name")])
    assert not ends_with("last_name_known", [("last", "name")])


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1.0] * 5, 0), ([1.0, 2.0], 0), ([0.0] * 50 + [9.0], 6.9), ([0.0] * 50 + [-9.0], -6.9)],
)
def test_skewness_says_on_which_side_the_tail_is(values: list[float], expected: float) -> None:
    assert evidence.skewness(np.array(values)) == pytest.approx(expected, abs=0.1)
