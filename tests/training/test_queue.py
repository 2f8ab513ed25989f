"""Work is taken once, in fairness, and taken back from who is gone."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from experiments import actions, events
from experiments.events import Event, Superseded
from experiments.models import Experiment, Run
from experiments.states import State
from tests import builders
from tests.crowd import at_once
from training import queue
from training.queue import Outcome

DONE = Outcome(State.SUCCEEDED, "Finished.")
Expire = Callable[[Run], None]


def again(run: Run) -> Run:
    return Run.objects.select_related("experiment__workspace").get(pk=run.pk)


def test_a_claim_is_a_lease(run: Run) -> None:
    claimed = queue.claim("a-host:7")
    assert claimed == run
    assert (claimed.state, claimed.attempt, claimed.worker) == (State.RUNNING, 1, "a-host:7")
    assert claimed.started_at
    assert claimed.lease_expires_at
    assert claimed.lease_expires_at > claimed.started_at
    assert claimed.events.order_by("seq").last().data["state"] == "running"  # type: ignore[union-attr]


def test_an_empty_queue_gives_nothing(db: None) -> None:
    assert queue.claim("w") is None


def test_what_is_held_is_not_given_again(claimed: Run) -> None:
    assert queue.claim("another") is None


@pytest.mark.django_db(transaction=True)
def test_eight_workers_take_one_run_once(run: Run) -> None:
    taken = at_once(*[lambda: queue.claim("w")] * 8)
    assert [found for found in taken if found is not None] == [run]
    assert again(run).attempt == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_keep_to_a_persons_limit(experiment: Experiment, owner: User, settings: Any) -> None:
    settings.MAX_RUNNING_RUNS = 2
    for _ in range(6):
        builders.run(experiment, by=owner)
    taken = at_once(*[lambda: queue.claim("w")] * 6)
    assert len([found for found in taken if found is not None]) == 2


def test_who_has_least_running_is_next(experiment: Experiment, owner: User, editor: User) -> None:
    first, second = (builders.run(experiment, by=owner) for _ in range(2))
    late = builders.run(experiment, by=editor)
    assert [queue.claim("w") for _ in range(3)] == [first, late, second]


def test_a_person_at_the_limit_waits_while_others_go_on(
    experiment: Experiment, owner: User, editor: User, settings: Any
) -> None:
    settings.MAX_RUNNING_RUNS = 1
    first, second = (builders.run(experiment, by=owner) for _ in range(2))
    other = builders.run(experiment, by=editor)
    assert [queue.claim("w") for _ in range(3)] == [first, other, None]
    assert queue.finish(again(first), DONE)
    assert queue.claim("w") == second


def test_finishing_writes_the_end_and_its_events(claimed: Run) -> None:
    assert queue.finish(claimed, Outcome.failed("too_few_rows", "There are too few rows."))
    run = again(claimed)
    assert run.state == State.FAILED
    assert run.problem == {"code": "too_few_rows", "detail": "There are too few rows."}
    assert run.finished_at
    last = run.events.order_by("seq").last()
    assert last is not None
    assert (last.kind, last.data["status"]) == ("finished", "failed")


def test_finishing_twice_ends_it_once(claimed: Run) -> None:
    assert queue.finish(claimed, DONE)
    assert not queue.finish(claimed, Outcome.failed("late", "Too late."))
    assert again(claimed).state == State.SUCCEEDED
    assert claimed.events.filter(kind="finished").count() == 1


def test_a_run_that_is_given_back_has_lost_no_attempt(claimed: Run) -> None:
    assert queue.release(claimed)
    run = again(claimed)
    assert (run.state, run.crashes, run.lease_expires_at) == (State.QUEUED, 0, None)
    taken = queue.claim("another")
    assert taken is not None
    assert taken.attempt == 2
    assert taken.started_at == claimed.started_at


def test_a_lost_worker_is_noticed_and_said(claimed: Run, expire: Expire) -> None:
    expire(claimed)
    assert queue.reap() == 1
    run = again(claimed)
    assert (run.state, run.crashes) == (State.QUEUED, 1)
    said = run.events.order_by("seq").last()
    assert said is not None
    assert (
        said.data["message"] == "The worker that trained this run was lost, starting again (attempt 2 of 3)."
    )


def test_a_worker_that_beats_is_left_alone(claimed: Run) -> None:
    assert Run.objects.renew(claimed.pk, 1)
    assert queue.reap() == 0
    assert again(claimed).state == State.RUNNING


def test_the_third_lost_worker_ends_the_run(run: Run, expire: Expire) -> None:
    for _ in range(3):
        found = queue.claim("w")
        assert found is not None
        expire(found)
        assert queue.reap() == 1
    run = again(run)
    assert (run.state, run.problem_code, run.crashes) == (State.FAILED, "worker_lost", 3)
    assert queue.reap() == 0


def test_a_worker_that_wakes_late_changes_nothing(claimed: Run, expire: Expire) -> None:
    expire(claimed)
    queue.reap()
    second = queue.claim("another")
    assert second is not None
    assert not Run.objects.renew(claimed.pk, claimed.attempt)
    assert not queue.finish(claimed, DONE)
    assert not queue.release(claimed)
    assert not queue.crashed(claimed, queue.LOST)
    with pytest.raises(Superseded):
        events.append(claimed.pk, claimed.attempt, [Event("epoch")])
    run = again(claimed)
    assert (run.state, run.attempt) == (State.RUNNING, 2)
    assert set(run.events.filter(kind="epoch")) == set()


@pytest.mark.django_db(transaction=True)
def test_reaping_at_once_counts_one_crash(claimed: Run, expire: Expire) -> None:
    expire(claimed)
    assert sorted(at_once(*[queue.reap] * 4)) == [0, 0, 0, 1]
    assert again(claimed).crashes == 1


def test_nobody_is_reaped_just_after_the_database_came_back(
    claimed: Run, expire: Expire, settings: Any
) -> None:
    settings.LEASE = settings.LEASE * 10_000  # longer ago than the database of these tests was started
    expire(claimed)
    assert queue.reap() == 0


@pytest.mark.django_db(transaction=True)
def test_cancel_and_finish_at_once_end_it_once(experiment: Experiment, owner: User) -> None:
    for _ in range(40):
        builders.run(experiment, by=owner)
        claimed = queue.claim("w")
        assert claimed is not None

        def cancel(run: Run = claimed) -> object:
            return actions.cancel_run(run=run, by=owner)

        def finish(run: Run = claimed) -> bool:
            return queue.finish(run, DONE)

        _, finished = at_once(cancel, finish)
        run = again(claimed)
        assert run.state == (State.SUCCEEDED if finished else State.CANCELLED)
        assert run.events.filter(kind="finished").count() == 1
        assert list(run.events.order_by("seq").values_list("seq", flat=True)) == list(
            range(1, run.last_seq + 1)
        )


@pytest.mark.django_db(transaction=True)
def test_cancel_and_claim_at_once_end_in_a_cancelled_run(experiment: Experiment, owner: User) -> None:
    for _ in range(40):
        waiting = builders.run(experiment, by=owner)

        def cancel(run: Run = waiting) -> object:
            return actions.cancel_run(run=run, by=owner)

        _, claimed = at_once(cancel, lambda: queue.claim("w"))
        assert not isinstance(claimed, Exception)
        run = again(waiting)
        assert (run.state, run.lease_expires_at) == (State.CANCELLED, None)
        assert not Run.objects.held(run.pk, run.attempt).exists()
