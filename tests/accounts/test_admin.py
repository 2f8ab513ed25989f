"""The administrator's panel: behind our own sign-in, and careful with what it shows."""

import pytest
from django.test import Client

from accounts import actions
from accounts.models import Membership, Token, User
from tests.conftest import PASSWORD, As


@pytest.fixture
def boss(db: None) -> User:
    return actions.create_first_administrator(email="Root@Example.org", password=PASSWORD)


def test_the_first_administrator_has_a_workspace(boss: User) -> None:
    assert (boss.email, boss.is_staff, boss.is_superuser) == ("root@example.org", True, True)
    assert Membership.objects.get(user=boss).workspace.name == "Root's workspace"


def test_nobody_is_led_to_the_one_sign_in_page(as_: As, db: None) -> None:
    chain = as_(None).get("/admin/", follow=True).redirect_chain
    assert chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"


def test_an_ordinary_person_has_no_business_there(as_: As, owner: User) -> None:
    assert as_(owner).get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("page", ["user", "workspace", "membership", "token"])
def test_every_list_and_search_opens(as_: As, boss: User, owner: User, page: str) -> None:
    actions.create_token(user=owner, name="notebook")
    answer = as_(boss).get(f"/admin/accounts/{page}/?q=o")
    assert answer.status_code == 200


def test_a_person_added_there_begins_in_a_workspace(as_: As, boss: User) -> None:
    sent = {
        "email": "Maya@example.org",
        "name": "Maya",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    as_(boss).post("/admin/accounts/user/add/", sent)
    maya = User.objects.get(email="maya@example.org")
    assert Membership.objects.get(user=maya).workspace.name == "Maya's workspace"
    assert Client().post("/sign-in/", {"login": maya.email, "password": PASSWORD}).status_code == 302


def test_a_token_shows_no_digest_and_cannot_be_edited(as_: As, boss: User, owner: User) -> None:
    token, _ = actions.create_token(user=owner, name="notebook")
    url = f"/admin/accounts/token/{token.pk}/change/"
    page = as_(boss).get(url)
    assert token.digest not in page.content.decode()
    as_(boss).post(url, {"name": "mine now", "user": str(boss.pk)})
    assert Token.objects.get().name == "notebook"


def test_only_the_panel_may_evaluate_scripts(as_: As, boss: User) -> None:
    def policy(url: str) -> str:
        return str(as_(boss).get(url).headers["Content-Security-Policy"])

    assert "'unsafe-eval'" in policy("/admin/")
    assert "'unsafe-eval'" in policy("/admin/accounts/user/")
    assert "unsafe" not in policy("/you/")
