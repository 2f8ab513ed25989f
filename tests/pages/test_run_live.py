"""A run while it works: one fragment for first load, poll and socket; honest about loss and failure."""

import math
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from experiments import events
from experiments.events import Event
from experiments.models import Experiment, Run
from experiments.states import State
from tests import builders
from tests.conftest import As
from training import queue
from training.queue import Outcome

pytestmark = pytest.mark.django_db
MOST_QUERIES, HEAVIEST = 12, 60_000


def staged(name: str, *, done: bool = True) -> list[Event]:
    first = [Event("stage", {"stage": name, "state": "started"})]
    return [*first, Event("stage", {"stage": name, "state": "done", "seconds": 0.25})] if done else first


def epoch(number: int, of: int = 10, **metrics: Any) -> Event:
    loss = math.exp(-number / 5)
    usual = {"loss": loss, "val_loss": loss + 0.1, "accuracy": 1 - loss / 2, "val_accuracy": 0.9 - loss / 2}
    return Event("epoch", {"epoch": number, "epochs": of, "seconds": 2.0, "metrics": usual | metrics})


@pytest.fixture
def working(experiment: Experiment, owner: User) -> Run:
    """A network in its third of ten epochs."""
    builders.run(experiment, by=owner, algo="dense_network", epochs=10)
    run = queue.claim("a worker")
    assert run is not None
    told = [*staged("prepare"), *staged("split"), *staged("build"), *staged("fit", done=False)]
    events.append(run.pk, run.attempt, [*told, epoch(1), epoch(2), epoch(3)])
    run.refresh_from_db()
    return run


@pytest.fixture
def browser(as_: As, owner: User) -> Client:
    return as_(owner)


def page_of(browser: Client, run: Run) -> str:
    return browser.get(run.get_absolute_url()).content.decode()


def fragment_of(browser: Client, run: Run, after: str = "") -> str:
    return browser.get(f"/runs/{run.pk}/live/?after={after}").content.decode()


def test_a_waiting_run_says_its_place_in_line(browser: Client, experiment: Experiment, owner: User) -> None:
    first, second = builders.run(experiment, by=owner), builders.run(experiment, by=owner)
    assert "Next in line." in page_of(browser, first)
    assert "1 before it in line." in page_of(browser, second)


def test_stages_show_their_times_and_the_one_at_work(browser: Client, working: Run) -> None:
    page = page_of(browser, working)
    assert page.count('<li data-state="done">') == 4  # the queue and three stages
    assert 'data-state="now" aria-current="step"' in page
    assert "epoch 3 of 10" in page


def test_progress_and_time_left_come_from_the_epochs(browser: Client, working: Run) -> None:
    page = page_of(browser, working)
    assert '<progress aria-label="Progress of the run" max="10" value="3">' in page
    assert "about 14.0\u00a0s left" in page


def test_curves_show_training_validation_and_the_best(browser: Client, working: Run) -> None:
    page = page_of(browser, working)
    assert page.count("<svg viewBox=") == 2
    assert "Best on validation rows: 0.6256 in epoch 3." in page
    assert 'class="dot s1"' in page


def test_the_curve_has_a_table_with_the_same_numbers(browser: Client, working: Run) -> None:
    page = page_of(browser, working)
    assert f'<td class="num">{math.exp(-1 / 5):.4f}</td>' in page


def test_a_loss_that_is_no_number_is_a_gap_not_an_error(browser: Client, working: Run) -> None:
    events.append(working.pk, working.attempt, [epoch(4, loss=None, val_loss=None)])
    assert "epoch 4 of 10" in page_of(browser, working)


def test_the_fragment_is_what_the_page_holds(browser: Client, working: Run) -> None:
    page, fragment = page_of(browser, working), fragment_of(browser, working)
    assert fragment.strip() in page


def test_the_fragment_brings_only_new_lines_of_the_log(browser: Client, working: Run) -> None:
    fragment = fragment_of(browser, working, str(working.last_seq - 1))
    assert "Epoch 3 of 10" in fragment
    assert "Epoch 2 of 10" not in fragment


def test_nothing_new_is_a_short_answer(browser: Client, working: Run) -> None:
    answer = browser.get(f"/runs/{working.pk}/live/?after={working.last_seq}")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("after", ["-1", "x", "1e9", "٣", "9" * 40])
