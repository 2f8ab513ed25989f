"""Deleting: first into the trash, from where it comes back; then, after some days, off the disk."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, ProtectedError, QuerySet, Value
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User, Workspace
from datasets import actions, files, holders, permissions, storage
from datasets.models import Dataset, DatasetVersion, VersionQuerySet
from web.problems import Forbidden, Refused

log = logging.getLogger("datasets")
Kind = Literal["dataset", "version"]


def datasets(user: User) -> QuerySet[Dataset]:
    """Those in the trash that this person may see."""
    return Dataset.objects.in_trash(user).select_related("workspace")


def versions(user: User) -> VersionQuerySet:
    """Those in the trash that this person may see, of datasets that are not."""
    return DatasetVersion.objects.in_trash(user).select_related("dataset__workspace")


@transaction.atomic
def remove_dataset(*, dataset: Dataset, by: User) -> None:
    """Puts it into the trash with all its versions; what is being read of it is stopped."""
    _allow(permissions.why_not_remove(by, dataset))
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    versions = DatasetVersion.objects.filter(dataset=dataset)
    _refuse(permissions.why_in_use(versions))
    actions.stop_reading(versions)
    Dataset.objects.filter(pk=dataset.pk, deleted_at=None).update(deleted_at=timezone.now(), deleted_by=by)


@transaction.atomic
def remove_version(*, version: DatasetVersion, by: User) -> None:
    """Puts one version into the trash. The only one that is left stays: its dataset is deleted instead."""
    dataset = version.dataset
    _allow(permissions.why_not_remove(by, dataset))
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    if not dataset.all_versions.exclude(pk=version.pk).exists():
        raise Refused("This is the only version. Delete the dataset instead.", code="last_version")
    this = DatasetVersion.objects.filter(pk=version.pk)
    _refuse(permissions.why_in_use(this))
    actions.stop_reading(this)
    this.live().update(deleted_at=timezone.now(), deleted_by=by)


def restore_dataset(*, dataset: Dataset, by: User) -> None:
    """Takes it out of the trash. Versions that were deleted before it stay there."""
    _allow(permissions.why_not_remove(by, dataset))
    _back(Dataset.objects.filter(pk=dataset.pk).update(deleted_at=None, deleted_by=None))


def restore_version(*, version: DatasetVersion, by: User) -> None:
    _allow(permissions.why_not_remove(by, version.dataset))
    _back(DatasetVersion.objects.filter(pk=version.pk).update(deleted_at=None, deleted_by=None))


@transaction.atomic
def purge_dataset(*, dataset: Dataset, by: User) -> None:
    """Takes it out of the trash and off the disk, now. Refused while something was made with it."""
    _allow(permissions.why_not_remove(by, dataset))
    _purge(dataset, DatasetVersion.objects.filter(dataset=dataset))


@transaction.atomic
def purge_version(*, version: DatasetVersion, by: User) -> None:
    _allow(permissions.why_not_remove(by, version.dataset))
    _purge(version, DatasetVersion.objects.filter(pk=version.pk))


def empty() -> None:
    """Whatever has lain in the trash for its days and is held by nothing."""
    over = Now() - timedelta(days=settings.TRASH_DAYS)
    for dataset in Dataset.objects.filter(deleted_at__lt=over):
        _purge_quietly(dataset, DatasetVersion.objects.filter(dataset=dataset))
    for version in DatasetVersion.objects.filter(deleted_at__lt=over).select_related("dataset"):
        _purge_quietly(version, DatasetVersion.objects.filter(pk=version.pk))


def _purge_quietly(thing: Dataset | DatasetVersion, versions: VersionQuerySet) -> None:
    if permissions.why_kept(versions):
        return
    try:
        with transaction.atomic():
            _purge(thing, versions)
    except Refused as reason:
        log.info("kept %s: %s", thing.pk, reason.detail)


def _purge(thing: Dataset | DatasetVersion, versions: VersionQuerySet) -> None:
    """Rows first, files after the commit: bytes without a row are nobody's, and swept."""
    mine = type(thing)._default_manager.select_for_update(of=("self",)).filter(pk=thing.pk)
    if mine.exclude(deleted_at=None).first() is None:  # it may have come back a moment ago
        raise Refused("This is not in the trash any more.", code="not_in_trash")
    _refuse(permissions.why_kept(versions))
    gone = list(versions.select_related("dataset"))
    try:
        thing.delete()
    except ProtectedError as error:
        reason = "Something was made with it a moment ago. Look again before you delete it."
        raise Refused(reason, code="in_use") from error
    for version in gone:
        transaction.on_commit(partial(_free, version))


