"""Reading the same bytes another way: what would change is seen before anything is made."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion
from tests.conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(as_: As, owner: User, warm: object) -> Client:
    return as_(owner)


def tried(browser: Client, version: DatasetVersion, options: Any, **more: Any) -> str:
    address = f"{version.get_absolute_url()}try/"
    return browser.post(address, {"options": json.dumps(options)}, **more).content.decode()


def test_a_trial_shows_what_would_change_and_makes_nothing(browser: Client, version: DatasetVersion) -> None:
    said = tried(browser, version, {"header": False}, headers={"HX-Request": "true"})
    assert "<html" not in said
    assert said.count("<tr>") == 21
    assert "Makes version 2 from the same bytes." in said
    assert '<th scope="col">column_1<br><span class="muted">Category</span></th>' in said
    assert DatasetVersion.objects.count() == 1


def test_many_changes_do_not_push_the_rows_out_of_sight(browser: Client, version: DatasetVersion) -> None:
    """Each of the seven columns gets another name: six are said, the last is behind a fold."""
    said = tried(browser, version, {"header": False}, headers={"HX-Request": "true"})
    assert said.count("is called") == 7
    assert (
        said.index("<code>column_6</code>")
        < said.index("All 7 changes")
        < said.index("<code>column_7</code>")
    )


def test_what_was_tried_can_be_made(browser: Client, version: DatasetVersion) -> None:
    said = tried(browser, version, {"kinds": {"sex": "text"}})
    patch = re.search(r'name="options" value="([^"]+)">Read again so<', said)
    assert patch
    browser.post(f"{version.get_absolute_url()}again/", {"options": html.unescape(patch[1])})
    assert DatasetVersion.objects.get(number=2).options == {"kinds": {"sex": "text"}}


def test_without_scripts_a_trial_is_a_page(browser: Client, version: DatasetVersion) -> None:
    page = tried(browser, version, {"header": False})
    assert "<h1>Penguins, read another way</h1>" in page
    assert f'href="{version.get_absolute_url()}">Keep it as it is</a>' in page


@pytest.mark.parametrize("options", [{"delimiter": "ab"}, {"colour": "red"}, [1], {"delimiter": "|"}])
def test_what_cannot_be_tried_is_said(browser: Client, version: DatasetVersion, options: Any) -> None:
    said = tried(browser, version, options, headers={"HX-Request": "true"})
    assert 'role="alert"' in said
    assert "Read again so" not in said


def test_a_viewer_is_told_why_not(as_: As, viewer: User, version: DatasetVersion, warm: object) -> None:
    said = tried(as_(viewer), version, {"header": False}, headers={"HX-Request": "true"})
    assert "Viewers can look" in said
    assert "Read again so" not in said


def test_a_stranger_tries_nothing(as_: As, stranger: User, version: DatasetVersion) -> None:
    assert as_(stranger).post(f"{version.get_absolute_url()}try/").status_code == 404
