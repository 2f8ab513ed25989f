"""One table: every address of the house, and what the five kinds of people get there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Membership, User, Workspace
from datasets.models import Dataset, DatasetVersion, Upload
from experiments import artifacts
from experiments.models import Experiment, Run
from tests.architecture import access
from tests.architecture.access import Rule, Things

As = Callable[[User | None], Client]
RULES = access.read(Path(__file__).with_name("access.txt").read_text())
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_KNOWN = 405


@pytest.fixture
def things(run: Run, owner: User, warm: Path, tmp_path: Path) -> Things:
    (tmp_path / "metrics.json").write_text("{}")
    (artifact,) = artifacts.publish(run, 1, tmp_path)
    artifact.save()
    token, _ = actions.create_token(user=owner, name="a program")
    upload = Upload.objects.create(owner=owner, name="a.csv", size=5, expires_at=timezone.now())
    return Things(run, owner, token, upload, artifact)


@pytest.fixture
def people(owner: User, editor: User, viewer: User, stranger: User) -> dict[str, User | None]:
    return {"owner": owner, "editor": editor, "viewer": viewer, "stranger": stranger, "nobody": None}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.request)
def test_everyone_gets_what_the_table_says(
    as_: As, things: Things, people: dict[str, User | None], rule: Rule
) -> None:
    address = things.address(rule.route)
    found = tuple(access.status(as_(people[name]), rule, address) for name in access.PEOPLE)
    assert found == rule.statuses


def test_every_address_is_in_the_table() -> None:
    assert set(access.routes()) == {rule.route for rule in RULES}


def test_every_method_that_the_api_knows_is_in_the_table(as_: As, things: Things, owner: User) -> None:
    written = {rule.request for rule in RULES}
    asked = [Rule(method, route, ()) for route in access.routes() for method in METHODS]
    left_out = [rule for rule in asked if rule.is_api and rule.request not in written]
    client = as_(owner)
    known = [
        rule for rule in left_out if access.status(client, rule, things.address(rule.route)) != NOT_KNOWN
    ]
    assert known == []


def state_of_things() -> list[object]:
    """Whatever a viewer must not change."""
    kinds = (Dataset, DatasetVersion, Experiment, Run, Membership, Workspace)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


@pytest.mark.parametrize("name", ["viewer", "stranger", "nobody"])
def test_who_may_only_look_changes_nothing_that_is_shared(
    as_: As, things: Things, people: dict[str, User | None], name: str
) -> None:
    client, before = as_(people[name]), state_of_things()
    for rule in RULES:
        if rule.method != "GET" and not rule.route.endswith(("workspaces/", "workspaces/new/")):
            access.ask(client, rule, things.address(rule.route))
            assert state_of_things() == before, rule.request
