"""The list of datasets as a page: a file comes in, is found again, and says what stands in its way."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User, Workspace
from datasets import storage
from datasets.models import Dataset, DatasetVersion, Upload
from experiments.models import Experiment
from tests.conftest import As

pytestmark = pytest.mark.django_db
HERE = "/w/field-lab/datasets/"
HEAVIEST = 60_000


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def page_of(browser: Client, query: str = "") -> str:
    return browser.get(HERE + query).content.decode()


def drop(browser: Client, data: bytes, name: str = "table.csv", **fields: str) -> Any:
    file = io.BytesIO(data)
    file.name = name
    return browser.post(HERE, {"file": file, **fields})


def test_an_empty_list_offers_room_for_a_file_and_samples(browser: Client) -> None:
    page = page_of(browser)
    assert "Drop files here" in page
    assert "Add Penguins" in page
    assert "What can be read" in page
    assert len(re.findall("<h1", page)) == 1


def test_without_scripts_a_small_file_comes_in_one_piece(browser: Client) -> None:
    answer = drop(browser, b"a;b\n1;2\n3;4\n", delimiter=";")
    dataset = Dataset.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == dataset.get_absolute_url()
    assert dataset.versions.get().options == {"delimiter": ";"}


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "x.csv", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "x.csv", "By its first bytes this is a PNG picture"),
        (b"\x89HDF\r\n", "x.h5", "Files ending in .h5 cannot be read."),
    ],
)
def test_a_refusal_stands_where_the_person_stands(
    browser: Client, data: bytes, name: str, sentence: str
) -> None:
    answer = drop(browser, data, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Dataset.objects.exists()
    assert not Upload.objects.exists()


def test_a_sample_comes_as_if_it_were_uploaded(browser: Client) -> None:
    answer = browser.post(f"{HERE}sample/penguins/")
    dataset = Dataset.objects.get()
    assert answer["Location"] == dataset.get_absolute_url()
    assert (dataset.name, dataset.versions.get().original_name) == ("Penguins", "penguins.csv")


def test_there_are_only_the_samples_that_are_offered(browser: Client) -> None:
    browser.post(f"{HERE}sample/passwords/")
    assert not Dataset.objects.exists()
    assert "There is no such sample." in page_of(browser)


def test_the_list_says_what_each_holds(browser: Client, version: DatasetVersion) -> None:
    page = page_of(browser)
    assert f'<a href="{version.dataset.get_absolute_url()}">Penguins</a>' in page
    assert ">344</td>" in page
    assert ">7</td>" in page
    assert "Ready" in page


def test_the_list_says_what_it_is_made_of_and_who_uses_it(browser: Client, experiment: Experiment) -> None:
    version = experiment.dataset_version
    DatasetVersion.objects.update(findings=[{"kind": "gaps"}, {"kind": "leak"}])
    numbers = sum(column["kind"] in ("integer", "number") for column in version.columns)
    page = page_of(browser)
    assert f'title="Number: {numbers}"' in page
    assert '<td class="num">2</td>' in page
    assert "1 experiment<br>" in page
    assert 'href="/w/field-lab/trash/"' in page


@pytest.mark.parametrize(
    ("state", "is_there"),
    [("", True), ("ready", True), ("failed", False), ("ingesting", False), ("x' OR 1=1", True)],
)
def test_it_is_filtered_by_the_state_of_the_newest_version(
    browser: Client, version: DatasetVersion, state: str, is_there: bool
) -> None:
    page = browser.get(HERE, {"state": state}).content.decode()
    assert (version.dataset.get_absolute_url() in page) == is_there
    assert ("Nothing fits" in page) != is_there


def test_the_script_knows_what_may_come(
    browser: Client, version: DatasetVersion, workspace: Workspace, settings: Settings
) -> None:
    settings.MAX_STORAGE = storage.of_workspace(workspace).total + 1234
    page = page_of(browser)
    assert 'data-left="1234"' in page
    assert ".parquet" in page
    assert "multiple" in page
    settings.MAX_STORAGE = 1
    assert 'data-left="0"' in page_of(browser)


def test_it_is_searched_by_name(browser: Client, version: DatasetVersion) -> None:
    assert version.dataset.get_absolute_url() in page_of(browser, "?q=peng")
    nothing = page_of(browser, "?q=%3Cb%3E")
    assert version.dataset.get_absolute_url() not in nothing
    assert "Nothing fits “&lt;b&gt;”." in nothing


def test_a_viewer_sees_why_there_is_no_room_for_a_file(
    as_: As, viewer: User, version: DatasetVersion
) -> None:
    page = page_of(as_(viewer))
    assert "Viewers can look at this workspace" in page
    assert "data-upload" not in page
    assert drop(as_(viewer), b"a,b\n1,2\n3,4\n").status_code == 422
    assert Dataset.objects.count() == 1


def test_a_stranger_finds_nothing(as_: As, stranger: User, workspace: Workspace) -> None:
    assert as_(stranger).get(HERE).status_code == 404
    assert as_(stranger).post(f"{HERE}sample/penguins/").status_code == 404
    assert as_(None).get(HERE).status_code == 302


def test_the_script_knows_where_to_send_parts(browser: Client, settings: Settings) -> None:
    page = page_of(browser)
    assert 'data-uploads="/api/v1/uploads/"' in page
    assert 'data-create="/api/v1/workspaces/field-lab/datasets/"' in page
    assert f'data-part="{settings.MAX_PART // 2}"' in page
    assert 'src="/static/js/upload.js"' in page


def test_fifty_datasets_are_as_light_as_they_should_be(
    browser: Client, workspace: Workspace, owner: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        Dataset.objects.create(
            workspace=workspace, name=f"A table with a long name {number}", created_by=owner
        )
    for dataset in Dataset.objects.all():
        DatasetVersion.objects.create(
            dataset=dataset,
            number=1,
            original_name="table.csv",
            original_size=1000,
            original_sha256="0" * 64,
            created_by=owner,
        )
    page_of(browser)  # the first look remembers the workspace
    with django_assert_max_num_queries(12):
        page = page_of(browser)
    assert "1 to 50 of 60" in page
    assert len(page.encode()) <= HEAVIEST
