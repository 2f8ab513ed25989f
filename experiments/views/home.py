"""The workspace's home, and its lists of experiments and runs."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import current
from datasets.forms import UploadForm, limits
from datasets.samples import SAMPLES
from experiments import permissions
from experiments.home import Home, jobs, known, latest_first
from experiments.models import Experiment, Run
from experiments.states import State
from experiments.views import find

LONGEST_SEARCH = 200


def home(request: HttpRequest) -> HttpResponse:
    """The workspace last opened; a person in none makes one."""
    workspace = current.last(request)
    return redirect(workspace) if workspace else redirect("new_workspace")


def workspace(request: HttpRequest, slug: str) -> HttpResponse:
    found = find.workspace(request, slug)
    context = {
        "workspace": found,
        "home": Home(found, find.person(request)),
        "why_not": permissions.why_not_create(request.user, found),
        "form": UploadForm(),
        "samples": SAMPLES.values(),
        **limits(),
    }
    return render(request, "experiments/home.html", context)


def in_progress(request: HttpRequest, slug: str) -> HttpResponse:
    """The same fragment that the home page holds."""
    found = find.workspace(request, slug)
    return render(request, "experiments/_jobs.html", {"workspace": found, "jobs": jobs(found)})


def experiments(request: HttpRequest, slug: str) -> HttpResponse:
    found = find.workspace(request, slug)
    wanted = _search(request)
    listed = latest_first(Experiment.objects.filter(workspace=found))
    if wanted:
        fits = Q(name__icontains=wanted) | Q(target__icontains=wanted)
        listed = listed.filter(fits | Q(dataset_version__dataset__name__icontains=wanted))
    page = find.page(request, listed)
    context = {
        "workspace": found,
        "page": page,
        "experiments": known(page),
        "search": wanted,
        "why_not": permissions.why_not_create(request.user, found),
    }
    return render(request, "experiments/experiments.html", context)


def runs(request: HttpRequest, slug: str) -> HttpResponse:
    found = find.workspace(request, slug)
    wanted, state = _search(request), request.GET.get("state", "")
    listed = Run.objects.filter(experiment__workspace=found).select_related("experiment", "owner")
    if wanted:
        named = Q(name__icontains=wanted) | Q(algo__icontains=wanted)
        listed = listed.filter(named | Q(experiment__name__icontains=wanted))
    if state in State.values:
        listed = listed.filter(state=state)
    context = {
        "workspace": found,
        "page": find.page(request, listed.order_by("-queued_at", "pk")),
        "search": wanted,
        "state": state,
        "states": State.choices,
    }
    return render(request, "experiments/runs.html", context)


def _search(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip().replace("\x00", "")[:LONGEST_SEARCH]
