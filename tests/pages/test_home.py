"""The workspace's home: what is at work, what came out, what to do first."""

import pytest

from accounts.models import User, Workspace
from experiments.models import Experiment, Run
from tests.conftest import As

pytestmark = pytest.mark.django_db


def test_the_front_door_leads_to_the_workspace(as_: As, owner: User, workspace: Workspace) -> None:
    assert as_(owner).get("/").headers["Location"] == f"/w/{workspace.slug}/"


def test_an_empty_workspace_shows_the_first_steps(as_: As, owner: User, workspace: Workspace) -> None:
    page = as_(owner).get(f"/w/{workspace.slug}/").content.decode()
    assert "First steps" in page
    assert "Recent experiments" not in page
