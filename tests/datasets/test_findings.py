"""Findings in real bytes: they fire on tables made to lie, and are silent on clean ones."""

import csv
import io
import math
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from datasets.options import clean
from tests.conftest import EXAMPLES
from tests.datasets.conftest import Read

DATA = Path(__file__).parent.parent / "data"
ROWS = 300
Row = dict[str, Any]
Maker = Callable[[int, random.Random], Row]


def table(make: Maker, rows: int = ROWS) -> str:
    """CSV of rows that are made one by one, the same each time, beside two columns of noise."""
    chance = random.Random(7)  # noqa: S311
    made = [
        {"noise": round(chance.gauss(0, 1), 4), "colour": chance.choice("rgb"), **make(row, chance)}
        for row in range(rows)
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(made[0]))
    writer.writeheader()
    writer.writerows(made)
    return text.getvalue()


def ids(profile: dict[str, Any], *severities: str) -> list[str]:
    wanted = severities or ("bad", "warn", "info")
    return [found["id"] for found in profile["findings"] if found["severity"] in wanted]


def finding(profile: dict[str, Any], identity: str) -> dict[str, Any]:
    (found,) = [found for found in profile["findings"] if found["id"] == identity]
    return dict(found)


REAL: list[tuple[Path, str, list[str]]] = [
    (EXAMPLES / "penguins.csv", "species", []),
    (EXAMPLES / "mpg.csv", "mpg", ["high_cardinality"]),
    (
        EXAMPLES / "titanic.csv",
        "survived",
        [
            *("leak:alive", "duplicate_columns:class", "duplicate_columns:embark_town", "mostly_missing"),
            *("duplicate_rows", "outliers", "gaps"),
        ],
    ),
    (DATA / "diamonds.csv", "price", ["strong", "outliers"]),
    (DATA / "housing.csv", "median_house_value", ["outliers"]),
    (
        DATA / "awkward" / "horse-colic.csv",
        "column_28",
        ["mostly_missing", "high_cardinality", "outliers", "nearly_constant", "gaps"],
    ),
]


@pytest.mark.parametrize(("path", "target", "expected"), REAL, ids=[path.stem for path, *_ in REAL])
def test_real_tables_have_these_findings_and_no_others(
    read: Read, path: Path, target: str, expected: list[str]
) -> None:
    profile = read(path)
    assert profile["target"]["target"] == target
    assert ids(profile) == expected


def test_bikes_run_along_their_date_and_tell_each_other(read: Read) -> None:
    profile = read(DATA / "awkward" / "bikes.csv")
    assert {"ordered:Date", "strong"} <= set(ids(profile))
    assert ids(profile, "bad") == []


def test_measurements_that_tell_much_are_no_accusation(read: Read) -> None:
    told = finding(read(DATA / "diamonds.csv"), "strong")
    assert sorted(told["columns"]) == ["carat", "x", "y"]
    assert "no reason to leave it out" in told["detail"]
    assert told["action"] is None


def copied(row: int, chance: random.Random) -> Row:
    answer = chance.choice(["yes", "no"])
    return {"code": {"yes": "A", "no": "B"}[answer], "answer_seen": answer.upper(), "outcome": answer}


def nearly(row: int, chance: random.Random) -> Row:
    outcome = chance.random() < 0.4
    return {"risk": round(outcome + chance.gauss(0, 0.3), 3), "outcome": int(outcome)}


def rescaled(row: int, chance: random.Random) -> Row:
    price = chance.randint(100, 100_000)
    return {"in_cents": price * 100, "log_of_it": round(math.log(price), 6), "price": price}


def known_later(row: int, chance: random.Random) -> Row:
    died = chance.random() < 0.3
    day = date(2020, 1, 1) + timedelta(days=chance.randint(0, 900))
    return {
        "seen": day,
        "buried": day + timedelta(days=9) if died else "",
        "label": "dead" if died else "well",
    }


