"""The page of an experiment: its runs, ranked; and the fragment that changes while some are at work."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from engine.metrics import METRICS
from experiments import board, permissions
from experiments.models import Experiment
from experiments.views import find


def experiment(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.experiment(request, pk)
    context = {**_ranked(request, found), "why_not": permissions.why_not_train(request.user, found)}
    return render(request, "experiments/experiment.html", context)


@never_cache
def ranking(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The leaderboard as the page itself holds it."""
    return render(request, "experiments/_board.html", _ranked(request, find.experiment(request, pk)))


def _ranked(request: HttpRequest, experiment: Experiment) -> dict[str, object]:
    whole = board.of(experiment, size=find.PER_PAGE)
    page = Paginator(whole.ranked, find.PER_PAGE).get_page(request.GET.get("page"))
    return {
        "experiment": experiment,
        "workspace": experiment.workspace,
        "metric": METRICS[experiment.metric],
        "board": whole.at(page.number),
        "page": page,
    }
