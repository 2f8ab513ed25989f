"""Forgotten and changed passwords."""

import re

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.conftest import PASSWORD, As

OTHER = "quite another password"


def link() -> str:
    """The path in the last mail."""
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_link_by_mail_sets_a_new_password_once(as_: As, owner: User) -> None:
    browser = as_(None)
    browser.post("/password/reset/", {"email": "OLIVE@example.org"})
    form = browser.get(link(), follow=True)
    browser.post(form.redirect_chain[-1][0], {"password1": OTHER})
    owner.refresh_from_db()
    assert owner.check_password(OTHER)
    assert as_(None).get(link(), follow=True).status_code == 400


def test_an_old_link_is_refused(as_: As, owner: User, settings: Settings) -> None:
    as_(None).post("/password/reset/", {"email": owner.email})
    settings.PASSWORD_RESET_TIMEOUT = -1
    late = as_(None).get(link())
    assert late.status_code == 400
    assert "used up or too old" in late.content.decode()


def test_the_page_does_not_tell_whether_an_address_has_an_account(as_: As, owner: User) -> None:
    pages = [
        as_(None).post("/password/reset/", {"email": email}, follow=True)
        for email in (owner.email, "nobody@example.org")
    ]
    assert pages[0].status_code == pages[1].status_code == 200
    assert pages[0].content == pages[1].content


@pytest.mark.parametrize("field", ["oldpassword", "password1"])
def test_a_mistake_stands_at_its_field(as_: As, owner: User, field: str) -> None:
    sent = {"oldpassword": PASSWORD, "password1": OTHER} | {field: "short"}
    page = as_(owner).post("/password/", sent)
    assert f'id="id_{field}_error"' in page.content.decode()


def test_a_changed_password_signs_out_the_other_browsers(as_: As, owner: User) -> None:
    here, there = as_(owner), as_(owner)
    here.post("/password/", {"oldpassword": PASSWORD, "password1": OTHER})
    assert here.get("/you/").status_code == 200
    assert there.get("/you/").status_code == 302
    assert there.get("/api/v1/me/").status_code == 401
