"""A page of rows is the rows of the file, wherever it begins and whatever was asked for."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasets import asking
from datasets.problems import CannotRead
from datasets.readers import rows
from tests import builders
from tests.datasets.conftest import Read
from web.problems import Refused

Answer = dict[str, Any]
Ask = Callable[..., Answer]


def ignore(kind: str, data: dict[str, Any]) -> None:
    """Nobody listens."""


def page(folder: Path, offset: int = 0, limit: int = 50, **asked: Any) -> Answer:
    table = str(folder / "table.parquet")
    rows.preview(ignore, parquet=table, page=(offset, limit), out=str(folder), **asked)
    found: Answer = json.loads((folder / "rows.json").read_text())
    return found


def places(found: Answer) -> list[Any]:
    return [row[0] for row in found["cells"]]


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the table of 60,000 rows, which lie in some groups of rows."""
    folder = tmp_path_factory.mktemp("long")
    source = folder / "long.csv"
    source.write_text("place,word\n" + "".join(f"{number},w{number % 7}\n" for number in range(60_000)))
    builders.read(source, folder)
    return folder


@pytest.mark.parametrize(
    ("offset", "limit", "expected"),
    [
        (0, 3, [0, 1, 2]),
        (10_239, 2, [10_239, 10_240]),
        (40_958, 4, [40_958, 40_959, 40_960, 40_961]),
        (59_999, 10, [59_999]),
        (60_000, 10, []),
        (10**12, 10, []),
        (5, 0, []),
    ],
)
def test_rows_come_from_where_they_lie(long: Path, offset: int, limit: int, expected: list[int]) -> None:
    found = page(long, offset, limit)
    assert (places(found), found["numbers"], found["count"]) == (expected, expected, 60_000)


def test_a_late_page_of_a_long_order_is_the_one_that_follows(long: Path) -> None:
    asked = {"sort": [["word", True]], "where": [["place", "ge", 10_000]]}
    early, late = page(long, 0, 4, **asked), page(long, 7142, 4, **asked)
    assert early["count"] == late["count"] == 50_000
    assert early["numbers"] == [10_002, 10_009, 10_016, 10_023]
    assert late["numbers"] == [59_996, 10_001, 10_008, 10_015]


def test_cells_are_what_json_can_carry(read: Read) -> None:
    text = (
        "day,yes,share,word\n2020-01-02,true,1.5,"
        + "x" * 600
        + "\n,false,,short\n2020-01-03,true,2.5,short\n"
    )
    first, second, _ = page(read(text)["folder"], 0, 10)["cells"]
    assert first[:3] == ["2020-01-02 00:00:00", True, 1.5]
    assert first[3] == "x" * 500 + "…"
    assert second == [None, False, None, "short"]


def test_some_columns_of_many_come_alone_and_in_the_order_asked_for(read: Read) -> None:
    folder = read("a.b,c,d\n1,2,3\n4,5,6\n")["folder"]
    assert page(folder, 1, 5, columns=["d", "a.b"])["cells"] == [[6, 4]]


def test_a_wide_table_is_read_whole_and_in_its_order(read: Read) -> None:
    width = 450
    names = ",".join(f"c{number}" for number in range(width))
    lines = "".join(",".join(str(row * width + number) for number in range(width)) + "\n" for row in range(5))
    profile = read(f"{names}\n{lines}")
    assert [column["min"] for column in profile["columns"]] == list(range(width))
    assert [column["max"] for column in profile["columns"]] == [4 * width + number for number in range(width)]
    assert page(profile["folder"], 2, 1)["cells"] == [list(range(2 * width, 3 * width))]


def test_a_picture_is_not_sent_but_named_by_its_row(tmp_path: Path) -> None:
    import duckdb

    values = "(1, 'abc'::BLOB), (2, NULL), (3, 'def'::BLOB)"
    table = tmp_path / "table.parquet"
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {values}) t(\"=n\", image)) TO '{table}' (FORMAT parquet)")  # noqa: S608 - our own words
    assert page(tmp_path, sort=[["=n", True]])["cells"] == [[3, {"thumb": 2}], [2, None], [1, {"thumb": 0}]]
    rows.export(ignore, parquet=str(table), out=str(tmp_path), most=5)
    assert (tmp_path / "rows.csv").read_text() == "'=n\n1\n2\n3\n"


