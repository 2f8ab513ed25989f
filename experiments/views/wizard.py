"""Asking a question: the wizard on one page, its draft, and another run for an experiment that stands."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Workspace
from datasets.models import DatasetVersion, Status
from experiments import permissions, rules
from experiments.forms.before import before
from experiments.forms.posted import Posted
from experiments.forms.start import NotStarted, start_experiment, start_runs
from experiments.forms.wizard import Models, Wizard, again, pressed, question
from experiments.models import Experiment, Run
from experiments.views import find

NEW_RUN = "experiments/new_run.html"
FORMS = {"draft": "experiments/_new_run.html"}
"""What is drawn where only the form is asked for."""


@never_cache
def new_experiment(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = find.workspace(request, slug)
    version = _version(request, workspace)
    if version is None:
        return _choose_data(request, workspace)
    if request.method != "POST":
        return _wizard(request, Wizard(version, _draft(request, version)))
    do = request.POST.get("do", "start")
    wizard = Wizard(version, pressed(Posted.of(request.POST), do))
    if do != "start":
        _keep(request, version, wizard.sent)
        return _wizard(request, wizard)
    try:
        experiment, runs = start_experiment(wizard, by=find.person(request))
    except NotStarted as reason:
        _keep(request, version, wizard.sent)
        return _wizard(request, Wizard(version, wizard.sent, reason.refusals), status=reason.status)
    request.session.pop(_key(version), None)
    return redirect(runs[0] if len(runs) == 1 else experiment)


@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Keeps what was sent so far and answers with the page's form as it now is."""
    version = _version(request, find.workspace(request, slug))
    if version is None:
        return HttpResponse(status=404)
    sent = Posted.of(request.POST)
    _keep(request, version, sent)
    return _wizard(request, Wizard(version, sent), template="experiments/_wizard.html")


@never_cache
def new_run(request: HttpRequest, pk: UUID) -> HttpResponse:
    experiment = find.experiment(request, pk)
    version = experiment.dataset_version
    if request.method != "POST":
        sent = _like(request, experiment)
        return _new_run(request, experiment, Models(version, question(experiment), sent))
    do = request.POST.get("do", "start")
    models = Models(version, question(experiment), pressed(Posted.of(request.POST), do))
    if do != "start":
        return _new_run(request, experiment, models, template=FORMS.get(do, NEW_RUN))
    try:
        runs = start_runs(experiment, models, by=find.person(request))
    except NotStarted as reason:
        models = Models(version, question(experiment), models.sent, reason.refusals)
        return _new_run(request, experiment, models, status=reason.status)
    return redirect(runs[0] if len(runs) == 1 else experiment)


def _wizard(
    request: HttpRequest, wizard: Wizard, *, template: str = "experiments/wizard.html", status: int = 200
) -> HttpResponse:
    workspace = wizard.version.dataset.workspace
    reason = permissions.why_not_create(request.user, workspace) or permissions.why_not_ask(wizard.version)
    if unfit := rules.why_not_learn(wizard.version):
        reason = reason or unfit.detail
    context = {
        "workspace": workspace,
        "version": wizard.version,
        "wizard": wizard,
        "models": wizard.models,
        "refused": wizard.refused,
        "before": before(find.person(request), wizard.models, wizard.readable_spec(), reason),
    }
    return render(request, template, context, status=status)


def _new_run(
    request: HttpRequest,
    experiment: Experiment,
    models: Models,
    *,
    template: str = NEW_RUN,
    status: int = 200,
) -> HttpResponse:
    reason = permissions.why_not_train(request.user, experiment)
    context = {
        "workspace": experiment.workspace,
        "experiment": experiment,
        "version": experiment.dataset_version,
        "models": models,
        "refused": models.refused,
        "before": before(find.person(request), models, experiment.spec, reason),
    }
    return render(request, template, context, status=status)


def _version(request: HttpRequest, workspace: Workspace) -> DatasetVersion | None:
    """The version that the address names; the only one there is where it names none."""
    named = request.GET.get("version", "")
    if named:
        return find.version(request, workspace, _uuid(named))
    ready = list(_ready(workspace)[:2])
    return ready[0] if len(ready) == 1 else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # nobody's, so it is not found


def _ready(workspace: Workspace) -> QuerySet[DatasetVersion]:
    ready = DatasetVersion.objects.filter(dataset__workspace=workspace, dataset__deleted_at=None)
    return ready.filter(status=Status.READY).select_related("dataset__workspace").order_by("-created_at")


def _choose_data(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    page = find.page(request, _ready(workspace))
    context = {"workspace": workspace, "page": page, "before": None}
    return render(request, "experiments/choose_data.html", context)


def _like(request: HttpRequest, experiment: Experiment) -> Posted:
    """The settings of the run that `?like=` names, to start from."""
    named = request.GET.get("like", "")
    if not named:
        return Posted()
    runs = Run.objects.filter(experiment=experiment).select_related("experiment__dataset_version")
    return again(get_object_or_404(runs, pk=_uuid(named)))


def _key(version: DatasetVersion) -> str:
    return f"draft:{version.pk}"


def _draft(request: HttpRequest, version: DatasetVersion) -> Posted:
    return Posted.draft(request.session.get(_key(version)))


def _keep(request: HttpRequest, version: DatasetVersion, sent: Posted) -> None:
    if sent.is_small:
        request.session[_key(version)] = dict(sent.values)
