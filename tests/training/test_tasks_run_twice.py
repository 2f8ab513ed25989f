"""A task is a doorbell: rung twice, late or together, it harms nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from datasets import tasks as dataset_tasks
from datasets.models import DatasetVersion
from experiments import tasks as run_tasks
from experiments.models import Explanation, Run
from experiments.states import State
from tests.crowd import at_once
from training import health, queue, tasks

pytestmark = [pytest.mark.usefixtures("warm"), pytest.mark.django_db(transaction=True)]

Task = Callable[[DatasetVersion], Any]
TASKS: dict[str, Task] = {
    "training.tasks.wake": lambda version: tasks.wake(),
    "training.tasks.beat": lambda version: tasks.beat(),
    "training.tasks.canary": lambda version: tasks.canary("short", "a token"),
    "datasets.tasks.ingest": lambda version: dataset_tasks.ingest(str(version.pk)),
    "datasets.tasks.look": lambda version: dataset_tasks.look(str(version.pk), "island"),
    "experiments.tasks.explain": lambda version: run_tasks.explain(str(an_explanation(version).pk)),
    "datasets.tasks.sweep": lambda version: dataset_tasks.sweep(),
}


def an_explanation(version: DatasetVersion) -> Explanation:
    """Of the run that waits: it has no model yet, so the explanation ends with that reason."""
    run = Run.objects.get(experiment__dataset_version=version)
    return Explanation.objects.get_or_create(run=run, defaults={"asked_by": run.owner})[0]


def all_tasks() -> set[str]:
    found = {}
    for module in (tasks, dataset_tasks, run_tasks):
        for name, thing in vars(module).items():
            if callable(thing) and getattr(thing, "__module__", "") == module.__name__ and name[0] != "_":
                found[f"{module.__name__}.{name}"] = thing
    helpers = {"training.tasks.worker_name", "training.tasks.sweep_folders"}
    return set(found) - helpers


def test_no_task_is_forgotten_here() -> None:
    assert all_tasks() == set(TASKS)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_that_runs_twice_does_its_work_once(name: str, run: Run, version: DatasetVersion) -> None:
    def state() -> Any:
        """What a person could see of it."""
        run.refresh_from_db()
        version.refresh_from_db()
        return (
            run.state,
            run.attempt,
            run.crashes,
            run.last_seq,
            run.artifacts.count(),
            version.status,
            version.attempt,
            version.target_profiles.count(),
        )

    TASKS[name](version)
    once = state()
    TASKS[name](version)
    assert state() == once
    assert [*at_once(*[lambda: TASKS[name](version)] * 3)] == [None] * 3
    assert state() == once


def test_waking_trains_what_waits(run: Run) -> None:
    tasks.wake()
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED, run.problem


def test_nothing_is_claimed_while_no_job_can_be_started(
    run: Run, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "ZYGOTE_SECONDS", 0.3)
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    tasks.wake()
    run.refresh_from_db()
    assert (run.state, run.attempt, run.last_seq) == (State.QUEUED, 0, 1)


def test_waking_together_trains_it_once(run: Run) -> None:
    assert at_once(*[tasks.wake] * 3) == [None] * 3
    run.refresh_from_db()
    assert (run.state, run.attempt) == (State.SUCCEEDED, 1)


def test_the_beat_takes_back_what_a_lost_worker_held(run: Run, expire: Callable[[Run], None]) -> None:
    claimed = queue.claim("gone:1")
    assert claimed is not None
    expire(claimed)
    tasks.beat()
    run.refresh_from_db()
    assert (run.state, run.crashes) == (State.QUEUED, 1)


def test_the_beat_removes_the_folders_of_attempts_that_are_over(
    claimed: Run, settings: Any, expire: Callable[[Run], None]
) -> None:
    settings.LEASE = settings.LEASE * 0
    ours = settings.WORK_DIR / f"run-{claimed.pk}-{claimed.attempt}"
    over = settings.WORK_DIR / f"run-{claimed.pk}-0"
    other = settings.WORK_DIR / "somebody-elses"
    for folder in (ours, over, other):
        folder.mkdir(parents=True)
    tasks.sweep_folders()
    assert (ours.exists(), over.exists(), other.exists()) == (True, False, True)


def test_a_canary_is_heard(db: None) -> None:
    assert health.last_heard("training") is None
    tasks.canary("training", "t1")
    assert health.last_heard("training") == "t1"
    cache.clear()
    assert health.last_heard("training") is None
