"""Workspaces: who may make, see, rename and delete them."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Membership, User, Workspace
from experiments.models import Experiment
from tests.conftest import As

ALL = "/api/v1/workspaces/"
ONE = "/api/v1/workspaces/field-lab/"
Api = Callable[[User | None], Client]


@pytest.fixture
def people(owner: User, editor: User, viewer: User, stranger: User) -> dict[str, User | None]:
    return {"owner": owner, "editor": editor, "viewer": viewer, "stranger": stranger, "nobody": None}


def test_who_makes_a_workspace_owns_it(api: Api, stranger: User) -> None:
    answer = api(stranger).post(ALL, {"name": "Küstenlabor 2", "slug": "mine", "role": "viewer"})
    assert answer.status_code == 201
    assert (answer.json()["slug"], answer.json()["role"]) == ("kustenlabor-2", "owner")


@pytest.mark.parametrize("name", ["Field Lab", "海岸", "../..", "🙂", "x" * 80, "<script>"])
def test_each_workspace_has_an_address_of_its_own(api: Api, owner: User, name: str) -> None:
    slugs = {api(owner).post(ALL, {"name": name}).json()["slug"] for _ in range(3)}
    assert len(slugs) == 3
    for slug in slugs:
        assert api(owner).get(f"{ALL}{slug}/").json()["name"] == name


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\u202eb", "a\x07b", None, 7, ["x"], {"a": 1}])
def test_a_name_that_nobody_can_read_is_refused(api: Api, owner: User, name: object) -> None:
    answer = api(owner).post(ALL, {"name": name})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "name"


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("editor", 200), ("viewer", 200), ("stranger", 404), ("nobody", 401)]
)
def test_who_may_look(api: Api, people: dict[str, User | None], who: str, status: int) -> None:
    answer = api(people[who]).get(ONE)
    assert answer.status_code == status
    assert answer.json().get("role") == (who if status == 200 else None)


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("editor", 403), ("viewer", 403), ("stranger", 404), ("nobody", 401)]
)
def test_who_may_rename(api: Api, people: dict[str, User | None], who: str, status: int) -> None:
    answer = api(people[who]).patch(
        ONE, {"name": "Wet Lab", "slug": "other"}, content_type="application/json"
    )
    assert answer.status_code == status
    workspace = Workspace.objects.get(slug="field-lab")
    assert workspace.name == ("Wet Lab" if status == 200 else "Field Lab")


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 204), ("editor", 403), ("viewer", 403), ("stranger", 404), ("nobody", 401)]
)
def test_who_may_delete(api: Api, people: dict[str, User | None], who: str, status: int) -> None:
    assert api(people[who]).delete(ONE).status_code == status
    assert Workspace.objects.filter(slug="field-lab").exists() == (status != 204)


def test_a_list_holds_ones_own_with_ones_role_in_each(api: Api, owner: User, viewer: User) -> None:
    elsewhere = Workspace.objects.create(name="Another", slug="another")
    Membership.objects.create(workspace=elsewhere, user=viewer, role="editor")
    listed = api(viewer).get(ALL).json()["results"]
    assert [(one["slug"], one["role"]) for one in listed] == [("another", "editor"), ("field-lab", "viewer")]


def test_there_is_a_most_of_workspaces(api: Api, owner: User, settings: Settings) -> None:
    settings.MAX_WORKSPACES = 2
    answers = [api(owner).post(ALL, {"name": "More"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["code"] == "quota_exceeded"


def test_the_page_makes_one_and_leads_there(as_: As, owner: User) -> None:
    answer = as_(owner).post("/workspaces/new/", {"name": "Coastal Survey"})
    assert answer.headers["Location"] == "/w/coastal-survey/"


def test_the_page_says_at_the_field_what_is_wrong(as_: As, owner: User, settings: Settings) -> None:
    settings.MAX_WORKSPACES = 1
    page = as_(owner).post("/workspaces/new/", {"name": "One more"}).content.decode()
    assert 'id="id_name_error"' in page
    assert "1 is the most" in page
    assert 'value="One more"' in page


def test_a_workspace_with_experiments_stays(api: Api, owner: User, experiment: Experiment) -> None:
    answer = api(owner).delete(ONE)
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    assert Experiment.objects.filter(pk=experiment.pk).exists()
