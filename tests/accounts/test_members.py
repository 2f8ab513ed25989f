"""Members: their roles, and the owner that each workspace needs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from accounts import actions, permissions
from accounts.models import Membership, Role, User, Workspace
from web.problems import Refused

ALL = "/api/v1/workspaces/field-lab/members/"
Api = Callable[[User | None], Client]


@pytest.fixture
def people(owner: User, editor: User, viewer: User, stranger: User) -> dict[str, User | None]:
    return {"owner": owner, "editor": editor, "viewer": viewer, "stranger": stranger, "nobody": None}


def of(user: User) -> Membership:
    return Membership.objects.get(user=user, workspace__slug="field-lab")


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("editor", 200), ("viewer", 200), ("stranger", 404), ("nobody", 401)]
)
def test_members_see_each_other(api: Api, people: dict[str, User | None], who: str, status: int) -> None:
    answer = api(people[who]).get(ALL)
    assert answer.status_code == status
    if status == 200:
        assert {one["user"]["name"] for one in answer.json()["results"]} == {"Olive", "Edgar", "Vera"}


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("editor", 403), ("viewer", 403), ("stranger", 404), ("nobody", 401)]
)
def test_only_owners_change_roles(api: Api, people: dict[str, User | None], who: str, status: int) -> None:
    viewer = people["viewer"]
    assert viewer
    url = f"{ALL}{of(viewer).pk}/"
    assert (
        api(people[who]).patch(url, {"role": "editor"}, content_type="application/json").status_code == status
    )
    assert of(viewer).role == ("editor" if status == 200 else "viewer")


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 204), ("editor", 403), ("viewer", 204), ("stranger", 404), ("nobody", 401)]
)
def test_one_leaves_oneself_or_is_removed_by_an_owner(
    api: Api, people: dict[str, User | None], who: str, status: int
) -> None:
    viewer = people["viewer"]
    assert viewer
    assert api(people[who]).delete(f"{ALL}{of(viewer).pk}/").status_code == status
    assert Membership.objects.filter(user=viewer).exists() == (status != 204)


def test_who_has_left_sees_nothing_more(api: Api, owner: User, editor: User) -> None:
    actions.remove_member(membership=of(editor), by=owner)
    assert api(editor).get(ALL).status_code == 404


@pytest.mark.parametrize("role", ["king", "", None, 3])
def test_a_role_is_one_of_three(api: Api, owner: User, viewer: User, role: object) -> None:
    url = f"{ALL}{of(viewer).pk}/"
    answer = api(owner).patch(url, {"role": role}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "role"


def test_the_only_owner_can_neither_leave_nor_step_down(api: Api, owner: User, editor: User) -> None:
    url = f"{ALL}{of(owner).pk}/"
    leaving = api(owner).delete(url)
    stepping_down = api(owner).patch(url, {"role": "viewer"}, content_type="application/json")
    assert leaving.status_code == stepping_down.status_code == 409
    assert leaving.json()["code"] == stepping_down.json()["code"] == "last_owner"
    assert leaving.json()["detail"] == permissions.why_not_remove_member(owner, of(owner))
    assert of(owner).role == Role.OWNER


def test_with_a_second_owner_the_first_may_leave(owner: User, editor: User) -> None:
    actions.change_role(membership=of(editor), role=Role.OWNER, by=owner)
    actions.remove_member(membership=of(owner), by=owner)
    assert of(editor).role == Role.OWNER


def test_a_member_of_another_workspace_is_not_found_here(api: Api, owner: User, stranger: User) -> None:
    theirs = Membership.objects.get(user=stranger)
    assert api(owner).delete(f"{ALL}{theirs.pk}/").status_code == 404


def test_what_a_viewer_may_not_change_is_said(viewer: User, editor: User, workspace: Workspace) -> None:
    assert permissions.why_not_edit(editor, workspace) is None
    assert "Ask an owner to make you an editor" in (permissions.why_not_edit(viewer, workspace) or "")


@pytest.fixture
def two_owners(transactional_db: None) -> list[Membership]:
    workspace = Workspace.objects.create(name="Field Lab", slug="field-lab")
    users = [User.objects.create_user(f"{name}@example.org") for name in "ab"]
    return [workspace.memberships.create(user=user, role=Role.OWNER) for user in users]


def test_two_owners_cannot_leave_past_each_other(two_owners: list[Membership]) -> None:
    gate = Barrier(2)

    def leave(membership: Membership) -> bool:
        gate.wait(10)
        try:
            actions.remove_member(membership=membership, by=membership.user)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(leave, two_owners)) == [False, True]
    assert Membership.objects.filter(role=Role.OWNER).count() == 1
