"""What a person chooses is checked before a file is read, put over earlier choices, and told in words."""

from typing import Any

import pytest

from datasets import changes
from datasets.forms import ReadingForm
from datasets.options import clean, clean_patch
from web.problems import Invalid


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("delimiter", "tab", "\t"),
        ("delimiter", "\\t", "\t"),
        ("delimiter", "spaces", " "),
        ("delimiter", "wide", "  "),
        ("delimiter", ":", ":"),
        ("encoding", "latin-1", "iso8859-1"),
        ("header", "false", False),
        ("header", True, True),
        ("quotes", "true", True),
        ("skip_rows", 3, 3),
        ("skip_footer", "12", 12),
        ("comment", "#", "#"),
        ("comment", "", ""),
        ("comment", "none", ""),
        ("decimal", ",", ","),
        ("thousands", "", ""),
        ("thousands", "none", ""),
        ("thousands", "space", " "),
        ("dates", "month_first", "month_first"),
        ("missing", ["-1", "none", "-1"], ["-1", "none"]),
        ("missing", "n/a, unknown", ["n/a", "unknown"]),
        ("missing", [], []),
        ("empty_columns", "keep", "keep"),
        ("empty_rows", "keep", "keep"),
        ("blanks", "strip", "strip"),
        ("merged_cells", "keep", "keep"),
        ("sheet", "Sales 2024", "Sales 2024"),
        ("member", "data/train.csv", "data/train.csv"),
        ("kinds", {"age": "number"}, {"age": "number"}),
        ("drop", ["alive", "alive"], ["alive"]),
        ("missing_values", {"age": ["-1"]}, {"age": ["-1"]}),
        ("duplicates", "leave_out", "leave_out"),
    ],
)
def test_a_choice_is_kept_in_our_own_words(name: str, sent: Any, kept: Any) -> None:
    assert clean({name: sent}) == {name: kept}


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("delimiter", "ab"),
        ("delimiter", "a"),
        ("delimiter", "."),
        ("delimiter", "é"),
        ("delimiter", 5),
        ("encoding", "klingon"),
        ("encoding", ["utf-8"]),
        ("header", 1),
        ("header", "maybe"),
        ("quotes", {}),
        ("skip_rows", -1),
        ("skip_rows", 1.5),
        ("skip_rows", True),
        ("skip_footer", 10**9),
        ("skip_footer", "٣"),
        ("comment", "##"),
        ("comment", "a"),
        ("comment", 5),
        ("decimal", ";"),
        ("decimal", [","]),
        ("thousands", ";"),
        ("thousands", None.__class__),
        ("dates", "year_first"),
        ("missing", {"a": 1}),
        ("missing", ["x" * 201]),
        ("missing", ["x"] * 101),
        ("missing", [5]),
        ("empty_columns", True),
        ("empty_rows", "drop"),
        ("blanks", "leave_out"),
        ("merged_cells", False),
        ("sheet", 1),
        ("sheet", "a\0b"),
        ("member", "x" * 1001),
        ("kinds", ["age"]),
        ("kinds", {"age": "colour"}),
        ("kinds", {"age": ["number"]}),
        ("kinds", {"": "number"}),
        ("drop", "alive"),
        ("drop", [5]),
        ("drop", ["x"] * 10_001),
        ("missing_values", {"age": 5}),
        ("duplicates", "remove"),
    ],
)
def test_a_choice_that_there_is_not_is_refused_in_a_sentence(name: str, sent: Any) -> None:
    with pytest.raises(Invalid) as caught:
        clean({name: sent})
    assert caught.value.field == f"options.{name}"
    assert caught.value.detail.endswith(".")


@pytest.mark.parametrize("sent", [None, [], "delimiter", 5])
def test_options_are_an_object(sent: Any) -> None:
    with pytest.raises(Invalid, match="Options are an object"):
        clean(sent)


def test_an_option_that_is_not_known_is_named_beside_those_that_are() -> None:
    with pytest.raises(Invalid) as caught:
        clean({"colour": "red"})
    assert caught.value.code == "unknown_field"
    assert "“colour”" in caught.value.detail
    assert "missing_values" in caught.value.detail


def test_nothing_chosen_means_that_it_is_found_out() -> None:
    assert clean({"delimiter": "", "header": None, "kinds": {"age": None}}) == {"kinds": {"age": None}}
    assert clean_patch({"delimiter": "", "header": None}) == {"delimiter": None, "header": None}