def test_an_odd_number_counts_from_the_start(browser: Client, working: Run, after: str) -> None:
    assert "Epoch 1 of 10" in fragment_of(browser, working, after)


def test_a_new_attempt_is_said_and_starts_its_curve_anew(browser: Client, working: Run) -> None:
    queue.release(working)
    Run.objects.filter(pk=working.pk).update(state=State.QUEUED)
    assert queue.claim("another worker") is not None
    page = page_of(browser, working)
    assert "This is attempt 2." in page
    assert page.count("No epoch has ended yet.") == 4  # two frames, each with its sentence for ears and eyes


def test_a_failed_run_says_where_why_and_what_to_do(browser: Client, working: Run) -> None:
    queue.finish(working, Outcome.failed("out_of_memory", "It needed more than 4 GB. Use fewer neurons."))
    page = page_of(browser, working)
    assert "This run failed in the stage fit." in page
    assert "It needed more than 4 GB. Use fewer neurons." in page
    assert f"/experiments/{working.experiment_id}/new-run/?like={working.pk}" in page
    assert "stopped here" in page


def test_cancelling_ends_the_run_and_says_so(browser: Client, working: Run) -> None:
    answer = browser.post(f"/runs/{working.pk}/cancel/", follow=True)
    assert "This run was cancelled." in answer.content.decode()
    working.refresh_from_db()
    assert working.state == State.CANCELLED


def test_cancelling_asks_first_and_says_what_is_lost(browser: Client, working: Run) -> None:
    page = page_of(browser, working)
    assert 'commandfor="cancel" command="show-modal"' in page
    assert "What it has learned so far is thrown away." in page


def test_a_run_that_is_over_cannot_be_cancelled(browser: Client, working: Run) -> None:
    queue.finish(working, Outcome.failed("stalled", "It stood still. Try again."))
    answer = browser.post(f"/runs/{working.pk}/cancel/", follow=True)
    assert "There is nothing to cancel." in answer.content.decode()


def test_a_viewer_watches_but_cannot_cancel(as_: As, viewer: User, working: Run) -> None:
    page = page_of(as_(viewer), working)
    assert "Viewers can look at runs but not cancel them." in page
    as_(viewer).post(f"/runs/{working.pk}/cancel/")
    working.refresh_from_db()
    assert working.state == State.RUNNING


@pytest.mark.parametrize("address", ["", "live/", "cancel/"])
def test_a_stranger_finds_no_run(as_: As, stranger: User, working: Run, address: str) -> None:
    client = as_(stranger)
    ask = client.post if address == "cancel/" else client.get
    assert ask(f"/runs/{working.pk}/{address}").status_code == 404


def test_nobody_is_asked_to_sign_in(as_: As, working: Run) -> None:
    assert as_(None).get(working.get_absolute_url()).headers["Location"].startswith("/sign-in/")


def test_without_scripts_the_page_comes_again_by_itself(browser: Client, working: Run) -> None:
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page_of(browser, working)


