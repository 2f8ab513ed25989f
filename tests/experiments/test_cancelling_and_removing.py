"""A run ends when a person wants it to; what is over can be removed, what is not cannot."""

from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from datasets import files
from experiments import actions
from experiments.models import Experiment, Run, RunEvent
from experiments.states import State
from web.problems import Forbidden, Invalid, Refused


def running(run: Run) -> Run:
    Run.objects.filter(pk=run.pk).take("w", state=State.RUNNING)
    run.refresh_from_db()
    return run


def test_a_waiting_run_is_cancelled_at_once(run: Run, owner: User) -> None:
    cancelled, did_it = actions.cancel_run(run=run, by=owner)
    assert did_it
    assert cancelled.state == State.CANCELLED
    assert cancelled.finished_at
    kinds = [event.kind for event in run.events.all()]
    assert kinds == ["state", "state", "finished"]


def test_a_running_run_is_taken_from_its_worker(run: Run, owner: User) -> None:
    running(run)
    actions.cancel_run(run=run, by=owner)
    assert not Run.objects.held(run.pk, 1).exists()
    assert not Run.objects.renew(run.pk, 1)


def test_cancelling_twice_is_no_mistake(run: Run, owner: User) -> None:
    actions.cancel_run(run=run, by=owner)
    again, did_it = actions.cancel_run(run=run, by=owner)
    assert (again.state, did_it) == (State.CANCELLED, False)
    assert RunEvent.objects.filter(run=run, kind="finished").count() == 1


def test_what_has_succeeded_cannot_be_cancelled(run: Run, owner: User) -> None:
    Run.objects.filter(pk=run.pk).update(state=State.SUCCEEDED, finished_at=timezone.now())
    with pytest.raises(Refused) as refused:
        actions.cancel_run(run=run, by=owner)
    assert (refused.value.status, refused.value.code) == (409, "invalid_state")


def test_a_viewer_may_look_but_not_cancel(run: Run, viewer: User) -> None:
    with pytest.raises(Forbidden):
        actions.cancel_run(run=run, by=viewer)
    run.refresh_from_db()
    assert run.state == State.QUEUED


def test_a_run_that_is_over_is_removed_with_its_files(
    run: Run, owner: User, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    actions.cancel_run(run=run, by=owner)
    (tmp_path / "a").write_text("a")
    files.publish(tmp_path / "a", f"{run.folder_key}/1/log.txt")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.remove_run(run=run, by=owner)
    assert not Run.objects.exists()
    assert not files.path_of(run.folder_key).exists()


def test_a_run_that_is_not_over_stays(run: Run, owner: User) -> None:
    with pytest.raises(Refused) as refused:
        actions.remove_run(run=run, by=owner)
    assert refused.value.code == "invalid_state"
    assert Run.objects.exists()


def test_an_experiment_with_a_waiting_run_stays(run: Run, experiment: Experiment, owner: User) -> None:
    with pytest.raises(Refused) as refused:
        actions.remove_experiment(experiment=experiment, by=owner)
    assert refused.value.code == "invalid_state"
    actions.cancel_run(run=run, by=owner)
    actions.remove_experiment(experiment=experiment, by=owner)
    assert not Experiment.objects.exists()


def test_runs_and_experiments_are_renamed(run: Run, experiment: Experiment, owner: User) -> None:
    actions.rename_run(run=run, name=" the good one ", by=owner)
    actions.rename_experiment(experiment=experiment, name="Species, again", by=owner)
    run.refresh_from_db()
    experiment.refresh_from_db()
    assert (run.name, experiment.name) == ("the good one", "Species, again")


def test_two_runs_of_an_experiment_have_two_names(run: Run, experiment: Experiment, owner: User) -> None:
    request = {"model": {"algo": "dummy"}}
    other, _ = actions.start_run(experiment=experiment, request=request, by=owner)
    with pytest.raises(Invalid) as refused:
        actions.rename_run(run=other, name=run.name, by=owner)
    assert refused.value.field == "name"


def test_a_viewer_changes_nothing(run: Run, experiment: Experiment, viewer: User) -> None:
    with pytest.raises(Forbidden):
        actions.rename_experiment(experiment=experiment, name="Mine", by=viewer)
    with pytest.raises(Forbidden):
        actions.rename_run(run=run, name="mine", by=viewer)
    with pytest.raises(Forbidden):
        actions.remove_experiment(experiment=experiment, by=viewer)
    with pytest.raises(Forbidden):
        actions.remove_run(run=run, by=viewer)
