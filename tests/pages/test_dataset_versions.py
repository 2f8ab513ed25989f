"""The versions of a dataset as a page: listed, noted, deleted, and two of them side by side."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from experiments.models import Experiment
from tests import builders
from tests.conftest import As

pytestmark = pytest.mark.django_db
BEFORE = "name,size,old\n" + "".join(f"a{row % 3},{row % 20},x{row}\n" for row in range(60))
AFTER = "name,size,new\n" + "".join(f"a{row % 3},{row % 20 + 100},{row}\n" for row in range(90))


@pytest.fixture
def browser(as_: As, owner: User, warm: object) -> Client:
    return as_(owner)


@pytest.fixture
def two(dataset: Any, owner: User, tmp_path: Path) -> tuple[DatasetVersion, DatasetVersion]:
    """A table, and the next version of it: longer, moved, with one column for another."""
    made = []
    for name, text in (("before", BEFORE), ("after", AFTER)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "table.csv").write_text(text)
        made.append(builders.version(dataset, builders.read(folder / "table.csv", folder), by=owner))
    return made[0], made[1]


def page_of(browser: Client, version: DatasetVersion, query: str = "") -> str:
    return browser.get(f"{version.get_absolute_url()}?tab=versions{query}").content.decode()


def test_two_versions_are_compared(browser: Client, two: tuple[DatasetVersion, DatasetVersion]) -> None:
    before, after = two
    page = page_of(browser, after, f"&with={before.pk}")
    assert "From version 1 to version 2" in page
    assert "60 before, 90 now" in page
    for label, words in (
        ("Columns added", "<code>new</code>"),
        ("Columns removed", "<code>old</code>"),
        ("Read another way", "none"),
    ):
        assert f"<dt>{label}</dt><dd>{words}</dd>" in page
    assert page.index('aria-label="Shift of size"') < page.index('aria-label="Shift of name"')
    assert '<span class="chip chip--bad">large</span>' in page


def test_the_older_one_comes_first_from_either_side(
    browser: Client, two: tuple[DatasetVersion, DatasetVersion]
) -> None:
    assert "From version 1 to version 2" in page_of(browser, two[0], f"&with={two[1].pk}")


def test_a_version_is_the_same_as_itself(browser: Client, version: DatasetVersion) -> None:
    assert "A version is the same as itself." in page_of(browser, version, f"&with={version.pk}")


@pytest.mark.parametrize("named", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_nothing_is_compared_with_what_cannot_be_seen(
    browser: Client, version: DatasetVersion, named: str
) -> None:
    assert 'id="compared"' not in page_of(browser, version, f"&with={named}")


def test_a_version_goes_to_the_trash(browser: Client, two: tuple[DatasetVersion, DatasetVersion]) -> None:
    before, after = two
    assert f"/dataset-versions/{before.pk}/delete/" in page_of(browser, after)
    browser.post(f"/dataset-versions/{before.pk}/delete/")
    page = page_of(browser, after)
    assert "Version 1<" not in page
    assert f"/dataset-versions/{after.pk}/delete/" not in page
    assert "/w/field-lab/trash/" in page


def test_a_version_is_noted(browser: Client, version: DatasetVersion) -> None:
    assert 'action="/dataset-versions/' in page_of(browser, version)
    browser.post(f"/dataset-versions/{version.pk}/note/", {"note": "Before the move"})
    assert "Before the move" in page_of(browser, version)


def test_a_viewer_compares_but_deletes_nothing(
    as_: As, viewer: User, warm: object, two: tuple[DatasetVersion, DatasetVersion]
) -> None:
    page = page_of(as_(viewer), two[1])
    assert ">Compare<" in page
    assert "/delete/" not in page
    assert "/note/" not in page


def test_experiments_are_listed_with_the_best_of_their_scores(
    browser: Client, experiment: Experiment
) -> None:
    version, owner = experiment.dataset_version, experiment.created_by
    for score in (0.5, 0.9):
        run = builders.run(experiment, by=owner)
        type(run).objects.filter(pk=run.pk).update(score=score)
    page = browser.get(f"{version.get_absolute_url()}?tab=used").content.decode()
    assert '<td class="num">2</td>' in page
    rises = "↑" in page
    assert f"<strong>{'0.9000' if rises else '0.5000'}</strong>" in page


def test_nothing_was_made_with_it(browser: Client, version: DatasetVersion) -> None:
    page = browser.get(f"{version.get_absolute_url()}?tab=used").content.decode()
    assert "No experiment was made with this dataset yet." in page


@pytest.mark.parametrize("tab", ["versions", "used"])
def test_lists_ask_little_of_the_database(
    browser: Client, experiment: Experiment, tab: str, django_assert_max_num_queries: Any
) -> None:
    address = f"{experiment.dataset_version.get_absolute_url()}?tab={tab}"
    browser.get(address)
    with django_assert_max_num_queries(12):
        browser.get(address)
