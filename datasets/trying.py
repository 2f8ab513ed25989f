"""A file is read another way for a look: its beginning, in a child, while a person waits."""

import json
from typing import Any

from django.conf import settings

from accounts.models import User
from datasets import changes, children, files, permissions
from datasets.models import DatasetVersion
from datasets.options import clean_patch
from sandbox.parent import JobRefused, ZygoteGone
from web.problems import Away, Forbidden, Refused

SECONDS = 20.0
MEMORY = 2 * 2**30


def try_reading(*, version: DatasetVersion, options: Any, by: User) -> dict[str, Any]:
    """What the beginning of the same bytes would be, read as before but for these options.

    Returns {"columns", "rows", "decisions", "changes", "problem", "is_part"}; `problem` is None or why it
    cannot be read so. Raises Invalid, Forbidden, Refused where it takes too long, Away where no child starts.
    """
    if reason := permissions.why_not_change(by, version.dataset):
        raise Forbidden(reason)
    chosen = changes.merged(version.options, clean_patch(options))
    found = _ask(version, chosen)
    before = found.pop("before")
    said = changes.sentences(before, found["columns"]) if before and not found["problem"] else []
    return {**found, "changes": said}


def _ask(version: DatasetVersion, chosen: dict[str, Any]) -> dict[str, Any]:
    source = files.path_of(version.original_key)
    if not source.exists():
        raise Refused("The bytes of this version are gone. Upload the file again.", code="file_gone")
    kwargs = {
        "source": str(source),
        "readings": [chosen, version.options] if version.is_ready else [chosen],
        "name": version.original_name,
        "limits": {"columns": settings.MAX_COLUMNS, "memory": MEMORY, "threads": 1},
    }
    limits = children.limits(SECONDS, MEMORY)
    try:
        with children.folder() as place:
            told = children.run(children.job("datasets.readers.trial.trial", kwargs, place, source, limits))
            if not told.is_done:
                raise _stopped(told)
            found: dict[str, Any] = json.loads((place / "trial.json").read_bytes())
            return found
    except (ZygoteGone, JobRefused) as error:
        raise Away("This cannot be tried right now. It can again in a few seconds.") from error


def _stopped(told: children.Told) -> Refused:
    if told.ending is not None and told.ending.reason is not None:
        return Refused(
            "This takes too long or too much memory to try. Read the file again to see it.", code="time_limit"
        )
    return Refused("This cannot be tried. Read the file again to see it.", code="trial_failed")
