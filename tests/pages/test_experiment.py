"""The leaderboard as a page: ranked with its spread, beside the naive guess, light with a thousand runs."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from experiments import board
from experiments.models import Experiment, Run
from experiments.states import State
from tests import builders
from tests.conftest import As
from tests.pages.conftest import Train
from training import queue
from training.queue import Outcome

pytestmark = pytest.mark.django_db
MOST_QUERIES, HEAVIEST = 12, 60_000


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def page_of(browser: Client, experiment: Experiment, query: str = "") -> str:
    return browser.get(experiment.get_absolute_url() + query).content.decode()


def scored(experiment: Experiment, owner: User, folds: list[float], number: int) -> Run:
    """A run that is over with these folds of ROC AUC."""
    mean = sum(folds) / len(folds)
    metrics = {
        "test": {"roc_auc": mean, "accuracy": mean, "log_loss": 1 - mean},
        "validation": {"roc_auc": {"mean": mean, "std": 0.01, "folds": folds}},
        "baseline": {"test": {"roc_auc": 0.5}},
    }
    return Run(
        experiment=experiment,
        name=f"calm-otter-{number}",
        owner=owner,
        algo="logistic_regression",
        spec={},
        state=State.SUCCEEDED,
        finished_at=experiment.created_at,
        metrics=metrics,
        timings={"fit": 0.1, "total": 0.2},
        score=mean,
    )


def test_an_experiment_without_runs_says_what_comes_next(browser: Client, experiment: Experiment) -> None:
    page = page_of(browser, experiment)
    assert "No runs yet." in page
    assert f"/experiments/{experiment.pk}/new-run/" in page


def test_real_runs_are_ranked_above_the_naive_guess(
    browser: Client, folded: Experiment, train: Train
) -> None:
    best, naive = train(folded), train(folded, algo="dummy")
    page = page_of(browser, folded)
    assert page.index(best.name) < page.index(naive.name) < page.index("naive guess")
    assert "ranked by the mean over the folds" in page
    assert "off the scale" in page


def test_runs_that_folds_cannot_tell_apart_share_a_place(
    browser: Client, folded: Experiment, owner: User
) -> None:
    tied = ([0.80, 0.90, 0.85], [0.90, 0.80, 0.86], [0.50, 0.51, 0.52])
    Run.objects.bulk_create(scored(folded, owner, folds, place) for place, folds in enumerate(tied))
    page = page_of(browser, folded)
    assert "2 runs lead, and the folds cannot tell them apart" in page
    assert "Tied for first" in page
    assert page.count('<td class="num muted">1=</td>') == 2
    assert '<td class="num muted">3</td>' in page


def test_work_in_progress_stands_above_the_ranks(
    browser: Client, experiment: Experiment, owner: User
) -> None:
    run = builders.run(experiment, by=owner)
    page = page_of(browser, experiment)
    assert "At work" in page
    assert run.name in page
    assert 'data-watch="on"' in page


def test_a_failed_run_says_why(browser: Client, experiment: Experiment, owner: User) -> None:
    builders.run(experiment, by=owner)
    run = queue.claim("a worker")
    assert run is not None
    queue.finish(run, Outcome.failed("stalled", "It stood still. Try again."))
    assert "It stood still. Try again." in page_of(browser, experiment)


def test_the_fragment_is_what_the_page_holds(browser: Client, folded: Experiment, owner: User) -> None:
    Run.objects.bulk_create([scored(folded, owner, [0.8, 0.9, 0.85], 1)])
    fragment = browser.get(f"/experiments/{folded.pk}/board/").content.decode()
    assert fragment.strip() in page_of(browser, folded)


@pytest.mark.parametrize("runs", [10, 1000])
def test_the_page_is_as_light_with_a_thousand_runs(
    browser: Client,
    folded: Experiment,
    owner: User,
    runs: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    many = [scored(folded, owner, [0.5 + place / 3000] * 3, place) for place in range(runs)]
    Run.objects.bulk_create(many)
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = browser.get(folded.get_absolute_url())
    assert len(answer.content) < HEAVIEST
    assert f"calm-otter-{runs - 1}</a>" in answer.content.decode()


def test_later_ranks_stand_on_later_pages(browser: Client, folded: Experiment, owner: User) -> None:
    Run.objects.bulk_create(scored(folded, owner, [0.9 - place / 1000] * 3, place) for place in range(60))
    assert "calm-otter-55</a>" not in page_of(browser, folded)
    assert "calm-otter-55</a>" in page_of(browser, folded, "?page=2")


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "99"])
def test_an_odd_page_number_shows_a_page(browser: Client, folded: Experiment, owner: User, page: str) -> None:
    Run.objects.bulk_create([scored(folded, owner, [0.8, 0.9, 0.85], 1)])
    assert "calm-otter-1" in page_of(browser, folded, f"?page={page}")


def test_a_viewer_sees_the_ranks_and_why_no_run_can_be_added(
    as_: As, viewer: User, experiment: Experiment
) -> None:
    page = page_of(as_(viewer), experiment)
    assert "Viewers can look at runs but not start them." in page
    assert f'href="/experiments/{experiment.pk}/new-run/"' not in page


@pytest.mark.parametrize("address", ["", "board/"])
def test_a_stranger_finds_no_experiment(
    as_: As, stranger: User, experiment: Experiment, address: str
) -> None:
    assert as_(stranger).get(experiment.get_absolute_url() + address).status_code == 404


def test_the_interval_of_few_folds_is_wide() -> None:
    # Student's t with two degrees of freedom is 4.303, and the folds spread by 0.1.
    assert board.half_width([0.8, 0.9, 1.0]) == pytest.approx(4.302653 * 0.1 / 3**0.5)
    assert board.half_width([0.8]) == 0
