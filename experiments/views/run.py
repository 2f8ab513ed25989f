"""One address for a run: live while it works, its results when it is done."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from experiments import actions, permissions
from experiments.forms.models import asked
from experiments.models import Run
from experiments.results import Results
from experiments.results.worst import Worst
from experiments.states import State
from experiments.story import Story
from experiments.views import explanation, find
from web.charts import with_plotly
from web.problems import Refused
from web.toasts import refusals

TABS = ("results", "explanation", "settings", "log")


@with_plotly
@never_cache
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.run(request, pk)
    tab = request.GET.get("tab", "")
    context = {
        **_about(found),
        **explanation.about(found, request.GET.get("row", "")),
        "tab": tab if tab in TABS else TABS[0],
        "why_not_cancel": permissions.why_not_cancel(request.user, found),
        "why_not_train": permissions.why_not_train(request.user, found.experiment),
    }
    return render(request, _template(found), context)


@never_cache
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The fragment that changes, as the page itself holds it; 204 when nothing came after `?after=`."""
    found = find.run(request, pk)
    after = _number(request.GET.get("after", ""))
    if after and after >= found.last_seq:
        return HttpResponse(status=204, headers={"X-State": found.state})
    context = {**_about(found), "story": Story(found, after)}
    response = render(request, "experiments/_live.html", context)
    response["X-State"] = found.state
    return response


@require_safe
def worst(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows where it was most wrong: a fragment, for a child reads them."""
    found = find.run(request, pk)
    context: dict[str, object] = {"run": found, "experiment": found.experiment}
    try:
        rows = Worst(Results(found))
        context |= {"worst": rows, "rows": rows.rows}
    except Refused as reason:
        context |= {"problem": reason.detail}
    return render(request, "experiments/_worst_rows.html", context)


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find.run(request, pk)
    with refusals(request):
        actions.cancel_run(run=found, by=find.person(request))
    return redirect(found)


def _about(run: Run) -> dict[str, object]:
    about: dict[str, object] = {
        "run": run,
        "experiment": run.experiment,
        "workspace": run.experiment.workspace,
        "story": Story(run),
        "before": waiting_before(run),
    }
    return about | {"results": Results(run), **_asked(run)} if run.state == State.SUCCEEDED else about


def _asked(run: Run) -> dict[str, object]:
    """What the run was asked to do: the learner's card, and all of it as JSON."""
    return {"card": asked(run.spec), "spec": json.dumps(run.spec, indent=1, ensure_ascii=False)}


def waiting_before(run: Run) -> int:
    """How many runs stand before this one in line."""
    if run.state != State.QUEUED:
        return 0
    return Run.objects.filter(state=State.QUEUED, queued_at__lt=run.queued_at).count()


def _template(run: Run) -> str:
    return "experiments/results.html" if run.state == State.SUCCEEDED else "experiments/run.html"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
