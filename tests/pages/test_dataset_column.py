"""A column by itself: all its figures, each with the rows behind it, and what else it could be."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from tests.conftest import As

pytestmark = pytest.mark.django_db
DAY = {"from": "2024-01-01 00:00:00", "to": "2024-01-03 00:00:00", "counts": [2, 0]}


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def page_of(browser: Client, version: DatasetVersion, name: str) -> str:
    return browser.get(f"{version.get_absolute_url()}column/", {"name": name}).content.decode()


def test_each_bar_leads_to_its_rows(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, version, "body_mass_g")
    shape = (version.column("body_mass_g") or {})["histogram"]
    assert page.count('<rect class="bar s1"') == len(shape["counts"])
    assert len(re.findall(r'tab=rows&amp;where=[^"]+body_mass_g[^"]+" aria-label="[^"]+ rows"', page)) == len(
        shape["counts"]
    )


def test_each_common_value_leads_to_its_rows(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, version, "species")
    assert ">Adelie</a>" in page
    assert "152, 44.2" in page


def test_it_says_its_figures(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, version, "body_mass_g")
    for label in ("Range", "Median", "Mean", "Standard deviation", "25 % are below", "Examples"):
        assert f"<dt>{label}</dt>" in page
    assert ">Rows without it</a>" in page
    assert "Rows without it" not in page_of(browser, version, "species")


def test_it_says_what_goes_with_it(browser: Client, version: DatasetVersion) -> None:
    pairs = [["body_mass_g", "species", "correlation_ratio", 0.82], ["sex", "island", "cramers_v", 0.1]]
    DatasetVersion.objects.update(associations={"sample": 344, "columns": [], "pairs": pairs})
    page = page_of(browser, version, "body_mass_g")
    assert '<meter aria-label="body_mass_g and species" min="0" max="1" value="0.82">' in page
    assert "how well the word tells the number" in page
    assert "<code>island</code>" not in page
    profile = browser.get(version.get_absolute_url()).content.decode()
    assert "What goes together" in profile
    assert "<code>island</code>" in profile


def test_its_kind_can_be_changed_and_it_can_be_left_out(browser: Client, version: DatasetVersion) -> None:
    page = html.unescape(page_of(browser, version, "species"))
    assert 'value="{"kinds": {"species": "category"}}" checked' in page
    assert 'value="{"drop": ["species"]}"' in page


def test_the_distribution_can_be_explored(browser: Client, version: DatasetVersion) -> None:
    page = browser.get(f"{version.get_absolute_url()}column/", {"name": "body_mass_g"})
    assert "style-src 'self' 'unsafe-inline'" in page["Content-Security-Policy"]
    assert "unsafe-inline" not in browser.get(version.get_absolute_url())["Content-Security-Policy"]
    figure = browser.get(f"{version.get_absolute_url()}figure/", {"name": "body_mass_g"}).json()
    (bars,) = figure["plotly"]["data"]
    shape = (version.column("body_mass_g") or {})["histogram"]
    assert bars["y"] == shape["counts"]
    assert len(bars["x"]) == len(bars["y"])
    words = browser.get(f"{version.get_absolute_url()}figure/", {"name": "species"}).json()
    assert words["plotly"]["data"][0]["x"] == ["Adelie", "Gentoo", "Chinstrap"]


def test_dates_have_bars_too(browser: Client, version: DatasetVersion) -> None:
    DatasetVersion.objects.update(columns=[version.columns[0] | {"type": "datetime", "histogram": DAY}])
    page = page_of(browser, version, version.columns[0]["name"])
    assert 'aria-label="2024-01-01 to 2024-01-02: 2 rows"' in page


@pytest.mark.parametrize("part", ["column", "figure"])
def test_who_may_see_it(as_: As, viewer: User, stranger: User, version: DatasetVersion, part: str) -> None:
    address = f"{version.get_absolute_url()}{part}/"
    assert as_(viewer).get(address, {"name": "sex"}).status_code == 200
    assert as_(viewer).get(address, {"name": "wings"}).status_code == 404
    assert as_(stranger).get(address, {"name": "sex"}).status_code == 404
    assert as_(None).get(address, {"name": "sex"}).status_code == 302


def test_a_viewer_changes_nothing(as_: As, viewer: User, version: DatasetVersion) -> None:
    page = page_of(as_(viewer), version, "sex")
    assert "See what changes" not in page
    assert "Leave out" not in page


def test_it_asks_little_of_the_database(
    browser: Client, version: DatasetVersion, django_assert_max_num_queries: Any
) -> None:
    page_of(browser, version, "sex")
    with django_assert_max_num_queries(12):
        page = page_of(browser, version, "sex")
    assert not re.search(r'\s(style|on\w+)="', page)
