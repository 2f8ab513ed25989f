"""What the embedded PostgreSQL and Redis share: one owner, a clean start after any death, a clean end."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, Self

from mltrainer.addresses import run_dir
from mltrainer.embedded import processes
from mltrainer.embedded.hold import HeldError, Hold

READY_WITHIN = 60.0
"""Seconds; recovery after a crash on a slow disk may take its time."""
PATIENCE = 5.0
"""Seconds between asking a server to end and asking more firmly."""


class CannotStartError(Exception):
    """A server could not be started; the text is for the person."""


class EmbeddedServer(ABC):
    """A server of this home, listening on a socket in its run folder and nowhere else."""

    title: ClassVar[str]
    name: ClassVar[str]
    endings: ClassVar[Sequence[signal.Signals]]
    """The signals that end it, the gentlest first."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.folder = self.home / self.name
        self.sockets = run_dir(self.home)
        self.log = self.home / "log" / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._hold = Hold(self.folder / "lock")

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients find it, running or not."""

    @property
    @abstractmethod
    def place(self) -> Path:
        """The folder that only this home's server works in."""

    @property
    @abstractmethod
    def pid_file(self) -> Path:
        """Where the server writes its process id."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the folder ready; nobody else uses it now."""

    @abstractmethod
    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the program."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether a client would be served."""

    def start(self) -> None:
        """Start and wait until clients are served. Raises CannotStartError.

        A server that an earlier, killed process of this home left running is ended first.
        """
        with ExitStack() as undo:
            undo.callback(self.stop)
            self._take()
            self._end_stranded()
            self.prepare()
            self.process = self.spawn()
            self._wait_until_ready()
            undo.pop_all()

    def stop(self) -> None:
        """End it and wait until it is gone; stopping twice is fine."""
        if self.process is not None:
            processes.end(self.process, signals=self.endings, patience=PATIENCE)
            self.process = None
        self._hold.release()

    @property
    def is_running(self) -> bool:
        """Whether the program that `start` started is alive."""
        return self.process is not None and self.process.poll() is None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _take(self) -> None:
        try:
            self._hold.take("held")
        except HeldError:
            raise CannotStartError(
                f"The {self.title} of {self.home} is in use. Stop what uses it, or set MLTRAINER_HOME."
            ) from None

    def _end_stranded(self) -> None:
        stranded = processes.find(self.pid_file, place=self.place)
        if stranded is not None:
            processes.end_stranded(stranded, signals=self.endings, patience=PATIENCE)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while self.is_running and time.monotonic() < until:
            if self.answers():
                return
            time.sleep(0.02)
        raise CannotStartError(f"{self.title} did not start. The reason is at the end of {self.log}.")
