"""One reading of one file: claimed, watched, and ended as ready or failed, whatever happens in the child."""

import errno
import json
import logging
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from datasets import bells, children, files
from datasets.children import Message, Told
from datasets.models import DatasetVersion, Status, TargetProfile
from sandbox.parent import JobRefused, ZygoteGone
from web.templatetags import words

log = logging.getLogger("datasets")

SECONDS = 1800.0
LARGEST_PROFILE = 256 * 2**20
FORMAT, TARGET = 20, 150  # letters
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PROGRESS = 0.5  # seconds between two words of progress
MOST_ROWS = 2**63 - 1
STAGES = {
    "writing": "Writing the table",
    "columns": "Looking at the columns",
    "findings": "Looking at how the columns belong together",
}


def read(version_id: Any, *, worker: str) -> None:
    """Claims the version and reads it. Nothing happens where it is not waiting."""
    waiting = DatasetVersion.objects.filter(pk=version_id, status=Status.INGESTING)
    if waiting.free().take(worker) != 1:
        log.info("not_claimed version=%s", version_id)
        return
    version = DatasetVersion.objects.select_related("dataset").get(pk=version_id)
    try:
        with children.folder(f"{version.pk}-{version.attempt}") as place:
            _end(version, place, _watch(version, place))
    except (ZygoteGone, JobRefused) as error:
        log.warning("The reader could not start for version=%s: %s", version_id, error)
        _release(version)


def _watch(version: DatasetVersion, place: Path) -> Told:
    source = files.path_of(version.original_key)
    threads = max(settings.RUN_THREADS, 2)
    kwargs = {
        "source": str(source),
        "options": version.options,
        "name": version.original_name,
        "limits": {
            "columns": settings.MAX_COLUMNS,
            "memory": settings.RUN_MEMORY,
            "threads": threads,
            "unpacked": settings.MAX_UNPACKED,
        },
    }
    limits = children.limits(SECONDS, settings.RUN_MEMORY)
    job = children.job("datasets.readers.ingest.ingest", kwargs, place, source, limits, threads)
    progress = _Progress(version)
    return children.run(job, progress.hear, lambda: DatasetVersion.objects.renew(version.pk, version.attempt))


class _Progress:
    """Writes how many rows were read so far and what is done with them, not too often."""

    def __init__(self, version: DatasetVersion) -> None:
        self._version, self._next, self._stage = version, 0.0, ""
        self._known: dict[str, Any] = {"rows_read": 0, "stage": ""}

    def hear(self, messages: list[Message]) -> None:
        before = self._stage
        told = [message["data"] for message in messages if message["kind"] == "progress"]
        for data in told:
            self._know(data)
        if told and (time.monotonic() >= self._next or self._stage != before):
            self._next = time.monotonic() + PROGRESS
            held = DatasetVersion.objects.held(self._version.pk, self._version.attempt)
            held.update(**self._known)

    def _know(self, told: dict[str, Any]) -> None:
        """Numbers and words of a child are taken only where they are such."""
        if _is_count(told.get("rows")):
            self._known["rows_read"] = told["rows"]
        stage, done, of = told.get("stage"), told.get("done"), told.get("of")
        if isinstance(stage, str) and stage in STAGES:
            counted = f", {done:,} of {of:,}" if done and _is_count(done) and _is_count(of) else ""
            self._stage, self._known["stage"] = stage, STAGES[stage] + counted


