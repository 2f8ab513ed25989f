"""What happened, as rows: numbered without a gap under the run's lock, hinted at once committed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from experiments import bells
from experiments.models import Run, RunEvent, RunQuerySet
from experiments.states import State

LONGEST_DELAY = timedelta(minutes=30)
"""A child's clock is believed so far into the past, and not into the future."""


class Superseded(Exception):
    """This attempt no longer owns the run: somebody else does, or it is over. Nothing was written."""


@dataclass(frozen=True)
class Event:
    """One thing that happened: its kind, its data (JSON) and when; `at` is now unless it was told."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None

    @classmethod
    def told(cls, message: dict[str, Any]) -> "Event":
        """From a child's message {"kind", "data", "at": seconds since 1970}."""
        return cls(message["kind"], finite(message["data"]), _believed(float(message["at"])))


def append(run_id: Any, attempt: int, happened: Sequence[Event]) -> int:
    """Writes events on behalf of an attempt that trains; returns the number of the last one.

    Raises Superseded, with nothing written, when the attempt does not own the run any more.
    """
    with transaction.atomic():
        return write(Run.objects.held(run_id, attempt).filter(state=State.RUNNING), happened)


def write(run: RunQuerySet, happened: Sequence[Event]) -> int:
    """The same inside the caller's transaction, for the one run that the query finds."""
    # The update locks the row, so numbers are given out one writer at a time.
    if not run.update(last_seq=F("last_seq") + len(happened)):
        raise Superseded
    row = run.values_list("pk", "attempt", "last_seq", "experiment__workspace_id").get()
    pk, attempt, last, workspace_id = row
    first = last - len(happened) + 1
    RunEvent.objects.bulk_create(
        RunEvent(
            run_id=pk,
            attempt=attempt,
            seq=first + place,
            kind=event.kind,
            at=event.at or _now(),
            data=event.data,
        )
        for place, event in enumerate(happened)
    )
    transaction.on_commit(lambda: bells.hint(pk, workspace_id, last), robust=True)
    return int(last)


def note(run: Run, *happened: Event) -> int:
    """Events of a move that was just made to this run, in the transaction that made it."""
    return write(Run.objects.filter(pk=run.pk), happened)


def moved(state: State, message: str, **more: Any) -> Event:
    """A run is in another state now; `message` is a sentence."""
    return Event("state", {"state": str(state), "message": message, **more})


def warned(message: str) -> Event:
    """Something that does not stop a run, and that whoever reads its scores should know."""
    return Event("warning", {"message": message})


def finished(state: State, **more: Any) -> Event:
    """The last event of a run."""
    return Event("finished", {"status": str(state), **more})


def finite(value: Any) -> Any:
    """The value with null for every number that is not finite: rows refuse NaN."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [finite(inner) for inner in value]
    return value


def _now() -> datetime:
    return timezone.now()


def _believed(seconds: float) -> datetime:
    now = timezone.now()
    earliest = now - LONGEST_DELAY
    if not earliest.timestamp() <= seconds <= now.timestamp():
        return now
    return datetime.fromtimestamp(seconds, UTC)
