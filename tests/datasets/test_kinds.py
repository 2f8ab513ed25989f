"""Every column gets a kind and a reason, and no cell is lost on the way."""

from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.conftest import EXAMPLES
from tests.datasets.conftest import Read, column, decision


def only(read: Read, values: list[str]) -> tuple[dict[str, Any], list[Any]]:
    """The profile of a column with these values, and the values as they are stored."""
    lines = [f"{place % 5},{value}" for place, value in enumerate(values)]
    profile = read("other,it\n" + "\n".join(lines) + "\n", header=True)
    stored = pq.read_table(profile["folder"] / "table.parquet").column("it").to_pylist()
    return column(profile, "it"), stored


@pytest.mark.parametrize(
    ("values", "kind", "kept_as"),
    [
        (["1", "2", "-3", "+4"], "integer", "int64"),
        (["1", "2.5", "-3e2", ".5"], "number", "float64"),
        (["true", "False", "TRUE", "false"], "boolean", "bool"),
        (["yes", "no", "yes", "no"], "boolean", "string"),
        (["red", "blue", "red", "blue"], "category", "string"),
        (["2020-01-01", "2020-02-29", "1999-12-31", "2020-01-01"], "datetime", "datetime"),
        (["31/12/2020", "01/02/2021", "03/04/2021", "05/06/2021"], "datetime", "datetime"),
        (["2020-01-01 10:00:00", "2020-01-02 11:30:00"] * 2, "datetime", "datetime"),
        (["007", "008", "019", "007"], "category", "string"),
        (["same", "same", "same", "same"], "constant", "string"),
        (["", "NA", "", "?"], "constant", "string"),
        (["1_000", "2_000", "3_000", "1_000"], "category", "string"),
        (["0x1F", "0x2F", "0x1F", "0x2F"], "category", "string"),
        ([f"id-{number}" for number in range(40)], "identifier", "string"),
        ([str(number) for number in range(100, 140)], "identifier", "int64"),
        ([f"a long remark about the thing number {number}" for number in range(40)], "text", "string"),
    ],
)
def test_a_column_gets_its_kind(read: Read, values: list[str], kind: str, kept_as: str) -> None:
    found, _ = only(read, values)
    assert (found["kind"], found["type"]) == (kind, kept_as)
    assert found["reason"]


@pytest.mark.parametrize("word", ["", "NA", "N/A", "n/a", "NaN", "nan", "null", "None", "?", "-", "  "])
def test_cells_that_say_nothing_are_missing(read: Read, word: str) -> None:
    found, stored = only(read, ["1", word, "3", word, "5"])
    assert stored == [1, None, 3, None, 5]
    assert (found["kind"], found["missing"]) == ("integer", 2)


def test_which_words_were_read_as_missing_is_said(read: Read) -> None:
    profile = read("a,b\n1,x\n,y\nNA,x\n?,y\n")
    assert decision(profile, "Missing")["value"] == "empty cells and “?”, “NA”"


def test_numbers_that_are_not_finite_become_missing_with_a_note(read: Read) -> None:
    found, stored = only(read, ["1.5", "inf", "-Infinity", "1e999", "2.5"])
    assert stored == [1.5, None, None, None, 2.5]
    assert "3 values that are not finite" in found["reason"]


def test_whole_numbers_beyond_64_bits_stay_as_written(read: Read) -> None:
    values = ["99999999999999999999", "12345678901234567890", "7", "7"]
    found, stored = only(read, values)
    assert stored == values
    assert "beyond 64 bits" in found["reason"]


def test_the_largest_whole_numbers_keep_each_digit(read: Read) -> None:
    values = ["9223372036854775807", "-9223372036854775808", "9007199254740993", "1"]
    _, stored = only(read, values)
    assert stored == [int(value) for value in values]


def test_decimal_commas_are_read_as_numbers_and_it_is_said(read: Read) -> None:
    profile = read("a;b\n1;1,5\n2;2,5\n3;0,25\n")
    assert column(profile, "b")["type"] == "float64"
    assert "a comma stands before decimals" in column(profile, "b")["reason"]
    assert decision(profile, "Decimals")["value"] == "a comma in `b`"


