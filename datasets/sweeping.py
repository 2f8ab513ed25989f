"""Nothing stays undone and nothing lies about: what waits is rung for, what nobody needs is removed."""

import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from datasets import actions, bells, children, reading, trash, uploads
from datasets.models import DatasetVersion, Status, Upload

PATIENCE = timedelta(seconds=10)
"""A bell that was rung a moment ago may still be heard."""
OLD = 3600
"""Seconds after which bytes without a row are nobody's."""
MADE = ("parquet", "thumbs")
"""What is made of a file that can be read; of one that failed nothing is kept."""


def sweep() -> None:
    recover()
    ring_again()
    remove_expired()
    trash.empty()
    remove_folders()
    remove_bytes()


def recover() -> None:
    """Readings whose worker was lost: tried again, a few times."""
    lost = DatasetVersion.objects.filter(status=Status.INGESTING).expired()
    for version in lost:
        reading.again(version, "the worker was lost")


def ring_again() -> None:
    waiting = DatasetVersion.objects.filter(status=Status.INGESTING, lease_expires_at=None)
    for pk in waiting.filter(created_at__lt=Now() - PATIENCE).values_list("pk", flat=True):
        bells.ring(pk)


def remove_expired() -> None:
    for upload in Upload.objects.filter(expires_at__lt=Now()):
        uploads.discard(upload=upload, by=None)


def remove_folders() -> None:
    """Folders of readings that nobody holds any more."""
    for folder in Path(settings.WORK_DIR).glob(f"{children.PREFIX}*"):
        if _is_old(folder, settings.LEASE.total_seconds() * 2) and not _is_held(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _is_held(name: str) -> bool:
    version_id, _, attempt = name.removeprefix(children.PREFIX).rpartition("-")
    if not attempt.isdigit() or len(version_id) != 36:
        return False
    return DatasetVersion.objects.held(version_id, int(attempt)).exists()


def remove_bytes() -> None:
    """Files that were put in their place by somebody who died before the row was written."""
    for path in _nobodys("uploads/*", set(map(str, Upload.objects.values_list("pk", flat=True)))):
        path.unlink(missing_ok=True)
    versions = DatasetVersion.objects.values_list("pk", "dataset__workspace", "original_sha256", "status")
    rows = list(versions.iterator())
    made = {f"{pk}.{kind}" for pk, *_, status in rows if status != Status.FAILED for kind in MADE}
    for path in _nobodys("*/versions/*", made):
        path.unlink(missing_ok=True)
    for path in _nobodys("*/originals/*", {f"{workspace}/{sha256}" for _, workspace, sha256, _ in rows}):
        _remove_original(path)


def _nobodys(pattern: str, known: set[str]) -> list[Path]:
    """Old files that are not among the known, by their name or by their workspace and name."""
    old = [path for path in Path(settings.MEDIA_ROOT).glob(pattern) if _is_old(path, OLD)]
    return [path for path in old if not known & {path.name, f"{path.parent.parent.name}/{path.name}"}]


def _remove_original(path: Path) -> None:
    """Looks again under the lock: the same bytes may have come back a moment ago."""
    workspace_id = path.parent.parent.name
    with transaction.atomic():
        actions.hold_original(workspace_id, path.name)
        if _is_old(path, OLD) and not trash.is_needed(workspace_id, path.name):
            path.unlink(missing_ok=True)


def _is_old(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return False
