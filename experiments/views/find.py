"""How a page finds its thing: among what the person sees, or not at all."""

from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts import current
from accounts.models import User, Workspace
from datasets.models import DatasetVersion
from experiments.models import Experiment, Run

PER_PAGE = 50


def person(request: HttpRequest) -> User:
    """Who is signed in; every page here asks for that."""
    assert isinstance(request.user, User)  # noqa: S101 - LoginRequiredMiddleware has seen to it
    return request.user


def workspace(request: HttpRequest, slug: str) -> Workspace:
    """The workspace, which is from now on the one at hand. Http404 for a stranger."""
    found = get_object_or_404(Workspace.objects.visible_to(request.user), slug=slug)
    current.remember(request, found)
    return found


def experiment(request: HttpRequest, pk: UUID) -> Experiment:
    seen = Experiment.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("workspace", "dataset_version__dataset", "created_by"), pk=pk
    )


def run(request: HttpRequest, pk: UUID) -> Run:
    seen = Run.objects.visible_to(request.user)
    beside = ("experiment__workspace", "experiment__dataset_version__dataset", "owner")
    return get_object_or_404(seen.select_related(*beside), pk=pk)


def version(request: HttpRequest, workspace: Workspace, pk: UUID) -> DatasetVersion:
    seen = DatasetVersion.objects.visible_to(request.user).filter(dataset__workspace=workspace)
    return get_object_or_404(seen.select_related("dataset__workspace"), pk=pk)


def page(request: HttpRequest, things: Any, size: int = PER_PAGE) -> Page[Any]:
    """The page that the address asks for; the nearest one where it asks for none that is there."""
    return Paginator(things, size).get_page(request.GET.get("page"))
