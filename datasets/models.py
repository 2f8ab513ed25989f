"""Uploads on their way in, datasets, and their versions, which never change once they are read."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Func, Prefetch, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User, Workspace
from accounts.visibility import VisibleQuerySet
from datasets.leases import Leased, LeasedQuerySet


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User | AnonymousUser) -> "UploadQuerySet":
        """An upload is its owner's alone until it becomes a dataset."""
        return self.filter(owner=user) if user.is_authenticated else self.none()


class Upload(models.Model):
    """A file on its way in, in parts (tus 1.0). `offset` bytes have arrived of `size`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    expected_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(offset__lte=models.F("size")), name="an_upload_holds_no_more_than_it_declared"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_complete(self) -> bool:
        return self.offset == self.size and bool(self.sha256)

    @property
    def key(self) -> str:
        return f"uploads/{self.id}"


class DatasetQuerySet(VisibleQuerySet["Dataset"]):
    def visible_to(self, user: User | AnonymousUser) -> "DatasetQuerySet":
        return super().visible_to(user).filter(deleted_at=None)

    def in_trash(self, user: User | AnonymousUser) -> "DatasetQuerySet":
        """What a member sees there."""
        return super().visible_to(user).exclude(deleted_at=None)

    def with_file(self, sha256: str) -> "DatasetQuerySet":
        """Those of which a version came from these bytes."""
        held = DatasetVersion.objects.live().filter(original_sha256=sha256)
        return self.filter(pk__in=held.values("dataset"))

    def with_latest(self) -> "DatasetQuerySet":
        """Each with its newest version, without the columns, in one query more."""
        newest = DatasetVersion.objects.brief().live().order_by("-number")
        return self.prefetch_related(Prefetch("versions", newest[:1], to_attr="newest"))


class Dataset(models.Model):
    """A name for a file that may come again: what it holds lives in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=120)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="datasets_of_a_workspace")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("dataset", args=[self.pk])

    @property
    def latest_version(self) -> "DatasetVersion | None":
        """The newest version; no query where `with_latest` fetched it."""
        fetched: list[DatasetVersion] | None = self.__dict__.get("newest")
        if fetched is not None:
            return fetched[0] if fetched else None
        return DatasetVersion.objects.filter(dataset=self).live().order_by("-number").first()

    @property
    def all_versions(self) -> "VersionQuerySet":
        """Newest first, each without its columns; those in the trash are left out."""
        return DatasetVersion.objects.brief().filter(dataset=self).live()


class Status(models.TextChoices):
    INGESTING = "ingesting", "Reading"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class VersionQuerySet(LeasedQuerySet["DatasetVersion"]):
    workspace_path = "dataset__workspace"

    def visible_to(self, user: User | AnonymousUser) -> "VersionQuerySet":
        return super().visible_to(user).filter(dataset__deleted_at=None).live()

    def in_trash(self, user: User | AnonymousUser) -> "VersionQuerySet":
        """Versions that were deleted alone, of datasets that were not."""
        return super().visible_to(user).filter(dataset__deleted_at=None).exclude(deleted_at=None)

    def live(self) -> "VersionQuerySet":
        """Those that were not put into the trash by themselves; their dataset may be there."""
        return self.filter(deleted_at=None)

    def brief(self) -> "VersionQuerySet":
        """For lists: how many columns, instead of all that is known of each."""
        counted = Func("columns", function="jsonb_array_length", output_field=models.IntegerField())
        return self.annotate(column_count=counted).defer("columns", "decisions", "findings", "associations")


class DatasetVersion(Leased):
    """One file as it was read: its bytes, its typed Parquet, its columns. Never changed, only followed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.INGESTING)
    note = models.CharField(max_length=200, blank=True)

    original_name = models.CharField(max_length=255)
    original_size = models.PositiveBigIntegerField()
    original_sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict, blank=True)
    format = models.CharField(
        max_length=20, blank=True, help_text="What the file was by its bytes: csv, xlsx, images."
    )

    rows = models.PositiveBigIntegerField(null=True, blank=True)
    columns = models.JSONField(default=list, blank=True)
    decisions = models.JSONField(default=list, blank=True)
    findings = models.JSONField(default=list, blank=True)
    associations = models.JSONField(default=dict, blank=True)
    thumbs_size = models.PositiveBigIntegerField(null=True, blank=True)
    parquet_size = models.PositiveBigIntegerField(null=True, blank=True)
    parquet_sha256 = models.CharField(max_length=64, blank=True)
    rows_read = models.PositiveBigIntegerField(default=0)
    stage = models.CharField(max_length=100, blank=True, help_text="What is done while the file is read.")

    problem_code = models.CharField(max_length=60, blank=True)
    problem_detail = models.TextField(blank=True)
    crashes = models.PositiveSmallIntegerField(default=0)

    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = models.Manager.from_queryset(VersionQuerySet)()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("dataset", "number", name="a_version_has_its_own_number"),
            models.CheckConstraint(
                condition=~Q(status=Status.READY) | (Q(rows__isnull=False) & ~Q(parquet_sha256="")),
                name="a_ready_version_has_rows_and_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.FAILED) | ~Q(problem_code=""), name="a_failed_version_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_expires_at"], condition=Q(status="ingesting"), name="versions_to_read"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset.name} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("dataset_version", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def original_key(self) -> str:
        """Content-addressed: the same bytes are kept once in a workspace."""
        return f"{self.dataset.workspace_id}/originals/{self.original_sha256}"

    @property
    def parquet_key(self) -> str:
        return f"{self.dataset.workspace_id}/versions/{self.pk}.parquet"

    @property
    def thumbs_key(self) -> str:
        """One file with a small picture of each row of an image set."""
        return f"{self.dataset.workspace_id}/versions/{self.pk}.thumbs"

    @property
    def problem(self) -> dict[str, str] | None:
        if not self.problem_code:
            return None
        return {"code": self.problem_code, "detail": self.problem_detail}

    @property
    def suggested_target(self) -> dict[str, Any] | None:
        """The profile of the column that is likely the answer; `target_reason` says why."""
        return next((column for column in self.columns if column.get("target_reason")), None)

    def column(self, name: str) -> dict[str, Any] | None:
        """The profile of one column by its name."""
        return next((column for column in self.columns if column["name"] == name), None)


class TargetProfile(models.Model):
    """What a version says about one of its columns as the answer: computed once, when somebody asks."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="target_profiles")
    target = models.CharField(max_length=150)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("version", "target", name="a_target_of_a_version_is_profiled_once")
        ]

    def __str__(self) -> str:
        return f"{self.target} in {self.version}"
