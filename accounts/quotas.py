"""Every limit of the house, in one place. The chapters above bring the measures; nobody else compares.

A check inside a transaction also holds its place until the commit, so ten at once cannot all take the last.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from django.conf import settings
from django.db import connection

from accounts.models import Token, User, Workspace
from web.problems import Refused
from web.templatetags import words

Owner = User | Workspace
Measure = Callable[..., int]


@dataclass(frozen=True)
class Limit:
    """`name` is stable; `of` says whose; `setting` holds the number; `unit` is "bytes" or "" for things."""

    name: str
    label: str
    of: Literal["user", "workspace"]
    setting: str
    unit: Literal["bytes", ""] = ""

    @property
    def most(self) -> int:
        return int(getattr(settings, self.setting))


@dataclass(frozen=True)
class Usage:
    """How much of one limit is used; `workspace` is a slug where the limit is a workspace's."""

    limit: Limit
    used: int
    workspace: str | None = None

    @property
    def percent(self) -> float:
        return round(100 * min(self.used / self.limit.most, 1), 1) if self.limit.most else 100.0

    @property
    def said(self) -> str:
        return f"{self._words(self.used)} of {self._words(self.limit.most)}"

    def _words(self, amount: int) -> str:
        return words.size(amount) if self.limit.unit == "bytes" else words.count(amount)


class QuotaExceeded(Refused):
    """A limit is reached. The sentence says which, and how to get below it."""

    code = "quota_exceeded"


STORAGE = Limit("storage", "Storage", "workspace", "MAX_STORAGE", "bytes")
UPLOADS = Limit("uploads", "Files on their way in", "user", "MAX_STORAGE", "bytes")
QUEUED_RUNS = Limit("queued_runs", "Runs waiting", "user", "MAX_QUEUED_RUNS")
RUNNING_RUNS = Limit("running_runs", "Runs at once", "user", "MAX_RUNNING_RUNS")
WORKSPACES = Limit("workspaces", "Workspaces", "user", "MAX_WORKSPACES")
TOKENS = Limit("tokens", "API tokens", "user", "MAX_TOKENS")
LIMITS = (STORAGE, UPLOADS, QUEUED_RUNS, RUNNING_RUNS, WORKSPACES, TOKENS)
_MEASURES: dict[str, Measure] = {}


def measure(name: str) -> Callable[[Measure], Measure]:
    """Registers how much of a limit a user or a workspace uses: `@quotas.measure("storage")`."""

    def register(used: Measure) -> Measure:
        _MEASURES[name] = used
        return used

    return register


def usage(user: User, workspace: Workspace | None = None, only: Iterable[str] | None = None) -> list[Usage]:
    """What this person uses of each limit, and what the workspace does; of all their workspaces if None.

    `only` names the limits to measure, for pages that show a few.
    """
    shared = [workspace] if workspace else list(Workspace.objects.visible_to(user))
    names = set(_MEASURES if only is None else only)
    return [line for limit in LIMITS if limit.name in names for line in _lines(limit, user, shared)]


def storage_left(workspace: Workspace) -> int:
    """Bytes that still fit into the workspace."""
    return max(0, STORAGE.most - _MEASURES[STORAGE.name](workspace))


def why_too_large(size: int) -> str | None:
    """Why one file of `size` bytes cannot be taken."""
    if size <= settings.MAX_UPLOAD:
        return None
    most = words.size(settings.MAX_UPLOAD)
    return (
        f"The file has {words.size(size)}. A file may have up to {most}. Split it, or ask for a higher limit."
    )


def why_no_more_uploads(user: User, size: int) -> str | None:
    """Why `size` bytes more cannot be on their way in for this person."""
    reason = (
        "Files on their way in hold {used} of {most}, and this one has {more}. Finish or remove one first."
    )
    return _why(UPLOADS, user, size, reason)


def why_no_more_storage(workspace: Workspace, size: int) -> str | None:
    """Why `size` bytes more do not fit into the workspace."""
    reason = (
        "The workspace holds {used} of {most}, and this needs {more}. "
        "Delete a dataset you no longer need, and empty the trash."
    )
    return _why(STORAGE, workspace, size, reason)


def why_no_more_runs(user: User, more: int = 1) -> str | None:
    """Why `more` runs cannot join the queue of this person."""
    reason = "{used} of your runs wait already, and {most} may. Wait for some to finish or cancel them."
    return _why(QUEUED_RUNS, user, more, reason)


def why_no_more_workspaces(user: User) -> str | None:
    return _why(WORKSPACES, user, 1, "You are in {used} workspaces, and {most} is the most. Leave one first.")


def why_no_more_tokens(user: User) -> str | None:
    return _why(TOKENS, user, 1, "You have {used} tokens, and {most} is the most. Revoke one first.")


def _why(limit: Limit, owner: Owner, more: int, reason: str) -> str | None:
    _hold(limit, owner)
    used = _MEASURES[limit.name](owner)
    if used + more <= limit.most:
        return None
    say = words.size if limit.unit == "bytes" else words.count
    return reason.format(used=say(used), most=say(limit.most), more=say(more))


def _hold(limit: Limit, owner: Owner) -> None:
    """Others who ask for the same limit of the same owner wait until this transaction ends."""
    if not connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        key = f"{limit.name}:{owner.pk}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _lines(limit: Limit, user: User, workspaces: list[Workspace]) -> list[Usage]:
    line = partial(Usage, limit)
    used = _MEASURES[limit.name]
    if limit.of == "user":
        return [line(used(user))]
    return [line(used(workspace), workspace.slug) for workspace in workspaces]


@measure("workspaces")
def _workspaces(user: User) -> int:
    return user.memberships.count()


@measure("tokens")
def _tokens(user: User) -> int:
    return Token.objects.filter(user=user).alive().count()
