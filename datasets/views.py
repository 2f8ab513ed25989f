"""The pages of datasets: find, one call, answer."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import current
from accounts.current import person
from accounts.models import Workspace
from datasets import actions, api, pages, permissions, uploads
from datasets.forms import ReadingForm, UploadForm, limits
from datasets.models import Dataset, DatasetVersion
from datasets.samples import SAMPLES
from web.problems import Refused

PER_PAGE = 50


def _workspace(request: HttpRequest, slug: str) -> Workspace:
    found = get_object_or_404(Workspace.objects.visible_to(request.user), slug=slug)
    current.remember(request, found)
    return found


def _dataset(request: HttpRequest, pk: UUID) -> Dataset:
    return get_object_or_404(Dataset.objects.visible_to(request.user).select_related("workspace"), pk=pk)


def _version(request: HttpRequest, pk: UUID) -> DatasetVersion:
    mine = DatasetVersion.objects.visible_to(request.user)
    return get_object_or_404(mine.select_related("dataset__workspace", "created_by"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def datasets(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, with room for a new file."""
    workspace = _workspace(request, slug)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _list(request, workspace, UploadForm())
    try:
        if form.is_valid():
            return redirect(_create(request, workspace, form))
    except Refused as reason:
        form.add_error(None, reason.detail)
    return _list(request, workspace, form, status=422)


def _create(request: HttpRequest, workspace: Workspace, form: UploadForm) -> Dataset:
    by, file = person(request), form.cleaned_data["file"]
    if reason := permissions.why_not_add(by, workspace):
        raise Refused(reason)
    with uploads.taken(file=file, name=file.name, size=file.size, by=by) as upload:
        return actions.create_dataset(workspace=workspace, upload=upload, by=by, options=form.options())


def _list(request: HttpRequest, workspace: Workspace, form: UploadForm, status: int = 200) -> HttpResponse:
    wanted = request.GET.get("q", "").replace("\x00", "")[:200]
    found = Dataset.objects.visible_to(request.user).filter(workspace=workspace, name__icontains=wanted)
    page = Paginator(found.with_latest(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "workspace": workspace,
        "page": page,
        "datasets": pages.listed(page),
        "search": wanted,
        "form": form,
        "samples": SAMPLES.values(),
        "why_not": permissions.why_not_add(person(request), workspace),
        **limits(),
    }
    return render(request, "datasets/datasets.html", context, status=status)


@require_POST
def add_sample(request: HttpRequest, slug: str, sample: str) -> HttpResponse:
    """One of the tables that come with the product, as if it had been uploaded."""
    workspace = _workspace(request, slug)
    try:
        made = actions.add_sample(workspace=workspace, sample=sample, by=person(request))
    except Refused as reason:
        messages.error(request, reason.detail)
        return redirect("datasets", slug)
    return redirect(made)


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
    return _show(request, _version(request, pk))


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
    found = _version(request, pk)
    if found.status == "ingesting":
        return render(request, "datasets/_reading.html", {"version": found})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
def add_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, by = _dataset(request, pk), person(request)
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
    found, form = _version(request, pk), ReadingForm(request.POST)
    try:
        options = form.options() if form.is_valid() else {}
        actions.read_again(version=found, options=options, by=person(request))
    except Refused as reason:
        messages.error(request, reason.detail)
    return redirect(found.dataset)


@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _dataset(request, pk)
    try:
        actions.rename_dataset(dataset=found, name=request.POST.get("name", ""), by=person(request))
    except Refused as reason:
        messages.error(request, reason.detail)
    return redirect(found)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _dataset(request, pk)
    try:
        actions.remove_dataset(dataset=found, by=person(request))
    except Refused as reason:
        messages.error(request, reason.detail)
        return redirect(found)
    messages.success(request, f"Deleted {found.name}.")
    return redirect("datasets", found.workspace.slug)


@require_safe
def original(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return api.original(_version(request, pk))
