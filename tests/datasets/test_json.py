"""Records in JSON become rows, in whichever of its usual shapes they come."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from datasets import actions
from datasets.problems import CannotRead
from datasets.readers import formats
from datasets.tables import Work
from tests.datasets.conftest import LIMITS, Read, Sent, column, decision

Refuse = Callable[..., CannotRead]
RECORDS = [{"age": 20, "city": "Rome"}, {"age": 31, "city": None}, {"age": 42, "city": "Oslo"}]
COLUMNS: dict[str, list[Any]] = {"age": [20, 31, 42], "city": ["Rome", None, "Oslo"]}
LISTS = [[20, "Rome"], [31, None], [42, "Oslo"]]
SHAPES: list[tuple[str, str, str]] = [
    ("a list of records", json.dumps(RECORDS), "json"),
    ("a list over many lines", json.dumps(RECORDS, indent=2), "json"),
    ("one record in each line", "\n".join(map(json.dumps, RECORDS)), "jsonl"),
    ("lines with gaps", "\n\n".join(map(json.dumps, RECORDS)) + "\n\n", "jsonl"),
    ("lines as Windows ends them", "\r\n".join(map(json.dumps, RECORDS)), "jsonl"),
    ("lines of lists", "\n".join(map(json.dumps, [["age", "city"], *LISTS])), "jsonl"),
    ("columns", json.dumps(COLUMNS), "json"),
    ("cells by row", json.dumps({name: dict(enumerate(cells)) for name, cells in COLUMNS.items()}), "json"),
    ("names and data", json.dumps({"columns": list(COLUMNS), "index": [0, 1, 2], "data": LISTS}), "json"),
    ("data among other things", json.dumps({"count": 3, "next": None, "data": RECORDS}), "json"),
    ("a list of lists with names", json.dumps([["age", "city"], *LISTS]), "json"),
]


@pytest.mark.parametrize(("shape", "text", "kind"), SHAPES, ids=[case[0] for case in SHAPES])
def test_every_usual_shape_gives_the_same_table(read: Read, shape: str, text: str, kind: str) -> None:
    profile = read(text)
    assert (profile["format"], profile["rows"]) == (kind, 3)
    assert [(column["name"], column["type"], column["missing"]) for column in profile["columns"]] == [
        ("age", "int64", 0),
        ("city", "string", 1),
    ]


ENCODED = '[{"name": "Zoë", "age": 3}, {"name": "Åse", "age": 4}]'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_the_encodings_of_json_are_known(read: Read, encoding: str) -> None:
    profile = read(ENCODED.encode(encoding))
    assert column(profile, "name")["examples"] == ["Zoë", "Åse"]


@pytest.mark.parametrize(
    ("options", "value", "first"),
    [({}, "around values kept", " red "), ({"blanks": "strip"}, "around values left out", "red")],
)
def test_spaces_around_words_stay_unless_somebody_wants_them_gone(
    read: Read, options: dict[str, str], value: str, first: str
) -> None:
    profile = read('[{"a": " red ", "b": 1}, {"a": "blue", "b": 2}]', **options)
    assert decision(profile, "Spaces")["value"] == value
    assert column(profile, "a")["examples"][0] == first


def test_another_encoding_is_asked_for(read: Read, refused: Refuse) -> None:
    data = ENCODED.encode("cp1252")
    assert (refused(data).code, refused(data).field) == ("encoding_unknown", "encoding")
    profile = read(data, encoding="cp1252")
    assert column(profile, "name")["examples"] == ["Zoë", "Åse"]
    made = decision(profile, "Encoding")
    assert made["why"] == "you chose it"
    assert {"cp1252", "iso8859-1"} <= {choice["value"] for choice in made["choices"]}


def test_the_encodings_that_fit_are_offered(read: Read) -> None:
    made = decision(read(ENCODED.encode()), "Encoding")
    assert (made["value"], made["option"], made["choices"][0]["value"]) == ("UTF-8", "encoding", "utf-8")
    latin = next(choice for choice in made["choices"] if choice["value"] == "iso8859-1")
    flipped = read(ENCODED.encode(), encoding=latin["value"])
    assert column(flipped, "name")["examples"][0] == "ZoÃ«"
    assert decision(flipped, "Encoding")["value"] == latin["label"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("mark", ["", "﻿"])
def test_an_encoding_that_is_chosen_may_have_its_mark(read: Read, encoding: str, mark: str) -> None:
    profile = read((mark + ENCODED).encode(encoding), encoding=encoding)
    assert column(profile, "name")["examples"] == ["Zoë", "Åse"]


def test_what_lies_inside_becomes_columns_one_level_deep(read: Read) -> None:
    first = {"id": 1, "home": {"city": "Rome", "at": {"x": 1}}, "tags": ["a", "b"], "none": {}, "no": []}
    profile = read(json.dumps([first, {"id": 2, "home": {"city": "Oslo"}}]))
    named = {column["name"]: column["examples"] for column in profile["columns"]}
    assert named["home.city"] == ["Rome", "Oslo"]
    assert named["home.at"] == ['{"x": 1}']
    assert named["tags"] == ['["a", "b"]']
    assert decision(profile, "Nested values")["value"] == "“home.at”, “tags”"


def test_records_may_differ_in_what_they_hold(read: Read) -> None:
    profile = read('{"a": 1}\n{"b": 2}\n{"a": 3, "c": 4}\n')
    assert {column["name"]: column["missing"] for column in profile["columns"]} == {"a": 1, "b": 2, "c": 2}


VALUES: list[tuple[str, str, str]] = [
    ("whole numbers", "[1, 2, -3]", "int64"),
    ("numbers", "[1.5, 2, 1e-3]", "float64"),
    ("truth", "[true, false, true]", "bool"),
    ("numbers as text", '["1", "2", "3"]', "int64"),
    ("codes", '["01", "02", "10"]', "string"),
    ("days", '["2024-01-02", "2024-02-01", null]', "datetime"),
    ("beyond 64 bits", "[123456789012345678901, 1, 2]", "string"),
    ("half a sign", '["\\ud800", "b", "c"]', "string"),
]


@pytest.mark.parametrize(("what", "cells", "type_"), VALUES, ids=[case[0] for case in VALUES])
def test_cells_get_their_type(read: Read, what: str, cells: str, type_: str) -> None:
    profile = read(f'{{"key": ["a", "b", "c"], "value": {cells}}}')
    assert column(profile, "value")["type"] == type_


LONG = [{"place": place, "words": "w" * 50} for place in range(20_000)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps(LONG)),
        ("a.json", json.dumps({"data": LONG})),
        ("a.jsonl", "\n".join(map(json.dumps, LONG))),
    ],
    ids=["list", "object", "lines"],
)
def test_a_long_file_can_be_tried(ingest: Sent, owner: User, name: str, text: str) -> None:
    version = ingest(text, name)
    found = actions.try_reading(version=version, options={"kinds": {"place": "text"}}, by=owner)
    assert (found["problem"], len(found["rows"])) == (None, 20)
    assert found["columns"][0] == {"name": "place", "kind": "text", "type": "string"}


REFUSED: list[tuple[str, str, str, int | None]] = [
    ("no rows", "[]", "no_rows", None),
    ("no names", "[{}, {}]", "too_few_columns", None),
    ("one column", '[{"a": 1}, {"a": 2}]', "too_few_columns", None),
    ("one row", '[{"a": 1, "b": 2}]', "too_few_rows", None),
    ("no table", '{"a": 1, "b": [1, 2]}', "json_no_table", None),
    ("columns of different lengths", '{"a": [1, 2], "b": [1]}', "json_ragged", None),
    ("a row with too many cells", json.dumps([["a", "b"], *[[1, 2]] * 400, [1, 2, 3]]), "json_ragged", 1),
    ("a number among records", '[{"a": 1, "b": 2},\n5]', "json_mixed", 2),
    ("a list among records", '{"a": 1, "b": 2}\n{"a": 1, "b": 2}\n[1, 2]\n', "json_mixed", 3),
    ("a list that goes too deep", "[" * 100_000, "json_too_deep", 1),
    ("a record that goes too deep", '{"a":' * 100_000, "json_too_deep", 1),
    (
        "a cell that goes too deep",
        '[{"a": 1},\n{"b": ' + "[" * 99_999 + "]" * 99_999 + "}]",
        "json_too_deep",
        2,
    ),
    ("no number", '[{"a": 1, "b": 2},\n{"a": NaN, "b": 1}]', "json_nan", 2),
    ("the same key twice", '{"a": 1, "b": 2}\n{"a": 1, "a": 2}\n', "json_duplicate_key", 2),
    ("one bad line", '{"a": 1, "b": 1}\n{"a": 1, "b": 1}\n{"a": 1, "b": }\n{"a": 1}\n', "json_broken", 3),
    ("a line cut off", '{"a": 1, "b": 1}\n{"a": 1, "b": 2', "json_broken", 2),
    ("a list cut off", '[{"a": 1, "b": 1},\n{"a": 1', "json_broken", 2),
    ("a list without its end", '[{"a": 1, "b": 1},\n{"a": 1}', "json_broken", 2),
    ("no comma", '[{"a": 1}\n{"b": 1}]', "json_broken", 2),
    ("a comma too many", '[{"a": 1},\n]', "json_broken", 2),
    ("more after the end", '[{"a": 1}]\nx', "json_broken", 2),
    ("a number without end", '[{"a": 1},\n{"b": ' + "9" * 5000 + "}]", "json_broken", 2),
    ("a NUL", '[{"a": 1},\n{"b": "x\\u0000"}]', "nul_bytes", 2),
    ("a record without end", '[{"a": "' + "x" * (17 * 2**20) + '"}]', "field_too_long", 1),
    ("a cell without end", '{"a": "' + "x" * (5 * 2**20) + '"}\n{"a": "b"}\n', "field_too_long", 1),
]


@pytest.mark.parametrize(("what", "text", "code", "line"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_is_no_table_is_refused_with_its_line(
    refused: Refuse, what: str, text: str, code: str, line: int | None
) -> None:
    problem = refused(text)
    assert problem.code == code
    assert line is None or re.search(rf"(line|row) {line}\b", problem.detail.lower())


def test_so_many_columns_are_refused_at_once(refused: Refuse) -> None:
    wide = json.dumps({f"k{place}": place for place in range(10_001)})
    assert refused(f"[{wide}, {wide}]").code == "too_many_columns"


@pytest.fixture
def records_of(tmp_path: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    """The rows of a text that is called JSON."""
    folders = iter(range(1000))

    def _records_of(text: str) -> list[tuple[Any, ...]]:
        folder = tmp_path / str(next(folders))
        folder.mkdir()
        source = folder / "source"
        source.write_text(text, encoding="utf-8")
        work = Work(source, folder, lambda kind, told: None, LIMITS, {}, "table.json")
        table = formats.reader_of(work)(work)
        cells = ", ".join(column.sql for column in table.columns)
        rows: list[tuple[Any, ...]] = table.con.execute(f"SELECT {cells} FROM {table.relation}").fetchall()  # noqa: S608
        table.con.close()
        return rows

    return _records_of


@pytest.mark.parametrize("text", ["42", '"words"', "true", "a,b\n1,2\n"])
def test_what_is_only_called_json_is_refused(records_of: Callable[[str], Any], text: str) -> None:
    with pytest.raises(CannotRead) as caught:
        records_of(text)
    assert caught.value.code == "json_no_table"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).map(
    lambda word: f"w{word}"
)


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.fixed_dictionaries({"first": WORDS, "second": WORDS}), min_size=2, max_size=20), st.booleans()
)
def test_any_words_come_back_as_they_were(
    records_of: Callable[[str], Any], rows: list[dict[str, str]], lines: bool
) -> None:
    rows = [{"first": row["first"], "second": row["second"]} for row in rows]
    text = "\n".join(map(json.dumps, rows)) if lines else json.dumps(rows, ensure_ascii=False)
    assert records_of(text) == [(row["first"], row["second"]) for row in rows]