@pytest.mark.parametrize(
    ("old", "patch", "new", "note"),
    [
        ({}, {"delimiter": ";"}, {"delimiter": ";"}, "Read again: separated by semicolon."),
        ({}, {"header": False}, {"header": False}, "Read again: the first line is data."),
        ({"header": False}, {"header": None}, {}, "Read again: the names found out."),
        ({}, {"comment": ""}, {"comment": ""}, "Read again: without comments."),
        ({}, {"skip_rows": 0}, {"skip_rows": 0}, "Read again: from the first line."),
        ({}, {"skip_rows": 1}, {"skip_rows": 1}, "Read again: without the first line."),
        ({}, {"skip_footer": 2}, {"skip_footer": 2}, "Read again: without the last 2 lines."),
        ({}, {"missing": []}, {"missing": []}, "Read again: missing is nothing."),
        ({}, {"empty_rows": "keep"}, {"empty_rows": "keep"}, "Read again: with empty rows."),
        ({"blanks": "keep"}, {"blanks": None}, {}, "Read again: spaces around words as usual."),
        ({}, {"merged_cells": "keep"}, {"merged_cells": "keep"}, "Read again: merged cells as they are."),
        ({}, {"missing": ["?"]}, {"missing": ["?"]}, "Read again: missing is “?”."),
        (
            {"encoding": "cp1252"},
            {"dates": "month_first", "encoding": "koi8-r"},
            {"encoding": "koi8-r", "dates": "month_first"},
            "Read again: as Cyrillic (KOI8-R), month first.",
        ),
        ({}, {"drop": ["alive"]}, {"drop": ["alive"]}, "Left out alive."),
        ({"drop": ["a"]}, {"drop": ["b", "a"]}, {"drop": ["a", "b"]}, "Left out b."),
        ({"drop": ["a"]}, {"drop": []}, {}, "Took back a."),
        ({"drop": ["a"]}, {"drop": None}, {}, "Took back a."),
        (
            {"kinds": {"a": "text"}},
            {"kinds": {"b": "number"}},
            {"kinds": {"a": "text", "b": "number"}},
            "Chose that b is a number.",
        ),
        ({"kinds": {"a": "text"}}, {"kinds": {"a": None}}, {}, "Found out again what a is."),
        (
            {},
            {"missing_values": {"age": ["-1", "99"]}},
            {"missing_values": {"age": ["-1", "99"]}},
            "Read -1, 99 as missing in age.",
        ),
        ({"missing_values": {"age": ["-1"]}}, {"missing_values": {"age": None}}, {}, "Took age as written."),
        ({}, {"duplicates": "leave_out"}, {"duplicates": "leave_out"}, "Left out copied rows."),
        ({"header": True}, {}, {"header": True}, ""),
    ],
)
def test_choices_are_put_over_earlier_ones_and_told(
    old: dict[str, Any], patch: dict[str, Any], new: dict[str, Any], note: str
) -> None:
    assert changes.merged(old, clean_patch(patch)) == new
    assert changes.note(old, new) == note


def test_a_long_note_is_cut_and_many_columns_are_counted() -> None:
    dropped = [f"column number {place}" for place in range(30)]
    assert changes.note({}, {"drop": dropped}).endswith("column number 4 and 25 more.")
    assert len(changes.note({}, {"drop": [name * 10 for name in dropped]})) == changes.LONGEST


def _columns(**kinds: str) -> list[dict[str, str]]:
    return [{"name": name, "kind": kind} for name, kind in kinds.items()]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (_columns(a="text"), _columns(a="datetime"), ["`a` becomes a date."]),
        (_columns(a="text"), _columns(a="text"), []),
        (
            _columns(a="text", b="text"),
            _columns(a="text", b="text", c="number"),
            ["2 columns become 3.", "`c` is new."],
        ),
        (_columns(a="text", b="text"), _columns(a="text"), ["2 columns become 1.", "`b` goes."]),
        (_columns(a="text", b="text"), _columns(a="text", x="text"), ["`b` is called `x`."]),
    ],
)
def test_what_another_reading_changes_is_told_by_column(
    before: list[dict[str, str]], after: list[dict[str, str]], said: list[str]
) -> None:
    assert changes.sentences(before, after) == said


def test_the_form_offers_nothing_that_the_check_refuses() -> None:
    form = ReadingForm()
    for name, field in form.fields.items():
        for value, _ in getattr(field, "choices", []):
            assert set(clean_patch({name: value})) == {name}


def test_the_form_sends_only_what_was_chosen() -> None:
    form = ReadingForm({"delimiter": "tab", "comment": "none", "skip_rows": "0", "missing": "", "sheet": "A"})
    assert form.is_valid()
    expected = {"delimiter": "tab", "comment": "none", "skip_rows": 0, "sheet": "A"}
    assert form.options() == expected
    assert clean(form.options()) == {"delimiter": "\t", "comment": "", "skip_rows": 0, "sheet": "A"}