NUMBERS = [
    ("1,5|2,25|-3,0", {}, [1.5, 2.25, -3.0]),
    ("1.234,5|2.000,0|7", {}, [1234.5, 2000.0, 7.0]),
    ("1.234.567|2.000.000|7.000", {}, [1234567, 2000000, 7000]),
    ("1 234,5|12 000|7", {}, [1234.5, 12000.0, 7.0]),
    ("1\u00a0234|12\u00a0000|7", {}, [1234, 12000, 7]),
    ("1'234.5|12'000|7", {}, [1234.5, 12000.0, 7.0]),
    ("1,234|2,345|3,456", {}, [1234, 2345, 3456]),
    ("0,123|0,234|0,345", {}, [0.123, 0.234, 0.345]),
    ("1,234|2,345|3,456", {"decimal": ","}, [1.234, 2.345, 3.456]),
    ("1,5|2,5|3,5", {"decimal": "."}, ["1,5", "2,5", "3,5"]),
    ("1.234|2.345|3.456", {}, [1.234, 2.345, 3.456]),
    ("1.234|2.345|3.456", {"thousands": "."}, [1234, 2345, 3456]),
    ("1.234|2.345|3.456", {"decimal": ","}, [1234, 2345, 3456]),
    ("1,234|5,678|9,999", {"thousands": ""}, [1.234, 5.678, 9.999]),
    ("1,23|4,567|8,9", {"thousands": ","}, ["1,23", "4,567", "8,9"]),
    ("12,34,567|1|2", {}, ["12,34,567", "1", "2"]),
]


@pytest.mark.parametrize(("cells", "options", "expected"), NUMBERS)
def test_numbers_are_read_as_they_are_written(
    read: Read, cells: str, options: dict[str, Any], expected: list[Any]
) -> None:
    lines = "".join(f"w{place}|{cell}\n" for place, cell in enumerate(cells.split("|")))
    profile = read("a|it\n" + lines, header=True, **options)
    assert pq.read_table(profile["folder"] / "table.parquet").column("it").to_pylist() == expected


def test_a_column_that_leaves_it_open_follows_the_one_beside_it(read: Read) -> None:
    rows = "".join(
        f"1,{number}00;{number},5;0{number}/05/2020;{number + 12}/05/2020\n" for number in range(1, 9)
    )
    profile = read("open;sure;day;other\n" + rows)
    assert column(profile, "open")["max"] == 1.8
    assert column(profile, "day")["max"] == "2020-05-08 00:00:00"


DATES = [
    ("01/02/2021|03/04/2021", {}, "2021-02-01"),
    ("01/02/2021|03/04/2021", {"dates": "month_first"}, "2021-01-02"),
    ("01/02/2021|03/13/2021", {}, "2021-01-02"),
    ("01/02/2021|03/13/2021", {"dates": "day_first"}, "2021-01-02"),
    ("01.02.21|13.04.21", {}, "2021-02-01"),
    ("2021/02/01|2021/2/3", {}, "2021-02-01"),
    ("2021-02-01T10:30:00Z|2021-02-03T10:30:00.5Z", {}, "2021-02-01"),
    ("2021-02-01|2021-02-03 10:30", {}, "2021-02-01"),
    ("1 Feb 2021|23 Dec 2021", {}, "2021-02-01"),
    ("Feb 1, 2021|Dec 23, 2021", {}, "2021-02-01"),
    ("1-Feb-21|23-Dec-21", {}, "2021-02-01"),
    ("01/02/2021 10:30 PM|03/04/2021 01:00 AM", {}, "2021-02-01"),
    ("1/2/2021 9:05|13/4/2021 10:05", {}, "2021-02-01"),
]


@pytest.mark.parametrize(("cells", "options", "first"), DATES)
def test_dates_are_read_in_every_usual_form(
    read: Read, cells: str, options: dict[str, str], first: str
) -> None:
    found = read("a|it\n" + "".join(f"w{n}|{cell}\n" for n, cell in enumerate(cells.split("|"))), **options)
    assert column(found, "it")["type"] == "datetime"
    assert column(found, "it")["min"].startswith(first)


def test_the_order_of_dates_can_be_flipped(read: Read) -> None:
    profile = read("a,it\nx,01/02/2021\ny,03/04/2021\nz,05/06/2021\n")
    made = decision(profile, "Dates")
    assert made["value"] == "day first, as in 31/12/2026 (`it`)"
    assert made["why"] == "`it` could be read in another way too"
    assert [choice["value"] for choice in made["choices"]] == ["day_first", "month_first"]


DAYS = [20240131, 19991231, 20240229, 19000101, 20991231]
MANY = [20240100 + 100 * (number % 4) + number for number in range(1, 25)]
FIGURES: list[tuple[str, list[int], str]] = [
    ("date", DAYS, "datetime"),
    ("OrderDate", DAYS, "datetime"),
    ("geburtsdatum", DAYS, "datetime"),
    ("day", DAYS[:1] * 3, "datetime"),
    ("invoice date", DAYS, "datetime"),
    ("c", MANY, "datetime"),
    ("c", MANY[:19], "int64"),
    ("c", DAYS, "int64"),
    ("c", [20240101 + number for number in range(28)], "int64"),
    ("c", [*MANY, 20240132], "int64"),
    ("invoice", MANY, "int64"),
    ("order_id", MANY, "int64"),
    ("date_id", DAYS, "int64"),
    ("amount", MANY, "int64"),
    ("date", [*DAYS, 20230229], "int64"),
    ("date", [*DAYS, 21010101], "int64"),
    ("date", [*DAYS, 18991231], "int64"),
    ("date", [*DAYS, 2024], "int64"),
    ("date", [*DAYS * 500, 20241301], "int64"),
]


