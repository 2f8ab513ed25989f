"""Delimited text of every kind is read as it was meant, or refused in a sentence."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from datasets.problems import CannotRead
from tests.conftest import EXAMPLES
from tests.datasets.conftest import Read, column, decision

AWKWARD = Path(__file__).parent.parent / "data" / "awkward"
Refuse = Callable[..., CannotRead]
BODY = "".join(f"{number},word {number % 3},{number / 4}\n" for number in range(40))


def cells(profile: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(profile["folder"] / "table.parquet").to_pylist()
    return rows


@pytest.mark.parametrize(
    ("name", "rows", "columns"), [("penguins", 344, 7), ("titanic", 891, 15), ("mpg", 398, 9)]
)
def test_the_examples_are_read_whole(read: Read, name: str, rows: int, columns: int) -> None:
    profile = read(EXAMPLES / f"{name}.csv")
    assert (profile["rows"], len(profile["columns"])) == (rows, columns)
    assert decision(profile, "Rows kept")["value"] == f"{rows} of {rows}"


def test_rows_keep_the_order_of_the_file(read: Read) -> None:
    profile = read("place,word\n" + "".join(f"{number},w{number % 7}\n" for number in range(250_000)))
    places = pq.read_table(profile["folder"] / "table.parquet").column("place").to_pylist()
    assert places == list(range(250_000))


@pytest.mark.parametrize(("mark", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")])
def test_the_separator_is_found_out(read: Read, mark: str, word: str) -> None:
    profile = read(("number,text,share\n" + BODY).replace(",", mark))
    assert decision(profile, "Separator")["value"] == word
    assert (profile["rows"], len(profile["columns"])) == (40, 3)


def test_another_separator_can_be_chosen(read: Read) -> None:
    profile = read("a:b\n1:2\n3:4\n", delimiter=":")
    assert [known["name"] for known in profile["columns"]] == ["a", "b"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "shift_jis"]
)
def test_the_encoding_is_found_out(read: Read, encoding: str) -> None:
    word = "日本語の文章を書く" if encoding == "shift_jis" else "Zürich café"
    text = "place,word\n" + "".join(f"{number},{word}{number}\n" for number in range(50))
    profile = read(text.encode(encoding))
    assert profile["rows"] == 50
    assert cells(profile)[7]["word"] == f"{word}7"


def test_the_encoding_can_be_chosen(read: Read) -> None:
    profile = read("place,word\n1,Łódź\n2,Kraków\n".encode("cp1250"), encoding="cp1250")
    assert cells(profile)[0]["word"] == "Łódź"


def test_two_encodings_in_one_file_are_refused_with_the_line(refused: Refuse) -> None:
    data = "place,word\n1,Zürich\n2,Köln\n".encode() + "3,Genève\n".encode("latin-1")
    problem = refused(data)
    assert problem.code == "encoding_unknown"
    assert "Line 4" in str(problem)


def test_an_encoding_that_does_not_fit_is_refused(refused: Refuse) -> None:
    assert refused("a,b\n1,é\n2,è\n".encode("latin-1"), encoding="utf-8").code == "encoding_unknown"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n \n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"a,b,c\n", "no_rows"),
        (b"a,b,c", "no_rows"),
        (b"a\n1\n2\n", "too_few_columns"),
        (b"a,b\n1,2\n", "too_few_rows"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "type_mismatch"),
        (b"<!DOCTYPE html><p>a,b", "type_mismatch"),
        (b'a,b\n1,"2\n3,4\n5,6\n', "unclosed_quote"),
        (b"a,b,c\n1,2\n3,4\n5,6,7\n", "ragged_rows"),
    ],
)
def test_what_is_no_table_is_refused(refused: Refuse, data: bytes, code: str) -> None:
    problem = refused(data)
    assert problem.code == code
    assert problem.problem == {"code": code, "detail": str(problem), "field": problem.field}


def test_a_nul_byte_is_refused_with_its_line(refused: Refuse) -> None:
    problem = refused(b"a,b\n1,2\n3,x\x00y\n")
    assert problem.code == "nul_bytes"
    assert "Line 3" in str(problem)


def test_a_hundred_thousand_columns_are_refused_soon(refused: Refuse) -> None:
    line = ",".join(f"c{number}" for number in range(100_000))
    began = time.monotonic()
    assert refused(f"{line}\n{line}\n{line}\n").code == "too_many_columns"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_field_of_fifty_megabytes_is_refused(refused: Refuse, quote: str) -> None:
    data = f"a,b\n1,2\n3,{quote}{'x' * 50_000_000}{quote}\n5,6\n"
    assert refused(data).code == "field_too_long"


def test_a_long_field_of_many_lines_is_refused_too(refused: Refuse) -> None:
    data = 'a,b\n1,2\n3,"' + "word\n" * 2_000_000 + '"\n5,6\n'
    assert refused(data).code == "field_too_long"


def test_rows_that_do_not_fit_are_listed_by_line_and_reason(read: Read) -> None:
    lines = (BODY * 3).splitlines()
    lines[10:10] = ["1,2", "1,2,3,4"]
    profile = read("number,text,share\n" + "\n".join(lines) + "\n")
    kept = decision(profile, "Rows kept")
    assert (profile["rows"], kept["value"]) == (120, "120 of 122")
    assert kept["lines"] == [
        {"line": 12, "reason": "too few cells"},
        {"line": 13, "reason": "too many cells"},
    ]


def test_the_lines_are_those_of_the_file_where_cells_hold_line_ends(read: Read) -> None:
    body = BODY * 3
    profile = read('number,text,share\n1,"two\nlines",2\n\n1,2\n' + body)
    assert decision(profile, "Rows kept")["lines"] == [{"line": 5, "reason": "too few cells"}]


def test_a_long_first_row_shifts_nothing(read: Read) -> None:
    rows = "".join(f"{number},{number * 2}\n" for number in range(30))
    profile = read("a,b\n1,2,3\n" + rows)
    assert decision(profile, "Rows kept")["lines"] == [{"line": 2, "reason": "too many cells"}]
    assert cells(profile)[5] == {"a": 5, "b": 10}


def test_rows_that_are_all_longer_than_their_names_are_refused(refused: Refuse) -> None:
    rows = "".join(f"{number},{number * 2},{number * 3}\n" for number in range(30))
    assert refused("a,b\n" + rows).code == "ragged_rows"


def test_a_separator_at_the_end_of_each_row_makes_an_empty_column(read: Read) -> None:
    profile = read("a,b\n1,2,\n3,4,\n5,6,\n", empty_columns="keep")
    assert [known["name"] for known in profile["columns"]] == ["a", "b", "column_3"]
    assert profile["rows"] == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b\n1,"ha ""ha"" ha"\n3,4\n', 'ha "ha" ha'),
        ('a,b\n1,"one, two"\n3,4\n', "one, two"),
        ('a,b\n1,"once\nupon"\n3,4\n', "once\nupon"),
        ('a,b\r\n1,"once\r\nupon"\r\n3,4\r\n', "once\r\nupon"),
        ('a,b\n1,"{""type"": ""Point""}"\n3,4\n', '{"type": "Point"}'),
        ("a,b\n1,ʤ\n3,4\n", "ʤ"),
        ("a,b\r1,old\r3,4\r", "old"),
        ("a,b\n1,mixed\r\n3,4\n", "mixed"),
        ("a,b\n1,no end\n3,4", "no end"),
    ],
)
def test_quotes_and_line_ends_are_read_right(read: Read, text: str, expected: str) -> None:
    assert str(cells(read(text))[0]["b"]) == expected


def test_quotes_inside_tabbed_text_are_letters(read: Read) -> None:
    lines = [f'ham\tshe said "hello {number}' for number in range(30)] + ['spam\t"win now', 'ham\tbye" now']
    profile = read("\n".join(lines) + "\n", header=False)
    assert profile["rows"] == 32
    assert cells(profile)[30]["column_2"] == '"win now'


def test_names_are_found_out(read: Read) -> None:
    assert decision(read("number,text,share\n" + BODY), "Names")["value"] == "from line 1"
    assert decision(read(BODY), "Names")["value"] == "made up"
    assert [known["name"] for known in read(BODY)["columns"]] == ["column_1", "column_2", "column_3"]


def test_whether_there_are_names_can_be_chosen(read: Read) -> None:
    assert read("1,2\n3,4\n5,6\n", header=True)["rows"] == 2
    assert read("a,b\nc,d\ne,f\n", header=False)["rows"] == 3


def test_a_title_above_the_names_is_left_out(read: Read) -> None:
    profile = read("Yearly report\n\nnumber,text,share\n" + BODY)
    assert profile["rows"] == 40
    assert profile["columns"][0]["name"] == "number"
    above = decision(profile, "Lines above")
    assert (above["value"], above["lines"]) == ("2 lines left out", [{"line": 1, "reason": "Yearly report"}])


def test_odd_names_are_changed_and_listed(read: Read) -> None:
    long = "x" * 10_000
    profile = read(f"a,a,,{long},  b  ,__class__,=cmd(),<b>x</b>\n" + "1,2,3,4,5,6,7,8\n" * 3)
    names = [known["name"] for known in profile["columns"]]
    assert names == ["a", "a_2", "column_3", "x" * 120, "b", "class", "cmd()", "b x /b"]
    assert {"from": "=cmd()", "to": "cmd()"} in decision(profile, "Renamed")["names"]


@pytest.mark.parametrize(
    ("file", "rows", "columns"),
    [
        ("bikes.csv", 310, 8),
        ("gdp_per_capita.csv", 189, 7),
        ("horse-colic.csv", 300, 28),
        ("utf-16le_encoded.csv", 327, 19),
        ("simple.ssv", 6, 3),
    ],
)
def test_awkward_files_are_read(read: Read, file: str, rows: int, columns: int) -> None:
    profile = read(AWKWARD / file)
    assert (profile["rows"], len(profile["columns"])) == (rows, columns)


def test_short_rows_before_an_empty_column_lose_nothing(read: Read) -> None:
    profile = read(AWKWARD / "bikes.csv")
    assert decision(profile, "Short rows")["value"] == "295 rows"
    assert column(profile, "Date")["min"] == "2012-01-01 00:00:00"
    assert column(profile, "Date")["max"] == "2012-11-05 00:00:00"
    assert column(profile, "Côte-Sainte-Catherine")["kind"] == "integer"


def test_a_footnote_is_listed_and_left_out(read: Read) -> None:
    profile = read(AWKWARD / "gdp_per_capita.csv")
    (note,) = decision(profile, "Footer")["lines"]
    assert (note["line"], note["reason"][:27]) == (192, "International Monetary Fund")
    assert column(profile, "2015")["max"] == pytest.approx(101994.093)


@pytest.mark.parametrize(
    ("text", "what", "why"),
    [
        ("sep=;\na;b\n1;2\n3;4\n", "Separator", "a line above the names tells it"),
        ("sep=;\na;b\n1;2\n3;4\n", "Lines above", "it tells the separator"),
        ("a,b\n1, x\n2,y\n3,z \n", "Spaces", "2 cells of `b` begin or end with blanks"),
    ],
)
def test_a_decision_gives_its_reason(read: Read, text: str, what: str, why: str) -> None:
    assert decision(read(text), what)["why"] == why


@pytest.mark.parametrize(("skip_footer", "rows"), [(0, 5), (1, 4), (3, 3)])
def test_a_total_below_the_table_may_be_kept_after_all(read: Read, skip_footer: int, rows: int) -> None:
    text = "a,b,c\nx,2,3\ny,5,6\nz,8,9\nTotal,15,18\n\nSource: us,,\n"
    profile = read(text, skip_footer=skip_footer)
    assert profile["rows"] == rows
    assert {"line": 7, "reason": "Source: us,,"} in decision(read(text), "Footer")["lines"]