def test_a_long_training_stays_light(
    browser: Client, working: Run, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    events.append(working.pk, working.attempt, [epoch(number, 1500) for number in range(4, 1001)])
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = browser.get(working.get_absolute_url())
    assert len(answer.content) < HEAVIEST


def test_what_a_run_tells_is_text_and_nothing_else(browser: Client, working: Run) -> None:
    events.append(working.pk, working.attempt, [Event("log", {"message": "<img src=x onerror=alert(1)>"})])
    assert "<img src=x" not in page_of(browser, working)


def test_the_page_allows_no_inline_script(browser: Client, working: Run) -> None:
    policy = browser.get(working.get_absolute_url()).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
    assert directives["script-src"] == "'self'"
    assert "'unsafe-inline'" in directives["style-src"]


def test_a_network_keeps_the_place_of_what_its_epochs_will_show(
    browser: Client, experiment: Experiment, owner: User
) -> None:
    before = page_of(browser, builders.run(experiment, by=owner, algo="dense_network", epochs=10))
    assert before.count('class="stat"') == 4
    assert before.count("<svg viewBox=") == 2
    assert "No epoch has ended yet." in before


def test_what_tells_no_epochs_keeps_no_place_for_them(
    browser: Client, experiment: Experiment, owner: User
) -> None:
    page = page_of(browser, builders.run(experiment, by=owner, algo="random_forest"))
    assert "No epoch has ended yet." not in page


def test_every_tile_stays_while_its_number_changes(browser: Client, working: Run) -> None:
    assert page_of(browser, working).count('class="stat"') == 4
    events.append(working.pk, working.attempt, [epoch(4, val_accuracy=0.1)])
    later = page_of(browser, working)
    assert later.count('class="stat"') == 4
    assert "Without a better one" in later


def test_the_naive_guess_stands_beside_once_another_run_has_measured_it(
    browser: Client, working: Run, owner: User
) -> None:
    assert "Naive guess" not in page_of(browser, working)
    builders.run(working.experiment, by=owner, algo="dummy")
    other = queue.claim("another worker")
    assert other is not None
    measured = {"metrics": {"baseline": {"test": {"accuracy": 0.4412}}}}
    queue.finish(other, Outcome(State.SUCCEEDED, "Finished.", fields=measured))
    page = page_of(browser, working)
    assert "Naive guess" in page
    assert "0.4412" in page


def test_each_curve_has_a_name_of_its_own(browser: Client, working: Run) -> None:
    page = page_of(browser, working)
    ids = re.findall(r' id="([^"]+)"', page)
    assert sorted(set(ids)) == sorted(ids)


def tree(number: int, of: int = 200, **more: Any) -> Event:
    loss = math.exp(-number / 50)
    losses = {"loss": loss, "val_loss": loss + abs(number - 60) / 100}
    return Event(
        "iteration", {"iteration": number, "iterations": of, "seconds": 0.5, "metrics": losses} | more
    )


@pytest.fixture
def growing(experiment: Experiment, owner: User) -> Run:
    """A boosting that may stop early, at its 80th of 200 trees."""
    builders.run(experiment, by=owner, algo="xgboost", early_stopping_rounds=30)
    run = queue.claim("a worker")
    assert run is not None
    told = [*staged("prepare"), *staged("split"), *staged("build"), *staged("fit", done=False)]
    events.append(run.pk, run.attempt, [*told, *(tree(number) for number in range(2, 81, 2))])
    run.refresh_from_db()
    return run


def test_trees_are_counted_and_their_time_left_is_said(browser: Client, growing: Run) -> None:
    page = page_of(browser, growing)
    assert '<progress aria-label="Progress of the run" max="200" value="80">' in page
    assert "Iteration 80 of 200" in page
    assert "about 1\u00a0min" in page


def test_trees_draw_a_curve_with_the_best_of_them(browser: Client, growing: Run) -> None:
    page = page_of(browser, growing)
    assert page.count("<svg viewBox=") == 1
    assert "Loss by iteration" in page
    assert f"Best on validation rows: {math.exp(-60 / 50):.4f} in iteration 60." in page


def test_tiles_say_how_many_trees_brought_nothing(browser: Client, growing: Run) -> None:
    page = page_of(browser, growing)
    assert re.findall(r"<dt>([^<]*)</dt>", page)[:4] == [
        "Validation loss now ↓",
        "Best so far",
        "Without a better one",
        "Training loss",
    ]
    assert re.search(r'Without a better one</dt><dd>20</dd><dd class="stat__note">iterations', page)


def test_trees_of_a_fold_are_not_those_of_the_model_that_is_kept(browser: Client, growing: Run) -> None:
    after = [*staged("fit")[1:], *staged("evaluate", done=False)]
    fold = Event("iteration", {"iteration": 10, "iterations": 1000, "fold": 1, "val_loss": 0.5})
    events.append(growing.pk, growing.attempt, [*after, fold])
    assert "Loss after 80 of 200 iterations." in page_of(browser, growing)


def test_trees_without_rows_kept_aside_show_the_loss_they_learn_by(
    browser: Client, experiment: Experiment, owner: User
) -> None:
    run = builders.run(experiment, by=owner, algo="xgboost")
    assert "No iteration has ended yet." in page_of(browser, run)
    claimed = queue.claim("a worker")
    assert claimed is not None
    told = [tree(number, metrics={"loss": 1 / number}) for number in (1, 2)]
    events.append(claimed.pk, claimed.attempt, [*staged("fit", done=False), *told])
    page = page_of(browser, run)
    assert "Training loss" in page
    assert "Validation loss" not in page
    assert "Loss after 2 of 200 iterations." in page


def test_home_follows_trees_too(browser: Client, growing: Run) -> None:
    home = browser.get("/", follow=True).content.decode()
    assert "Fit: iteration 80 of 200" in home
    assert "validation loss" in home
