"""The trash of a workspace, and what is done to datasets and versions on their way there and back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.current import person
from datasets import actions, permissions, storage
from datasets import trash as bin_
from datasets.models import Dataset, DatasetVersion
from datasets.views import find
from web.toasts import refusals

PER_PAGE = 50


@require_safe
def trash(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be had back, and until when."""
    workspace, user = find.workspace(request, slug), person(request)
    page = Paginator(bin_.listed(workspace, user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "workspace": workspace,
        "page": page,
        "items": bin_.items(page),
        "days": settings.TRASH_DAYS,
        "stored": storage.of_workspace(workspace).total,
        "why_not": permissions.why_not_add(user, workspace),
    }
    return render(request, "datasets/trash.html", context)


@require_POST
def restore_dataset(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _dataset(request, pk)
    done = f"{found.name} is back."
    return _do(request, found, done, bin_.restore_dataset, dataset=found)


@require_POST
def purge_dataset(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _dataset(request, pk)
    return _do(request, found, f"{found.name} is gone.", bin_.purge_dataset, dataset=found)


@require_POST
def restore_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _version(request, pk)
    return _do(request, found.dataset, f"{found} is back.", bin_.restore_version, version=found)


@require_POST
def purge_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _version(request, pk)
    return _do(request, found.dataset, f"{found} is gone.", bin_.purge_version, version=found)


@require_POST
def remove_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.version(request, pk)
    with refusals(request):
        bin_.remove_version(version=found, by=person(request))
        messages.success(request, f"Deleted version {found.number}. It lies in the trash for some days.")
        return redirect(found.dataset)
    return redirect(found)


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stops the reading of a file."""
    found = find.version(request, pk)
    with refusals(request):
        actions.cancel_reading(version=found, by=person(request))
    return redirect(found)


@require_POST
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.version(request, pk)
    with refusals(request):
        actions.note_version(version=found, note=request.POST.get("note", ""), by=person(request))
    return redirect(found)


def _dataset(request: HttpRequest, pk: UUID) -> Dataset:
    return get_object_or_404(bin_.datasets(person(request)), pk=pk)


def _version(request: HttpRequest, pk: UUID) -> DatasetVersion:
    return get_object_or_404(bin_.versions(person(request)), pk=pk)


def _do(
    request: HttpRequest, home: Dataset, done: str, action: Callable[..., None], **thing: Any
) -> HttpResponse:
    """One thing of the trash; back to the list with what became of it."""
    with refusals(request):
        action(**thing, by=person(request))
        messages.success(request, done)
    return redirect("trash", home.workspace.slug)
