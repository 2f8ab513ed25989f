"""The administrator's view of experiments and runs: to look and to remove, never to edit what happened."""

from django.contrib import admin

from experiments.models import Artifact, Experiment, Run, RunEvent
from web.panel import LookOnly


@admin.register(Experiment)
class ExperimentAdmin(LookOnly):
    list_display = ["name", "workspace", "task", "target", "metric", "created_by", "created_at"]
    list_filter = ["task", "metric", "created_at"]
    list_select_related = ["workspace", "created_by"]
    search_fields = ["name", "target", "workspace__name", "created_by__email"]


@admin.register(Run)
class RunAdmin(LookOnly):
    list_display = [
        "name",
        "experiment",
        "algo",
        "state",
        "attempt",
        "worker",
        "owner",
        "queued_at",
        "finished_at",
    ]
    list_filter = ["state", "algo", "queued_at"]
    list_select_related = ["experiment", "owner"]
    search_fields = ["name", "experiment__name", "owner__email", "worker", "problem_code"]


@admin.register(RunEvent)
class RunEventAdmin(LookOnly):
    list_display = ["run", "attempt", "seq", "kind", "at"]
    list_filter = ["kind", "at"]
    list_select_related = ["run"]
    search_fields = ["run__name"]
    show_full_result_count = False


@admin.register(Artifact)
class ArtifactAdmin(LookOnly):
    list_display = ["name", "run", "attempt", "size", "sha256"]
    list_select_related = ["run"]
    search_fields = ["name", "run__name", "sha256"]
