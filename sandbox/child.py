"""The child: a process that puts up its walls, calls one function, tells how it ended, and ends."""

from __future__ import annotations

import faulthandler
import importlib
import importlib.util
import io
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, NoReturn

from sandbox import kernel, shared, walls
from sandbox.job import Job
from sandbox.lines import Tell, Teller

DONE, CRASHED, PROBLEM, OUT_OF_MEMORY, UNWALLED = 0, 1, 3, 4, 5
"""Exit codes."""

EVENTS = 3
"""The pipe to the parent, as the child numbers it."""
LOG_BYTES = 16 << 20
"""Of what Python prints, so much is kept; the rest is dropped, and printing never fails."""
LONGEST_MESSAGE = 300

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def live(job: Job, *, events: int, log: int, parent: int) -> NoReturn:
    """Become the job and end with it. Never returns, whatever happens.

    `events` and `log` are open files: the pipe for the lines, and where output goes. `parent` is the process
    that made this one; the child ends at once when it is already gone.
    """
    ending = _Ending()
    try:
        _leave_parent()
        _take_files(events, log)
        _settle(job)
        ending.tell = Teller(EVENTS)
        with ending:
            shared.make_private(job.limits.memory_bytes)
            _fall_with(parent)
            walls.put_up(job)
            _share_cores(job.threads)
            _find(job.function)(ending.tell, **job.kwargs)
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        with suppress(OSError):
            os.close(EVENTS)  # nothing more comes, which the parent hears before this memory is let go of
        os._exit(ending.code)


class _Ending:
    """How the function ended: told down the pipe, and kept as the exit code.

    It sees every exception, also those of native libraries that are no `Exception`.
    """

    tell: Tell

    def __init__(self) -> None:
        self.code = CRASHED

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            self.code = DONE
        elif isinstance(problem := getattr(error, "problem", None), dict):
            self.tell("problem", problem)
            self.code = PROBLEM
        else:
            self.code = _code_of(error)
            self._say_crash(error)
        return True

    def _say_crash(self, error: BaseException) -> None:
        self.tell("crash", {"exception": type(error).__name__, "message": str(error)[:LONGEST_MESSAGE]})
        traceback.print_exception(error)


def _code_of(error: BaseException) -> int:
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    return UNWALLED if isinstance(error, walls.WallMissing) else CRASHED


def _leave_parent() -> None:
    """Lead a session of its own, and forget how the parent treats signals."""
    if os.getsid(0) != os.getpid():
        os.setsid()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def _fall_with(parent: int) -> None:
    """End when the parent does, also when it already has."""
    kernel.die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(CRASHED)


def _take_files(events: int, log: int) -> None:
    """Keep nothing open but nothing to read (0), the log (1, 2) and the pipe (3)."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    if events != EVENTS:
        os.dup2(events, EVENTS)
    os.set_inheritable(EVENTS, False)
    os.closerange(EVENTS + 1, os.sysconf("SC_OPEN_MAX"))
    sys.stdout, sys.stderr = _log_stream(1), _log_stream(2)
    faulthandler.enable(2)


class _Bounded(io.RawIOBase):
    """A file that keeps the first bytes and drops the rest, so that much printing cannot end a job."""

    def __init__(self, file: int, room: int) -> None:
        self._file, self._room = file, room

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file

    def write(self, data: Any, /) -> int:
        size = len(data)
        kept = bytes(data[: self._room])
        self._room -= len(kept)
        with suppress(OSError):  # the log has reached the limit of a file
            os.write(self._file, kept)
        return size


def _log_stream(file: int) -> io.TextIOWrapper:
    raw = _Bounded(file, LOG_BYTES)
    return io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=True)


def _settle(job: Job) -> None:
    """Make the job's directory the place where everything is written."""
    here = str(job.directory)
    os.umask(0o077)
    os.chdir(here)
    os.environ.update(HOME=here, TMPDIR=here, JOBLIB_TEMP_FOLDER=here)
    os.environ.update(dict.fromkeys(_THREADS, str(job.threads)))
    tempfile.tempdir = here


def _share_cores(threads: int) -> None:
    """Give loaded numerical libraries their share; they read the environment only when they load."""
    if threads > 1 and importlib.util.find_spec("threadpoolctl"):
        importlib.import_module("threadpoolctl").threadpool_limits(threads)


def _find(dotted: str) -> Callable[..., Any]:
    module, _, name = dotted.rpartition(".")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def main() -> NoReturn:
    """A child in a fresh interpreter: the job comes as JSON on standard input, the pipe is file 3."""
    parent = int(sys.argv[1])
    job = Job.from_json(json.loads(sys.stdin.buffer.read()))
    live(job, events=EVENTS, log=1, parent=parent)


if __name__ == "__main__":
    main()
