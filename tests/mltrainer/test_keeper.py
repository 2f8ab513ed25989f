"""What falls is started again, and the end leaves nothing behind."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mltrainer.embedded.keeper import CALM, LONGEST_WAIT, Falls, Keeper, Program
from mltrainer.embedded.server import CannotStartError

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
PARENT_IN_OTHER_SESSION = """
import subprocess, sys, time
subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
print("up", flush=True)
time.sleep(600)
"""


class Stage:
    """A keeper of one program, and what it said."""

    def __init__(self, folder: Path, code: str) -> None:
        self.lines: list[str] = []
        self.program = Program(
            "The program",
            [sys.executable, "-c", code],
            cwd=folder,
            log=folder / "log",
            ends_with=signal.SIGTERM,
        )
        self.keeper = Keeper([], [self.program], tell=self.lines.append)

    def start(self) -> psutil.Process:
        self.program.start()
        assert self.program.process is not None
        return psutil.Process(self.program.process.pid)

    def wait_until_up(self) -> None:
        until = time.monotonic() + 10
        while "up" not in self.program.log.read_text() and time.monotonic() < until:
            time.sleep(0.02)


def wait_until_ended(processes: list[psutil.Process]) -> None:
    """What nobody has buried yet counts as ended: that is the first process's office, and it may be slow."""
    until = time.monotonic() + 5
    while any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes):
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    stage = Stage(tmp_path, getattr(request, "param", "import time; time.sleep(600)"))
    yield stage
    stage.keeper.stop()


def test_a_program_that_runs_is_left_alone(stage: Stage) -> None:
    process = stage.start()
    stage.keeper.look()
    assert process.is_running()
    assert stage.lines == []


def test_a_program_that_falls_is_started_again_and_a_line_says_so(stage: Stage) -> None:
    stage.start().kill()
    assert stage.program.process is not None
    stage.program.process.wait()
    stage.keeper.look()
    assert stage.program.is_running
    assert stage.lines == ["The program ended by itself and is started again."]


@pytest.mark.parametrize("stage", ["raise SystemExit(1)"], indirect=True)
def test_a_program_that_keeps_falling_is_not_tried_at_every_look(stage: Stage) -> None:
    stage.start().wait()
    for _ in range(5):
        stage.keeper.look()
        time.sleep(0.1)
    assert len(stage.lines) == 1


def test_the_wait_doubles_up_to_a_limit() -> None:
    falls, waits = Falls(), []
    for second in range(10):
        falls.add(1000.0 + second)
        waits.append(falls.not_before - falls.last)
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == LONGEST_WAIT


def test_an_old_fall_is_forgotten() -> None:
    falls = Falls()
    falls.add(1000.0)
    falls.add(1001.0)
    falls.add(1001.0 + CALM)
    assert falls.count == 1


def test_a_part_that_cannot_be_started_again_is_told_and_tried_later(tmp_path: Path) -> None:
    class Broken(Program):
        def start(self) -> None:
            raise CannotStartError("The disk is full.")

    lines: list[str] = []
    broken = Broken("It", ["/bin/true"], cwd=tmp_path, log=tmp_path / "log", ends_with=signal.SIGTERM)
    Keeper([], [broken], tell=lines.append).look()
    assert lines == ["It ended by itself and is started again.", "The disk is full."]


def test_stop_ends_the_program_politely(stage: Stage) -> None:
    process = stage.start()
    start = time.monotonic()
    stage.keeper.stop()
    assert not process.is_running()
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("stage", [STUBBORN], indirect=True)
def test_a_program_that_will_not_leave_is_killed_in_time(stage: Stage) -> None:
    process = stage.start()
    stage.wait_until_up()
    start = time.monotonic()
    stage.keeper.stop()
    assert not process.is_running()
    assert time.monotonic() - start < 11


@pytest.mark.parametrize("stage", [PARENT_IN_OTHER_SESSION], indirect=True)
def test_stop_reaches_what_the_program_started_in_another_session(stage: Stage) -> None:
    process = stage.start()
    stage.wait_until_up()
    children = process.children()
    stage.keeper.stop()
    assert children
    wait_until_ended(children)
