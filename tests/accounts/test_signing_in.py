"""Signing in and out: who gets in, what is said, how often one may try."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD, As

SAME = "This address and password do not fit together."


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password}, **more)


def test_the_right_pair_opens_the_door(as_: As, owner: User) -> None:
    browser = as_(None)
    assert sign_in(browser, owner.email).headers["Location"] == "/"
    assert browser.get("/you/").status_code == 200


@pytest.mark.parametrize("spelling", ["OLIVE@Example.org", " olive@example.org ", "ｏｌｉｖｅ@example.org"])
def test_every_spelling_of_an_address_is_the_same_person(as_: As, owner: User, spelling: str) -> None:
    assert sign_in(as_(None), spelling).status_code == 302


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(as_: As, owner: User) -> None:
    wrong = sign_in(as_(None), owner.email, "not this one")
    unknown = sign_in(as_(None), "nobody@example.org")
    assert SAME in wrong.content.decode()
    assert SAME in unknown.content.decode()
    assert wrong.status_code == unknown.status_code == 200


def test_the_session_is_a_new_one_after_signing_in(as_: As, owner: User) -> None:
    browser = as_(None)
    session = browser.session
    session["before"] = True
    session.save()
    browser.cookies["sessionid"] = str(session.session_key)
    sign_in(browser, owner.email)
    assert browser.session.session_key != session.session_key


def test_the_sixth_try_has_to_wait_and_is_told_how_long(as_: As, owner: User) -> None:
    browser = as_(None)
    for _ in range(5):
        sign_in(browser, owner.email, "wrong")
    late = sign_in(browser, owner.email)
    assert late.status_code == 429
    assert 0 < int(late.headers["Retry-After"]) <= 300
    assert "Too many tries. Wait" in late.content.decode()


@pytest.mark.parametrize(
    "disguise",
    [
        lambda n: {"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"},
        lambda n: {"HTTP_HOST": ("localhost", "127.0.0.1", "testserver")[n % 3]},
        lambda n: {"REMOTE_ADDR": f"203.0.113.{n}"},
    ],
)
def test_another_disguise_is_no_other_counter(
    as_: As, owner: User, disguise: Callable[[int], dict[str, str]]
) -> None:
    spellings = ["olive@example.org", "OLIVE@example.org", "ｏlive@example.org"] * 2
    answers = [sign_in(as_(None), name, "wrong", **disguise(n)) for n, name in enumerate(spellings)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "https://evil.example/",
        "http://localhost/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
    ],
)
def test_nobody_is_led_astray(as_: As, owner: User, evil: str) -> None:
    answer = as_(None).post("/sign-in/", {"login": owner.email, "password": PASSWORD, "next": evil})
    assert answer.headers["Location"] == "/"


def test_who_came_for_a_page_lands_on_it(as_: As, owner: User) -> None:
    browser = as_(None)
    away = browser.get("/tokens/").headers["Location"]
    assert away == "/sign-in/?next=/tokens/"
    back = browser.post(away, {"login": owner.email, "password": PASSWORD, "next": "/tokens/"})
    assert back.headers["Location"] == "/tokens/"


def test_a_switched_off_account_is_told_so_and_stays_outside(as_: As, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    browser = as_(None)
    assert sign_in(browser, owner.email).headers["Location"] == "/sign-in/inactive/"
    assert browser.get("/you/").status_code == 302


def test_a_person_who_is_switched_off_is_out_at_once(as_: As, owner: User) -> None:
    browser = as_(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert browser.get("/you/").status_code == 302
    assert browser.get("/api/v1/me/").status_code == 401


def test_only_a_post_signs_out(as_: As, owner: User) -> None:
    browser = as_(owner)
    browser.get("/sign-out/")
    assert browser.get("/you/").status_code == 200
    browser.post("/sign-out/")
    assert browser.get("/you/").status_code == 302


@pytest.mark.parametrize("page", ["/sign-in/", "/sign-up/", "/theme/", "/api/v1/workspaces/"])
def test_a_form_from_elsewhere_is_refused(owner: User, page: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner, "allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post(page, {"name": "x"}).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_a_strange_host_is_refused(as_: As, db: None, host: str) -> None:
    assert as_(None).get("/sign-in/", HTTP_HOST=host).status_code == 400


def test_a_forwarded_host_changes_nothing(as_: As, db: None) -> None:
    page = as_(None).get("/tokens/", HTTP_X_FORWARDED_HOST="evil.example")
    assert page.headers["Location"] == "/sign-in/?next=/tokens/"
