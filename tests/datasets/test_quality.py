"""Findings from facts alone: each fires where it should, is silent elsewhere, and says what to do."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import quality
from datasets.quality import words
from datasets.quality.facts import (
    DANGER,
    SEVERITIES,
    Disguised,
    Evidence,
    Groups,
    Later,
    Mixed,
    Ordered,
    Personal,
    Same,
    Strength,
    Target,
)

ROWS = 1000


def column(name: str = "a", **facts: Any) -> dict[str, Any]:
    """The profile of a plain column of whole numbers."""
    plain = {"name": name, "kind": "integer", "type": "int64", "unique": 40, "missing": 0, "top": []}
    return plain | facts


def found(columns: list[dict[str, Any]], **seen: Any) -> dict[str, dict[str, Any]]:
    evidence = Evidence(**({"rows": ROWS, "sample": ROWS} | seen))
    return {one["id"]: one for one in quality.findings(columns, evidence)}


def about(*columns: dict[str, Any], **target: Any) -> dict[str, dict[str, Any]]:
    usual: dict[str, Any] = {"name": "y", "task": "classification", "rows": ROWS, "sample": ROWS}
    told = quality.about([*columns, column("y")], Target(**(usual | target)))
    return {one["id"]: one for one in told}


def test_a_plain_column_is_no_news() -> None:
    assert found([column()]) == {}
    assert about(column()) == {}


@pytest.mark.parametrize(
    ("facts", "kind", "severity"),
    [
        ({"missing": ROWS, "unique": 0, "kind": "constant"}, "empty", "info"),
        ({"unique": 1, "kind": "constant"}, "constant", "info"),
        ({"unique": 3, "top": [["0", 990], ["1", 10]]}, "nearly_constant", "info"),
        ({"unique": 3, "missing": 500, "top": [["0", 495]]}, "nearly_constant", "info"),
        ({"missing": 500}, "mostly_missing", "warn"),
        ({"missing": 499}, "gaps", "info"),
        ({"missing": 50}, "gaps", "info"),
        ({"kind": "identifier", "unique": ROWS}, "identifier", "info"),
        ({"kind": "category", "type": "string", "unique": 51}, "high_cardinality", "info"),
    ],
)
def test_what_a_column_shows_by_itself(facts: dict[str, Any], kind: str, severity: str) -> None:
    told = found([column("a", **facts), column("b")])
    assert told[kind]["severity"] == severity
    assert told[kind]["columns"] == ["a"]
    assert "`a`" in told[kind]["title"]


@pytest.mark.parametrize(
    "facts",
    [
        {"unique": 3, "top": [["0", 989], ["1", 11]]},
        {"missing": 49},
        {"kind": "category", "type": "string", "unique": 50},
        {"kind": "text", "type": "string", "unique": 900},
        {"kind": "integer", "unique": 900},
        {"kind": "image", "type": "image"},
    ],
)
def test_what_stays_within_the_bounds_is_silent(facts: dict[str, Any]) -> None:
    assert found([column("a", **facts)]) == {}


def test_the_names_of_pictures_are_no_news() -> None:
    assert found([column("file", kind="identifier", unique=ROWS), column("picture", kind="image")]) == {}


@pytest.mark.parametrize(
    ("seen", "identity", "said", "options"),
    [
        (
            {"copied_rows": 10},
            "duplicate_rows",
            "10 rows are exact copies",
            {"duplicates": "leave_out"},
        ),
        (
            {"disguised": [Disguised("age", {"-1": 7, "999": 2})]},
            "disguised:age",
            "“-1” and “999” in `age` may mean “missing”",
            {"missing_values": {"age": ["-1", "999"]}},
        ),
        (
            {"mixed": [Mixed("price", "numbers", 0.9, ("free",))]},
            "mixed:price",
            "`price` mixes numbers and words",
            {"kinds": {"price": "number"}},
        ),
        (
            {"mixed": [Mixed("ticket", "numbers", 0.3, ("A/5",))]},
            "mixed:ticket",
            "`ticket` mixes numbers and words",
            {"drop": ["ticket"]},
        ),
        (
            {"mixed": [Mixed("day", "dates", 0.95, ("soon",))]},
            "date_text",
            "`day` holds dates as text",
            {"kinds": {"day": "datetime"}},
        ),
        (
            {"personal": [Personal("mail", "e-mail addresses", 1.0), Personal("phone", "phone numbers")]},
            "personal",
            "`mail` and `phone` look like personal data",
            {"drop": ["mail", "phone"]},
        ),
    ],
)
def test_what_the_rows_show_comes_with_a_fix(
    seen: dict[str, Any], identity: str, said: str, options: dict[str, Any]
) -> None:
    told = found([column()], **seen)[identity]
    assert told["title"] == said
    assert told["action"]["options"] == options


@pytest.mark.parametrize(
    ("seen", "identity", "sort"),
    [
        ({"groups": [Groups("patient_id", 50, ROWS)]}, "groups:patient_id", "patient_id"),
        ({"ordered": [Ordered("day", 1.0)]}, "ordered:day", "-day"),
        ({"far": {"fare": 3}}, "outliers", "-fare"),
    ],
)
def test_what_only_a_person_can_judge_leads_to_the_rows(
    seen: dict[str, Any], identity: str, sort: str
) -> None:
    told = found([column()], **seen)[identity]
    assert told["action"]["rows"] == {"where": [], "sort": sort}


@pytest.mark.parametrize(("copies", "severity"), [(1, "info"), (9, "info"), (10, "warn"), (ROWS - 1, "warn")])
def test_many_copies_weigh_more_than_few(copies: int, severity: str) -> None:
    assert found([column()], copied_rows=copies)["duplicate_rows"]["severity"] == severity


@pytest.mark.parametrize(("rows", "columns", "is_few"), [(49, 1, True), (50, 1, False), (89, 10, True)])
def test_few_rows_are_told_by_the_columns_they_must_carry(rows: int, columns: int, is_few: bool) -> None:
    told = found([column(f"c{place}") for place in range(columns)], rows=rows)
    assert ("few_rows" in told) is is_few


@pytest.mark.parametrize(
    ("how", "words"),
    [("equal", "once more"), ("respelled", "in other words"), ("scaled", "on another scale")],
)
def test_a_copy_of_the_answer_is_the_worst(how: Any, words: str) -> None:
    told = about(column("x"), same=[Same("x", "y", how, ROWS)], strengths=[Strength("x", "auc", 1.0)])
    assert list(told) == ["leak:x"]
    assert told["leak:x"]["severity"] == "bad"
    assert words in told["leak:x"]["detail"]
    assert told["leak:x"]["action"] == {"label": "Leave out x", "options": {"drop": ["x"]}}


@pytest.mark.parametrize("measure", ["auc", "tau", "r2"])
@pytest.mark.parametrize(
    ("value", "identity", "severity"),
    [
        (1.0, "leak:x", "bad"),
        (0.975, "leak:x", "bad"),
        (0.9749, "strong", "warn"),
        (0.85, "strong", "warn"),
        (0.8499, None, ""),
        (0.0, None, ""),
    ],
)
def test_what_one_column_tells_alone_is_weighed(
    measure: Any, value: float, identity: str | None, severity: str
) -> None:
    told = about(column("x"), strengths=[Strength("x", measure, value)])
    assert list(told) == ([identity] if identity else [])
    if identity:
        assert told[identity]["severity"] == severity
        assert told[identity]["target"] == "y"


def test_strong_columns_are_named_together_and_none_is_accused() -> None:
    strong = [Strength("x", "r2", 0.9), Strength("z", "r2", 0.86)]
    told = about(column("x"), column("z"), task="regression", strengths=strong)["strong"]
    assert told["title"] == "`x` and `z` each tell most of `y`"
    assert "no reason to leave it out" in told["detail"]
    assert told["action"] is None
    assert [more["options"]["drop"] for more in told["more"]] == [["x"], ["z"]]


@pytest.mark.parametrize(
    ("name", "target", "is_late"),
    [
        ("discharge_date", "died_in_care", True),
        ("outcome_code", "y", True),
        ("balanceAfter", "y", True),
        ("final result", "y", True),
        ("price_per_area", "price", True),
        ("churn_reason", "churn", True),
        ("result", "result_of_test", False),
        ("class_size", "class", False),
        ("postcode", "y", False),
        ("age", "y", False),
        ("afternoon", "y", False),
    ],
)
def test_names_that_speak_of_what_comes_after(name: str, target: str, is_late: bool) -> None:
    told = about(column(name), column(target), name=target)
    assert (f"after:{name}" in told) is is_late


@pytest.mark.parametrize(("value", "severity"), [(0.2, "warn"), (0.84, "warn"), (0.85, "bad"), (0.97, "bad")])
def test_a_late_name_that_tells_much_is_worse(value: float, severity: str) -> None:
    told = about(column("final_state"), strengths=[Strength("final_state", "auc", value)])
    assert [(one["kind"], one["severity"]) for one in told.values()] == [("after", severity)]


def test_a_date_after_another_is_worth_a_look() -> None:
    told = about(column("ended", kind="datetime"), later=[Later("ended", "began", 1.0)])["after:ended"]
    assert told["severity"] == "info"
    assert "after `began` in 100 % of the rows that have both" in told["detail"]


@pytest.mark.parametrize(
    ("first", "second", "copy"),
    [
        ({"name": "class", "type": "string"}, {"name": "pclass"}, "class"),
        ({"name": "pclass"}, {"name": "class", "type": "string"}, "class"),
        (
            {"name": "town", "type": "string", "top": [["Southampton", 9]]},
            {"name": "port", "type": "string", "top": [["S", 9]]},
            "town",
        ),
        ({"name": "left"}, {"name": "right"}, "right"),
    ],
)
def test_the_plainer_of_two_equal_columns_is_kept(
    first: dict[str, Any], second: dict[str, Any], copy: str
) -> None:
    columns = [column(**first), column(**second)]
    (told,) = quality.duplicates(columns, [Same(first["name"], second["name"], "respelled", ROWS)])
    assert told["id"] == f"duplicate_columns:{copy}"
    assert told["action"]["options"] == {"drop": [copy]}


def test_columns_that_repeat_the_answer_are_not_told_twice() -> None:
    same = [Same("x", "y", "equal", ROWS)]
    told = about(column("x"), same=same, copies=[*same, Same("y", "x", "equal", ROWS)])
    assert list(told) == ["leak:x"]


@pytest.mark.parametrize(
    ("counts", "kinds"),
    [
        ([("a", 500), ("b", 500)], []),
        ([("a", 790), ("b", 210)], []),
        ([("a", 800), ("b", 200)], ["imbalance"]),
        ([("a", 990), ("b", 10)], ["imbalance"]),
        ([("a", 991), ("b", 9)], ["tiny_classes", "imbalance"]),
        ([("a", 1000)], []),
    ],
)
def test_uneven_and_rare_classes(counts: list[tuple[str, int]], kinds: list[str]) -> None:
    assert [one["kind"] for one in about(counts=counts).values()] == kinds


@pytest.mark.parametrize(
    ("skewness", "side"), [(2.1, "to the right"), (-2.1, "to the left"), (2.0, ""), (0.0, "")]
)
def test_a_long_tail_of_the_answer(skewness: float, side: str) -> None:
    told = about(task="regression", skewness=skewness)
    assert (side in told["skewed_target"]["title"]) if side else told == {}


@pytest.mark.parametrize(
    ("kind", "unique", "task"),
    [
        ("number", 2, "regression"),
        ("integer", 10, "classification"),
        ("integer", 11, "regression"),
        ("category", 90, "classification"),
        ("boolean", 2, "classification"),
    ],
)
def test_the_task_follows_from_the_answer(kind: str, unique: int, task: str) -> None:
    assert quality.task_of(column(kind=kind, unique=unique)) == task


def test_the_worst_comes_first_however_it_was_found() -> None:
    general = found([column("a", missing=600), column("b", unique=1)], copied_rows=1)
    told = quality.merged(list(general.values()), list(about(same=[Same("x", "y", "equal", 9)]).values()))
    assert [one["kind"] for one in told] == ["leak", "mostly_missing", "duplicate_rows", "constant"]


NAMES = st.text(min_size=1, max_size=120)


@given(names=st.lists(NAMES, min_size=1, max_size=12, unique=True), rows=st.integers(1, 10**9))
def test_any_names_make_findings_that_json_can_carry(names: list[str], rows: int) -> None:
    columns = [column(name, kind="identifier", unique=rows) for name in names]
    seen = Evidence(rows=rows, sample=rows, groups=[Groups(names[0], 1, rows)], far={names[-1]: 1})
    target = Target(names[0], "classification", rows, rows, strengths=[Strength(names[-1], "auc", 1.0)])
    told = quality.merged(quality.findings(columns, seen), quality.about(columns, target))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert len({one["id"] for one in told}) == len(told)
    for one in told:
        assert one["kind"] in DANGER
        assert one["severity"] in SEVERITIES
        assert one["title"].count("`") % 2 == 0
        assert len(one["title"]) < 500


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.00001, "0.1 %"), (0.99999, "99.9 %"), (0.5, "50.0 %")],
)
def test_nearly_all_is_not_told_as_all(share: float, said: str) -> None:
    assert words.percent(share) == said
