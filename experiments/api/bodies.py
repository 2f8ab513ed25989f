"""What the calls share: a body that is an object, and the rows that the caller sees."""

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from accounts.models import Workspace
from experiments.models import Experiment, Run
from web.problems import Invalid


def body_of(request: Request) -> dict[str, Any]:
    """The body as an object of names and values. Raises Invalid for anything else."""
    if not isinstance(request.data, dict):
        raise Invalid("Send one JSON object.")
    return dict(request.data)


def name_in(request: Request, now: str) -> str:
    """The name that the body brings, else the one that it has now. Raises Invalid when it is no text."""
    name = body_of(request).get("name", now)
    if not isinstance(name, str):
        raise Invalid("A name is a text.", field="name")
    return name


def workspace_of(request: Request, slug: str) -> Workspace:
    return get_object_or_404(Workspace.objects.visible_to(request.user), slug=slug)


def experiments_of(request: Request) -> QuerySet[Experiment]:
    """Those that the caller sees, with what their answer shows."""
    seen = Experiment.objects.visible_to(request.user).select_related("workspace", "created_by")
    return seen.annotate(runs_count=Count("runs")).order_by("-created_at", "pk")


def experiment_of(request: Request, pk: UUID) -> Experiment:
    return get_object_or_404(experiments_of(request), pk=pk)


def runs_of(request: Request) -> QuerySet[Run]:
    """Those that the caller sees, with what their answer shows."""
    return Run.objects.visible_to(request.user).select_related("experiment__workspace", "owner")


def run_of(request: Request, pk: UUID) -> Run:
    return get_object_or_404(runs_of(request), pk=pk)
