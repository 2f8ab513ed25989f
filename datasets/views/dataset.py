"""One dataset as a page, and what is done to it from there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import current, quotas
from accounts.current import person
from datasets import actions, api, pages, trash, uploads
from datasets.forms import UploadForm, limits
from datasets.models import DatasetVersion
from datasets.views import find
from web.toasts import refusals


@require_safe
def dataset(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The newest version."""
    found = DatasetVersion.objects.visible_to(request.user).filter(dataset=pk).order_by("-number")
    newest = found.select_related("dataset__workspace", "created_by").first()
    if newest is None:
        raise Http404
    return _show(request, newest)


@require_safe
def version(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, find.version(request, pk))


def _show(request: HttpRequest, found: DatasetVersion) -> HttpResponse:
    current.remember(request, found.dataset.workspace)
    page = pages.DatasetPage(found, person(request), request.GET)
    if address := page.redirect:
        return redirect(address)
    return render(request, "datasets/dataset.html", about(found, page))


def about(found: DatasetVersion, page: pages.DatasetPage) -> dict[str, Any]:
    """What every page of a version needs to know."""
    workspace = found.dataset.workspace
    left = None if page.why_not else quotas.storage_left(workspace)
    known = {"workspace": workspace, "dataset": found.dataset, "version": found, "page": page, "left": left}
    return known | limits()


@require_safe
def reading(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The piece of the page that changes while the file is read; the whole page once that is over."""
    found = find.version(request, pk)
    if found.status == "ingesting":
        return render(request, "datasets/_reading.html", {"version": found})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
def add_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, by = find.dataset(request, pk), person(request)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose a file that is not empty.")
        return redirect(found)
    file = form.cleaned_data["file"]
    taken = uploads.taken(file=file, name=file.name, size=file.size, by=by)
    with refusals(request), taken as upload:
        actions.add_version(dataset=found, upload=upload, by=by, options=form.options())
    return redirect(found)


@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.dataset(request, pk)
    with refusals(request):
        actions.rename_dataset(dataset=found, name=request.POST.get("name", ""), by=person(request))
    return redirect(found)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.dataset(request, pk)
    with refusals(request):
        trash.remove_dataset(dataset=found, by=person(request))
        messages.success(request, f"Deleted {found.name}.")
        return redirect("datasets", found.workspace.slug)
    return redirect(found)


@require_safe
def original(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return api.original(find.version(request, pk))
