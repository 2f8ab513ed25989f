"""The parent's side: starts a job, hears what it tells, watches what it uses, and always ends it."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from sandbox import watch, wire
from sandbox.child import OUT_OF_MEMORY
from sandbox.job import Job, Limits
from sandbox.lines import Reader

Message = dict[str, Any]
Reason = Literal["memory", "wall", "processes", "cpu", "stopped"]

PATIENCE = 30.0
"""Seconds that the zygote may take to start a child."""
MERCY = 1.0
"""Seconds that the zygote may take to kill one; then the parent does it itself."""
LOOK = 0.3
"""Seconds between two looks at what the group uses."""
READ = 256 * 1024
"""Bytes of lines that are read at once."""
PIPE = 1 << 20
"""Bytes that may lie unread in the pipe; a child that tells faster waits."""
CALM = 0.02
"""Seconds between two reads while a child floods."""


class ZygoteGone(Exception):
    """No zygote answers, or it ended while the job ran. The child is dead; the job may be started again."""


class JobRefused(Exception):
    """The zygote is there but starts no child; the text says why."""


@dataclass(frozen=True)
class Ending:
    """How a child ended.

    `code` or `signal`, the other None; `peak_memory` in bytes, of its largest process, pages shared with the
    zygote included; `reason` when a limit or the parent ended it.
    """

    code: int | None
    signal: int | None
    peak_memory: int
    reason: Reason | None = None


class Child:
    """A job that runs. A context manager that kills it at the end, if it still lives."""

    def __init__(self, pid: int, connection: socket.socket, events: int, buffer: bytearray) -> None:
        self.pid = pid
        self.ending: Ending | None = None
        """Set once the child has ended and its last message was handed out."""
        self._connection, self._events, self._buffer = connection, events, buffer
        self._ended: Ending | None = None
        self._reader = Reader()
        self._drained = False

    @property
    def is_silent(self) -> bool:
        """Whether it has told all it will tell and is about to end, so that its files are as they will be."""
        return self._drained and self._ended is None

    @property
    def dropped(self) -> int:
        """Lines that were no messages, and messages that came too fast to be kept."""
        return self._reader.dropped

    def messages(self, timeout: float) -> list[Message]:
        """What the child told: as soon as there is something, at the latest after `timeout` seconds.

        Each is {"kind": str, "data": dict, "at": seconds since 1970}. Nothing of the content is checked.
        ZygoteGone when the zygote ended meanwhile; the child is dead then.
        """
        if self._reader.flooded:
            time.sleep(CALM)
            timeout = 0.0
        self._wait(timeout)
        told = self._reader.feed(self._read())
        if self._ended and self._drained:
            told += self._reader.rest()
            self.ending = self._ended
        return told

    def kill(self) -> Ending:
        """End the child and its whole group, now. What it told before can still be read."""
        if self._ended is None:
            self._ended = self._ask_to_kill() or self._kill_directly()
        self.ending = self._ended
        return self.ending

    def close(self) -> None:
        """Kill the child if it lives, and let go of its pipe."""
        self.kill()
        if self._events >= 0:
            os.close(self._events)
            self._connection.close()
            self._events = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _wait(self, timeout: float) -> None:
        """Until a line, the ending, or the timeout comes."""
        poll = select.poll()
        if not self._drained:
            poll.register(self._events, select.POLLIN)
        if self._ended is None:
            poll.register(self._connection, select.POLLIN)
        ready = {file for file, _ in poll.poll(0 if self._ended else timeout * 1000)}
        if self._connection.fileno() in ready:
            self._hear_ending()

    def _hear_ending(self) -> None:
        try:
            self._ended = _ending(wire.receive(self._connection, self._buffer))
        except (OSError, wire.Unreadable) as error:
            self._ended = self._kill_directly()
            raise ZygoteGone("The process that starts jobs has ended.") from error

    def _read(self) -> bytes:
        try:
            data = os.read(self._events, READ)
        except BlockingIOError:
            self._drained = self._ended is not None
            return b""
        self._drained = not data
        return data

    def _ask_to_kill(self) -> Ending | None:
        """The zygote kills when it hears no more from us; it alone knows that the pid is still its child."""
        self._connection.settimeout(MERCY)
        with suppress(OSError, wire.Unreadable):
            self._connection.shutdown(socket.SHUT_WR)
            return _ending(wire.receive(self._connection, self._buffer))
        return None

    def _kill_directly(self) -> Ending:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        return Ending(code=None, signal=signal.SIGKILL, peak_memory=0)


def _ending(message: Message) -> Ending:
    ending = Ending(message["code"], message["signal"], message["peak_memory"])
    if ending.code == OUT_OF_MEMORY:
        return replace(ending, reason="memory")
    return replace(ending, reason="cpu") if ending.signal == signal.SIGXCPU else ending


def start(job: Job, zygote: Path) -> Child:
    """Start the job; its output goes to `job.log`.

    ZygoteGone when nobody answers at the socket, JobRefused when no child can be started, OSError when the
    directory takes no log, ValueError when the job is larger than 1 MB or does not fit into JSON.
    """
    request = {"do": "start", "job": job.to_json()}
    wire.frame(request)
    with ExitStack() as ours, ExitStack() as theirs:
        log = os.open(job.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        theirs.callback(os.close, log)
        reading, writing = _pipe()
        ours.callback(os.close, reading)
        theirs.callback(os.close, writing)
        child = _ask(zygote, request, [writing, log], reading)
        ours.pop_all()
    return child


def _pipe() -> tuple[int, int]:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with suppress(OSError):  # more than this user may have; the smaller pipe does too
        if sys.platform == "linux":
            fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, PIPE)
    return reading, writing


def _ask(zygote: Path, request: Message, files: list[int], events: int) -> Child:
    buffer = bytearray()
    try:
        connection = wire.connect(zygote, PATIENCE)
    except OSError as error:
        raise ZygoteGone("No process that starts jobs answers.") from error
    with ExitStack() as undo:
        undo.callback(connection.close)
        try:
            wire.send(connection, request, files)
            answer = wire.receive(connection, buffer)
        except (OSError, wire.Unreadable) as error:
            raise ZygoteGone("The process that starts jobs has ended.") from error
        if "pid" not in answer:
            raise JobRefused(answer["refused"])
        undo.pop_all()
    return Child(answer["pid"], connection, events, buffer)


def nothing() -> None:
    """Nobody uses the moment."""


def always() -> bool:
    """Nobody ever asks to stop."""
    return True


class _Guard:
    """Looks, from time to time, for a reason to end a child."""

    def __init__(self, group: int, limits: Limits, alive: Callable[[], bool], every: float) -> None:
        now = time.monotonic()
        self._group, self._limits, self._alive, self._every = group, limits, alive, every
        self._wall = now + limits.wall_seconds if limits.wall_seconds is not None else None
        self._next_look, self._next_ask = now, now + every

    def why_stop(self) -> Reason | None:
        """The reason to end the child now, or None."""
        now = time.monotonic()
        if self._wall is not None and now >= self._wall:
            return "wall"
        if now >= self._next_ask:
            self._next_ask = now + self._every
            if not self._alive():
                return "stopped"
        if now >= self._next_look:
            self._next_look = now + LOOK
            return self._too_much()
        return None

    def patience(self) -> float:
        """Seconds until the next look is due."""
        due = min(self._next_look, self._next_ask, self._wall or self._next_look)
        return max(0.0, due - time.monotonic())

    def _too_much(self) -> Reason | None:
        memory, processes = self._limits.memory_bytes, self._limits.processes
        group = watch.members(self._group) if memory is not None or processes is not None else []
        if processes is not None and watch.is_crowd(group, processes):
            return "processes"
        if memory is not None and watch.memory(group, memory) > memory:
            return "memory"
        return None


def run(
    job: Job,
    *,
    zygote: Path,
    on_messages: Callable[[list[Message]], None],
    alive: Callable[[], bool] = always,
    every: float = 5.0,
    on_silence: Callable[[], None] = nothing,
) -> Ending:
    """Run the job to its end, handing on its messages as they come.

    `on_silence` is called once, while a child that has told everything is still ending: what it left may be
    looked at meanwhile, but how it ended is not known yet. A child that is killed may end without it.
    `alive` is asked every `every` seconds; False ends the job ("stopped"), as do its limits. Raises what
    `start` raises, ZygoteGone when the zygote ends meanwhile, and what the two callables raise; the child is
    dead in every case.
    """
    with start(job, zygote) as child:
        guard = _Guard(child.pid, job.limits, alive, every)
        while child.ending is None:
            if told := child.messages(guard.patience()):
                on_messages(told)
            if child.is_silent:
                on_silence()
                on_silence = nothing
            if child.ending is None and (reason := guard.why_stop()):
                return _stop(child, reason, on_messages)
        return child.ending


def _stop(child: Child, reason: Reason, on_messages: Callable[[list[Message]], None]) -> Ending:
    ending = child.kill()
    while told := child.messages(0):
        on_messages(told)
    return replace(ending, reason=reason)
