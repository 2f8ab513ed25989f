"""Watches over one attempt: starts the child, forwards what it tells, keeps the lease, settles its end."""

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import OperationalError

from experiments import artifacts, splits
from experiments.models import Artifact, Run
from experiments.states import State
from sandbox import parent
from sandbox.job import Job, Limits
from training import cache, endings, queue, results
from training.notes import Notes
from training.patience import FAULTS, let_go, until_done
from training.queue import Outcome

log = logging.getLogger("training")

LOOK = 0.4
"""Seconds between two looks at whether the run is still ours and still wanted."""
MOST_PROCESSES = 64
LARGEST_FILE = 2**31
BROKEN = Outcome.failed(
    "internal", "The server broke while it trained this run. The run may be started again."
)
UNREADABLE = Outcome.failed("protocol_error", "Training ended without results that can be read. See the log.")
NO_ROOM = Outcome.failed("disk_full", "There was no room to keep the results. Make room, then train again.")


def never() -> bool:
    """Nobody asks this worker to stop."""
    return False


def supervise(run: Run, stopping: Callable[[], bool] = never) -> bool:
    """Trains a claimed run to its end. False when no other run should be tried now: no zygote, or a stop."""
    folder = Path(settings.WORK_DIR) / f"run-{run.pk}-{run.attempt}"
    try:
        folder.mkdir(mode=0o700, parents=True)
        return _Attempt(run, folder, stopping).train()
    except Exception:  # the one place where a run must end whatever happened
        log.exception("Run %s broke.", run.pk)
        until_done(lambda: queue.finish(run, BROKEN), stopping)
        return True
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Attempt:
    """One attempt at one run, in one folder."""

    def __init__(self, run: Run, folder: Path, stopping: Callable[[], bool]) -> None:
        self.run, self.folder, self.stopping = run, folder, stopping
        self.notes = Notes(run)
        self.limits = Limits(
            memory_bytes=settings.RUN_MEMORY,
            cpu_seconds=settings.RUN_SECONDS * settings.RUN_THREADS,
            file_bytes=LARGEST_FILE,
            processes=MOST_PROCESSES,
            wall_seconds=settings.RUN_SECONDS,
        )
        self._next_beat = time.monotonic() + settings.BEAT_SECONDS
        self._kept: Outcome | None = None

    def train(self) -> bool:
        try:
            ending = parent.run(
                self._job(),
                zygote=Path(settings.ZYGOTE_SOCKET),
                on_messages=self.notes.hear,
                alive=self.is_wanted,
                every=LOOK,
                on_silence=self._keep_early,
            )
        except (parent.ZygoteGone, parent.JobRefused) as error:
            return self._give_back(str(error))
        except splits.Changed as error:
            changed = Outcome.failed("split_changed", str(error))
            until_done(lambda: queue.finish(self.run, changed), self.stopping)
            return True
        if ending.reason == "stopped":
            until_done(self._write_notes, self.stopping)
            return self._stopped()
        self._settle(ending)
        return not self.stopping()

    def is_wanted(self) -> bool:
        """Asked every moment: False when the run was cancelled, taken over, or this worker is to stop."""
        if self.stopping() or self.notes.superseded:
            return False
        try:
            return self._beat()
        except FAULTS as error:  # nobody else can claim the run while the database is away
            let_go(error)
            return True

    def _beat(self) -> bool:
        self.notes.flush()
        now = time.monotonic()
        if now < self._next_beat:
            return Run.objects.held(self.run.pk, self.run.attempt).exists()
        self._next_beat = now + settings.BEAT_SECONDS
        return Run.objects.renew(self.run.pk, self.run.attempt)

    def _job(self) -> Job:
        table = artifacts.parquet(self.run.experiment.dataset_version)
        split = splits.of(self.run.experiment)
        out = str(self.folder.resolve())
        threads = settings.RUN_THREADS
        earlier = {"shelves": cache.folder_of(self.run.experiment.dataset_version)}
        earlier |= {"parts": split} if split else {}
        return Job(
            function="engine.job.run",
            kwargs={
                "spec": self.run.spec,
                "data": str(table),
                "out": out,
                "threads": threads,
                "earlier": {name: str(path) for name, path in earlier.items()},
            },
            directory=self.folder,
            readable=(table, *earlier.values()),
            limits=self.limits,
            threads=threads,
        )

    def _write_notes(self) -> None:
        if not self.notes.flush():
            raise OperationalError("events wait")

    def _stopped(self) -> bool:
        if self.stopping():
            until_done(lambda: queue.release(self.run), lambda: True)
            return False
        log.info("Run %s was cancelled or taken over; attempt %s ends.", self.run.pk, self.run.attempt)
        return True

    def _give_back(self, reason: str) -> bool:
        log.warning("Run %s goes back to the queue: %s", self.run.pk, reason)
        until_done(
            lambda: queue.release(self.run, "Training could not start yet. Trying again soon."), self.stopping
        )
        return False

    def _settle(self, ending: parent.Ending) -> None:
        outcome = endings.outcome_of(ending, self.notes.told, self.limits)
        settle = queue.crashed if endings.may_try_again(ending, self.notes.told) else queue.finish
        outcome = replace(self._kept_for(outcome), told=self.notes.rest())
        if not until_done(lambda: settle(self.run, outcome), self.stopping):
            log.info(
                "Run %s was ended by somebody else; attempt %s leaves no trace.",
                self.run.pk,
                self.run.attempt,
            )
            until_done(lambda: splits.tidy(self.run), self.stopping)
        if outcome.state == State.SUCCEEDED:
            cache.keep(self.run.experiment.dataset_version, self.folder)
        until_done(lambda: artifacts.tidy(self.run, self.run.attempt), self.stopping)

    def _keep_early(self) -> None:
        """While a child that has told no trouble still ends, its files are put in their place."""
        if not (self.notes.told.problem or self.notes.told.crash):
            self._kept = self._with_files(endings.SUCCEEDED)

    def _kept_for(self, outcome: Outcome) -> Outcome:
        if self._kept is not None and outcome.state == State.SUCCEEDED:
            return self._kept
        return self._with_files(outcome)

    def _hold_on(self) -> None:
        """Large files take a while to be put in their place: the lease must outlast that."""
        if time.monotonic() >= self._next_beat:
            until_done(lambda: Run.objects.renew(self.run.pk, self.run.attempt), self.stopping)

    def _with_files(self, outcome: Outcome) -> Outcome:
        """The outcome with its results and files; another one where they cannot be kept."""
        self._hold_on()
        try:
            if outcome.state != State.SUCCEEDED:
                return self._failed(outcome)
            fields = results.read(self.run, self.folder)
            files = artifacts.publish(self.run, self.run.attempt, self.folder)
            splits.put(self.run, files)
        except results.Unreadable as error:
            log.warning("Run %s: %s", self.run.pk, error)
            return self._failed(UNREADABLE)
        except artifacts.NotUsable as error:
            return self._failed(Outcome.failed("result_too_large", str(error)))
        except OSError:
            log.exception("The files of run %s cannot be kept.", self.run.pk)
            return NO_ROOM
        data = {"metric": self.run.experiment.metric, "score": fields["score"]}
        return replace(outcome, fields=fields, files=files, data=data)

    def _failed(self, outcome: Outcome) -> Outcome:
        return replace(outcome, fields={"timings": results.timings(self.run)}, files=self._log_file())

    def _log_file(self) -> list[Artifact]:
        return artifacts.publish(self.run, self.run.attempt, self.folder, only=("log.txt",))
