"""Zygotes for the tests of the sandbox, and a short way to run a function behind the walls."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox import parent
from sandbox import zygote as zygotes
from sandbox.job import Job, Limits
from sandbox.parent import Ending, Message

LIMITS = Limits(memory_bytes=1 << 30, cpu_seconds=60, file_bytes=64 << 20, processes=16, wall_seconds=60)


@pytest.fixture(autouse=True)
def _plain() -> None:
    """Nothing here knows Django."""


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    """Nothing here knows Redis."""


@dataclass
class Zygote:
    """A running zygote."""

    socket: Path
    process: subprocess.Popen[bytes]
    facts: dict[str, Any]

    @property
    def log(self) -> str:
        return self.socket.with_name("zygote.log").read_text()

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(20)


@pytest.fixture(scope="session")
def hatch() -> Iterator[Callable[..., Zygote]]:
    """Start a zygote with these modules; it ends with the tests."""
    hatched = []

    def start(*preload: str, timeout: float = 20) -> Zygote:
        folder = Path(tempfile.mkdtemp(prefix="zygote-"))
        process = zygotes.start(folder / "socket", preload, folder / "zygote.log")
        made = Zygote(folder / "socket", process, zygotes.wait_ready(folder / "socket", timeout))
        hatched.append(made)
        return made

    yield start
    for made in hatched:
        made.end()
        shutil.rmtree(made.socket.parent)


@pytest.fixture(scope="session")
def light(hatch: Callable[..., Zygote]) -> Zygote:
    """A zygote that has imported next to nothing, for the tests that only need walls."""
    return hatch("json")


@dataclass
class Done:
    """What came of a job."""

    ending: Ending
    messages: list[Message]
    log: str

    @property
    def told(self) -> dict[str, dict[str, Any]]:
        """The data of the last message of each kind."""
        return {message["kind"]: message["data"] for message in self.messages}


Do = Callable[..., Done]
Make = Callable[..., Job]


@pytest.fixture
def job(tmp_path: Path) -> Make:
    """A job in a directory of its own: `job("count", to=3)`."""

    def make(name: str, readable: Sequence[Path] = (), limits: Limits = LIMITS, **kwargs: Any) -> Job:
        module = "functions" if "." not in name else "fits"
        directory = Path(tempfile.mkdtemp(prefix="job-", dir=tmp_path))
        function = f"tests.sandbox.{module}.{name.rpartition('.')[2]}"
        return Job(function, kwargs, directory, tuple(readable), limits)

    return make


@pytest.fixture
def do(light: Zygote, job: Make) -> Do:
    """Run a job to its end in the light zygote."""

    def run(name: str, **more: Any) -> Done:
        return run_in(light, job(name, **more))

    return run


def run_in(zygote: Zygote, job: Job, **more: Any) -> Done:
    """Run the job to its end."""
    messages: list[Message] = []
    ending = parent.run(job, zygote=zygote.socket, on_messages=messages.extend, **more)
    return Done(ending, messages, job.log.read_text())


@pytest.fixture
def need(light: Zygote) -> Callable[[str], None]:
    """Skip, by name, what this machine has no wall for."""

    def wall(name: str) -> None:
        if name not in light.facts["walls"]:
            pytest.skip(f"this machine has no wall {name}")

    return wall


def soon(what: Callable[[], bool], seconds: float = 5) -> bool:
    """Whether it comes true within a while."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_gone(pid: int) -> bool:
    """Whether the process has ended, buried or not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return status.rpartition(") ")[2].startswith(("Z", "X"))
