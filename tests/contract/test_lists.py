"""Every list has one form, and cannot be asked what it does not know."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from experiments.models import Run

Program = Callable[[User | None], Any]
LISTS = [
    "auth/tokens/",
    "me/usage/",
    "catalog/",
    "workspaces/",
    "workspaces/field-lab/members/",
    "workspaces/field-lab/datasets/",
    "workspaces/field-lab/trash/",
    "workspaces/field-lab/experiments/",
    "workspaces/field-lab/runs/",
    "datasets/{dataset}/versions/",
    "experiments/{experiment}/runs/",
    "experiments/{experiment}/leaderboard/",
    "runs/{run}/artifacts/",
]
EVENTS = "runs/{run}/events/"
NO_PAGE = ["page=-1", "page=0", "page=1e9", "page=1000000000", "page=2000", "page=x", "page=", "page=٣"]
NO_SIZE = ["page_size=0", "page_size=-1", "page_size=201", "page_size=x"]
NO_FILTER = ["ordering=password", "owner__password__startswith=a", "user__password__regex=.*"]


def address(path: str, run: Run) -> str:
    version = run.experiment.dataset_version
    found = path.format(run=run.pk, experiment=run.experiment_id, dataset=version.dataset_id)
    return f"/api/v1/{found}"


@pytest.mark.parametrize("path", [*LISTS, EVENTS])
def test_a_list_counts_and_says_where_it_goes_on(api: Program, owner: User, run: Run, path: str) -> None:
    body = api(owner).get(address(path, run)).json()
    assert set(body) == {"count", "next", "previous", "results"}
    assert body["count"] >= len(body["results"])


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", [*NO_PAGE, *NO_SIZE])
def test_a_page_that_cannot_be_is_refused(api: Program, owner: User, run: Run, path: str, query: str) -> None:
    answer = api(owner).get(f"{address(path, run)}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_page")


@pytest.mark.parametrize("path", [*LISTS, EVENTS])
@pytest.mark.parametrize("query", NO_FILTER)
def test_a_filter_that_does_not_exist_is_refused_and_finds_nothing_out(
    api: Program, owner: User, run: Run, path: str, query: str
) -> None:
    answer = api(owner).get(f"{address(path, run)}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")


def test_pages_lead_to_one_another(api: Program, owner: User, run: Run) -> None:
    program, first = api(owner), "/api/v1/catalog/?page_size=2"
    seen: list[str] = []
    page: str | None = first
    while page:
        body = program.get(page).json()
        seen += [learner["algo"] for learner in body["results"]]
        page = body["next"]
    assert len(seen) == len(set(seen)) == body["count"] > 2
