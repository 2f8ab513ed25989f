"""The queue is the table of runs: claimed by one, held by a lease, taken back when the holder is gone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce, Now

from experiments import artifacts, bells, events, splits
from experiments.models import Artifact, Run, RunQuerySet
from experiments.states import State

ONE_CLAIM_AT_A_TIME = 0x636C61696D
"""The key of the lock under which runs are counted and claimed, so that limits hold exactly."""


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: the state it leads to, what is stored with it, and what is said about it.

    `told` is what the child said last; it is written in the same transaction, before the end.
    """

    state: State
    message: str
    problem_code: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    files: Sequence[Artifact] = ()
    data: dict[str, Any] = field(default_factory=dict)
    told: Sequence[events.Event] = ()

    @classmethod
    def failed(cls, code: str, sentence: str) -> "Outcome":
        return cls(State.FAILED, sentence, code)


def waiting() -> RunQuerySet:
    """Queued runs whose owners may have one more running: those of who has least first, then the oldest."""
    running = Run.objects.filter(owner=OuterRef("owner"), state=State.RUNNING).order_by().values("owner")
    busy = Coalesce(Subquery(running.annotate(n=Count("*")).values("n")), 0, output_field=IntegerField())
    ready: RunQuerySet = (
        Run.objects.filter(state=State.QUEUED)
        .annotate(busy=busy)
        .filter(busy__lt=settings.MAX_RUNNING_RUNS)
        .order_by("busy", "queued_at", "pk")
    )
    return ready


@transaction.atomic
def claim(worker: str) -> Run | None:
    """The next run, now running and leased to this worker; None when nothing may start."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_CLAIM_AT_A_TIME])
    next_one = (
        waiting().select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True).first()
    )
    if next_one is None:
        return None
    chosen = Run.objects.filter(pk=next_one, state=State.QUEUED)
    chosen.take(worker, state=State.RUNNING, started_at=Coalesce("started_at", Now()))
    run = Run.objects.select_related("experiment__workspace", "experiment__dataset_version__dataset").get(
        pk=next_one
    )
    events.note(run, events.moved(State.RUNNING, _start_sentence(run), attempt=run.attempt))
    return run


def _start_sentence(run: Run) -> str:
    if not run.crashes:
        return "Started."
    return f"Started again (attempt {run.crashes + 1} of {settings.MAX_ATTEMPTS})."


@transaction.atomic
def finish(run: Run, outcome: Outcome) -> bool:
    """Ends the run for its attempt, with files and events; False when the attempt no longer owns it."""
    stored = {"problem_code": outcome.problem_code, **outcome.fields}
    if outcome.problem_code:
        stored["problem_detail"] = outcome.message
    ended = Run.objects.move(run, outcome.state, finished_at=Now(), lease_expires_at=None, **stored)
    if not ended:
        return False
    Artifact.objects.bulk_create(outcome.files)
    splits.name(run, outcome.files)
    problem = (
        {"problem": {"code": outcome.problem_code, "detail": outcome.message}} if outcome.problem_code else {}
    )
    events.note(
        run,
        *outcome.told,
        events.moved(outcome.state, outcome.message),
        events.finished(outcome.state, **problem, **outcome.data),
    )
    return True


@transaction.atomic
def release(run: Run, message: str = "The worker was stopped. Starting again soon.") -> bool:
    """Gives a run back to the queue through no fault of its own, so it counts as no crash.

    Nobody is rung for: whoever gave it back could not train it now. The beat finds it.
    """
    return _requeue(run, message)


@transaction.atomic
def crashed(run: Run, outcome: Outcome) -> bool:
    """An attempt broke off: back to the queue while attempts are left, else it ends as `outcome` says."""
    if run.crashes + 1 >= settings.MAX_ATTEMPTS:
        return finish(
            run, Outcome(**{**vars(outcome), "fields": {**outcome.fields, "crashes": F("crashes") + 1}})
        )
    attempt = f"starting again (attempt {run.crashes + 2} of {settings.MAX_ATTEMPTS})."
    transaction.on_commit(bells.ring, robust=True)
    message = f"{outcome.message.rstrip('.')}, {attempt}"
    return _requeue(run, message, outcome.told, crashes=F("crashes") + 1)


def _requeue(run: Run, message: str, told: Sequence[events.Event] = (), **fields: Any) -> bool:
    moved = Run.objects.move(run, State.QUEUED, worker="", lease_expires_at=None, **fields)
    if moved:
        events.note(run, *told, events.moved(State.QUEUED, message))
    return moved


LOST = Outcome.failed("worker_lost", "The worker that trained this run was lost")


def reap() -> int:
    """Takes back the runs whose workers did not renew their leases; returns how many."""
    if _database_was_away():
        return 0
    return sum(
        _reap_one(pk) for pk in Run.objects.filter(state=State.RUNNING).expired().values_list("pk", flat=True)
    )


@transaction.atomic
def _reap_one(pk: Any) -> bool:
    lost = Run.objects.filter(pk=pk, state=State.RUNNING).expired()
    run = lost.select_for_update(skip_locked=True).first()
    if run is None or not crashed(run, LOST):
        return False
    # Its worker may have died between its files and their rows.
    transaction.on_commit(lambda: artifacts.tidy(run, run.attempt), robust=True)
    return True


def _database_was_away() -> bool:
    """Just after the database started nobody could have renewed; holders get a lease's time to do so."""
    with connection.cursor() as cursor:
        lease = settings.LEASE.total_seconds()
        cursor.execute("SELECT extract(epoch FROM now() - pg_postmaster_start_time()) < %s", [lease])
        return bool(cursor.fetchone()[0])
