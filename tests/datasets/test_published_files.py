"""Files that somebody published: each comes out with its columns, their types, its rows and its gaps."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.datasets.conftest import Read, decision

AWKWARD = Path(__file__).parent.parent / "data" / "awkward"
INT, NUM, TEXT, DATE = "int64", "float64", "string", "datetime"

GDP = {
    "Country": TEXT,
    "Subject Descriptor": TEXT,
    "Units": TEXT,
    "Scale": TEXT,
    "Country/Series-specific Notes": TEXT,
    "2015": NUM,
    "Estimates Start After": INT,
}
SIMPLE = {"date": DATE, "temperature": INT, "place": TEXT}
BIKES = {
    "Date": DATE,
    "Berri 1": INT,
    "Côte-Sainte-Catherine": INT,
    "Maisonneuve 1": INT,
    "Maisonneuve 2": INT,
    "du Parc": INT,
    "Pierre-Dupuy": INT,
    "Rachel1": INT,
}
HEAD_PADDING = ["1985", "1993", "2000", "2005", "2006", "2007", "2008", "2009", "2010"]

HORSES = {
    f"column_{place}": NUM if place in (4, 16, 19, 20, 22) else TEXT if place in (25, 26, 27) else INT
    for place in range(1, 29)
}
HOSPITALS = {
    "Organisation_code": TEXT,
    "Organisation_name": TEXT,
    "Organisation_classification": TEXT,
    "Reporting_period": TEXT,
    "Part_II_patients": INT,
    "Court_and_prison_disposal_patients": INT,
    "Previous_legislation_and_other_acts": INT,
    "Total_formal_admissions_excluding_place_of_safety_detentions": INT,
    "Total_informal_admissions": INT,
    "Place_of_safety_patients": INT,
    "All_admissions_including_place_of_safety_detentions": INT,
    "Total_changes_in_legal_status": INT,
    "Detained_under_MHA_31st_March": INT,
    "Informal_patients_male_31st_March": INT,
    "Total_patients_31st_march": INT,
    "Total_number_of_SCTs": INT,
    "SCT_recalls_to_hospital": INT,
    "Revocations_of_SCT": INT,
    "Discharges_from_SCT": INT,
}
DOCTORS = {"column_1": TEXT, "1985": TEXT, **dict.fromkeys(HEAD_PADDING[1:], INT)}
REAL: dict[str, tuple[dict[str, str], int, dict[str, int]]] = {
    "simple.ssv": (SIMPLE, 6, {}),
    "bikes.csv": (BIKES, 310, {}),
    "gdp_per_capita.csv": (
        GDP,
        189,
        {"Country/Series-specific Notes": 1, "2015": 2, "Estimates Start After": 1},
    ),
    "horse-colic.csv": (HORSES, 300, {"column_1": 1, "column_4": 60, "column_5": 24, "column_16": 247}),
    "utf-16le_encoded.csv": (HOSPITALS, 327, {"Organisation_name": 1}),
    "sms.tsv": ({"column_1": TEXT, "column_2": TEXT}, 205, {"column_2": 0}),
}


@pytest.mark.parametrize("name", REAL)
def test_a_file_that_somebody_published_is_read_right(read: Read, name: str) -> None:
    columns, rows, missing = REAL[name]
    profile = read(AWKWARD / name)
    found = {column["name"]: column for column in profile["columns"]}
    assert {name: column["type"] for name, column in found.items()} == columns
    assert profile["rows"] == rows
    assert {name: found[name]["missing"] for name in missing} == missing


def test_quotes_in_messages_are_part_of_them(read: Read) -> None:
    profile = read(AWKWARD / "sms.tsv")
    lines = (AWKWARD / "sms.tsv").read_text(encoding="utf-8").splitlines()
    messages = pq.read_table(profile["folder"] / "table.parquet")["column_2"].to_pylist()
    assert messages == [line.split("\t")[1].strip(" ") for line in lines]
    assert decision(profile, "Quotes")["value"] == "part of the text"


KINDS = {
    "diamonds.csv": ["number", *["category"] * 3, "number", "number", "integer", *["number"] * 3],
    "housing.csv": [*["number"] * 9, "category"],
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kinds_of_known_tables_are_right(read: Read, name: str) -> None:
    profile = read(AWKWARD.parent / name)
    assert [column["kind"] for column in profile["columns"]] == KINDS[name]
    assert not [note for column in profile["columns"] for note in column["notes"]]


def test_cells_of_unusual_blanks_are_missing_and_points_group_thousands(read: Read) -> None:
    profile = read(AWKWARD / "weird_head_padding.csv")
    assert {column["name"]: column["type"] for column in profile["columns"]} == DOCTORS
    assert [column["missing"] for column in profile["columns"]] == [0, 10, 28, 24, 23, 13, 13, 12, 12, 12]
    assert profile["columns"][-1]["max"] == 2830


def test_points_may_stand_before_decimals_after_all(read: Read) -> None:
    profile = read(AWKWARD / "weird_head_padding.csv", decimal=".")
    assert (profile["columns"][-1]["type"], profile["columns"][-1]["max"]) == (NUM, 733)


def test_what_stands_above_and_below_a_table_is_left_out_and_listed(read: Read) -> None:
    profile = read(AWKWARD / "weird_head_padding.csv")
    assert [column["name"] for column in profile["columns"]] == ["column_1", *HEAD_PADDING]
    assert (profile["rows"], decision(profile, "Rows kept")["value"]) == (60, "60 of 60")
    above, below = decision(profile, "Lines above"), decision(profile, "Footer")
    assert (above["value"], below["value"]) == ("11 lines left out", "22 lines left out")
    assert [line["line"] for line in above["lines"]][:2] == [3, 4]
    assert {"line": 75, "reason": "Fußnoten"} in below["lines"]
