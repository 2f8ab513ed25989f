"""Reading the same bytes another way: first a trial that shows what would change, then a new version."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.current import person
from datasets import actions, cards, pages, trying
from datasets.forms import ReadingForm
from datasets.models import DatasetVersion
from datasets.views import find
from datasets.views.dataset import about
from web.problems import Invalid, Refused
from web.toasts import refusals

Trial = dict[str, Any]


@require_POST
def read_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new version; what was chosen before stays chosen."""
    found = find.version(request, pk)
    with refusals(request):
        actions.read_again(version=found, options=_patch(request), by=person(request))
        return redirect(found.dataset)
    return redirect(found)


@require_POST
def try_reading(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the same bytes would be, read so: a fragment, or a page of its own where no script asks."""
    found = find.version(request, pk)
    trial, problem, patch = _trial(request, found)
    page = pages.DatasetPage(found, person(request), request.GET)
    context = about(found, page) | {"trial": trial, "problem": problem, "patch": json.dumps(patch)}
    columns = trial.get("columns", ())
    context["heads"] = [(column["name"], cards.KINDS[column["kind"]][0]) for column in columns]
    template = "datasets/_trial.html" if request.headers.get("HX-Request") else "datasets/trial.html"
    return render(request, template, context)


def _trial(request: HttpRequest, version: DatasetVersion) -> tuple[Trial, str, dict[str, Any]]:
    """What the reading would be, why it cannot be one, and what was asked for."""
    patch: dict[str, Any] = {}
    try:
        patch = _patch(request)
        trial = trying.try_reading(version=version, options=patch, by=person(request))
    except Refused as reason:
        return {}, reason.detail, patch
    return trial, (trial["problem"] or {}).get("detail", ""), patch


def _patch(request: HttpRequest) -> dict[str, Any]:
    """The options that were chosen: `options` as JSON, once or more often, or the fields of the form.

    Raises Invalid where they are neither.
    """
    patch: dict[str, Any] = {}
    try:
        for raw in filter(None, request.POST.getlist("options")):
            patch |= json.loads(raw)
    except (ValueError, TypeError, RecursionError) as error:
        raise Invalid("Options are a JSON object.", field="options") from error
    form = ReadingForm(request.POST)
    return patch | (form.options() if form.is_valid() else {})
