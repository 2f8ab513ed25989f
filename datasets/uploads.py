"""A file on its way in: parts arrive in order, each is on the disk before its row says so."""

import errno
import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts import quotas
from accounts.models import User
from datasets import files, names, signatures
from datasets.models import Upload
from web.problems import Invalid, Refused

LIFETIME = timedelta(hours=24)
"""An upload that gets no part for so long is removed."""
OPEN = 256
"""Digests that are kept between two parts."""


class NotTaken(Refused):
    """The file is not of a kind that can be read."""

    code = "type_not_allowed"
    status = 415


class TooLarge(Refused):
    code = "too_large"
    status = 413


@transaction.atomic
def start(*, name: str, size: int, by: User, sha256: str = "") -> Upload:
    """Makes room for a file of `size` bytes, before any of them flows."""
    shown = file_name(name)
    if reason := signatures.why_not_name(shown):
        raise NotTaken(reason, field="file")
    if size == 0:
        raise Invalid("This file is empty. Choose one with rows in it.", code="file_empty", field="file")
    if reason := quotas.why_too_large(size):
        raise TooLarge(reason, field="file")
    if reason := quotas.why_no_more_uploads(by, size):
        raise quotas.QuotaExceeded(reason)
    ends = timezone.now() + LIFETIME
    return Upload.objects.create(owner=by, name=shown, size=size, expected_sha256=sha256, expires_at=ends)


def file_name(raw: str) -> str:
    try:
        return names.clean_file_name(raw)
    except ValueError as error:
        raise Refused(str(error), code="invalid_name", field="file", status=400) from error


def append(*, upload_id: UUID, offset: int, part: bytes, by: User) -> Upload:
    """Stores one part at its place. What cannot become a dataset is removed at once, and refused."""
    upload, refused = _append(upload_id, offset, part, by)
    if refused is not None:
        discard(upload=upload, by=by)
        raise refused
    return upload


@transaction.atomic
def _append(upload_id: UUID, offset: int, part: bytes, by: User) -> tuple[Upload, Refused | None]:
    """Under the row's lock, so that two parts never interleave."""
    mine = Upload.objects.visible_to(by).select_for_update()
    upload = get_object_or_404(mine.filter(expires_at__gt=Now()), pk=upload_id)
    _check_place(upload, offset, len(part))
    seen = _digests.take(upload)
    head = _write(upload, part)
    seen.update(part)
    upload.offset += len(part)
    upload.expires_at = timezone.now() + LIFETIME
    if upload.offset == upload.size:
        upload.sha256 = seen.hexdigest()
    upload.save(update_fields=["offset", "expires_at", "sha256"])
    transaction.on_commit(lambda: _digests.keep(upload, seen))
    return upload, _why_not(upload, head)


def _check_place(upload: Upload, offset: int, length: int) -> None:
    if offset != upload.offset:
        raise Refused(
            f"This upload holds {upload.offset:,} bytes, so the next part begins there.",
            code="offset_mismatch",
        )
    if offset + length > upload.size:
        raise TooLarge(
            f"This part ends after the {upload.size:,} bytes that were declared. Upload the file again.",
            code="size_mismatch",
        )


def _write(upload: Upload, part: bytes) -> bytes:
    """Writes the part durably after the bytes that the row knows of; gives the beginning of the file."""
    path = files.path_of(upload.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("r+b" if path.exists() else "x+b") as file:
            file.truncate(upload.offset)
            file.seek(upload.offset)
            file.write(part)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            return file.read(signatures.HEAD) if upload.offset < signatures.HEAD else b""
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise Refused(
                "The disk of the server is full. Tell who runs it, then go on with this upload.",
                code="storage_full",
                status=507,
            ) from error
        raise


def _why_not(upload: Upload, head: bytes) -> Refused | None:
    ending, whole = names.ending_of(upload.name), upload.offset >= min(signatures.HEAD, upload.size)
    if head and (reason := signatures.why_not_bytes(head, ending, whole=whole)):
        return NotTaken(reason, code="type_mismatch", field="file")
    wanted = upload.expected_sha256
    if upload.sha256 and wanted and wanted != upload.sha256:
        reason = "The bytes that arrived are not those that were sent. Upload the file again."
        return Invalid(reason, code="checksum_mismatch", field="file")
    return None


def take(*, file: IO[bytes], name: str, size: int, by: User) -> Upload:
    """A small file that came in one piece, by the same way as a large one."""
    upload = start(name=name, size=size, by=by)
    while part := file.read(files.PIECE):
        upload = append(upload_id=upload.pk, offset=upload.offset, part=part, by=by)
    return upload


@contextmanager
def taken(*, file: IO[bytes], name: str, size: int, by: User) -> Iterator[Upload]:
    """The upload that a small file makes; gone again where nothing came of it."""
    upload = take(file=file, name=name, size=size, by=by)
    try:
        yield upload
    except Refused:
        discard(upload=upload, by=by)
        raise


def discard(*, upload: Upload, by: User | None) -> None:
    """Removes an upload and its bytes. `by` is None where its time is over."""
    Upload.objects.filter(pk=upload.pk).delete()
    files.remove(upload.key)


class _Digests:
    """The running sha256 of uploads that are under way; read again from the file where it is not known."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[UUID, int], Any] = OrderedDict()
        self._lock = Lock()

    def take(self, upload: Upload) -> Any:
        with self._lock:
            known = self._known.pop((upload.pk, upload.offset), None)
        return known if known is not None else _digest_of(upload)

    def keep(self, upload: Upload, seen: Any) -> None:
        with self._lock:
            self._known[upload.pk, upload.offset] = seen
            while len(self._known) > OPEN:
                self._known.popitem(last=False)


def _digest_of(upload: Upload) -> Any:
    """The sha256 of the bytes that the row knows of."""
    seen, left = hashlib.sha256(), upload.offset
    if left:
        with files.path_of(upload.key).open("rb") as file:
            while left and (piece := file.read(min(files.PIECE, left))):
                seen.update(piece)
                left -= len(piece)
    return seen


_digests = _Digests()


@quotas.measure("uploads")
def _under_way(user: User) -> int:
    return sum(Upload.objects.filter(owner=user).values_list("size", flat=True))
