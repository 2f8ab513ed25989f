"""Signing up: a person and the workspace they begin in, both or neither."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Membership, Role, User, Workspace
from tests.conftest import PASSWORD, As

NEW = {"name": "Maya Okafor", "email": "Maya@Example.org", "password1": PASSWORD}


def test_a_new_person_begins_as_owner_of_a_workspace(as_: As, db: None) -> None:
    browser = as_(None)
    assert browser.post("/sign-up/", NEW).headers["Location"] == "/"
    member = Membership.objects.select_related("user", "workspace").get()
    assert (member.user.email, member.user.name) == ("maya@example.org", "Maya Okafor")
    assert (member.workspace.name, member.role) == ("Maya's workspace", Role.OWNER)
    assert browser.get("/you/").status_code == 200


def test_without_a_name_the_address_gives_one(as_: As, db: None) -> None:
    as_(None).post("/sign-up/", {**NEW, "name": "", "email": "jonas.l@example.org"})
    assert Workspace.objects.get().name == "Jonas's workspace"


@pytest.mark.parametrize("taken", ["olive@example.org", "OLIVE@EXAMPLE.ORG", "ｏlive@example.org"])
def test_an_address_belongs_to_one_person(as_: As, owner: User, taken: str) -> None:
    answer = as_(None).post("/sign-up/", {**NEW, "email": taken})
    assert "This address has an account already." in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "12345678", "password", "maya@example.org"])
def test_a_weak_password_is_refused_at_its_field(as_: As, db: None, password: str) -> None:
    answer = as_(None).post("/sign-up/", {**NEW, "password1": password})
    assert 'id="id_password1_error"' in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "address", ["", "maya", "maya@", "mаya@example.org", "a b@example.org", "m\0@example.org"]
)
def test_what_is_no_address_is_refused_at_its_field(as_: As, db: None, address: str) -> None:
    answer = as_(None).post("/sign-up/", {**NEW, "email": address})
    assert 'id="id_email_error"' in answer.content.decode()
    assert not User.objects.exists()


def test_sign_up_can_be_closed(as_: As, db: None, settings: Settings) -> None:
    settings.SIGN_UP = "closed"
    assert "Sign-up is closed" in as_(None).get("/sign-up/").content.decode()
    as_(None).post("/sign-up/", NEW)
    assert not User.objects.exists()


def test_no_person_is_left_without_a_workspace(as_: As, db: None, settings: Settings) -> None:
    settings.MAX_WORKSPACES = 0
    answer = as_(None).post("/sign-up/", NEW)
    assert "0 is the most" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_person() -> None:
    def send(_: int) -> Any:
        try:
            return Client(raise_request_exception=False).post("/sign-up/", NEW).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as tabs:
        codes = sorted(tabs.map(send, range(4)))
    assert User.objects.count() == Workspace.objects.count() == 1
    assert codes == [200, 200, 200, 302]
