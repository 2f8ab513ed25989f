"""Keeps the parts of an installation alive: what falls is started again; the end leaves nothing behind."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from mltrainer.embedded import processes
from mltrainer.embedded.server import CannotStartError

LONGEST_WAIT = 30.0
"""Seconds between two starts of a part that keeps falling."""
CALM = 120.0
"""Seconds after which an earlier fall is forgotten."""
LEAVE_WITHIN = 9.0
"""Seconds that a program has to finish when it is asked to end; then its group is killed."""


class Part(Protocol):
    """What is kept alive: an embedded server or a program of ours."""

    @property
    def title(self) -> str: ...
    @property
    def is_running(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Program:
    """A program of ours in a session of its own, run in `cwd`. It gets `ends_with` should we be killed."""

    def __init__(
        self, title: str, command: Sequence[str], *, cwd: Path, log: Path, ends_with: signal.Signals
    ) -> None:
        self.title = title
        self.command = command
        self.cwd = cwd
        self.log = log
        self.ends_with = ends_with
        self.process: subprocess.Popen[bytes] | None = None
        self._leave_by = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it; whether it is ready is for others to ask."""
        self.process = processes.spawn(self.command, ending=self.ends_with, log=self.log, cwd=self.cwd)
        self._leave_by = 0.0

    def family(self) -> list[psutil.Process]:
        """Every process that it started and that they started, as of now."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True) if self.process else []
        except psutil.NoSuchProcess:
            return []

    def ask_to_leave(self) -> None:
        """Begin its end without waiting, so that several may end at the same time."""
        self._leave_by = time.monotonic() + LEAVE_WITHIN
        if self.is_running and self.process is not None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """End it and its group; stopping twice is fine."""
        if self.process is None:
            return
        if not self._leave_by:
            self.ask_to_leave()
        processes.wait(self.process, max(0.0, self._leave_by - time.monotonic()))
        processes.kill_group(self.process.pid)
        self.process.wait()
        self.process = None


@dataclass
class Falls:
    """How often a part fell of late, and when it may be tried again."""

    count: int = 0
    not_before: float = 0.0
    last: float = 0.0

    def add(self, now: float) -> None:
        """One more; each within CALM doubles the wait."""
        self.count = self.count + 1 if now - self.last < CALM else 1
        self.last = now
        self.not_before = now + min(2.0**self.count, LONGEST_WAIT)


class Keeper:
    """Starts servers and programs in order, revives them, ends them in the opposite order."""

    def __init__(
        self, servers: Sequence[Part], programs: Sequence[Program], tell: Callable[[str], None]
    ) -> None:
        self.servers = servers
        self.programs = programs
        self.tell = tell
        self._falls = {part.title: Falls() for part in (*servers, *programs)}

    def look(self) -> None:
        """Start again what has ended by itself, unless it did so a moment ago."""
        for part in (*self.servers, *self.programs):
            falls = self._falls[part.title]
            if not part.is_running and time.monotonic() >= falls.not_before:
                falls.add(time.monotonic())
                self._revive(part)

    def stop(self) -> None:
        """End everything, and whatever the programs started."""
        family = [child for program in self.programs for child in program.family()]
        for program in self.programs:
            program.ask_to_leave()
        for part in (*reversed(self.programs), *reversed(self.servers)):
            part.stop()
        for left in family:
            _kill(left)

    def _revive(self, part: Part) -> None:
        self.tell(f"{part.title} ended by itself and is started again.")
        part.stop()
        try:
            part.start()
        except CannotStartError as reason:
            self.tell(str(reason))


def _kill(process: psutil.Process) -> None:
    try:
        if process.is_running():  # compares the start time too: an id may have a new owner
            process.kill()
    except psutil.NoSuchProcess:
        return
