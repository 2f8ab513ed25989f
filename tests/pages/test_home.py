"""The workspace's home: what is at work, what came out, what to do first; and the lists behind it."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User, Workspace
from datasets.models import DatasetVersion
from experiments import events
from experiments.events import Event
from experiments.models import Experiment
from tests import builders
from tests.conftest import As
from tests.pages.conftest import Train
from training import queue

pytestmark = pytest.mark.django_db
HOME = "/w/field-lab/"
MOST_QUERIES, HEAVIEST = 12, 60_000


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def text(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def test_the_front_door_leads_to_the_workspace(browser: Client) -> None:
    assert browser.get("/").headers["Location"] == HOME


def test_the_front_door_remembers_the_workspace_last_opened(browser: Client, owner: User) -> None:
    other = Workspace.objects.create(name="Zoology", slug="zoology")
    other.memberships.create(user=owner, role="owner")
    browser.get("/w/zoology/")
    assert browser.get("/").headers["Location"] == "/w/zoology/"


def test_a_person_in_no_workspace_makes_one(as_: As, db: None) -> None:
    alone = User.objects.create_user("alone@example.org", "a long enough password")
    assert as_(alone).get("/").headers["Location"] == "/workspaces/new/"


def test_nobody_is_asked_to_sign_in(as_: As, workspace: Workspace) -> None:
    assert as_(None).get(HOME).headers["Location"].startswith("/sign-in/")


def test_an_empty_workspace_shows_the_first_steps(browser: Client) -> None:
    page = text(browser, HOME)
    assert "First steps" in page
    assert '<li data-state="now"><span class="steps__mark">1</span>' in page
    assert "Recent experiments" not in page


def test_a_viewer_is_told_who_may_begin(as_: As, viewer: User) -> None:
    page = text(as_(viewer), HOME)
    assert "Viewers can look at experiments but not create them." in page
    assert "New experiment</a>" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_stranger_finds_no_workspace(as_: As, stranger: User, workspace: Workspace) -> None:
    for address in ("", "now/", "experiments/", "runs/", "experiments/new/"):
        assert as_(stranger).get(HOME + address).status_code == 404


def test_work_in_progress_shows_stage_and_curve(browser: Client, experiment: Experiment, owner: User) -> None:
    builders.run(experiment, by=owner, algo="dense_network", epochs=10)
    run = queue.claim("a worker")
    assert run is not None
    told = [
        Event("epoch", {"epoch": n, "epochs": 10, "metrics": {"loss": 1 / n, "val_loss": 1 / n}})
        for n in (1, 2, 4)
    ]
    events.append(run.pk, run.attempt, told)
    page = text(browser, HOME)
    assert "Fit: epoch 4 of 10" in page
    assert f'<progress aria-label="Progress of {run.name}" max="10" value="4">' in page
    assert "Validation loss, falling from 1 to 0.25" in page
    assert text(browser, HOME + "now/").strip() in page


def test_a_finished_model_stands_beside_the_naive_guess(
    browser: Client, experiment: Experiment, train: Train
) -> None:
    train(experiment, algo="dummy")
    best = train(experiment)
    page = text(browser, HOME)
    assert f"<strong>{best.score:.4f}</strong>" in page or "<strong>1.000</strong>" in page
    assert '<td class="num muted">0.5000</td>' in page
    assert "<code>logistic_regression</code>" in page
    assert "First steps" not in page


def test_lower_is_better_where_the_score_says_so(browser: Client, numbers: Experiment, train: Train) -> None:
    train(numbers, algo="dummy")
    train(numbers, algo="linear_regression")
    assert "<code>linear_regression</code>" in text(browser, HOME)


def test_usage_stands_beside_its_limit(browser: Client, experiment: Experiment, owner: User) -> None:
    builders.run(experiment, by=owner)
    queue.claim("a worker")
    assert "<span>Runs at once</span><span>1 of 2</span>" in text(browser, HOME)


def test_the_home_page_is_light(
    browser: Client,
    experiment: Experiment,
    owner: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(12):
        builders.run(experiment, by=owner)
    browser.get(HOME)  # the first visit also writes down where the person is
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = browser.get(HOME)
    assert len(answer.content) < HEAVIEST


def test_experiments_are_found_by_name_target_and_data(browser: Client, experiment: Experiment) -> None:
    for wanted in ("which", "species", "penguins"):
        assert experiment.get_absolute_url() in text(browser, f"{HOME}experiments/?q={wanted}")
    assert "Nothing fits" in text(browser, f"{HOME}experiments/?q=whales")


def test_runs_are_found_by_name_model_and_state(browser: Client, experiment: Experiment, owner: User) -> None:
    run = builders.run(experiment, by=owner)
    for wanted in (f"?q={run.name}", "?q=logistic", "?state=queued", "?state=nonsense"):
        assert run.get_absolute_url() in text(browser, f"{HOME}runs/{wanted}")
    assert "No run fits." in text(browser, f"{HOME}runs/?state=failed")


def test_odd_searches_are_answered(browser: Client, experiment: Experiment) -> None:
    for wanted in ("%00", "%E2%80%AE", "%25", "a" * 5000, "'%3B--"):
        for address in ("experiments/", "runs/"):
            assert browser.get(f"{HOME}{address}?q={wanted}&page=-1").status_code == 200


def test_without_data_the_home_takes_a_file_and_offers_samples(browser: Client) -> None:
    page = text(browser, HOME)
    assert "Drop a file here to add your first dataset" in page
    assert 'data-create="/api/v1/workspaces/field-lab/datasets/"' in page
    assert "Add Titanic</button>" in page
    assert "Usage" not in page


def test_with_data_but_no_experiment_the_next_step_is_a_question(
    browser: Client, version: DatasetVersion
) -> None:
    page = text(browser, HOME)
    assert "Ask a question</a>" in page
    assert "Drop a file here" not in page
    assert '<li data-state="now"><span class="steps__mark">2</span>' in page


def test_a_viewer_of_an_empty_workspace_is_not_offered_what_viewers_may_not(as_: As, viewer: User) -> None:
    page = text(as_(viewer), HOME)
    assert "Drop a file here" not in page
    assert "Add Titanic" not in page
