"""From the queue to the results, with a real child in a real zygote."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from datasets import files
from experiments import actions, artifacts
from experiments.models import Experiment, Run
from experiments.states import State
from sandbox import parent
from sandbox.job import Job
from sandbox.parent import Ending
from tests import builders
from training import queue, supervisor

pytestmark = [pytest.mark.usefixtures("warm", "no_places_left"), pytest.mark.django_db(transaction=True)]

ENDLESS = {"epochs": 5000, "batch_size": 1, "early_stopping_patience": None}


def claim() -> Run:
    claimed = queue.claim("this-host:1")
    assert claimed is not None
    return claimed


def trained(run: Run) -> Run:
    supervisor.supervise(claim())
    run.refresh_from_db()
    return run


class Background:
    """A supervisor at work in another thread, with a flag that asks it to stop."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.stop = threading.Event()
        self.goes_on: bool | None = None
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        try:
            self.goes_on = supervisor.supervise(self.run, self.stop.is_set)
        finally:
            connection.close()

    def wait(self) -> Run:
        self._thread.join(30)
        assert not self._thread.is_alive()
        return Run.objects.get(pk=self.run.pk)


def until(true: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError("it never became true")


def child_of(run: Run) -> int:
    """The process that works in this run's folder."""
    place = (Path(settings.WORK_DIR) / f"run-{run.pk}-{run.attempt}").resolve()

    def find() -> int | None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").readlink() == place:
                    return int(process.name)
            except OSError:
                continue
        return None

    return int(until(find))


@pytest.fixture
def endless(experiment: Experiment, owner: User) -> Iterator[Background]:
    """A network that would learn for a long time, with an epoch already told."""
    builders.run(experiment, by=owner, algo="dense_network", **ENDLESS)
    work = Background(claim())
    until(lambda: work.run.events.filter(kind="epoch").exists())
    yield work
    work.stop.set()
    work.wait()


def test_a_queued_run_ends_with_scores_and_timings(run: Run) -> None:
    trained(run)
    assert run.state == State.SUCCEEDED, run.problem
    assert run.metrics["test"]["accuracy"] > 0.9
    assert run.metrics["baseline"]["test"]["accuracy"] < 0.6
    assert run.score == run.metrics["test"]["roc_auc"]
    assert set(run.timings) == {"queued", "prepare", "fit", "evaluate", "total"}
    assert run.timings["total"] >= run.timings["fit"] > 0
    assert run.headline["text"]
    assert (run.lease_expires_at, run.problem) == (None, None)


def test_every_file_is_there_as_it_was_stored(run: Run) -> None:
    trained(run)
    left = {artifact.name: artifact for artifact in run.artifacts.all()}
    assert {"model.zip", "metrics.json", "predictions.parquet", "split.parquet", "log.txt"} <= set(left)
    assert "figures/confusion_matrix.json" in left
    for artifact in left.values():
        assert artifacts.path_of(artifact).stat().st_size == artifact.size
    assert artifacts.figure(run, "confusion_matrix")["title"]  # type: ignore[index]


def test_files_that_were_kept_early_count_only_for_a_child_that_ends_well(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells everything, its files are put in their place, and then it is killed."""
    monkeypatch.setattr(settings, "MAX_ATTEMPTS", 1)
    plain = parent.run

    def killed_at_last(job: Job, **more: Any) -> Ending:
        ending = plain(job, **more)
        return Ending(None, signal.SIGKILL, ending.peak_memory)

    monkeypatch.setattr(parent, "run", killed_at_last)
    ended = trained(run)
    assert (ended.state, ended.problem_code) == (State.FAILED, "trainer_crashed")
    assert [artifact.name for artifact in ended.artifacts.all()] == ["log.txt"]
    folder = files.path_of(ended.folder_key)
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["log.txt"]


def test_its_events_tell_the_whole_way(run: Run) -> None:
    trained(run)
    events = list(run.events.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    said = [event.data["state"] for event in events if event.kind == "state"]
    assert said == ["queued", "running", "succeeded"]
    assert {event.data["stage"] for event in events if event.kind == "stage"} >= {
        "prepare",
        "fit",
        "evaluate",
    }
    assert (events[-1].kind, events[-1].data["status"]) == ("finished", "succeeded")


def test_a_network_tells_each_epoch_once(experiment: Experiment, owner: User) -> None:
    run = trained(builders.run(experiment, by=owner, algo="dense_network", epochs=3))
    told = [event.data["epoch"] for event in run.events.filter(kind="epoch").order_by("seq")]
    assert run.state == State.SUCCEEDED, run.problem
    assert told == [1, 2, 3]


def test_an_unexpected_error_ends_the_run_and_keeps_its_log(run: Run, experiment: Experiment) -> None:
    table = artifacts.parquet(experiment.dataset_version)
    table.write_bytes(b"PAR1 but no table")
    trained(run)
    assert (run.state, run.problem_code) == (State.FAILED, "training_failed")
    assert "/" not in run.problem_detail
    log = artifacts.path_of(run.artifacts.get()).read_text()
    assert "Traceback" in log


def test_a_refusal_of_the_engine_is_shown_as_it_says_it(
    experiment: Experiment, owner: User, version: Any
) -> None:
    names = [column["name"] for column in version.columns if column["name"] not in ("species", "island")]
    run = builders.run(experiment, by=owner)
    spec = {**run.spec, "columns": {"drop": [*names, "island"], "kinds": {}}}
    Run.objects.filter(pk=run.pk).update(spec=spec)
    trained(run)
    assert (run.state, run.problem_code) == (State.FAILED, "no_features")
    assert run.problem_detail.endswith(".")


def test_a_killed_child_is_tried_again_and_then_named(
    experiment: Experiment, owner: User, settings: Any
) -> None:
    settings.MAX_ATTEMPTS = 2
    run = builders.run(experiment, by=owner, algo="dense_network", **ENDLESS)
    for _ in range(2):
        work = Background(claim())
        os.kill(child_of(work.run), signal.SIGKILL)
        run = work.wait()
        assert work.goes_on
    assert (run.state, run.problem_code, run.attempt) == (State.FAILED, "trainer_crashed", 2)
    assert "signal 9 (SIGKILL)" in run.problem_detail
    assert run.artifacts.filter(name="log.txt").exists()
    said = [event.data["message"] for event in run.events.filter(kind="state").order_by("seq")]
    assert "starting again (attempt 2 of 2)." in said[2]


def test_the_next_run_is_trained_after_a_crash(experiment: Experiment, owner: User, run: Run) -> None:
    table = artifacts.parquet(experiment.dataset_version)
    whole = table.read_bytes()
    table.write_bytes(b"nothing")
    broken = trained(run)
    table.write_bytes(whole)
    assert broken.state == State.FAILED
    assert trained(builders.run(experiment, by=owner)).state == State.SUCCEEDED


def test_cancelling_ends_the_child_within_a_second(endless: Background, owner: User) -> None:
    child = child_of(endless.run)
    actions.cancel_run(run=endless.run, by=owner)
    until(lambda: not Path(f"/proc/{child}").exists(), 1.5)
    run = endless.wait()
    assert run.state == State.CANCELLED
    assert endless.goes_on
    last = run.events.order_by("seq").last()
    assert last is not None
    assert last.kind == "finished"
    assert not files.path_of(run.folder_key).exists()


def test_a_worker_that_is_stopped_gives_its_run_back(endless: Background) -> None:
    child = child_of(endless.run)
    endless.stop.set()
    run = endless.wait()
    assert (run.state, run.crashes, run.lease_expires_at) == (State.QUEUED, 0, None)
    assert not endless.goes_on
    assert not Path(f"/proc/{child}").exists()


def test_a_worker_that_lost_its_lease_ends_its_child(endless: Background, expire: Any) -> None:
    child = child_of(endless.run)
    Run.objects.filter(pk=endless.run.pk).take("another")
    run = endless.wait()
    assert (run.state, run.attempt, run.worker) == (State.RUNNING, 2, "another")
    assert not Path(f"/proc/{child}").exists()


def test_the_lease_is_renewed_while_it_trains(endless: Background) -> None:
    mine = Run.objects.filter(pk=endless.run.pk)
    before = mine.get().lease_expires_at
    until(lambda: mine.filter(lease_expires_at__gt=before).exists(), 3)


def test_too_much_memory_ends_the_run_with_the_numbers(
    experiment: Experiment, owner: User, settings: Any
) -> None:
    asked = builders.run(experiment, by=owner, algo="dense_network", **ENDLESS)
    settings.RUN_MEMORY = 40 * 2**20  # asked for before: such a run would be refused now
    run = trained(asked)
    assert (run.state, run.problem_code) == (State.FAILED, "out_of_memory")
    assert "MB" in run.problem_detail


def test_too_much_time_ends_the_run(experiment: Experiment, owner: User, settings: Any) -> None:
    settings.RUN_SECONDS = 1
    run = trained(builders.run(experiment, by=owner, algo="dense_network", **ENDLESS))
    assert (run.state, run.problem_code) == (State.FAILED, "time_limit")


def test_without_a_zygote_the_run_waits_and_has_lost_nothing(run: Run, settings: Any, tmp_path: Path) -> None:
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    assert not supervisor.supervise(claim())
    run.refresh_from_db()
    assert (run.state, run.crashes) == (State.QUEUED, 0)


def test_a_supervisor_that_breaks_ends_its_run_with_a_public_reason(run: Run) -> None:
    claimed = claim()
    in_the_way = Path(settings.WORK_DIR) / f"run-{claimed.pk}-{claimed.attempt}"
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.mkdir()
    assert supervisor.supervise(claimed)
    run.refresh_from_db()
    assert (run.state, run.problem_code) == (State.FAILED, "internal")
    assert "/" not in run.problem_detail
