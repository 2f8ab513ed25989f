"""Before you start: what the runs will meet, and what stands in their way, said before the click."""

from dataclasses import dataclass

from django.conf import settings

from accounts import quotas
from accounts.models import User
from experiments.models import Run
from experiments.states import State
from web.templatetags.words import count, size


@dataclass(frozen=True)
class Before:
    """`reason` is why the button is off; empty where nothing stands in the way."""

    starts: str
    memory: str
    reason: str


def before(user: User, runs: int, reason: str | None) -> Before:
    """What `runs` new runs of this person will find. `reason` is a refusal that is known already."""
    waiting = Run.objects.filter(state=State.QUEUED).count()
    running = Run.objects.filter(state=State.RUNNING).count()
    free = settings.RUN_SLOTS - running - waiting
    return Before(
        starts=_starts(free, waiting),
        memory=f"up to {size(settings.RUN_MEMORY)} each",
        reason=reason or quotas.why_no_more_runs(user, max(runs, 1)) or "",
    )


def _starts(free: int, waiting: int) -> str:
    if free > 0:
        return f"now, {free} {'place' if free == 1 else 'places'} free"
    if waiting:
        return f"after {count(waiting)} waiting"
    return "when a place is free"