def _free(version: DatasetVersion) -> None:
    """The files of a version that is no more; the original only where no other has the same bytes."""
    files.remove(version.parquet_key)
    files.remove(version.thumbs_key)
    workspace, sha256 = version.dataset.workspace_id, version.original_sha256
    with transaction.atomic():
        actions.hold_original(workspace, sha256)
        if not is_needed(workspace, sha256):
            files.remove(version.original_key)


def is_needed(workspace_id: UUID | str, sha256: str) -> bool:
    """Whether any version of the workspace came from these bytes, in the trash or not."""
    return DatasetVersion.objects.filter(dataset__workspace__id=workspace_id, original_sha256=sha256).exists()


@dataclass(frozen=True)
class Item:
    """One thing in the trash. `size`: bytes that it takes; `kept` says what keeps it beyond its days."""

    kind: Kind
    thing: Any
    deleted_at: datetime
    size: int
    kept: str | None

    @property
    def key(self) -> str:
        return str(self.thing.pk)

    @property
    def name(self) -> str:
        return str(self.thing)

    @property
    def deleted_by(self) -> str:
        person = self.thing.deleted_by
        return person.display_name if person else ""

    @property
    def goes_at(self) -> datetime | None:
        """When it goes for good; None where something keeps it."""
        return None if self.kept else self.deleted_at + timedelta(days=settings.TRASH_DAYS)


def listed(workspace: Workspace, user: User) -> QuerySet[Any, Any]:
    """What lies in the trash, the latest first, as (kind, key, when); `items` says more of a page of them."""
    fields = ("kind", "pk", "deleted_at")
    datasets = Dataset.objects.in_trash(user).filter(workspace=workspace)
    versions = DatasetVersion.objects.in_trash(user).filter(dataset__workspace=workspace)
    both = [
        found.order_by().annotate(kind=Value(kind, CharField())).values_list(*fields)
        for kind, found in (("dataset", datasets), ("version", versions))
    ]
    return both[0].union(both[1], all=True).order_by("-deleted_at", "pk")


def items(page: Iterable[tuple[Kind, UUID, datetime]]) -> list[Item]:
    """Each thing of a page with what it takes and what keeps it, in a few queries for all."""
    rows = list(page)
    keys = {kind: [pk for found, pk, _ in rows if found == kind] for kind in ("dataset", "version")}
    datasets = Dataset.objects.select_related("deleted_by").in_bulk(keys["dataset"])
    alone = DatasetVersion.objects.brief().select_related("deleted_by", "dataset").in_bulk(keys["version"])
    inside = list(storage.sized(DatasetVersion.objects.filter(dataset__in=keys["dataset"])))
    held = holders.holds([*alone, *(version.pk for version in inside)])
    made = []
    for kind, pk, at in rows:
        thing: Any = datasets[pk] if kind == "dataset" else alone[pk]
        own = [version for version in inside if version.dataset_id == pk] if kind == "dataset" else [thing]
        within = {version.pk for version in own}
        kept = permissions.said_kept([hold for hold in held if hold.version in within])
        made.append(Item(kind, thing, at, storage.of(own).total, kept))
    return made


def _back(found: int) -> None:
    if not found:
        raise Refused("This left the trash a moment ago, for good.", code="gone", status=410)


def _allow(reason: str | None) -> None:
    if reason:
        raise Forbidden(reason)


def _refuse(reason: str | None) -> None:
    if reason:
        raise Refused(reason, code="in_use")
