"""Who may do what with experiments and runs. No sentence means yes; it is error and tooltip alike."""

from django.contrib.auth.models import AnonymousUser

from accounts import quotas
from accounts.models import User, Workspace
from datasets.models import DatasetVersion
from experiments.models import Experiment, Run
from experiments.states import State

Person = User | AnonymousUser


def why_not_create(user: Person, workspace: Workspace) -> str | None:
    """Why this person cannot ask a new question here."""
    return None if workspace.can_edit(user) else "Viewers can look at experiments but not create them."


def why_not_ask(version: DatasetVersion) -> str | None:
    """Why no question can be asked of this version."""
    if version.dataset.deleted_at is not None:
        return "The dataset was removed. Choose another one."
    if version.deleted_at is not None:
        return "This version of the dataset was deleted. Choose another one."
    if version.is_ready:
        return None
    if version.problem_code:
        return "The dataset could not be read. Upload it again."
    return "The dataset is still being read. Try again when it is ready."


def why_not_edit(user: Person, experiment: Experiment) -> str | None:
    """Why this person cannot rename or remove the experiment and its runs."""
    return (
        None
        if experiment.workspace.can_edit(user)
        else "Viewers can look at experiments but not change them."
    )


def why_not_train(user: Person, experiment: Experiment) -> str | None:
    """Why the role of this person is too weak to start runs here."""
    return None if experiment.workspace.can_edit(user) else "Viewers can look at runs but not start them."


def why_not_cancel(user: Person, run: Run) -> str | None:
    """Why this person cannot cancel the run; its state is another matter."""
    return (
        None if run.experiment.workspace.can_edit(user) else "Viewers can look at runs but not cancel them."
    )


def why_not_explain(run: Run) -> str | None:
    """Why a run cannot be explained. Whoever sees it may ask: it costs seconds and changes nothing of it."""
    if run.state == State.SUCCEEDED:
        return None
    if run.is_finished:
        return "This run left no model to explain."
    return "A run can be explained once it has finished."


@quotas.measure("queued_runs")
def _queued(user: User) -> int:
    return Run.objects.filter(owner=user, state=State.QUEUED).count()


@quotas.measure("running_runs")
def _running(user: User) -> int:
    return Run.objects.filter(owner=user, state=State.RUNNING).count()
