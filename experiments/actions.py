"""The verbs of experiments and runs. Each is one transaction; bells ring after it."""

import hashlib
import json
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from pydantic import ValidationError

from accounts import names as titles
from accounts import quotas
from accounts.models import User, Workspace
from accounts.quotas import QuotaExceeded
from datasets import files, targets
from datasets.bells import ring_for
from datasets.models import DatasetVersion
from engine.choices.parts import never_learned
from engine.estimate import Estimate
from engine.metrics import default_metric
from engine.spec import ExperimentSpec, RunRequest, RunSpec
from experiments import bells, events, names, permissions, rules
from experiments.models import Experiment, Run
from experiments.states import State
from web.problems import Forbidden, Invalid, Refused


class Conflict(Refused):
    """The thing is not in a state in which this can be done."""

    code = "invalid_state"


@transaction.atomic
def create_experiment(
    *,
    workspace: Workspace,
    name: str,
    version: DatasetVersion,
    spec: dict[str, Any],
    metric: str | None,
    by: User,
) -> Experiment:
    """A question asked of a version. `spec` is an engine.spec.ExperimentSpec; a task left out is recognised.

    Raises Forbidden, Conflict (the version is not ready) and Invalid (with the field it is about).
    """
    if reason := permissions.why_not_create(by, workspace):
        raise Forbidden(reason)
    if reason := permissions.why_not_ask(version):
        raise Conflict(reason, code="dataset_not_ready")
    _refuse(rules.why_not_learn(version))
    question = _question(version, spec)
    metric = metric or default_metric(question.task)
    _refuse(rules.why_not_metric(question.task, metric))
    _refuse(rules.why_not_target(version, question.task, question.target))
    _refuse(rules.why_not_parts(version, question))
    _look_at(version, question.target)
    return Experiment.objects.create(
        workspace=workspace,
        name=titles.clean(name, longest=120),
        dataset_version=version,
        task=question.task,
        target=question.target,
        metric=metric,
        spec=question.model_dump(mode="json"),
        created_by=by,
    )


def _look_at(version: DatasetVersion, target: str) -> None:
    """Has the target looked at once committed, so that the first run can be warned of what gives it away."""
    if targets.known(version, target) is None:
        ring = partial(ring_for, "datasets.tasks.look", str(version.pk), target)
        transaction.on_commit(ring, robust=True)


def _question(version: DatasetVersion, spec: dict[str, Any]) -> ExperimentSpec:
    if spec.get("task") is None:
        column = version.column(spec["target"]) if isinstance(spec.get("target"), str) else None
        spec = {**spec, "task": rules.recognise_task(column) if column else "classification"}
    try:
        return ExperimentSpec.model_validate(spec)
    except ValidationError as error:
        raise rules.refused(error) from error


@transaction.atomic
def start_run(
    *, experiment: Experiment, request: dict[str, Any], by: User, idempotency_key: str | None = None
) -> tuple[Run, bool]:
    """Puts a run in the queue. `request` is an engine.spec.RunRequest; True when the run is new.

    The same key with the same request gives the same run again. Raises Forbidden, Conflict (the dataset is
    not ready), QuotaExceeded and Invalid (with the field it is about).
    """
    if reason := permissions.why_not_train(by, experiment):
        raise Forbidden(reason)
    # Runs of one experiment start one after the other: so a key and a name are given once.
    experiment = _locked(experiment)
    digest = _digest(request)
    if idempotency_key and (same := _same_key(experiment, by, idempotency_key, digest)):
        return same, False
    if reason := permissions.why_not_ask(experiment.dataset_version):
        raise Conflict(reason, code="dataset_not_ready")
    spec = _spec(experiment, request)
    if reason := quotas.why_no_more_runs(by):
        raise QuotaExceeded(reason)
    run = Run.objects.create(
        experiment=experiment,
        name=_free_name(experiment),
        owner=by,
        algo=spec.model.algo,
        spec=spec.model_dump(mode="json"),
        fingerprint=spec.fingerprint(),
        idempotency_key=idempotency_key or None,
        request_digest=digest,
    )
    events.note(run, events.moved(State.QUEUED, "Waiting for a free place."), *_warnings(experiment, spec))
    run.refresh_from_db()
    transaction.on_commit(bells.ring, robust=True)
    return run, True


def estimate_run(experiment: Experiment, request: dict[str, Any]) -> Estimate:
    """What the run that this request would start roughly takes.

    Raises Conflict (the dataset is not ready) and Invalid (with the field it is about).
    """
    if reason := permissions.why_not_ask(experiment.dataset_version):
        raise Conflict(reason, code="dataset_not_ready")
    return rules.expected(experiment.dataset_version, _spec(experiment, request))