@pytest.mark.parametrize(("name", "cells", "kind"), FIGURES)
def test_eight_figures_are_days_only_where_they_say_so(
    read: Read, name: str, cells: list[int], kind: str
) -> None:
    profile = read(f"a,{name}\n" + "".join(f"w{n % 3},{cell}\n" for n, cell in enumerate(cells)))
    assert column(profile, name)["type"] == kind
    told = [made for made in profile["decisions"] if made["what"] == "Eight figures"]
    assert [made["value"] for made in told] == ([f"dates (`{name}`)"] if kind == "datetime" else [])


def test_days_of_eight_figures_can_be_numbers_after_all(read: Read) -> None:
    text = "a,date\n" + "".join(f"w,{cell}\n" for cell in DAYS)
    dates, numbers = decision(read(text), "Eight figures")["choices"]
    assert column(read(text, kinds=dates["value"]), "date")["max"] == "2099-12-31 00:00:00"
    assert column(read(text, kinds=numbers["value"]), "date")["max"] == 20991231


@pytest.mark.parametrize(
    "cells", ["2021-02-30|2021-03-01", "1/2/21|1/2/2021", "99/99/2021|98/98/2021", "12:30|13:30"]
)
def test_what_is_no_date_stays_text(read: Read, cells: str) -> None:
    found = read("a|it\n" + "".join(f"w{n}|{cell}\n" for n, cell in enumerate(cells.split("|"))))
    assert column(found, "it")["type"] == "string"


def test_commas_between_thousands_are_understood(read: Read) -> None:
    profile = read('a,b\n1,"1,234"\n2,"12,345,678.5"\n3,7\n')
    assert (column(profile, "b")["min"], column(profile, "b")["max"]) == (7.0, 12345678.5)


def test_dates_of_zeros_become_missing_with_a_note(read: Read) -> None:
    found, stored = only(read, ["2020-01-01", "0000-00-00", "2020-01-03"])
    assert (found["kind"], stored[1]) == ("datetime", None)
    assert "dates of zeros" in found["reason"]


def test_one_word_among_numbers_keeps_all_as_text_and_is_named(read: Read) -> None:
    found, stored = only(read, ["1", "2", "many", "4"])
    assert stored == ["1", "2", "many", "4"]
    assert "“many”" in found["reason"]


def test_a_value_far_down_decides_as_well(read: Read) -> None:
    values = [*["7"] * 5000, "seven"]
    found, stored = only(read, values)
    assert (found["type"], stored[-1]) == ("string", "seven")


def test_blanks_around_words_go(read: Read) -> None:
    _, stored = only(read, [" red", "red", "blue ", "red"])
    assert stored == ["red", "red", "blue", "red"]


def test_the_figures_are_right(read: Read) -> None:
    profile = read(EXAMPLES / "penguins.csv")
    length = column(profile, "bill_length_mm")
    assert (length["missing"], length["unique"], length["min"], length["max"]) == (2, 164, 32.1, 59.6)
    assert length["mean"] == pytest.approx(43.92193)
    assert length["std"] == pytest.approx(5.459584)
    assert length["quantiles"] == pytest.approx([39.225, 44.45, 48.5])
    assert sum(length["histogram"]["counts"]) == 342
    species = column(profile, "species")
    assert species["top"] == [["Adelie", 152], ["Gentoo", 124], ["Chinstrap", 68]]


def test_each_whole_number_of_a_few_has_its_own_bar(read: Read) -> None:
    pclass = column(read(EXAMPLES / "titanic.csv"), "pclass")
    assert pclass["histogram"] == {"from": 1, "to": 3, "counts": [216, 184, 491]}


@pytest.mark.parametrize(
    ("file", "target"), [("penguins", "species"), ("titanic", "survived"), ("mpg", "mpg")]
)
def test_the_likely_target_is_found(read: Read, file: str, target: str) -> None:
    profile = read(EXAMPLES / f"{file}.csv")
    marked = [known["name"] for known in profile["columns"] if known["target_reason"]]
    assert marked == [target]


def test_extreme_numbers_break_no_figure(read: Read) -> None:
    found, _ = only(read, ["1.7e308", "-1.7e308", "0.5", "3e-320"])
    assert found["histogram"] is None or sum(found["histogram"]["counts"]) == 4
    assert found["std"] is None


def test_names_cannot_leave_their_quotes(read: Read) -> None:
    profile = read('"a""; DROP TABLE raw; --",b\n1,2\n3,4\n')
    assert profile["columns"][0]["name"] == 'a"; DROP TABLE raw; --'
    assert profile["rows"] == 2
