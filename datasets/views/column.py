"""One column of a version: its page, and its distribution for whoever wants to explore it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import current
from accounts.current import person
from datasets import pages
from datasets.pages.column import ColumnPage
from datasets.views import find
from datasets.views.dataset import about
from web.charts import with_plotly


def _column(request: HttpRequest, pk: UUID) -> ColumnPage:
    """The column that the address names; the first one where it names none."""
    version = find.version(request, pk)
    first = version.columns[0]["name"] if version.columns else ""
    facts = version.column(request.GET.get("name", first)) if version.is_ready else None
    if facts is None:
        raise Http404
    return ColumnPage(version, facts)


@with_plotly
@require_safe
def column(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All that is known of a column; its kind can be changed here."""
    found = _column(request, pk)
    current.remember(request, found.version.dataset.workspace)
    page = pages.DatasetPage(found.version, person(request), request.GET)
    return render(request, "datasets/column.html", about(found.version, page) | {"column": found})


@require_safe
def figure(request: HttpRequest, pk: UUID) -> HttpResponse:
    return JsonResponse(_column(request, pk).figure)
