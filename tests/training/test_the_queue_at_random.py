"""Whatever happens in whatever order, no run is lost, doubled or ended twice."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Membership, Role, User
from experiments import actions, events
from experiments.events import Event, Superseded
from experiments.models import Experiment, Run
from experiments.states import TERMINAL, State
from tests import builders
from training import queue
from training.queue import Outcome
from web.problems import Refused

DONE = Outcome(State.SUCCEEDED, "Finished.")
CRASH = Outcome.failed("trainer_crashed", "Training was ended by signal 9 (SIGKILL).")


class Life(RuleBasedStateMachine):
    """Two people, their runs, and workers that come, go and come back late."""

    runs = Bundle("runs")
    claims = Bundle("claims")
    experiment: Experiment
    people: list[User]

    @initialize()
    def begin(self) -> None:
        Run.objects.all().delete()
        self.owner_of: dict[Any, int | None] = {}
        """Which attempt owns each run, by what has been done to it."""

    @rule(target=runs, person=st.integers(0, 1))
    def submit(self, person: int) -> Run:
        run = builders.run(self.experiment, by=self.people[person])
        self.owner_of[run.pk] = None
        return run

    @rule(target=claims)
    def claim(self) -> Run | None:
        run = queue.claim("a-worker")
        if run is not None:
            assert self.owner_of[run.pk] is None
            self.owner_of[run.pk] = run.attempt
        return run

    @rule(claim=claims)
    def beat(self, claim: Run | None) -> None:
        if claim is not None and self._exists(claim):
            assert Run.objects.renew(claim.pk, claim.attempt) == self._owns(claim)

    @rule(claim=claims, count=st.integers(1, 4))
    def tell(self, claim: Run | None, count: int) -> None:
        if claim is None:
            return
        told = True
        try:
            events.append(claim.pk, claim.attempt, [Event("epoch")] * count)
        except Superseded:
            told = False
        assert told == self._owns(claim)

    @rule(claim=claims)
    def finish(self, claim: Run | None) -> None:
        self._end(claim, queue.finish, DONE)

    @rule(claim=claims)
    def crash(self, claim: Run | None) -> None:
        self._end(claim, queue.crashed, CRASH)

    @rule(claim=claims)
    def stop(self, claim: Run | None) -> None:
        self._end(claim, queue.release, "Stopped.")

    def _end(self, claim: Run | None, verb: Any, how: Any) -> None:
        if claim is None:
            return
        assert verb(claim, how) == self._owns(claim)
        if self._owns(claim):
            self.owner_of[claim.pk] = None

    @rule(claim=claims)
    def expire(self, claim: Run | None) -> None:
        if claim is not None:
            held = Run.objects.held(claim.pk, claim.attempt)
            held.update(lease_expires_at=Now() - timedelta(seconds=1))

    @rule()
    def reap(self) -> None:
        late = Run.objects.filter(state=State.RUNNING).expired()
        lost = list(late.values_list("pk", flat=True))
        assert queue.reap() == len(lost)
        self.owner_of.update(dict.fromkeys(lost))

    @rule(run=runs, person=st.integers(0, 1))
    def cancel(self, run: Run, person: int) -> None:
        if self._exists(run):
            with contextlib.suppress(Refused):
                actions.cancel_run(run=run, by=self.people[person])
                self.owner_of[run.pk] = None

    @rule(run=runs)
    def remove(self, run: Run) -> None:
        if self._exists(run):
            with contextlib.suppress(Refused):
                actions.remove_run(run=run, by=self.people[0])
                del self.owner_of[run.pk]

    @invariant()
    def no_run_is_lost(self) -> None:
        assert set(Run.objects.values_list("pk", flat=True)) == set(self.owner_of)

    @invariant()
    def who_owns_a_run_is_who_claimed_it_last(self) -> None:
        for run in Run.objects.all():
            owner = run.attempt if run.state == State.RUNNING else None
            assert self.owner_of[run.pk] == owner
            assert (run.lease_expires_at is not None) == (run.state == State.RUNNING)

    @invariant()
    def events_are_numbered_from_one(self) -> None:
        for run in Run.objects.all():
            numbers = list(run.events.order_by("seq").values_list("seq", flat=True))
            assert numbers == list(range(1, run.last_seq + 1))

    @invariant()
    def a_run_ends_once_and_says_why(self) -> None:
        for run in Run.objects.all():
            kinds = list(run.events.order_by("seq").values_list("kind", flat=True))
            assert kinds.count("finished") == (run.state in TERMINAL)
            assert run.state not in TERMINAL or kinds[-1] == "finished"
            assert run.state != State.FAILED or run.problem_detail

    @invariant()
    def limits_hold(self) -> None:
        running = Run.objects.filter(state=State.RUNNING)
        for person in self.people:
            assert running.filter(owner=person).count() <= site.MAX_RUNNING_RUNS
        assert not Run.objects.filter(crashes__gt=site.MAX_ATTEMPTS).exists()

    def teardown(self) -> None:
        """However it stands, workers that go on end every run."""
        Run.objects.filter(state=State.RUNNING).update(lease_expires_at=Now() - timedelta(seconds=1))
        queue.reap()
        while (run := queue.claim("the-last-worker")) is not None:
            assert queue.finish(run, DONE)
        assert not Run.objects.unfinished().exists()

    def _exists(self, run: Run) -> bool:
        return run.pk in self.owner_of

    def _owns(self, claim: Run) -> bool:
        return self.owner_of.get(claim.pk) == claim.attempt


@pytest.fixture
def life(experiment: Experiment, owner: User, editor: User) -> type[Life]:
    assert Membership.objects.filter(user=editor, role=Role.EDITOR).exists()
    return type("LifeHere", (Life,), {"experiment": experiment, "people": [owner, editor]})


def test_any_order_of_events_keeps_every_promise(life: type[Life], settings_: settings) -> None:
    run_state_machine_as_test(life, settings=settings_)


@pytest.fixture
def settings_() -> settings:
    return settings(
        max_examples=25,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
