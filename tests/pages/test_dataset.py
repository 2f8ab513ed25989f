"""One dataset as a page: what it holds, how it was read, and what to do where it was not."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from datasets.models import Dataset, DatasetVersion, Status
from experiments.models import Experiment, Run
from tests import builders
from tests.conftest import As

HEAVIEST = 150_000
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def page_of(browser: Client, version: DatasetVersion, query: str = "") -> str:
    return browser.get(version.dataset.get_absolute_url() + query).content.decode()


@pytest.fixture
def failed(version: DatasetVersion) -> DatasetVersion:
    DatasetVersion.objects.update(
        status=Status.FAILED,
        problem_code="encoding_unknown",
        problem_detail="Line 4 is not UTF-8. Choose it.",
    )
    version.refresh_from_db()
    return version


def test_it_says_what_the_file_holds(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, version)
    assert len(re.findall("<h1", page)) == 1
    assert "<h1>Penguins</h1>" in page
    assert "penguins.csv" in page
    assert "<dd>344</dd>" in page
    assert version.original_sha256 in page
    assert f"/w/field-lab/experiments/new/?version={version.pk}" in page


def test_it_says_how_the_file_was_read(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, version)
    assert "How the file was read" in page
    for word in ("Separator", "comma", "UTF-8", "from line 1", "344 of 344"):
        assert word in page


def test_each_column_has_its_card(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser, version)
    assert page.count("column-card__head") == 7
    assert "Likely target" in page
    assert 'aria-label="Distribution of bill_length_mm, from 32.1 to 59.6"' in page
    assert 'aria-label="Adelie" min="0" max="344" value="152"' in page
    assert "2 (0.6\u00a0%)" in page


def test_the_rows_are_shown_a_hundred_at_a_time(
    browser: Client, version: DatasetVersion, warm: object
) -> None:
    page = page_of(browser, version, "?tab=rows&page=4")
    assert "301 to 344 of 344" in page
    assert page.count('<th scope="row"') == 44
    assert "Gentoo" in page
    assert '<td class="num missing">missing</td>' in page


def test_rows_that_cannot_be_shown_now_say_so(
    browser: Client, version: DatasetVersion, settings: Settings, tmp_path: Any
) -> None:
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    assert "Rows cannot be shown right now." in page_of(browser, version, "?tab=rows")


def test_a_reading_says_how_far_it_is(browser: Client, version: DatasetVersion) -> None:
    DatasetVersion.objects.update(status=Status.INGESTING, rows_read=412_000)
    page = page_of(browser, version)
    fragment = browser.get(f"/dataset-versions/{version.pk}/reading/").content.decode()
    assert "Reading, 412,000 rows so far" in fragment
    assert fragment.strip() in page
    assert "htmx-2.min.js" in page
    DatasetVersion.objects.update(stage="Looking at the columns, 40 of 120")
    fragment = browser.get(f"/dataset-versions/{version.pk}/reading/").content.decode()
    assert "<span>Looking at the columns, 40 of 120</span>" in fragment


def test_a_reading_can_be_stopped_by_whoever_may(
    as_: As, browser: Client, viewer: User, version: DatasetVersion
) -> None:
    DatasetVersion.objects.update(status=Status.INGESTING)
    assert "Stop reading" in page_of(browser, version)
    assert "Stop reading" not in page_of(as_(viewer), version)
    browser.post(f"/dataset-versions/{version.pk}/cancel/")
    version.refresh_from_db()
    assert (version.status, version.problem_code) == (Status.FAILED, "cancelled")


def test_once_it_is_read_the_page_turns_into_the_profile(browser: Client, version: DatasetVersion) -> None:
    assert browser.get(f"/dataset-versions/{version.pk}/reading/")["HX-Refresh"] == "true"


def test_a_failure_shows_the_sentence_and_the_way_out(browser: Client, failed: DatasetVersion) -> None:
    page = page_of(browser, failed)
    assert "Line 4 is not UTF-8. Choose it." in page
    assert "<code>encoding_unknown</code>" in page
    assert "Read it again" in page
    assert "experiments/new/?version=" not in page


def test_the_same_bytes_can_be_read_another_way(browser: Client, failed: DatasetVersion) -> None:
    browser.post(f"/dataset-versions/{failed.pk}/again/", {"encoding": "cp1252", "delimiter": "tab"})
    again = failed.dataset.latest_version
    assert again is not None
    assert (again.number, again.options) == (2, {"encoding": "cp1252", "delimiter": "\t"})
    assert again.original_sha256 == failed.original_sha256


def test_it_says_who_uses_it(browser: Client, experiment: Experiment) -> None:
    page = page_of(browser, experiment.dataset_version, "?tab=used")
    assert 'Used by <span class="tabs__count">1</span>' in page
    assert f'<a href="{experiment.get_absolute_url()}">Which species?</a>' in page


def test_it_is_renamed_and_deleted(browser: Client, version: DatasetVersion) -> None:
    dataset = version.dataset
    browser.post(f"/datasets/{dataset.pk}/rename/", {"name": "Birds"})
    assert "<h1>Birds</h1>" in page_of(browser, version)
    answer = browser.post(f"/datasets/{dataset.pk}/delete/", follow=True)
    assert "Deleted Birds." in answer.content.decode()
    assert browser.get(dataset.get_absolute_url()).status_code == 404


def test_data_that_a_run_needs_stays_and_says_why(browser: Client, run: Run) -> None:
    dataset = run.experiment.dataset_version.dataset
    answer = browser.post(f"/datasets/{dataset.pk}/delete/", follow=True)
    assert "needs it. Wait until no run needs it" in answer.content.decode()
    assert Dataset.objects.get().deleted_at is None


def test_a_viewer_sees_why_buttons_are_off(as_: As, viewer: User, version: DatasetVersion) -> None:
    page = page_of(as_(viewer), version)
    assert page.count('aria-disabled="true" aria-describedby="why-not"') == 2
    assert "Viewers can look at this workspace" in page
    for address in ("rename", "delete", "versions"):
        assert f"/datasets/{version.dataset.pk}/{address}/" not in page
        as_(viewer).post(f"/datasets/{version.dataset.pk}/{address}/", {"name": "Mine"})
    version.dataset.refresh_from_db()
    assert (version.dataset.name, version.dataset.deleted_at) == ("Penguins", None)


def test_a_stranger_finds_nothing(as_: As, stranger: User, version: DatasetVersion) -> None:
    for address in (f"/datasets/{version.dataset.pk}/", f"/dataset-versions/{version.pk}/"):
        assert as_(stranger).get(address).status_code == 404
        assert as_(None).get(address).status_code == 302
    assert as_(stranger).get(f"/dataset-versions/{version.pk}/file/").status_code == 404


def test_words_from_the_file_stay_words(browser: Client, version: DatasetVersion) -> None:
    column = version.columns[0] | {"name": "<script>alert(1)</script>", "top": [["<img src=x>", 152]]}
    DatasetVersion.objects.update(columns=[column])
    page = page_of(browser, version)
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_a_hundred_columns_are_as_light_as_they_should_be(
    browser: Client, version: DatasetVersion, django_assert_max_num_queries: Any
) -> None:
    columns = [deepcopy(version.columns[place % 7]) for place in range(100)]
    for place, column in enumerate(columns):
        column["name"] = f"a_column_with_a_long_name_{place}"
    DatasetVersion.objects.update(columns=columns)
    page_of(browser, version)  # the first look remembers the workspace
    with django_assert_max_num_queries(12):
        page = page_of(browser, version)
    assert page.count("column-card__head") == 100
    assert len(page.encode()) <= HEAVIEST


def test_a_real_table_of_a_hundred_columns_is_light(
    browser: Client, dataset: Dataset, owner: User, tmp_path: Path
) -> None:
    rows = [
        [str((row * (at + 3)) % (7 + at) * (0.5 if at % 3 else 1)) for at in range(100)] for row in range(120)
    ]
    names = ",".join(f"measurement_{at}" for at in range(100))
    table = tmp_path / "wide.csv"
    table.write_text(names + "\n" + "".join(",".join(row) + "\n" for row in rows))
    wide = builders.version(dataset, builders.read(table, tmp_path), by=owner)
    assert len(page_of(browser, wide).encode()) <= HEAVIEST


def test_thousands_of_columns_come_in_pages(browser: Client, version: DatasetVersion) -> None:
    columns = [version.columns[2] | {"name": f"c{place}"} for place in range(5000)]
    DatasetVersion.objects.update(columns=columns)
    page = page_of(browser, version, "?part=50")
    assert "Columns 4,901 to 5,000 of 5,000" in page
    assert page.count("column-card__head") == 100


def test_its_versions_are_listed(browser: Client, version: DatasetVersion) -> None:
    browser.post(f"/dataset-versions/{version.pk}/again/", {"header": "false"})
    page = browser.get(f"{version.get_absolute_url()}?tab=versions").content.decode()
    assert "Version 2" in page
    assert DatasetVersion.objects.get(number=2).note in page


def test_scripts_and_styles_stay_in_their_files(browser: Client, version: DatasetVersion) -> None:
    for query in ("", "?tab=versions"):
        page = page_of(browser, version, query)
        assert "<style" not in page
        assert not re.search(r"<script(?![^>]* src=)", page)
        assert not re.search(r'\s(style|on\w+)="', page)