def _is_count(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= MOST_ROWS


def _end(version: DatasetVersion, place: Path, told: Told) -> None:
    ending = told.ending
    if ending is None or ending.reason == "stopped":
        return  # somebody else owns the row by now
    if told.problem:
        fail(version, str(told.problem["code"]), str(told.problem["detail"]))
    elif ending.reason is not None:
        fail(version, *_LIMITS[ending.reason])
    elif told.crash:
        _crashed(version, told.crash)
    elif ending.signal is not None:
        again(version, f"signal {ending.signal}")
    elif told.is_done:
        _finish(version, place)
    else:
        fail(version, "reader_failed", f"The reader ended with code {ending.code}. Upload the file again.")


_LIMITS = {
    "memory": (
        "out_of_memory",
        "Reading this file takes more memory than there is for it. Split the file, or leave out columns.",
    ),
    "wall": ("time_limit", "Reading this file takes too long. Split the file, or leave out columns."),
    "cpu": ("time_limit", "Reading this file takes too long. Split the file, or leave out columns."),
    "processes": ("resource_limit", "Reading this file started too many processes, so it was stopped."),
}


def _crashed(version: DatasetVersion, crash: dict[str, str]) -> None:
    """An exception that nobody expected: its name is public, its text stays in the log."""
    name = str(crash.get("exception", ""))[:60]
    log.error("The reader failed for version=%s: %s: %s", version.pk, name, crash.get("message"))
    if name in ("OutOfMemoryException", "MemoryError"):
        fail(version, *_LIMITS["memory"])
    elif name in ("IOException", "OSError"):
        fail(version, "disk_full", _no_room(version.original_size))
    else:
        fail(
            version,
            "reader_failed",
            f"The reader stopped with {name}. Save the table as CSV again and upload that.",
        )


def _finish(version: DatasetVersion, place: Path) -> None:
    """Files first, rows second: the Parquet is in its place before the row says that it is ready."""
    found = _profile(place / "profile.json")
    table = place / "table.parquet"
    if found is None or table.is_symlink() or not table.is_file():
        fail(version, "reader_failed", "The reader left no table. Upload the file again.")
        return
    try:
        facts = _published(version, place, table) | _known(found)
    except OSError as error:
        if error.errno not in FULL:
            raise
        fail(version, "disk_full", _no_room(table.stat().st_size))
        return
    held = DatasetVersion.objects.held(version.pk, version.attempt)
    moved = held.update(status=Status.READY, lease_expires_at=None, finished_at=Now(), **facts)
    if moved:
        _keep_target(version, found.get("target"))
    else:
        _discard(version)
    log.info("%s version=%s rows=%s", "ready" if moved else "superseded", version.pk, found["rows"])


def _discard(version: DatasetVersion) -> None:
    """Nothing of a reading stays that was stopped at the last moment; files of a later one are let be."""
    if not DatasetVersion.objects.filter(pk=version.pk).exclude(status=Status.FAILED).exists():
        files.remove(version.parquet_key)
        files.remove(version.thumbs_key)


def _no_room(needed: int) -> str:
    room = words.size(needed)
    return f"The disk is full. Reading this file takes about {room} more. Make room, then read it again."


def _published(version: DatasetVersion, place: Path, table: Path) -> dict[str, Any]:
    """Puts the table, and the thumbnails where there are some, in their places: sizes and sha256."""
    stored = files.publish(table, version.parquet_key)
    sizes = {"parquet_size": stored.size, "parquet_sha256": stored.sha256}
    thumbs = place / "thumbs"
    if thumbs.is_file() and not thumbs.is_symlink():
        sizes["thumbs_size"] = files.publish(thumbs, version.thumbs_key).size
    return sizes


def _known(found: dict[str, Any]) -> dict[str, Any]:
    """What the profile says about the version, by the fields of its row."""
    return {
        "rows": found["rows"],
        "rows_read": found["rows"],
        "stage": "",
        "columns": found["columns"],
        "decisions": found["decisions"],
        "format": (found.get("format") or "")[:FORMAT],
        "findings": found.get("findings") or [],
        "associations": found.get("associations") or {},
    }


def _keep_target(version: DatasetVersion, body: dict[str, Any] | None) -> None:
    """What the child found out about the likeliest answer is kept as if somebody had asked for it."""
    if body:
        target = str(body.get("target", ""))[:TARGET]
        TargetProfile.objects.update_or_create(version=version, target=target, defaults={"body": body})


def _profile(path: Path) -> dict[str, Any] | None:
    """What the child found out; None where it is not what we expect of it."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_PROFILE:
        return None
    try:
        found = json.loads(path.read_bytes())
    except ValueError:
        return None
    fits = isinstance(found, dict) and all(isinstance(found.get(name), kind) for name, kind in _SHAPE.items())
    may = fits and all(isinstance(found.get(name) or kind(), kind) for name, kind in _MAY_HOLD.items())
    return found if may else None


_SHAPE = {"rows": int, "columns": list, "decisions": list}
_MAY_HOLD = {"format": str, "findings": list, "associations": dict, "target": dict}


def fail(version: DatasetVersion, code: str, detail: str) -> None:
    """Ends the version with its reason, if this attempt still owns it."""
    DatasetVersion.objects.held(version.pk, version.attempt).update(
        status=Status.FAILED,
        problem_code=code[:60],
        problem_detail=detail[:2000],
        lease_expires_at=None,
        finished_at=Now(),
    )
    log.info("failed version=%s code=%s", version.pk, code)


def again(version: DatasetVersion, what: str) -> None:
    """The reader died. It is tried again a few times, for the fault may not be the file's."""
    if version.crashes + 1 >= settings.MAX_ATTEMPTS:
        DatasetVersion.objects.held(version.pk, version.attempt).update(crashes=F("crashes") + 1)
        died = f"The reader died {version.crashes + 1} times ({what})."
        detail = f"{died} Save the table as CSV again and upload that."
        fail(version, "reader_crashed", detail)
    elif _release(version, crashes=F("crashes") + 1):
        bells.ring(version.pk)


def _release(version: DatasetVersion, **changes: Any) -> bool:
    held = DatasetVersion.objects.held(version.pk, version.attempt)
    return held.update(lease_expires_at=None, **changes) == 1
