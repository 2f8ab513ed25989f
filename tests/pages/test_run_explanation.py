"""Why a model answers as it does, on its run's page: asked for by itself, waited for, shown or refused."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from datasets import files
from experiments import explaining, tasks
from experiments.models import Experiment, Explanation, Run
from experiments.states import Explained
from tests import builders
from tests.conftest import As
from tests.pages.conftest import Train

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_places_left")]
HTMX = {"HX-Request": "true"}
HEAVIEST = 250_000


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def explained(run: Run, by: User) -> Explanation:
    found, _ = explaining.ask(run=run, by=by)
    tasks.explain(str(found.pk))
    found.refresh_from_db()
    assert found.state == Explained.READY
    return found


def tab(browser: Client, run: Run, more: str = "") -> str:
    return browser.get(f"{run.get_absolute_url()}?tab=explanation{more}").content.decode()


def fragment(browser: Client, run: Run) -> str:
    return browser.get(f"{run.get_absolute_url()}explanation/").content.decode()


def test_the_tab_asks_by_itself_and_then_looks_again_until_it_is_made(
    browser: Client, experiment: Experiment, train: Train
) -> None:
    run = train(experiment)
    address = f"{run.get_absolute_url()}explanation/"
    page = tab(browser, run)
    assert f'hx-post="{address}" hx-trigger="load"' in page
    assert "Explain this model" in page  # the button of those without scripts
    asked = browser.post(address, headers=HTMX).content.decode()
    assert f'hx-get="{address}" hx-trigger="every 1s"' in asked
    assert "Waiting for its turn" in asked
    Explanation.objects.filter(run=run).take("a worker", state=Explained.RUNNING, stage="canary")
    assert "Learning once more beside columns of pure chance" in fragment(browser, run)
    Explanation.objects.filter(run=run).update(state=Explained.WAITING, lease_expires_at=None, stage="")
    tasks.explain(str(run.explanation.pk))
    made = fragment(browser, run)
    assert "hx-trigger" not in made
    assert "How much ROC AUC gets worse without a column" in made


def test_without_scripts_a_button_asks(browser: Client, experiment: Experiment, train: Train) -> None:
    run = train(experiment)
    answer = browser.post(f"{run.get_absolute_url()}explanation/")
    assert answer["Location"] == f"{run.get_absolute_url()}?tab=explanation"
    assert Explanation.objects.get(run=run).state == Explained.WAITING
    assert "Look again" in tab(browser, run)


def test_a_linear_model_shows_importance_curves_weights_and_single_rows(
    browser: Client, experiment: Experiment, train: Train, owner: User
) -> None:
    run = train(experiment)
    explained(run, owner)
    page = tab(browser, run)
    told = explaining.read(run, "importance.json")
    telling = [column["name"] for column in told["columns"] if not column["is_chance"]]
    assert f"{len(telling)} of {len(told['columns'])} columns tell species." in page
    assert page.count("no more than chance") == len(told["columns"]) - len(telling)
    assert page.count('class="rule-line"') == len(told["columns"])
    assert len(re.findall(r'id="moved-\d+-h"', page)) == len(
        explaining.read(run, "dependence.json")["columns"]
    )
    assert "The weights" in page
    assert "island = Dream" in page
    assert "The tree" not in page
    assert "In this row" in page


def test_a_tree_is_shown_question_by_question(
    browser: Client, numbers: Experiment, train: Train, owner: User
) -> None:
    run = train(numbers, algo="decision_tree")
    explained(run, owner)
    page = tab(browser, run)
    tree = explaining.read(run, "inside.json")["tree"]
    assert f"<code>{tree['column']} ≤" in page
    assert page.count('class="indent-4"') > 4
    assert "own importances" in page
    assert "How much RMSE gets worse" in page


@pytest.mark.parametrize("algo", ["knn", "dummy"])
def test_a_model_without_shap_values_says_so(
    browser: Client, experiment: Experiment, train: Train, owner: User, algo: str
) -> None:
    run = train(experiment, algo=algo)
    explained(run, owner)
    page = tab(browser, run)
    assert "This model is neither." in page
    assert ("No column tells more than chance." in page) == (algo == "dummy")


def test_a_row_is_explained_by_its_number_and_an_unknown_one_is_said(
    browser: Client, experiment: Experiment, train: Train, owner: User
) -> None:
    run = train(experiment)
    explained(run, owner)
    row = explaining.read(run, "rows.json")["rows"][5]
    page = tab(browser, run, f"&row={row['row'] + 1}")
    assert f'value="{row["row"] + 1}" autocomplete' in page
    assert f"Predicted <strong>{row['predicted']}</strong>" in page
    assert "Nothing was found out about row 98765." in tab(browser, run, "&row=98765")
    assert "<script>alert" not in tab(browser, run, "&row=<script>alert(1)</script>")


def test_the_worst_rows_lead_to_their_explanation(
    browser: Client, experiment: Experiment, train: Train, owner: User
) -> None:
    run = train(experiment)
    worst = browser.get(f"{run.get_absolute_url()}worst/").content.decode()
    rows = re.findall(r"tab=explanation&amp;row=(\d+)#row", worst)
    assert rows
    explained(run, owner)
    told = {str(one["row"] + 1) for one in explaining.read(run, "rows.json")["rows"]}
    assert set(rows) <= told


def test_a_failure_is_said_and_can_be_tried_again(
    browser: Client, experiment: Experiment, train: Train, owner: User
) -> None:
    run = train(experiment)
    files.path_of(run.artifacts.get(name="model.zip").key).write_bytes(b"changed")
    found, _ = explaining.ask(run=run, by=owner)
    tasks.explain(str(found.pk))
    page = tab(browser, run)
    assert "This model could not be explained." in page
    assert "model.zip was changed after it was stored" in page
    assert "Try again" in page
    assert (
        "Waiting for its turn"
        in browser.post(f"{run.get_absolute_url()}explanation/", headers=HTMX).content.decode()
    )


def test_a_damaged_part_is_left_out_and_the_rest_shown(
    browser: Client, experiment: Experiment, train: Train, owner: User
) -> None:
    run = train(experiment)
    explained(run, owner)
    files.path_of(run.artifacts.get(name="explanation/dependence.json").key).write_text("{}")
    page = tab(browser, run)
    assert "explanation/dependence.json was changed" in page
    assert "How the answer moves with one column" not in page
    assert "The weights" in page


def test_a_run_that_waits_has_nothing_to_explain(browser: Client, run: Run) -> None:
    assert "A run can be explained once it has finished." in fragment(browser, run)
    asked = browser.post(f"{run.get_absolute_url()}explanation/", headers=HTMX).content.decode()
    assert "once it has finished" in asked
    assert not Explanation.objects.exists()


def test_viewers_may_ask_and_strangers_see_nothing(
    as_: As, viewer: User, stranger: User, experiment: Experiment, train: Train
) -> None:
    run = train(experiment)
    address = f"{run.get_absolute_url()}explanation/"
    assert as_(stranger).post(address).status_code == as_(stranger).get(address).status_code == 404
    assert as_(viewer).post(address, headers=HTMX).status_code == 200
    assert Explanation.objects.get(run=run).asked_by == viewer


def test_the_page_stays_light(browser: Client, experiment: Experiment, train: Train, owner: User) -> None:
    run = train(experiment, algo="random_forest", n_estimators=10)
    explained(run, owner)
    assert len(tab(browser, run)) < HEAVIEST


def test_asking_too_often_is_said_in_its_place(
    browser: Client, experiment: Experiment, owner: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(explaining, "MOST_ASKED", 0)
    run = builders.run(experiment, by=owner)
    Run.objects.filter(pk=run.pk).update(state="succeeded", finished_at=run.queued_at)
    asked = browser.post(f"{run.get_absolute_url()}explanation/", headers=HTMX).content.decode()
    assert "This cannot be asked for now." in asked
    assert not Explanation.objects.exists()
