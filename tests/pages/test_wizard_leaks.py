"""What gives the answer away is left out with the reason, comes back by a tick, and is told to the run."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from datasets.models import DatasetVersion, TargetProfile
from experiments.models import Run
from tests.conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def address(version: DatasetVersion) -> str:
    return f"/w/{version.dataset.workspace.slug}/experiments/new/?version={version.pk}"


def line_of(page: str, column: str) -> str:
    """The line of the table of columns that speaks of one."""
    return page[page.index(f'value="{column}" aria-label="Use {column}"') :].partition("</tr>")[0]


def start(browser: Client, version: DatasetVersion, used: list[str]) -> Run:
    form = {"for": "survived", "target": "survived", "task": "classification", "metric": "roc_auc"}
    models = {"shown": ["dummy", "logistic_regression"], "algo": ["logistic_regression"]}
    browser.post(address(version), {**form, **models, "use": used, "name": "Who?", "do": "start"})
    return Run.objects.get()


def choose(browser: Client, version: DatasetVersion, target: str) -> Any:
    """The form as it comes back when another target is chosen."""
    form = {"for": "survived", "target": target, "use": ["fare"], "shown": ["dummy"], "algo": ["dummy"]}
    return browser.post(address(version).replace("/new/?", "/new/draft/?"), form)


def warnings(run: Run) -> list[str]:
    return [event.data["message"] for event in run.events.filter(kind="warning")]


def test_a_column_that_gives_the_answer_away_is_left_out_with_the_reason(
    browser: Client, titanic: DatasetVersion
) -> None:
    page = browser.get(address(titanic)).content.decode()
    line = line_of(page, "alive")
    assert "checked" not in line
    assert "It gives the answer away. It says survived in other words in all 891 rows" in line
    assert "checked" in line_of(page, "fare")


def test_whoever_ticks_it_gets_it_and_the_run_is_told(browser: Client, titanic: DatasetVersion) -> None:
    run = start(browser, titanic, ["alive", "fare"])
    assert "alive" not in run.spec["columns"]["drop"]
    (said,) = warnings(run)
    assert said.startswith("alive gives the answer away. It says survived in other words")


def test_a_run_without_it_is_told_nothing(browser: Client, titanic: DatasetVersion) -> None:
    run = start(browser, titanic, ["fare", "sex"])
    assert "alive" in run.spec["columns"]["drop"]
    assert warnings(run) == []


def test_another_target_is_looked_at_when_it_is_chosen(
    browser: Client, titanic: DatasetVersion, warm: Any
) -> None:
    page = choose(browser, titanic, "pclass").content.decode()
    assert TargetProfile.objects.filter(version=titanic, target="pclass").exists()
    assert "checked" not in line_of(page, "class")


def test_what_was_found_of_the_rows_is_told_beside_the_columns(
    browser: Client, titanic: DatasetVersion
) -> None:
    titanic.findings = [
        *titanic.findings,
        {
            **titanic.findings[0],
            "kind": "groups",
            "id": "groups:cabin",
            "target": "",
            "severity": "warn",
            "title": "The same `cabin` comes in many rows",
        },
    ]
    titanic.save()
    assert "The same <code>cabin</code> comes in many rows" in browser.get(address(titanic)).content.decode()


def test_without_a_reader_the_wizard_still_opens(
    browser: Client, titanic: DatasetVersion, settings: Any
) -> None:
    settings.ZYGOTE_SOCKET = "/nowhere"
    page = choose(browser, titanic, "pclass").content.decode()
    assert "checked" in line_of(page, "class")