PEOPLE = (
    "age,fare,born,member,name,note\n"
    "22,7.25,1901-02-03,true,Ann,50% off\n"
    "38,71.5,1885-05-06,false,bob,it's\n"
    ",8,1890-07-08,true,Änne,\n"
    "35,53.1,,false,Bo_b,=1+1\n"
    "54,,1869-09-10,true,Cleo,a\n"
)
SCHEMA = [
    {"name": "age", "type": "int64"},
    {"name": "fare", "type": "float64"},
    {"name": "born", "type": "datetime"},
    {"name": "member", "type": "bool"},
    {"name": "name", "type": "string"},
    {"name": "note", "type": "string"},
    {"name": "image", "type": "image"},
    {"name": "a,b", "type": "int64"},
    {"name": "-c", "type": "int64"},
    {"name": "c", "type": "int64"},
]


@pytest.fixture
def ask(read: Read) -> Ask:
    """The rows of five people that fit, as the web process asks for them."""
    folder = read(PEOPLE)["folder"]

    def _ask(*where: list[Any], sort: str = "", q: str = "") -> Answer:
        words = json.loads(json.dumps(asking.clean(SCHEMA, where, sort, q).words))
        return page(folder, **words)

    return _ask


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ([["age", "gt", 35]], [1, 4]),
        ([["age", "ge", "35"]], [1, 3, 4]),
        ([["age", "lt", 35.5]], [0, 3]),
        ([["age", "le", 10**25]], [0, 1, 3, 4]),
        ([["age", "ne", 22]], [1, 2, 3, 4]),
        ([["age", "missing"]], [2]),
        ([["age", "present", None]], [0, 1, 3, 4]),
        ([["fare", "eq", 53.1]], [3]),
        ([["fare", "lt", -1e300]], []),
        ([["born", "lt", "1886-01-01"]], [1, 4]),
        ([["born", "eq", "1901-02-03T00:00:00+00:00"]], [0]),
        ([["member", "eq", False]], [1, 3]),
        ([["member", "ne", "false"]], [0, 2, 4]),
        ([["name", "contains", "B"]], [1, 3]),
        ([["name", "contains", "ä"]], [2]),
        ([["name", "contains", "_"]], [3]),
        ([["note", "contains", "%"]], [0]),
        ([["note", "eq", "it's"]], [1]),
        ([["note", "eq", "' OR 1=1 --"]], []),
        ([["name", "ge", "Bo"], ["name", "lt", "b"]], [3, 4]),
        ([["age", "gt", 30], ["member", "eq", True]], [4]),
    ],
)
def test_a_filter_keeps_the_rows_that_fit(ask: Ask, where: list[Any], expected: list[int]) -> None:
    found = ask(*where)
    assert (found["numbers"], found["count"]) == (expected, len(expected))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("age", [0, 3, 1, 4, 2]),
        ("-age", [4, 1, 3, 0, 2]),
        ("member,-fare", [1, 3, 2, 0, 4]),
        ("-born", [0, 2, 1, 4, 3]),
        ("", [0, 1, 2, 3, 4]),
    ],
)
def test_an_order_puts_missing_values_last(ask: Ask, sort: str, expected: list[int]) -> None:
    assert ask(sort=sort)["numbers"] == expected


