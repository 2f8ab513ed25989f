"""The rows of a dataset as a page: found, sorted, narrowed, and each with its address."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from tests.conftest import As

pytestmark = pytest.mark.django_db
HEAVIEST = 150_000


@pytest.fixture
def browser(as_: As, owner: User, warm: object) -> Client:
    return as_(owner)


def page_of(browser: Client, version: DatasetVersion, **query: Any) -> str:
    address = f"{version.get_absolute_url()}?{urlencode({'tab': 'rows', **query}, doseq=True)}"
    return browser.get(address).content.decode()


def numbers(page: str) -> list[int]:
    """The numbers of the rows, from above."""
    return [int(found) for found in re.findall(r'<tr id="row-(\d+)"', page)]


def asked(address: str) -> dict[str, list[str]]:
    return parse_qs(address.partition("?")[2].partition("#")[0])


def test_rows_are_narrowed_by_what_the_address_says(browser: Client, version: DatasetVersion) -> None:
    heavy = json.dumps(["body_mass_g", "ge", 6000])
    page = page_of(browser, version, where=[heavy])
    assert "1 to 4 of 4 that fit, of 344" in page
    assert "body_mass_g is at least 6000" in page
    assert len(numbers(page)) == 4


def test_a_condition_can_be_taken_back(browser: Client, version: DatasetVersion) -> None:
    both = [json.dumps(["species", "eq", "Gentoo"]), json.dumps(["sex", "missing"])]
    page = page_of(browser, version, where=both, q="Biscoe")
    for words in ("species is Gentoo", "sex is missing", "“Biscoe” in text"):
        assert words in page
    chips = re.findall(r'class="chip chip--accent" href="([^"]+)"', page)
    kept = [asked(chip.replace("&amp;", "&")) for chip in chips]
    assert [one.get("where") for one in kept] == [both[1:], both[:1], both]
    assert ["q" in one for one in kept] == [True, True, False]


def test_a_head_sorts_up_then_down_then_not(browser: Client, version: DatasetVersion) -> None:
    def following(page: str) -> list[str]:
        found = re.search(r'<a id="sort-\d+" href="([^"]+)">body_mass_g</a>', page)
        assert found
        return asked(found[1].replace("&amp;", "&")).get("sort", [])

    for now, then, said in (
        ("", ["body_mass_g"], ""),
        ("body_mass_g", ["-body_mass_g"], "ascending"),
        ("-body_mass_g", [], "descending"),
    ):
        page = page_of(browser, version, sort=now)
        assert following(page) == then
        assert (f'aria-sort="{said}"' in page) == bool(said)
    assert numbers(page_of(browser, version, sort="-body_mass_g"))[0] == 238


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"add": "sex", "op": "eq", "value": "male"}, ["sex", "eq", "male"]),
        ({"add": "sex", "op": "missing", "value": "ignored"}, ["sex", "missing"]),
    ],
)
def test_the_form_leads_to_an_address_that_can_be_sent_on(
    browser: Client, version: DatasetVersion, sent: dict[str, str], where: list[str]
) -> None:
    answer = browser.get(version.get_absolute_url(), {"tab": "rows", "sort": "bill_depth_mm", **sent})
    assert answer.status_code == 302
    assert asked(answer["Location"]) == {
        "tab": ["rows"],
        "sort": ["bill_depth_mm"],
        "where": [json.dumps(where)],
    }


def test_columns_are_picked(browser: Client, version: DatasetVersion) -> None:
    sent = {"tab": "rows", "picking": "1", "pick": ["species", "sex"]}
    answer = browser.get(version.get_absolute_url(), sent)
    assert asked(answer["Location"])["columns"] == ['["species", "sex"]']
    page = browser.get(answer["Location"]).content.decode()
    assert page.count('<th scope="col"') == 3
    assert "Columns, 2 of 7" in page
    every = [column["name"] for column in version.columns]
    assert "columns" not in asked(browser.get(version.get_absolute_url(), sent | {"pick": every})["Location"])


def test_a_row_has_its_own_address(browser: Client, version: DatasetVersion) -> None:
    answer = browser.get(version.get_absolute_url(), {"tab": "rows", "row": "301"})
    assert answer["Location"].endswith("?tab=rows&page=4#row-301")
    assert 301 in numbers(browser.get(answer["Location"]).content.decode())


def test_a_page_behind_the_last_is_the_last(browser: Client, version: DatasetVersion) -> None:
    assert "301 to 344 of 344" in page_of(browser, version, page=99)
    assert "1 to 4 of 4 that fit" in page_of(
        browser, version, page=9, where=[json.dumps(["body_mass_g", "ge", 6000])]
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"where": ['["wings", "eq", 2]']}, "There is no column “wings”."),
        (
            {"where": ['["bill_depth_mm", "eq", "soon"]']},
            "“bill_depth_mm” is compared with a number, not with “soon”.",
        ),
        ({"sort": "wings"}, "There is no column “wings”."),
    ],
)
def test_what_cannot_be_asked_is_said(
    browser: Client, version: DatasetVersion, query: dict[str, Any], sentence: str
) -> None:
    page = page_of(browser, version, **query)
    assert sentence in page
    assert not numbers(page)


@pytest.mark.parametrize("raw", ["", "{", "[1, 2]", '["sex"]', '"sex"', "[" * 5000])
def test_an_address_that_says_nothing_shows_all(browser: Client, version: DatasetVersion, raw: str) -> None:
    assert "1 to 100 of 344" in page_of(browser, version, where=[raw], columns=raw, page=raw, part=raw)


def test_what_is_shown_can_be_taken_home(browser: Client, version: DatasetVersion) -> None:
    heavy = json.dumps(["body_mass_g", "ge", 6000])
    page = page_of(browser, version, where=[heavy], sort="-body_mass_g", columns='["species", "sex"]')
    found = re.search(r'href="([^"]+rows\.csv[^"]*)"', page)
    assert found
    answer = browser.get(found[1].replace("&amp;", "&"))
    lines = b"".join(answer).decode().splitlines()
    assert (lines[0], len(lines)) == ("species,sex", 5)


def test_nothing_fits(browser: Client, version: DatasetVersion) -> None:
    assert "No row fits." in page_of(browser, version, q="a word that is in no row")


def test_a_bar_leads_to_its_rows(browser: Client, version: DatasetVersion) -> None:
    place = next(at for at, column in enumerate(version.columns) if column["name"] == "body_mass_g")
    counts = version.columns[place]["histogram"]["counts"]
    for step in (0, len(counts) - 1):
        answer = browser.get(version.get_absolute_url(), {"bar": f"{place}.{step}"})
        page = browser.get(answer["Location"]).content.decode()
        assert f"of {counts[step]} that fit, of 344" in page


def test_a_common_value_leads_to_its_rows(browser: Client, version: DatasetVersion) -> None:
    place = next(at for at, column in enumerate(version.columns) if column["name"] == "species")
    answer = browser.get(version.get_absolute_url(), {"top": f"{place}.0"})
    page = browser.get(answer["Location"]).content.decode()
    assert "1 to 100 of 152 that fit, of 344" in page
    assert "species is Adelie" in page


def test_a_card_leads_to_its_column(browser: Client, version: DatasetVersion) -> None:
    answer = browser.get(version.get_absolute_url(), {"column": "2"})
    name = version.columns[2]["name"]
    assert answer["Location"] == f"{version.get_absolute_url()}column/?name={name}"


@pytest.mark.parametrize(
    "query", ["bar=x", "bar=0.99", "bar=99.0", "top=0.99", "bar=-1.0", "column=99", "column=a"]
)
def test_there_is_no_such_bar(browser: Client, version: DatasetVersion, query: str) -> None:
    assert browser.get(f"{version.get_absolute_url()}?{query}").status_code == 404


def test_a_wide_table_comes_in_parts(browser: Client, version: DatasetVersion) -> None:
    columns = [version.columns[0] | {"name": f"c{place}"} for place in range(100)]
    DatasetVersion.objects.update(columns=columns)
    page = page_of(browser, version, part=2)
    assert "Part 2 of 4 of the columns" in page
    assert "Earlier columns" in page
    assert "Later columns" in page


def test_columns_of_a_very_wide_table_are_named(browser: Client, version: DatasetVersion) -> None:
    columns = [version.columns[0] | {"name": f"c{place}"} for place in range(5000)]
    DatasetVersion.objects.update(columns=columns)
    page = page_of(browser, version)
    assert "Show also" in page
    assert len(page.encode()) <= HEAVIEST
    answer = browser.get(version.get_absolute_url(), {"tab": "rows", "columns": '["c7"]', "also": "c4000"})
    assert asked(answer["Location"])["columns"] == ['["c7", "c4000"]']


def test_a_page_of_rows_asks_little_of_the_database(
    browser: Client, version: DatasetVersion, django_assert_max_num_queries: Any
) -> None:
    page_of(browser, version)
    with django_assert_max_num_queries(12):
        page = page_of(browser, version)
    assert len(page.encode()) <= HEAVIEST


def test_words_from_the_file_stay_words(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, version, q='"><script>alert(1)</script>', where=['["<b>", "eq", "<i>"]'])
    assert "<script>alert" not in page
    assert "<b>" not in page.partition("<main")[2]
    assert "<i>" not in page
