"""What people do with datasets: one verb, one transaction. The reading itself begins after the commit."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts import names as titles
from accounts import quotas
from accounts.models import User, Workspace
from datasets import bells, changes, files, names, permissions, storage, uploads
from datasets.models import Dataset, DatasetVersion, Status, Upload, VersionQuerySet
from datasets.options import clean as clean_options
from datasets.options import clean_patch
from datasets.samples import SAMPLES
from datasets.trying import try_reading as try_reading
from web.problems import Forbidden, Invalid, Refused

LONGEST_NAME = 120
LONGEST_NOTE = 200
CANCELLED = "cancelled"


@transaction.atomic
def create_dataset(
    *, workspace: Workspace, upload: Upload, by: User, name: str | None = None, options: Any = None
) -> Dataset:
    """A dataset with its first version, which is being read. The upload is used up."""
    if reason := permissions.why_not_add(by, workspace):
        raise Forbidden(reason)
    title = titles.clean(name, longest=LONGEST_NAME) if name else names.title_of(upload.name)
    dataset = Dataset.objects.create(workspace=workspace, name=title, created_by=by)
    _add(dataset, upload, options, by)
    return dataset


def add_sample(*, workspace: Workspace, sample: str, by: User) -> Dataset:
    """One of the tables that come with the product, as if it had been uploaded."""
    chosen = SAMPLES.get(sample)
    if chosen is None or not chosen.path.is_file():
        raise Refused("There is no such sample.", code="not_found", status=404)
    if reason := permissions.why_not_add(by, workspace):
        raise Forbidden(reason)
    size = chosen.path.stat().st_size
    with (
        chosen.path.open("rb") as file,
        uploads.taken(file=file, name=chosen.path.name, size=size, by=by) as upload,
    ):
        return create_dataset(workspace=workspace, upload=upload, by=by, name=chosen.title)


@transaction.atomic
def add_version(*, dataset: Dataset, upload: Upload, by: User, options: Any = None) -> DatasetVersion:
    """The next version of a dataset, which is being read. The upload is used up."""
    if reason := permissions.why_not_change(by, dataset):
        raise Forbidden(reason)
    return _add(dataset, upload, options, by)


@transaction.atomic
def read_again(*, version: DatasetVersion, options: Any, by: User) -> DatasetVersion:
    """The same bytes as a new version: read as before, but for what the options say. None takes one back."""
    dataset = version.dataset
    if reason := permissions.why_not_change(by, dataset):
        raise Forbidden(reason)
    chosen = changes.merged(version.options, clean_patch(options))
    if chosen == version.options and version.status != Status.FAILED:
        raise Refused("This version was read in just this way. Choose something else.", code="no_change")
    again = _next(dataset, version, chosen, by)
    hold_original(dataset.workspace_id, again.original_sha256)
    if not files.path_of(again.original_key).exists():
        raise Refused("The bytes of this version are gone. Upload the file again.", code="file_gone")
    again.note = changes.note(version.options, chosen) or f"Version {version.number}, read once more."
    again.save()
    transaction.on_commit(lambda: bells.ring(again.pk))
    return again


def _add(dataset: Dataset, upload: Upload, options: Any, by: User) -> DatasetVersion:
    upload = _finished(upload)
    if reason := quotas.why_no_more_storage(dataset.workspace, upload.size):
        raise quotas.QuotaExceeded(reason)
    bytes_of = DatasetVersion(
        original_name=upload.name, original_size=upload.size, original_sha256=upload.sha256
    )
    version = _next(dataset, bytes_of, clean_options({} if options is None else options), by)
    hold_original(dataset.workspace_id, upload.sha256)
    version.note = _same_bytes(version)
    files.adopt(upload.key, version.original_key)
    version.save()
    key, pk = upload.key, version.pk
    upload.delete()
    transaction.on_commit(lambda: files.remove(key))
    transaction.on_commit(lambda: bells.ring(pk))
    return version


def _next(dataset: Dataset, like: DatasetVersion, options: dict[str, Any], by: User) -> DatasetVersion:
    """The next number, with the bytes of `like`; not saved. Two at once take two numbers."""
    locked = Dataset.objects.select_for_update().get(pk=dataset.pk)
    highest = locked.versions.aggregate(highest=Max("number"))["highest"] or 0
    return DatasetVersion(
        dataset=dataset,
        number=highest + 1,
        original_name=like.original_name,
        original_size=like.original_size,
        original_sha256=like.original_sha256,
        options=options,
        created_by=by,
    )


def _finished(upload: Upload) -> Upload:
    """The upload under its lock, so that it becomes one dataset and no more."""
    found = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if found is None:
        raise Refused("This upload was used already.", code="upload_used", field="upload")
    if not found.is_complete:
        raise Refused(
            f"{found.size - found.offset:,} bytes of this upload have not arrived yet. Send them first.",
            code="upload_incomplete",
            field="upload",
        )
    return found


def hold_original(workspace_id: Any, sha256: str) -> None:
    """Whoever else adds or removes the same bytes in this workspace waits until this transaction ends."""
    with connection.cursor() as cursor:
        key = f"original:{workspace_id}:{sha256}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _same_bytes(version: DatasetVersion) -> str:
    """A note where the workspace has these bytes already; they are stored once."""
    same = DatasetVersion.objects.filter(
        dataset__workspace=version.dataset.workspace,
        dataset__deleted_at=None,
        deleted_at=None,
        original_sha256=version.original_sha256,
    )
    known = same.select_related("dataset").order_by("created_at").first()
    if known is None:
        return ""
    return f"The same file as {known.dataset.name[:100]}, version {known.number}. It is stored once."


def rename_dataset(*, dataset: Dataset, name: str, by: User) -> Dataset:
    if reason := permissions.why_not_change(by, dataset):
        raise Forbidden(reason)
    dataset.name = titles.clean(name, longest=LONGEST_NAME)
    dataset.save(update_fields=["name"])
    return dataset


def note_version(*, version: DatasetVersion, note: str, by: User) -> DatasetVersion:
    """Says in a few words what this version is. Nothing else of it ever changes."""
    if reason := permissions.why_not_change(by, version.dataset):
        raise Forbidden(reason)
    words = " ".join(note.replace("\x00", "").split())
    if len(words) > LONGEST_NOTE:
        raise Invalid(f"A note has up to {LONGEST_NOTE} characters.", field="note")
    version.note = words
    version.save(update_fields=["note"])
    return version


def cancel_reading(*, version: DatasetVersion, by: User) -> DatasetVersion:
    """Ends the reading of a version; its child goes within seconds, and nothing of it stays."""
    if reason := permissions.why_not_cancel(by, version):
        raise Forbidden(reason)
    stopped = stop_reading(DatasetVersion.objects.filter(pk=version.pk))
    version.refresh_from_db()
    if not stopped and version.problem_code != CANCELLED:
        raise Refused("This version is not being read any more.", code="not_reading")
    return version


def stop_reading(versions: VersionQuerySet) -> int:
    """Fails those of them that are being read. Whoever holds one hears it at the next beat."""
    return versions.filter(status=Status.INGESTING).update(
        status=Status.FAILED,
        problem_code=CANCELLED,
        problem_detail="You stopped the reading. Read it again when you want to go on.",
        lease_expires_at=None,
        finished_at=timezone.now(),
    )


@quotas.measure("storage")
def stored(workspace: Workspace) -> int:
    """Bytes of a workspace, those in the trash as well."""
    return storage.of_workspace(workspace).total
