"""The page that puts some runs of one experiment beside each other, and the table of it to take home."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from experiments import beside, comparison, tabular
from experiments.models import Experiment
from experiments.views import find
from web.problems import Away, Refused
from web.toasts import refusals

FORMS = (("csv", "CSV"), ("md", "Markdown"), ("tex", "LaTeX"))


@require_safe
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    experiment = find.experiment(request, pk)
    with refusals(request):
        context = {
            "experiment": experiment,
            "workspace": experiment.workspace,
            "shown": beside.Page(_chosen(request, experiment), request.GET),
            "forms": FORMS,
        }
        return render(request, "experiments/compare.html", context)
    return redirect(experiment)


@require_safe
def table(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The same as text: csv, md or tex."""
    experiment = find.experiment(request, pk)
    if form not in tabular.FORMS:
        raise Http404
    with refusals(request):
        return HttpResponse(tabular.written(_chosen(request, experiment), form), "text/plain; charset=utf-8")
    return redirect(experiment)


@require_safe
def row_by_row(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the first two runs said to the same rows: a fragment, for it takes a second."""
    experiment = find.experiment(request, pk)
    try:
        first, second = (one.run for one in _chosen(request, experiment).runs[:2])
        context = {"first": first, "second": second, "parts": beside.parts(first, second)}
    except (Refused, Away) as reason:
        context = {"problem": reason.detail}
    return render(request, "experiments/_row_by_row.html", context)


def _chosen(request: HttpRequest, experiment: Experiment) -> comparison.Comparison:
    return comparison.asked(experiment, request.GET.getlist("run"), request.GET.get("baseline", ""))