@pytest.mark.parametrize(("q", "expected"), [("BO", [1, 3]), ("1+1", [3]), ("%", [0]), ("nowhere", [])])
def test_a_search_looks_into_every_column_of_text(ask: Ask, q: str, expected: list[int]) -> None:
    assert ask(q=q)["numbers"] == expected


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ({"where": [["nowhere", "eq", 1]]}, "where", "There is no column “nowhere”."),
        ({"where": [["age", "like", 1]]}, "where", "There is no comparison “like”."),
        ({"where": [["age", "gt", "old"]]}, "where", "“age” is compared with a number, not with “old”."),
        ({"where": [["age", "gt", True]]}, "where", "a number"),
        ({"where": [["age", "gt", "nan"]]}, "where", "a number"),
        ({"where": [["age", "gt", "9" * 5000]]}, "where", "a number"),
        ({"where": [["age", "gt"]]}, "where", "a number"),
        ({"where": [["age", "contains", "2"]]}, "where", "holds no text"),
        ({"where": [["born", "lt", "yesterday"]]}, "where", "a date such as"),
        ({"where": [["born", "lt", 5]]}, "where", "a date such as"),
        ({"where": [["member", "lt", True]]}, "where", "true or false"),
        ({"where": [["member", "eq", "maybe"]]}, "where", "true or false"),
        ({"where": [["name", "eq", ["x"]]]}, "where", "a text"),
        ({"where": [["name", "eq", "a\x00"]]}, "where", "NUL"),
        ({"where": [["name", "eq", "x" * 501]]}, "where", "500 characters"),
        ({"where": [["image", "eq", "x"]]}, "where", "holds pictures"),
        ({"where": ["not json"]}, "where", "is JSON"),
        ({"where": ["[" * 100_000]}, "where", "is JSON"),
        ({"where": ['"age"']}, "where", "an array"),
        ({"where": [[1, "eq", 2]]}, "where", "an array"),
        ({"where": [["age", "missing"]] * 21}, "where", "20 is the most"),
        ({"sort": "age,nowhere"}, "sort", "There is no column “nowhere”."),
        ({"sort": "image"}, "sort", "by pictures"),
        ({"sort": "age,fare,born,name,note"}, "sort", "up to 4"),
        ({"q": "a\x00"}, "q", "NUL"),
    ],
)
def test_what_rows_cannot_be_asked_is_refused_with_its_field(
    asked: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(Refused) as caught:
        asking.clean(SCHEMA, **asked)
    assert (caught.value.status, caught.value.field) == (400, field)
    assert says in caught.value.detail


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("a,b", (("a,b", False),)),
        ("-a,b,age", (("a,b", True), ("age", False))),
        ("-c", (("-c", False),)),
        ("c,--c", (("c", False), ("-c", True))),
    ],
)
def test_names_with_commas_and_signs_can_be_sorted_by(sort: str, expected: Any) -> None:
    assert asking.clean(SCHEMA, sort=sort).sort == expected


@pytest.mark.parametrize("raw", ["age", "[]", "{}", '["nowhere"]', "[1]", '"age"'])
def test_columns_that_are_none_are_refused(raw: str) -> None:
    with pytest.raises(Refused) as caught:
        asking.names(SCHEMA, raw)
    assert (caught.value.status, caught.value.field) == (400, "columns")


def test_columns_are_named_once_in_the_order_asked_for() -> None:
    assert asking.names(SCHEMA, '["c", "age", "c"]') == ["c", "age"]
    assert asking.names(SCHEMA, "") is None


DANGEROUS = [
    "=1+1",
    "+cmd",
    "@SUM(A1)",
    "-2+3",
    "\ttab",
    '=HYPERLINK("x")',
    "plain",
    "a=b",
    "line\nbreak, “q”",
]


def test_a_file_of_rows_is_safe_to_open_as_a_sheet(read: Read, tmp_path: Path) -> None:
    source = tmp_path / "danger.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["n", "@text"], *([-number, text] for number, text in enumerate(DANGEROUS))]
        )
    folder = read(source, delimiter=",")["folder"]
    rows.export(ignore, parquet=str(folder / "table.parquet"), out=str(folder), most=100, sort=[["n", True]])
    with (folder / "rows.csv").open(newline="") as file:
        head, *found = csv.reader(file)
    assert head == ["n", "text"]
    assert [row[0] for row in found] == [str(-number) for number in range(len(DANGEROUS))]
    texts = [row[1] for row in found]
    assert all(not text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in texts)
    assert [text.removeprefix("'").strip() for text in texts] == [text.strip() for text in DANGEROUS]


def test_more_rows_than_a_file_may_hold_are_refused_with_the_numbers(long: Path) -> None:
    table, folder = str(long / "table.parquet"), long
    with pytest.raises(CannotRead) as caught:
        rows.export(ignore, parquet=table, out=str(folder), most=1000, where=[["place", "lt", 1001]])
    assert caught.value.code == "too_many_rows"
    assert "1,001 rows. Up to 1,000" in caught.value.detail
    rows.export(ignore, parquet=table, out=str(folder), most=1000, where=[["place", "lt", 1000]])
    assert len((folder / "rows.csv").read_text().splitlines()) == 1001
