"""What keeps data from going: the chapters above say so here, so that this one need not know them.

Each app may have a module `holding` that registers what it makes of versions; all are loaded at the start.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

NAMED = 3


@dataclass(frozen=True)
class Hold:
    """One thing that needs a version: `what` it is ("run"), its `name`, and how to let go (`way_out`).

    `is_busy`: it needs the data now, so the version cannot even go into the trash.
    """

    version: UUID
    what: str
    name: str
    way_out: str
    is_busy: bool = False


Holder = Callable[[list[UUID]], Iterable[Hold]]
_HOLDERS: list[Holder] = []


def holder(found: Holder) -> Holder:
    """Registers a function that says what holds any of these versions."""
    _HOLDERS.append(found)
    return found


def holds(versions: Iterable[UUID]) -> list[Hold]:
    """All that hold any of these versions."""
    wanted = list(versions)
    return [hold for held_by in _HOLDERS for hold in held_by(wanted)] if wanted else []


def said(found: list[Hold], need: str) -> str | None:
    """By how many things, the first of them by name, and the way out; None where nothing holds.

    `need` is what they do with the data: "was made with".
    """
    if not found:
        return None
    first = [hold for hold in found if hold.what == found[0].what]
    names = ", ".join(f"“{hold.name}”" for hold in first[:NAMED])
    if len(first) == 1:
        return f"The {first[0].what} {names} {need} it. {first[0].way_out}"
    more = f" and {len(first) - NAMED} more" if len(first) > NAMED else ""
    return f"{len(first)} {first[0].what}s {_plural(need)} it: {names}{more}. {first[0].way_out}"


def _plural(need: str) -> str:
    return need.replace("was ", "were ").replace("still needs", "still need")
