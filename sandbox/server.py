"""The zygote's loop: answers on its socket, forks a child for each job, and buries it."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import child, shared, wire
from sandbox.job import Job

_FILES = 2
"""Open files that come with a job: the pipe for its lines, and its log."""


@dataclass(eq=False)
class Client:
    """One connection: it asks once, and a job lives no longer than it."""

    connection: socket.socket
    buffer: bytearray = field(default_factory=bytearray)
    files: list[int] = field(default_factory=list)
    child: int | None = None

    def answer(self, message: dict[str, Any]) -> None:
        """Send what fits; a client that is gone or does not read misses it."""
        with suppress(OSError):
            self.connection.send(wire.frame(message))

    def close_files(self) -> None:
        """Close the files that came with the request."""
        while self.files:
            os.close(self.files.pop())

    def close(self) -> None:
        """Let go of everything that belongs to this client."""
        self.close_files()
        self.connection.close()


class Server:
    """A single thread that waits for clients, for the ends of children, and for its own end."""

    def __init__(self, listener: socket.socket, facts: Mapping[str, Any]) -> None:
        self._listener = listener
        self._facts = facts
        self._clients: set[Client] = set()
        self._parents: dict[int, Client] = {}
        self._selector = selectors.DefaultSelector()
        self._ending = False

    def serve(self, tied_to: int | None = None) -> None:
        """Answer until SIGTERM, or until the file `tied_to` reaches its end. Then kill all children."""
        self._watch(self._listener, self._accept)
        self._watch(self._catch_signals(), self._wake)
        if tied_to is not None:
            self._watch(tied_to, self._end)
        while not self._ending:
            for key, _ in self._selector.select():
                key.data(key.fileobj)
        self._kill_all()

    def _watch(self, file: int | socket.socket, then: Callable[[Any], None]) -> None:
        self._selector.register(file, selectors.EVENT_READ, then)

    def _catch_signals(self) -> int:
        """A file that becomes readable when a signal comes."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self._end(reading))
        return reading

    def _wake(self, signals: int) -> None:
        with suppress(BlockingIOError):
            os.read(signals, 4096)
        self._bury()

    def _end(self, _: int) -> None:
        self._ending = True

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            if wire.peer_uid(connection) != os.getuid():
                connection.close()
                return
            connection.setblocking(False)
            client = Client(connection)
            self._clients.add(client)
            self._watch(connection, lambda _: self._hear(client))

    def _hear(self, client: Client) -> None:
        try:
            data, files, _, _ = socket.recv_fds(client.connection, 65536, _FILES)
        except BlockingIOError:
            return
        except OSError:
            data, files = b"", []
        client.files += files
        client.buffer += data
        if not data or client.child is not None:
            self._lost(client)
        else:
            self._read(client)

    def _lost(self, client: Client) -> None:
        """The client is gone, or says more than it may: its child ends now, and it may hear how."""
        self._selector.unregister(client.connection)
        if client.child is None:
            self._forget(client)
        else:
            kill_group(client.child)

    def _forget(self, client: Client) -> None:
        with suppress(KeyError):
            self._selector.unregister(client.connection)
        self._clients.discard(client)
        client.close()

    def _read(self, client: Client) -> None:
        try:
            request = wire.unframe(client.buffer)
            if request is not None:
                self._do(client, request)
        except (wire.Unreadable, KeyError, TypeError, ValueError):
            client.answer({"refused": "The request is not one that the zygote knows."})
            self._forget(client)

    def _do(self, client: Client, request: dict[str, Any]) -> None:
        if request["do"] == "ping":
            client.answer(self._health())
        elif request["do"] == "start" and len(client.files) == _FILES:
            self._start(client, Job.from_json(request["job"]))
        else:
            raise ValueError

    def _health(self) -> dict[str, Any]:
        return {"pid": os.getpid(), "threads": count_threads(), **self._facts}

    def _start(self, client: Client, job: Job) -> None:
        begin = fork if count_threads() == 1 else spawn
        try:
            client.child = begin(job, *client.files)
        except OSError as error:
            client.answer({"refused": f"No process could be started: {error.strerror}."})
            self._forget(client)
            return
        self._parents[client.child] = client
        client.close_files()
        client.answer({"pid": client.child})

    def _bury(self) -> None:
        """Take note of every child that has ended. Adopted orphans end with the job they come from."""
        with suppress(ChildProcessError):
            while True:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if pid == 0:
                    return
                if client := self._parents.pop(pid, None):
                    self._kill_rest(pid)
                    client.answer(ending(status, usage.ru_maxrss))
                    self._forget(client)

    def _kill_rest(self, leader: int) -> None:
        """End what an ended child leaves behind, also what left its group where no wall kept it in."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
        for pid in children() - self._parents.keys():
            kill(pid)
        shared.sweep(leader)

    def _kill_all(self) -> None:
        for pid in self._parents:
            kill_group(pid)
        while self._parents:
            pid, _ = self._parents.popitem()
            os.waitpid(pid, 0)
            self._kill_rest(pid)


def fork(job: Job, events: int, log: int) -> int:
    """A child that has everything this process has imported. Only from a single thread."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        child.live(job, events=events, log=log, parent=parent)
    return pid


def spawn(job: Job, events: int, log: int) -> int:
    """A child in a fresh interpreter, for when a fork would not be safe."""
    with tempfile.TemporaryFile() as request:
        request.write(wire.frame(job.to_json())[wire.LENGTH.size :])
        request.seek(0)
        files = [(request.fileno(), 0), (log, 1), (log, 2), (events, child.EVENTS)]
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-P", "-m", "sandbox.child", str(os.getpid())],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, ours, theirs) for ours, theirs in files],
        )


def count_threads() -> int | None:
    """Threads of this process, also those that Python does not know; None where nobody can say."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return None


def children() -> set[int]:
    """The processes whose parent this one is."""
    lists = (path.read_text() for path in Path("/proc/self/task").glob("*/children"))
    return {int(pid) for pids in lists for pid in pids.split()}


def kill_group(leader: int) -> None:
    """End the leader and its whole group. It may not have founded the group yet."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        kill(leader)


def kill(pid: int) -> None:
    """End one process, if it still is one."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def ending(status: int, peak: int) -> dict[str, Any]:
    """How a child ended, from what wait4 says; `peak` in kilobytes, on macOS in bytes."""
    code = os.waitstatus_to_exitcode(status)
    return {
        "code": code if code >= 0 else None,
        "signal": -code if code < 0 else None,
        "peak_memory": peak if sys.platform == "darwin" else peak * 1024,
    }
