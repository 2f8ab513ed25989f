"""Before you start: what the runs will meet, and what stands in their way, said before the click."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from pydantic import ValidationError

from accounts import quotas
from accounts.models import User
from engine.estimate import Estimate
from engine.spec import RunSpec
from experiments import rules
from experiments.forms.wizard import Models
from experiments.models import Run
from experiments.states import State
from web.templatetags.words import count, seconds, size


@dataclass(frozen=True)
class Before:
    """`reason` is why the button is off; empty where nothing stands in the way."""

    starts: str
    memory: str
    reason: str
    takes: str = ""


def before(user: User, models: Models, experiment: Mapping[str, Any] | None, reason: str | None) -> Before:
    """What new runs of the chosen models will find. `experiment` is what they share of the spec, None where
    it cannot be read yet; `reason` is a refusal that is known already.
    """
    runs, takes = len(models.chosen), _expected(models, experiment)
    waiting = Run.objects.filter(state=State.QUEUED).count()
    running = Run.objects.filter(state=State.RUNNING).count()
    free = settings.RUN_SLOTS - running - waiting
    return Before(
        starts=_starts(free, waiting),
        takes=_together([one.seconds for one in takes]),
        memory=_memory(max((one.memory_bytes for one in takes), default=0)),
        reason=reason or quotas.why_no_more_runs(user, max(runs, 1)) or "",
    )


def _expected(models: Models, experiment: Mapping[str, Any] | None) -> list[Estimate]:
    """What each chosen model roughly takes; nothing while something of it cannot be read."""
    if experiment is None or models.refusals():
        return []
    with suppress(ValidationError):
        specs = [RunSpec.model_validate({**experiment, **request}) for _, request in models.requests]
        return [rules.expected(models.version, spec) for spec in specs]
    return []


def _together(each: list[float]) -> str:
    if not each:
        return ""
    longest = f", {seconds(max(each))} the longest" if len(each) > 1 else ""
    return f"about {seconds(sum(each))}{longest}"


def _memory(needed: int) -> str:
    most = f"up to {size(settings.RUN_MEMORY)} each"
    if needed > settings.RUN_MEMORY:
        return f"about {size(needed)} are needed, and a run has {most}: it may end before it is done"
    return f"about {size(needed)}, {most}" if needed else most


def _starts(free: int, waiting: int) -> str:
    if free > 0:
        return f"now, {free} {'place' if free == 1 else 'places'} free"
    if waiting:
        return f"after {count(waiting)} waiting"
    return "when a place is free"
