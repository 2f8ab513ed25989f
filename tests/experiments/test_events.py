"""Events are rows: numbered from 1 without a gap, and written only by who owns the run."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from experiments import events
from experiments.events import Event, Superseded
from experiments.models import Run
from experiments.states import State
from tests.crowd import at_once


@pytest.fixture
def held(run: Run) -> Run:
    Run.objects.filter(pk=run.pk).take("w", state=State.RUNNING)
    run.refresh_from_db()
    return run


def numbers(run: Run) -> list[int]:
    return list(run.events.order_by("seq").values_list("seq", flat=True))


def test_numbers_go_on_where_the_last_ones_ended(held: Run) -> None:
    assert events.append(held.pk, 1, [Event("log"), Event("log")]) == 3
    assert events.append(held.pk, 1, [Event("epoch", {"epoch": 1})]) == 4
    assert numbers(held) == [1, 2, 3, 4]


@pytest.mark.parametrize("attempt", [0, 2])
def test_an_attempt_that_does_not_own_the_run_writes_nothing(held: Run, attempt: int) -> None:
    with pytest.raises(Superseded):
        events.append(held.pk, attempt, [Event("log")])
    assert numbers(held) == [1]


def test_a_run_that_was_cancelled_takes_no_late_events(held: Run, owner: Any) -> None:
    from experiments import actions

    actions.cancel_run(run=held, by=owner)
    with pytest.raises(Superseded):
        events.append(held.pk, 1, [Event("epoch")])
    assert held.events.last().kind == "finished"  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_leave_no_gap_and_no_double(held: Run) -> None:
    def write() -> None:
        for _ in range(10):
            events.append(held.pk, 1, [Event("log"), Event("log"), Event("log")])

    assert at_once(*[write] * 6) == [None] * 6
    assert numbers(held) == list(range(1, 6 * 10 * 3 + 2))


def test_numbers_that_are_not_finite_become_null(held: Run) -> None:
    told = {"kind": "epoch", "data": {"loss": float("nan"), "all": [1.0, float("inf")]}, "at": 0.0}
    events.append(held.pk, 1, [Event.told(told)])
    assert held.events.order_by("seq").last().data == {"loss": None, "all": [1.0, None]}  # type: ignore[union-attr]


def test_a_childs_clock_is_believed_only_where_it_can_be_right() -> None:
    now = timezone.now()

    def at(seconds: float) -> timedelta:
        event = Event.told({"kind": "log", "data": {}, "at": now.timestamp() + seconds})
        assert event.at is not None
        return event.at - now

    assert abs(at(-60) + timedelta(seconds=60)) < timedelta(seconds=1)
    assert abs(at(7200)) < timedelta(seconds=5)
    assert abs(at(-7200)) < timedelta(seconds=5)
