"""A workbook becomes the table that a person sees in it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.chart import BarChart

from accounts.models import User
from datasets import actions, tasks
from datasets.problems import CannotRead
from tests.datasets import books
from tests.datasets.conftest import Read, Sent, column, decision

Refuse = Callable[..., CannotRead]
AWKWARD = Path(__file__).parent.parent / "data" / "awkward"


def types(profile: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["type"] for column in profile["columns"]}


@pytest.mark.parametrize(
    ("kind", "data"), [("xlsx", books.xlsx()), ("xls", books.xls()), ("ods", books.ods())]
)
def test_every_kind_of_workbook_gives_the_same_table(read: Read, kind: str, data: bytes) -> None:
    profile = read(data)
    assert profile["format"] == kind
    assert types(profile) == {
        "city": "string",
        "people": "int64",
        "area": "float64",
        "founded": "datetime",
        "coast": "bool",
    }
    assert profile["rows"] == 4
    assert column(profile, "founded")["missing"] == 1


def _errors(book: Any) -> None:
    sheet = book.active
    for place, error in (("B2", "#N/A"), ("C3", "#DIV/0!")):
        sheet[place] = error
        sheet[place].data_type = "e"


def _merged(book: Any) -> None:
    sheet = book.active
    sheet["A2"], sheet["A3"] = "South", None
    sheet.merge_cells("A2:A3")


def _more_sheets(book: Any) -> None:
    book.create_sheet("Notes", 0)["A1"] = "Read me"
    wide = book.create_sheet("Secret")
    wide.sheet_state = "hidden"
    for number in range(50):
        wide.append([number, number * 2])
    book.create_chartsheet("Picture").add_chart(BarChart())


def test_the_largest_sheet_that_can_be_seen_is_read(read: Read) -> None:
    profile = read(books.xlsx(change=_more_sheets))
    said = decision(profile, "Sheet")
    assert (said["value"], said["option"]) == ("Data", "sheet")
    assert "Picture" in said["why"]
    assert [choice["value"] for choice in said["choices"]] == ["Notes", "Data", "Secret"]
    assert said["choices"][2]["label"] == "Secret (50 rows, 2 columns, hidden)"


def test_another_sheet_can_be_chosen_a_hidden_one_too(read: Read) -> None:
    profile = read(books.xlsx(change=_more_sheets), sheet="Secret")
    assert profile["rows"] == 50
    assert decision(profile, "Sheet")["why"].startswith("you chose it")


@pytest.mark.django_db(transaction=True)
def test_a_flip_to_another_sheet_makes_a_version(ingest: Sent, owner: User) -> None:
    version = ingest(books.xlsx(change=_more_sheets), "cities.xlsx")
    again = actions.read_again(version=version, options={"sheet": "Secret"}, by=owner)
    tasks.ingest(str(again.pk))
    again.refresh_from_db()
    assert (version.rows, again.rows, again.number, again.format) == (4, 50, 2, "xlsx")
    assert again.options == {"sheet": "Secret"}


@pytest.mark.django_db(transaction=True)
def test_a_sheet_that_is_not_there_names_those_that_are(ingest: Sent) -> None:
    version = ingest(books.xlsx(change=_more_sheets), "cities.xlsx", sheet="Other")
    assert version.problem_code == "unknown_sheet"
    assert "“Notes”, “Data”, “Secret”" in version.problem_detail


def test_errors_are_missing_and_counted(read: Read) -> None:
    profile = read(books.xlsx(change=_errors))
    assert decision(profile, "Error cells")["value"] == "2 cells"
    assert column(profile, "people")["missing"] == 1
    assert types(profile)["people"] == "int64"


def test_errors_that_came_as_text_are_errors_too(read: Read) -> None:
    profile = read(books.xlsx([*books.PLAIN, ["Lima", "#REF!", 3.5, None, True]]))
    assert decision(profile, "Error cells")["value"] == "1 cell"
    assert types(profile)["people"] == "int64"


def test_errors_of_opendocument_are_counted_too(read: Read) -> None:
    rows = [*books.PLAIN, ["Lima", books.ERROR, 3.5, None, True]]
    profile = read(books.ods(rows))
    assert decision(profile, "Error cells")["value"] == "1 cell"
    assert (types(profile)["people"], column(profile, "people")["missing"]) == ("int64", 1)


def test_a_merged_cell_counts_for_each_of_its_rows(read: Read) -> None:
    profile = read(books.xlsx(change=_merged))
    assert decision(profile, "Merged cells")["value"] == "1 range, for each row"
    assert ["South", 2] in column(profile, "city")["top"]
    assert column(profile, "city")["missing"] == 0


def test_a_merged_cell_may_count_for_its_first_row_only(read: Read) -> None:
    profile = read(books.xlsx(change=_merged), merged_cells="keep")
    assert decision(profile, "Merged cells")["value"] == "1 range, for the first row"
    assert column(profile, "city")["missing"] == 1


TITLED = [["Cities of the year"], [], [], *books.PLAIN, [], ["Source: the registers"]]


def test_titles_above_and_notes_below_are_no_rows(read: Read) -> None:
    profile = read(books.xlsx(TITLED))
    assert (profile["rows"], types(profile)["people"]) == (4, "int64")
    above = decision(profile, "Rows above")
    assert (above["value"], [choice["value"] for choice in above["choices"]]) == (
        "3 rows left out",
        [0, 3, 4],
    )
    assert decision(profile, "Footer")["value"] == "1 row left out"
    kept = decision(profile, "Rows kept")
    assert kept["value"] == "4 of 5"
    assert kept["lines"] == [{"line": 10, "reason": "a note below the table"}]


@pytest.mark.parametrize(
    ("options", "rows", "first"),
    [
        ({"skip_footer": 0}, 5, "city"),
        ({"skip_footer": 2}, 3, "city"),
        ({"header": False}, 5, "column_1"),
        ({"skip_rows": 4, "header": False}, 4, "column_1"),
        ({"skip_rows": 4, "header": True}, 3, "Rome"),
    ],
)
def test_where_the_table_stands_can_be_chosen(
    read: Read, options: dict[str, Any], rows: int, first: str
) -> None:
    profile = read(books.xlsx(TITLED), **options)
    assert (profile["rows"], profile["columns"][0]["name"]) == (rows, first)


def _moved(book: Any) -> None:
    book.active.insert_cols(1, 3)
    book.active.insert_rows(1, 20)


def test_blank_rows_and_columns_around_it_do_not_matter(read: Read) -> None:
    assert types(read(books.xlsx(change=_moved))) == types(read(books.xlsx()))


def test_where_a_choice_of_rows_above_leads_is_where_it_says(read: Read) -> None:
    moved = books.xlsx([[], [], *TITLED])
    above = decision(read(moved), "Rows above")
    again = {choice["value"]: read(moved, skip_rows=choice["value"]) for choice in above["choices"]}
    assert [decision(found, "Rows above")["value"] for found in again.values()] == [
        "none",
        "3 rows left out",
        "4 rows left out",
    ]


@pytest.mark.parametrize(
    ("options", "rows", "value"),
    [
        ({}, 4, "2 left out"),
        ({"empty_rows": "keep"}, 6, "2 kept"),
        ({"empty_rows": "leave_out"}, 4, "2 left out"),
    ],
)
def test_blank_rows_within_it_are_no_rows_unless_somebody_wants_them(
    read: Read, options: dict[str, str], rows: int, value: str
) -> None:
    profile = read(
        books.xlsx([*books.PLAIN[:3], [], [], *books.PLAIN[3:], [], ["A note below it"]]), **options
    )
    assert (profile["rows"], decision(profile, "Empty rows")["value"]) == (rows, value)
    assert column(profile, "city")["missing"] == rows - 4


CELLS: list[tuple[str, list[Any], str, int]] = [
    ("whole numbers", [1, 2, 3], "int64", 0),
    ("numbers that end in nothing", [1.0, 2.5, None], "float64", 1),
    ("large numbers", [2**60, 1, 2], "float64", 0),
    ("codes kept as text", ["007", "010", "100"], "string", 0),
    ("days", [datetime(2024, 1, 2), datetime(2024, 2, 1), None], "datetime", 1),
    (
        "days and times",
        [datetime(2024, 1, 2, 3, 4, 5), datetime(2024, 2, 1), datetime(2024, 2, 2)],
        "datetime",
        0,
    ),
    ("truth", [True, False, True], "bool", 0),
    ("blanks and words", [" ", "b", "c"], "string", 1),
    ("formulas that were never computed", ["=1+1", "b", "c"], "string", 1),
]


@pytest.mark.parametrize(("name", "cells", "type_", "missing"), CELLS, ids=[case[0] for case in CELLS])
def test_cells_keep_their_type(read: Read, name: str, cells: list[Any], type_: str, missing: int) -> None:
    rows = [["key", name], *([f"k{place}", cell] for place, cell in enumerate(cells))]
    found = column(read(books.xlsx(rows)), name)
    assert (found["type"], found["missing"]) == (type_, missing)


def test_a_word_among_numbers_is_named(read: Read) -> None:
    rows: books.Rows = [["key", "size"], *([f"k{place}", place] for place in range(9)), ["k9", "unknown"]]
    found = column(read(books.xlsx(rows)), "size")
    assert found["type"] == "string"
    assert "“unknown”" in found["reason"]


def test_a_percentage_is_the_number_behind_it(read: Read) -> None:
    def percent(book: Any) -> None:
        for row in range(2, 6):
            book.active[f"C{row}"] = 0.25 * row
            book.active[f"C{row}"].number_format = "0%"

    assert column(read(books.xlsx(change=percent)), "area")["min"] == 0.5


def test_a_workbook_with_macros_gives_its_values(read: Read) -> None:
    assert read(books.with_part(books.xlsx(), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 20}))["rows"] == 4


def test_the_same_names_twice_are_told_apart(read: Read) -> None:
    profile = read(books.xlsx([["a", "a", None], [1, 2, 3], [4, 5, 6]]))
    assert list(types(profile)) == ["a", "a_2", "column_3"]


def _only_chart(book: Any) -> None:
    book.create_chartsheet("Picture").add_chart(BarChart())
    del book["Data"]


def _hide(book: Any) -> None:
    book.create_sheet("Empty")
    book["Data"].sheet_state = "hidden"


FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
REPEATED = b"""<?xml version="1.0"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>
<table:table table:name="Data"><table:table-row table:number-rows-repeated="1048576">
<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
DEFINED = REPEATED.replace(b"?><", b'?><!DOCTYPE a [<!ENTITY a "lol">]><', 1)
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>"""
REFUSED: list[tuple[str, bytes, dict[str, Any], str]] = [
    ("nothing in it", (AWKWARD / "libreoffice.xlsx").read_bytes(), {}, "no_sheet"),
    ("charts only", books.xlsx(change=_only_chart), {}, "no_sheet"),
    ("hidden sheets only", books.xlsx(change=_hide), {}, "no_sheet"),
    ("no such sheet", books.xlsx(), {"sheet": "Other"}, "unknown_sheet"),
    ("names only", books.xlsx(books.PLAIN[:1]), {}, "no_rows"),
    ("one row", books.xlsx(books.PLAIN[:2]), {}, "too_few_rows"),
    ("one column", books.xlsx([[row[0]] for row in books.PLAIN]), {}, "too_few_columns"),
    ("a password", books.compound("EncryptedPackage"), {}, "encrypted"),
    ("a letter", books.compound("WordDocument"), {}, "type_mismatch"),
    ("cut off", books.xlsx()[:2000], {}, "zip_corrupt"),
    ("an old one, cut off", books.xls()[:3000], {}, "spreadsheet_broken"),
    ("an old one that is empty", books.compound("Workbook"), {}, "spreadsheet_broken"),
    (
        "cells far apart",
        books.with_part(books.xlsx(), {"xl/worksheets/sheet1.xml": books.SHEET % FAR}),
        {},
        "sheet_too_large",
    ),
    ("cells that repeat", books.with_part(books.ods(), {"content.xml": REPEATED}), {}, "sheet_too_large"),
    ("definitions", books.with_part(books.ods(), {"content.xml": DEFINED}), {}, "spreadsheet_broken"),
    ("no document", books.with_part(books.ods(), {"content.xml": b"<a"}), {}, "spreadsheet_broken"),
    ("a document of zeros", books.with_part(books.ods(), {"content.xml": bytes(2**27)}), {}, "zip_ratio"),
    (
        "words that grow",
        books.with_part(books.xlsx(), {"xl/sharedStrings.xml": ENTITIES}),
        {},
        "spreadsheet_broken",
    ),
    (
        "no sheet where one should be",
        books.with_part(books.xlsx(), {"xl/worksheets/sheet1.xml": b"<"}),
        {},
        "spreadsheet_broken",
    ),
    (
        "a sheet of zeros",
        books.with_part(books.xlsx(), {"xl/worksheets/sheet1.xml": bytes(2**27)}),
        {},
        "zip_ratio",
    ),
]


@pytest.mark.parametrize(("what", "data", "options", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_holds_no_table_is_refused(
    refused: Refuse, what: str, data: bytes, options: dict[str, Any], code: str
) -> None:
    problem = refused(data, **options)
    assert problem.code == code
    assert problem.detail.endswith(".")


def test_a_hidden_sheet_is_named(refused: Refuse) -> None:
    problem = refused(books.xlsx(change=_hide))
    assert (problem.field, "“Data”" in problem.detail) == ("sheet", True)
