"""The part of a run's page that says why its model answers as it does, and the button that asks for it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments import explaining, permissions
from experiments.explained import Page
from experiments.models import Run
from experiments.views import find
from web.problems import Refused
from web.toasts import refusals


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def explanation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The fragment as it now is. A POST asks for an explanation first, where there is none."""
    run = find.run(request, pk)
    if request.method != "POST":
        return render(request, "experiments/_explanation.html", about(run, request.GET.get("row", "")))
    if "HX-Request" not in request.headers:
        with refusals(request):
            explaining.ask(run=run, by=find.person(request))
        return redirect(f"{run.get_absolute_url()}?tab=explanation")
    try:
        explaining.ask(run=run, by=find.person(request))
        problem = ""
    except Refused as reason:
        problem = reason.detail
    return render(request, "experiments/_explanation.html", {**about(run), "problem": problem})


def about(run: Run, row: str = "") -> dict[str, object]:
    """What the fragment shows of a run; `row` is the number of a row to explain."""
    return {
        "run": run,
        "experiment": run.experiment,
        "shown": Page(run, row),
        "why_not_explain": permissions.why_not_explain(run),
    }