def in_the_order_of_the_answer(row: int, chance: random.Random) -> Row:
    return {"id": row + 1, "label": "first" if row < ROWS // 2 else "second"}


def three_classes(row: int, chance: random.Random) -> Row:
    label = chance.choice(["low", "mid", "high"])
    level = {"low": 0, "mid": 10, "high": 20}[label]
    return {"level": round(level + chance.gauss(0, 0.5), 3), "class": label}


@pytest.mark.parametrize(
    ("make", "leaking"),
    [
        (copied, ["code", "answer_seen"]),
        (nearly, ["risk"]),
        (rescaled, ["in_cents", "log_of_it"]),
        (known_later, ["buried"]),
        (in_the_order_of_the_answer, ["id"]),
        (three_classes, ["level"]),
    ],
)
def test_what_gives_the_answer_away_is_found(read: Read, make: Maker, leaking: list[str]) -> None:
    profile = read(table(make))
    bad = [found for found in profile["findings"] if found["severity"] == "bad"]
    assert sorted(found["columns"][0] for found in bad) == sorted(leaking)
    assert all(found["action"]["options"]["drop"] == found["columns"][:1] for found in bad)


def of_patients(row: int, chance: random.Random) -> Row:
    return {"patient_id": f"P{chance.randint(1, 60):03}", "label": chance.choice("ab")}


def over_time(row: int, chance: random.Random) -> Row:
    return {"day": date(2021, 1, 1) + timedelta(days=row // 2), "label": chance.choice("ab")}


def with_marks(row: int, chance: random.Random) -> Row:
    age = -1 if row % 20 == 3 else chance.randint(18, 90)
    income = 999_999 if row % 30 == 1 else chance.randint(900, 9000)
    job = "unknown" if row % 10 == 2 else chance.choice(["cook", "smith", "clerk"])
    born = date(1900, 1, 1) if row % 15 == 4 else date(1950, 1, 1) + timedelta(days=chance.randint(0, 9999))
    return {"age": age, "income": income, "job": job, "born": born, "label": chance.choice("ab")}


def with_people(row: int, chance: random.Random) -> Row:
    family, title = chance.choice(["Braund", "Allen", "Moran"]), chance.choice(["Mr.", "Miss."])
    name = f"{family}, {title} {chr(65 + row % 26)}. J"
    phone = f"+49 30 {chance.randint(100, 999)} {chance.randint(1000, 9999)}"
    return {
        "who": name,
        "contact": f"p{row}@example.org",
        "call": phone,
        "surname": "x",
        "label": chance.choice("ab"),
    }


def with_repeats(row: int, chance: random.Random) -> Row:
    size, heat = chance.choice("SML"), round(chance.gauss(20, 5), 2)
    words = {"S": "small", "M": "medium", "L": "large"}
    return {
        "size": size,
        "size_again": size,
        "size_in_words": words[size],
        "celsius": heat,
        "fahrenheit": heat * 9 / 5 + 32,
        "label": chance.choice("ab"),
    }


def with_mixtures(row: int, chance: random.Random) -> Row:
    price = "free" if row % 9 == 0 else chance.randint(1, 30)
    day = "soon" if row % 50 == 0 else f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/2020"
    return {"cost": price, "when": day, "label": chance.choice("ab")}


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (of_patients, ["groups:patient_id"]),
        (over_time, ["ordered:day"]),
        (with_marks, ["disguised:age", "disguised:income", "disguised:job", "disguised:born"]),
        (with_people, ["personal"]),
        (with_repeats, ["duplicate_columns:size_again", "duplicate_columns:size_in_words"]),
        (with_mixtures, ["mixed:cost", "date_text"]),
    ],
)
def test_what_the_rows_show_is_found(read: Read, make: Maker, expected: list[str]) -> None:
    told = set(ids(read(table(make))))
    assert set(expected) <= told
    assert not [identity for identity in told if identity.startswith(("leak", "after", "strong"))]


def test_a_number_on_another_scale_repeats_it(read: Read) -> None:
    profile = read(table(with_repeats))
    told = [found for found in profile["findings"] if "fahrenheit" in found["columns"]]
    assert [found["evidence"]["how"] for found in told] == ["scaled"]


def test_people_are_recognised_by_form_and_by_name(read: Read) -> None:
    told = finding(read(table(with_people)), "personal")
    assert set(told["columns"]) >= {"who", "contact", "call"}
    assert told["evidence"]["contact"] == "e-mail addresses, 100 %"
    assert told["evidence"]["call"] == "phone numbers, 100 %"


def test_disguises_are_counted_in_every_row(read: Read) -> None:
    profile = read(table(with_marks))
    assert finding(profile, "disguised:age")["evidence"] == {"-1": 15}
    assert finding(profile, "disguised:job")["action"]["options"] == {"missing_values": {"job": ["unknown"]}}
    assert finding(profile, "disguised:born")["action"]["options"]["missing_values"] == {
        "born": ["1900-01-01"]
    }


@pytest.mark.parametrize(
    ("others", "expected"), [(("x", "y"), []), (("1", "2", "3", "4"), ["disguised:mark"])], ids=str
)
def test_a_cross_stands_for_missing_only_among_numbers(
    read: Read, others: Sequence[str], expected: list[str]
) -> None:
    def crossed(row: int, chance: random.Random) -> Row:
        return {"mark": "x" if row % 20 == 0 else chance.choice(others), "label": chance.choice("ab")}

    told = ids(read(table(crossed)))
    assert [identity for identity in told if identity.startswith("disguised")] == expected


def test_copies_of_rows_are_counted_exactly(read: Read) -> None:
    lines = table(over_time).splitlines()
    profile = read("\n".join([*lines, *lines[5:12]]))
    assert finding(profile, "duplicate_rows")["evidence"]["rows"] == 7


@pytest.mark.parametrize(
    ("make", "identity"),
    [
        (copied, "leak:code"),
        (known_later, "leak:buried"),
        (with_marks, "disguised:age"),
        (with_marks, "disguised:job"),
        (with_marks, "disguised:born"),
        (with_people, "personal"),
        (with_repeats, "duplicate_columns:size_in_words"),
        (with_mixtures, "mixed:cost"),
        (with_mixtures, "date_text"),
    ],
)
def test_one_click_takes_a_finding_away(read: Read, make: Maker, identity: str) -> None:
    text = table(make)
    fix = finding(read(text), identity)["action"]["options"]
    assert clean(fix) == fix
    assert identity not in ids(read(text, **fix))


def test_one_click_keeps_one_of_each_row(read: Read) -> None:
    lines = table(over_time).splitlines()
    text = "\n".join([*lines, *lines[5:12]])
    profile = read(text, **finding(read(text), "duplicate_rows")["action"]["options"])
    assert "duplicate_rows" not in ids(profile)
    assert profile["rows"] == ROWS


def plain(row: int, chance: random.Random) -> Row:
    codes: Sequence[int] = (1, 2, 3, 4, 5)
    return {
        "code": chance.choice(codes),
        "temperature": chance.randint(-20, 35),
        "score": chance.randint(0, 100),
        "nearly_normal": round(chance.gauss(100, 15), 1),
        "begin": date(2020, 1, 1) + timedelta(days=chance.randint(0, 999)),
        "label": chance.choice("ab"),
    }


def test_a_plain_table_has_no_findings(read: Read) -> None:
    assert ids(read(table(plain))) == []


@pytest.mark.parametrize("rows", [2, 3, 12, 49])
def test_few_rows_are_told_and_break_nothing(read: Read, rows: int) -> None:
    profile = read(table(plain, rows))
    assert "few_rows" in ids(profile)
    assert ids(profile, "bad") == []


def test_the_look_of_a_date_beside_the_answer_has_dates_at_its_ends(read: Read) -> None:
    shapes = read(table(over_time))["target"]["shapes"]
    (day,) = [shape for shape in shapes if shape["column"] == "day"]
    assert (day["from"][:7], day["to"][:7]) == ("2021-01", "2021-05")
    assert sum(map(sum, day["counts"].values())) == ROWS


def test_names_of_any_kind_come_through(read: Read) -> None:
    header = '"a ""quoted"" `one`",<b>bold</b>,=1+1,label'
    lines = [f"{row % 7},{row % 7},{row % 5},{'ab'[row % 2]}" for row in range(60)]
    profile = read("\n".join([header, *lines]))
    told = next(found for found in profile["findings"] if found["kind"] == "duplicate_columns")
    assert len(told["columns"]) == 2
    assert told["title"].count("`") == 4
