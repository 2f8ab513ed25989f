"""One dataset as a page, and what is done to it from there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import current
from accounts.current import person
from datasets import actions, api, pages, uploads
from datasets.forms import ReadingForm, UploadForm, limits
from datasets.models import DatasetVersion
from datasets.views import find
from web.problems import Refused


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
    workspace = found.dataset.workspace
    current.remember(request, workspace)
    context = {
        "workspace": workspace,
        "dataset": found.dataset,
        "version": found,
        "page": pages.DatasetPage(found, person(request), request.GET),
        **limits(),
    }
    return render(request, "datasets/dataset.html", context)


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
    try:
        with uploads.taken(file=file, name=file.name, size=file.size, by=by) as upload:
            actions.add_version(dataset=found, upload=upload, by=by, options=form.options())
    except Refused as reason:
        messages.error(request, reason.detail)
    return redirect(found)


@require_POST
def read_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, form = find.version(request, pk), ReadingForm(request.POST)
    try:
        options = form.options() if form.is_valid() else {}
        actions.read_again(version=found, options=options, by=person(request))
    except Refused as reason:
        messages.error(request, reason.detail)
    return redirect(found.dataset)


@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.dataset(request, pk)
    try:
        actions.rename_dataset(dataset=found, name=request.POST.get("name", ""), by=person(request))
    except Refused as reason:
        messages.error(request, reason.detail)
    return redirect(found)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.dataset(request, pk)
    try:
        actions.remove_dataset(dataset=found, by=person(request))
    except Refused as reason:
        messages.error(request, reason.detail)
        return redirect(found)
    messages.success(request, f"Deleted {found.name}.")
    return redirect("datasets", found.workspace.slug)


@require_safe
def original(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return api.original(find.version(request, pk))
