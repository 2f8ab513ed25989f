"""Moves that are on the map happen once; no other move happens at all."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from experiments.models import Run
from experiments.states import NEXT, TERMINAL, State

PAIRS = [(old, new) for old in State for new in State]


def in_state(run: Run, state: State) -> Run:
    Run.objects.filter(pk=run.pk).update(state=state, **fields_of(state))
    run.refresh_from_db()
    return run


def fields_of(state: State) -> dict[str, Any]:
    now = timezone.now()
    return {
        "finished_at": now if state in TERMINAL else None,
        "lease_expires_at": now if state == State.RUNNING else None,
        "problem_code": "broken" if state == State.FAILED else "",
    }


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_only_moves_on_the_map_happen(run: Run, old: State, new: State) -> None:
    in_state(run, old)
    moved = Run.objects.move(run, new, **fields_of(new))
    run.refresh_from_db()
    assert moved == (new in NEXT[old])
    assert run.state == (new if moved else old)


def test_what_has_ended_stays_so() -> None:
    assert {State.SUCCEEDED, State.FAILED, State.CANCELLED} == TERMINAL


def test_a_move_from_a_state_that_is_past_changes_nothing(run: Run) -> None:
    seen_before = Run.objects.get(pk=run.pk)
    assert Run.objects.move(run, State.CANCELLED, **fields_of(State.CANCELLED))
    assert not Run.objects.move(seen_before, State.RUNNING, **fields_of(State.RUNNING))


def test_a_move_on_behalf_of_an_older_attempt_changes_nothing(run: Run) -> None:
    in_state(run, State.RUNNING)
    Run.objects.filter(pk=run.pk).update(attempt=2)
    assert not Run.objects.move(run, State.SUCCEEDED, **fields_of(State.SUCCEEDED))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "somewhere"},
        {"state": State.SUCCEEDED},
        {"state": State.RUNNING},
        {"finished_at": "2026-01-01T00:00:00Z"},
        {"state": State.FAILED, "finished_at": "2026-01-01T00:00:00Z"},
    ],
)
def test_the_database_refuses_a_run_that_cannot_be(run: Run, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(**wrong)