def _warnings(experiment: Experiment, spec: RunSpec) -> list[events.Event]:
    """What gives the answer away or is asked in vain: nobody is stopped, everybody is told."""
    version = experiment.dataset_version
    leaks = targets.known_leaks(version, spec.target)
    unseen = {*spec.columns.drop, *never_learned(spec.split, spec.validation)}
    used = {name: reason for name, reason in leaks.items() if name not in unseen}
    said = [f"{name} gives the answer away. {reason}" for name, reason in used.items()]
    return [events.warned(sentence) for sentence in [*said, *rules.remarks(version, spec)]]


def _locked(experiment: Experiment) -> Experiment:
    whole = Experiment.objects.select_related("workspace", "dataset_version__dataset")
    return whole.select_for_update(of=("self",), no_key=True).get(pk=experiment.pk)


def _spec(experiment: Experiment, request: dict[str, Any]) -> RunSpec:
    try:
        wanted = RunRequest.model_validate(request)
        spec = RunSpec.join(ExperimentSpec.model_validate(experiment.spec), wanted)
    except ValidationError as error:
        raise rules.refused(error) from error
    _refuse(rules.why_not_run(experiment.dataset_version, spec))
    return spec


def _digest(request: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def _same_key(experiment: Experiment, by: User, key: str, digest: str) -> Run | None:
    run = experiment.runs.filter(owner=by, idempotency_key=key).first()
    if run is not None and run.request_digest != digest:
        text = "This Idempotency-Key was used for another request. Use a new key for a new run."
        raise Invalid(text, code="idempotency_mismatch")
    return run


def _free_name(experiment: Experiment) -> str:
    taken = set(experiment.runs.values_list("name", flat=True))
    number = len(taken) + 1
    while (name := names.run_name(number)) in taken:
        number += 1
    return name


@transaction.atomic
def cancel_run(*, run: Run, by: User) -> tuple[Run, bool]:
    """Ends a run that is not over, now; True when this call did it, False when it was cancelled before.

    A worker that trains it finds within a second that it no longer owns it. Raises Forbidden, and Conflict
    when the run has succeeded or failed.
    """
    if reason := permissions.why_not_cancel(by, run):
        raise Forbidden(reason)
    run = Run.objects.select_for_update(of=("self",)).select_related("experiment__workspace").get(pk=run.pk)
    if run.state == State.CANCELLED:
        return run, False
    ended = Run.objects.move(run, State.CANCELLED, finished_at=Now(), lease_expires_at=None)
    if not ended:
        raise Conflict(f"This run has already {run.state}. There is nothing to cancel.")
    events.note(
        run,
        events.moved(State.CANCELLED, f"Cancelled by {by.display_name}."),
        events.finished(State.CANCELLED),
    )
    run.refresh_from_db()
    return run, True


def rename_run(*, run: Run, name: str, by: User) -> Run:
    """Gives a run another name. Raises Forbidden and Invalid."""
    if reason := permissions.why_not_edit(by, run.experiment):
        raise Forbidden(reason)
    run.name = titles.clean(name, longest=60)
    if run.experiment.runs.exclude(pk=run.pk).filter(name=run.name).exists():
        raise Invalid("Another run of this experiment has this name. Choose another one.", field="name")
    run.save(update_fields=["name"])
    return run


@transaction.atomic
def remove_run(*, run: Run, by: User) -> None:
    """Removes a run that is over, with its events and files. Raises Forbidden and Conflict."""
    if reason := permissions.why_not_edit(by, run.experiment):
        raise Forbidden(reason)
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not run.is_finished:
        raise Conflict("This run is not over. Cancel it first.")
    folder = run.folder_key
    run.delete()
    transaction.on_commit(lambda: files.remove_folder(folder))


def rename_experiment(*, experiment: Experiment, name: str, by: User) -> Experiment:
    """Gives an experiment another name. Raises Forbidden and Invalid."""
    if reason := permissions.why_not_edit(by, experiment):
        raise Forbidden(reason)
    experiment.name = titles.clean(name, longest=120)
    experiment.save(update_fields=["name"])
    return experiment


@transaction.atomic
def remove_experiment(*, experiment: Experiment, by: User) -> None:
    """Removes an experiment with its runs and their files. Raises Forbidden and Conflict."""
    if reason := permissions.why_not_edit(by, experiment):
        raise Forbidden(reason)
    experiment = _locked(experiment)
    if Run.objects.filter(experiment=experiment).unfinished().exists():
        raise Conflict("Some of its runs are not over. Cancel them first.")
    folders = [experiment.folder_key, *(run.folder_key for run in experiment.runs.all())]
    experiment.delete()
    for folder in folders:
        transaction.on_commit(partial(files.remove_folder, folder))


def _refuse(reason: Invalid | None) -> None:
    if reason is not None:
        raise reason
