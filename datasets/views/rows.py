"""Rows of a version on their way out of a page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from datasets import api_rows, asking
from datasets.views import find
from web.toasts import refusals


@require_safe
def sheet(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The rows that the page shows, all of them, as CSV."""
    found, query = find.version(request, pk), request.GET
    with refusals(request):
        names = asking.names(found.columns, query.get("columns", ""))
        where, sort, q = query.getlist("where"), query.get("sort", ""), query.get("q", "")
        return api_rows.sheet(found, names, asking.clean(found.columns, where, sort, q))
    return redirect(found)
