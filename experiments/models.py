"""Experiments (the question), runs (one answer, tried), what happened meanwhile, and what came out."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User, Workspace
from accounts.visibility import VisibleQuerySet
from datasets.leases import Leased, LeasedQuerySet
from datasets.models import DatasetVersion
from experiments.states import NEXT, TERMINAL, Explained, State


class ExperimentQuerySet(VisibleQuerySet["Experiment"]):
    pass


class Experiment(models.Model):
    """A dataset version, a target, a task, a metric and a split. All its runs share the same folds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="experiments")
    name = models.CharField(max_length=120)
    dataset_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="experiments")
    task = models.CharField(max_length=30)
    target = models.CharField(max_length=255)
    metric = models.CharField(max_length=40)
    spec = models.JSONField()  # engine.spec.ExperimentSpec
    split_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="experiments_of_a_workspace")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("experiment", args=[self.pk])

    @property
    def folder_key(self) -> str:
        """Where the files lie that all of its runs share."""
        return f"{self.workspace_id}/experiments/{self.pk}"


class RunQuerySet(LeasedQuerySet["Run"]):
    workspace_path = "experiment__workspace"

    def unfinished(self) -> "RunQuerySet":
        return self.exclude(state__in=TERMINAL)

    def move(self, run: "Run", new: State, **fields: Any) -> bool:
        """Compare-and-set: moves the row only from the state and attempt that `run` was seen in."""
        if new not in NEXT[State(run.state)]:
            return False
        seen = self.filter(pk=run.pk, state=run.state, attempt=run.attempt)
        return seen.update(state=new, **fields) == 1


class Run(Leased):
    """One model, trained once. `last_seq` numbers its events."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="runs")
    name = models.CharField(max_length=60)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="runs")
    algo = models.CharField(max_length=60)
    spec = models.JSONField()  # engine.spec.RunSpec
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    crashes = models.PositiveSmallIntegerField(default=0)
    last_seq = models.PositiveBigIntegerField(default=0, editable=False)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True, editable=False)  # noqa: DJ001 - null is no key
    request_digest = models.CharField(max_length=64, blank=True, editable=False)

    metrics = models.JSONField(default=dict, blank=True)
    timings = models.JSONField(default=dict, blank=True)
    headline = models.JSONField(default=dict, blank=True)
    score = models.FloatField(null=True, blank=True)  # the experiment's metric, for ranking
    problem_code = models.CharField(max_length=60, blank=True)
    problem_detail = models.TextField(blank=True)

    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(RunQuerySet)()

    class Meta:
        ordering = ["-queued_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="a_run_is_in_a_state_of_the_map"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(TERMINAL)) ^ Q(finished_at=None),
                name="a_finished_run_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | Q(lease_expires_at__isnull=False),
                name="a_running_run_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FAILED) | ~Q(problem_code=""), name="a_failed_run_says_why"
            ),
            models.UniqueConstraint(
                "experiment", "owner", "idempotency_key", name="an_idempotency_key_starts_one_run"
            ),
            models.UniqueConstraint("experiment", "name", name="a_run_has_its_own_name_in_an_experiment"),
        ]
        indexes = [
            models.Index(fields=["queued_at"], condition=Q(state="queued"), name="runs_waiting"),
            models.Index(fields=["owner"], condition=Q(state="running"), name="runs_running_by_owner"),
            models.Index(fields=["lease_expires_at"], condition=Q(state="running"), name="runs_leased"),
            models.Index(fields=["experiment", "-score"], name="runs_by_score"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("run", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state in TERMINAL

    @property
    def folder_key(self) -> str:
        """Where its files lie, a folder for each attempt."""
        return f"{self.experiment.workspace_id}/runs/{self.pk}"

    @property
    def problem(self) -> dict[str, str] | None:
        if not self.problem_code:
            return None
        return {"code": self.problem_code, "detail": self.problem_detail}


class EventQuerySet(VisibleQuerySet["RunEvent"]):
    workspace_path = "run__experiment__workspace"

    def after(self, seq: int) -> "EventQuerySet":
        return self.filter(seq__gt=seq).order_by("seq")


class RunEvent(models.Model):
    """What happened, in order: `seq` runs from 1 without a gap through all attempts of a run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    attempt = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint("run", "seq", name="an_event_has_its_own_number")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class ArtifactQuerySet(VisibleQuerySet["Artifact"]):
    workspace_path = "run__experiment__workspace"


class Artifact(models.Model):
    """A file that a run left behind. The bytes are in their place before the row is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="artifacts")
    attempt = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=255)

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("run", "name", name="an_artifact_has_one_name_in_a_run")]

    def __str__(self) -> str:
        return self.name


class ExplanationQuerySet(LeasedQuerySet["Explanation"]):
    workspace_path = "run__experiment__workspace"


class Explanation(Leased):
    """Why a run's model answers as it does: asked for, worked out in a child, kept as files of the run."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="explanation")
    state = models.CharField(max_length=10, choices=Explained, default=Explained.WAITING)
    stage = models.CharField(max_length=20, blank=True)
    crashes = models.PositiveSmallIntegerField(default=0)
    problem_code = models.CharField(max_length=60, blank=True)
    problem_detail = models.TextField(blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(ExplanationQuerySet)()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [
            models.Index(
                fields=["lease_expires_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="explanations_to_make",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=Explained.RUNNING) | Q(lease_expires_at__isnull=False),
                name="a_running_explanation_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state=Explained.FAILED) | ~Q(problem_code=""),
                name="a_failed_explanation_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}, explained"

    @property
    def is_finished(self) -> bool:
        return self.state in (Explained.READY, Explained.FAILED)

    @property
    def problem(self) -> dict[str, str] | None:
        if not self.problem_code:
            return None
        return {"code": self.problem_code, "detail": self.problem_detail}
