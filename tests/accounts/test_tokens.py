"""Tokens: how a program gets one, what it opens, and when it stops."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import actions
from accounts.models import Token, User
from tests.conftest import PASSWORD, As

ME = "/api/v1/me/"
TOKENS = "/api/v1/auth/tokens/"
Api = Callable[[User | None], Client]


def ask(header: str, url: str = ME) -> Any:
    return Client().get(url, headers={"Authorization": header})


@pytest.fixture
def made(owner: User) -> tuple[Token, str]:
    return actions.create_token(user=owner, name="notebook")


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "bearer"])
def test_a_token_opens_the_api(made: tuple[Token, str], scheme: str) -> None:
    assert ask(f"{scheme} {made[1]}").json()["email"] == "olive@example.org"


def test_only_a_digest_is_kept(made: tuple[Token, str]) -> None:
    token, secret = made
    assert secret.startswith(f"mlt_{token.prefix}_")
    assert secret not in str(Token.objects.values_list())


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer mlt_abcdefgh_wrong",
        "Token é",
        "Basic b2xpdmU6eA==",
        "mlt_x",
    ],
)
def test_whatever_is_no_token_is_nobody(db: None, header: str) -> None:
    answer = ask(header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] in ("invalid_token", "not_authenticated")


def test_a_secret_under_another_prefix_is_nobody(made: tuple[Token, str]) -> None:
    token, secret = made
    assert ask(f"Bearer {secret.replace(token.prefix, 'another1')}").status_code == 401


def test_a_token_in_the_address_is_nobody(made: tuple[Token, str]) -> None:
    assert Client().get(f"{ME}?token={made[1]}&access_token={made[1]}").status_code == 401


def test_an_expired_token_is_nobody(made: tuple[Token, str]) -> None:
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(f"Bearer {made[1]}").status_code == 401


def test_a_revoked_token_is_nobody(made: tuple[Token, str], api: Api, owner: User) -> None:
    assert api(owner).delete(f"{TOKENS}{made[0].pk}/").status_code == 204
    assert ask(f"Bearer {made[1]}").status_code == 401


def test_the_token_of_a_switched_off_person_is_nobody(made: tuple[Token, str], owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert ask(f"Bearer {made[1]}").status_code == 401


def test_a_strangers_token_cannot_be_seen_or_revoked(
    made: tuple[Token, str], api: Api, as_: As, stranger: User
) -> None:
    assert api(stranger).delete(f"{TOKENS}{made[0].pk}/").status_code == 404
    assert as_(stranger).post(f"/tokens/{made[0].pk}/revoke/").status_code == 404
    assert made[0].name not in api(stranger).get(TOKENS).content.decode()
    assert Token.objects.filter(pk=made[0].pk).exists()


def test_the_last_use_is_noted_at_most_once_a_minute(made: tuple[Token, str]) -> None:
    def used() -> Any:
        ask(f"Bearer {made[1]}")
        return Token.objects.values_list("last_used_at", flat=True).get()

    first = used()
    assert first is not None
    assert used() == first
    Token.objects.update(last_used_at=first - timedelta(minutes=2))
    assert used() > first - timedelta(minutes=1)


def test_an_address_and_its_password_give_a_token(api: Api, owner: User) -> None:
    sent = {"email": "OLIVE@example.org", "password": PASSWORD, "name": "script", "expires_in_days": 7}
    answer = api(None).post(TOKENS, sent)
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"id", "name", "token", "prefix", "expires_at"}
    assert ask(f"Bearer {body['token']}").status_code == 200
    assert body["token"] not in api(owner).get(TOKENS).content.decode()


def test_an_old_token_in_the_header_does_not_stand_in_the_way_of_a_new_one(owner: User) -> None:
    sent = {"email": owner.email, "password": PASSWORD}
    headers = {"Authorization": "Bearer mlt_old_one"}
    answer = Client().post(TOKENS, sent, content_type="application/json", headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("pair", [("olive@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_pair_is_one_and_the_same_refusal(api: Api, owner: User, pair: tuple[str, str]) -> None:
    answer = api(None).post(TOKENS, {"email": pair[0], "password": pair[1]})
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_credentials"
    assert answer.json()["detail"] == "This address and password do not fit together."


def test_a_switched_off_person_gets_no_token(api: Api, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert api(None).post(TOKENS, {"email": owner.email, "password": PASSWORD}).status_code == 401


def test_tries_on_the_page_and_on_the_api_are_counted_together(api: Api, as_: As, owner: User) -> None:
    for _ in range(3):
        as_(None).post("/sign-in/", {"login": owner.email, "password": "wrong"})
    codes = [
        api(None).post(TOKENS, {"email": owner.email, "password": "wrong"}).status_code for _ in range(3)
    ]
    assert codes == [401, 401, 429]
    late = api(None).post(TOKENS, {"email": owner.email, "password": PASSWORD})
    assert int(late.headers["Retry-After"]) > 0
    assert late.json()["code"] == "throttled"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "email"),
        ({"email": "olive@example.org"}, "password"),
        ({"email": "olive@example.org", "password": PASSWORD, "name": " "}, "name"),
        ({"email": "olive@example.org", "password": PASSWORD, "expires_in_days": 0}, "expires_in_days"),
        ({"email": "olive@example.org", "password": PASSWORD, "expires_in_days": 10**9}, "expires_in_days"),
    ],
)
def test_a_mistake_names_its_field(api: Api, owner: User, sent: dict[str, Any], field: str) -> None:
    answer = api(None).post(TOKENS, sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_there_is_a_most_of_tokens(api: Api, owner: User, settings: Settings) -> None:
    settings.MAX_TOKENS = 2
    answers = [api(None).post(TOKENS, {"email": owner.email, "password": PASSWORD}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[2].json()["code"] == "quota_exceeded"


def test_the_page_shows_the_secret_once(as_: As, owner: User) -> None:
    browser = as_(owner)
    made = browser.post("/tokens/", {"name": "<b>note</b>", "days": "30"})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    later = browser.get("/tokens/").content.decode()
    assert secret not in later
    assert "&lt;b&gt;note&lt;/b&gt;" in later
    assert "<b>note" not in later


def test_the_page_revokes(as_: As, owner: User, made: tuple[Token, str]) -> None:
    as_(owner).post(f"/tokens/{made[0].pk}/revoke/")
    assert not Token.objects.exists()


def test_at_the_limit_the_button_says_why_it_is_off(as_: As, owner: User, settings: Settings) -> None:
    settings.MAX_TOKENS = 0
    page = as_(owner).get("/tokens/").content.decode()
    assert 'disabled title="You have 0 tokens' in page
    assert "You have 0 tokens" in as_(owner).post("/tokens/", {"name": "x", "days": "7"}).content.decode()
