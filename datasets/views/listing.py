"""The list of datasets, and the ways a new one comes in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import quotas
from accounts.current import person
from accounts.models import Workspace
from datasets import actions, pages, permissions, uploads
from datasets.forms import UploadForm, limits
from datasets.models import Dataset
from datasets.samples import SAMPLES
from datasets.views import find
from web.problems import Refused
from web.toasts import refusals


@require_http_methods(["GET", "HEAD", "POST"])
def datasets(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, with room for a new file."""
    workspace = find.workspace(request, slug)
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
    by = person(request)
    listing = pages.Listing(workspace, by, request.GET)
    page = listing.page()
    context = {
        "workspace": workspace,
        "listing": listing,
        "page": page,
        "datasets": pages.listed(page),
        "form": form,
        "samples": SAMPLES.values(),
        "why_not": permissions.why_not_add(by, workspace),
        "left": quotas.storage_left(workspace),
        **limits(),
    }
    return render(request, "datasets/datasets.html", context, status=status)


@require_POST
def add_sample(request: HttpRequest, slug: str, sample: str) -> HttpResponse:
    """One of the tables that come with the product, as if it had been uploaded."""
    workspace = find.workspace(request, slug)
    with refusals(request):
        return redirect(actions.add_sample(workspace=workspace, sample=sample, by=person(request)))
    return redirect("datasets", slug)
