"""The zygote: a process that has the heavy libraries imported and forks a child for each job.

    python -m sandbox.zygote SOCKET --preload pandas --preload sklearn.ensemble

It imports, and what it preloads may rehearse, but nothing starts a thread, because only a process with a
single one can fork safely. It holds no secret: `start` gives it an environment of its own, which is all that
a child can see.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox import kernel, shared, walls, wire
from sandbox.server import Server, count_threads

PASSED_ON = ("PATH", "TZ", "KERAS_BACKEND")
CALM = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
}
"""Keeps libraries from starting threads or touching a GPU while they are imported."""
PAUSE = 0.02
"""Seconds between two tries to reach a zygote that is starting."""


class CannotStart(Exception):
    """The zygote cannot take its place; the text says why and what to do."""


class NotReady(Exception):
    """No zygote answered in time."""


def environment(folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of a zygote whose home is in `folder`: what is listed here, and nothing else."""
    home = folder / "home"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    passed = {name: given[name] for name in PASSED_ON if name in given}
    own = {"HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", "PYTHONPATH": str(walls.ROOT)}
    return {**passed, **own, **CALM}


def start(socket: Path, preload: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a zygote at `socket` with its output in `log`; `wait_ready` says when it can be asked.

    It ends with SIGTERM, or when the returned process is let go of or its owner ends. PathTooLong for a
    socket that no system takes.
    """
    wire.check_path(socket)
    preloads = [word for module in preload for word in ("--preload", module)]
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "sandbox.zygote", str(socket), "--tied", *preloads],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(socket.parent, os.environ),
            cwd=walls.ROOT,
        )


def ping(socket: Path, timeout: float = 5.0) -> dict[str, Any]:
    """What the zygote says of itself: pid, threads, preloaded, walls, warnings. NotReady if silent."""
    try:
        with wire.connect(socket, timeout) as connection:
            wire.send(connection, {"do": "ping"})
            return wire.receive(connection, bytearray())
    except (OSError, wire.Unreadable) as error:
        raise NotReady("The process that starts jobs does not answer.") from error


def wait_ready(socket: Path, timeout: float) -> dict[str, Any]:
    """Wait until a zygote answers; what `ping` gives. NotReady after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return ping(socket, max(PAUSE, deadline - time.monotonic()))
        except NotReady:
            if time.monotonic() >= deadline:
                raise
            time.sleep(PAUSE)


def import_by_links(folder: Path) -> None:
    """Have this process and its children find the project's packages through links in `folder`.

    Python lists a folder to import from it. The project's own may also hold data, so a child may not list
    it; a folder that holds nothing but links to the packages it may.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for package in walls.packages():
        link = folder / package.name
        if link.resolve() != package:
            link.unlink(missing_ok=True)
            link.symlink_to(package)
    sys.path[:] = [str(folder) if Path(entry).resolve() == walls.ROOT else entry for entry in sys.path]
    os.environ["PYTHONPATH"] = str(folder)


def standing() -> list[str]:
    """The walls that children of this process get."""
    private = ["private_memory"] if count_threads() == 1 and shared.is_possible() else []
    return [*walls.available(), *private]


def load(modules: Sequence[str]) -> dict[str, list[str]]:
    """Import the modules: which are "preloaded", and "warnings", a sentence for each that could not be."""
    loaded, warnings = [], []
    for name in modules:
        try:
            importlib.import_module(name)
        except (ImportError, OSError, RuntimeError, ValueError) as error:  # what a broken library raises
            warnings.append(f"{name} could not be loaded ({type(error).__name__}); jobs load it themselves.")
        else:
            loaded.append(name)
    if (threads := count_threads()) != 1:
        counted = "an unknown number of" if threads is None else threads
        warnings.append(f"There are {counted} threads, so every job starts a fresh interpreter, slowly.")
    return {"preloaded": loaded, "warnings": warnings}


def listen(path: Path) -> socket.socket:
    """A socket that only this user can reach; a file that a dead zygote left is replaced. CannotStart."""
    _clear(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(wire.check_path(path))
    except OSError as error:
        raise CannotStart(f"No socket can be made here: {error.strerror}.") from error
    finally:
        os.umask(before)
    listener.listen(64)
    listener.setblocking(False)
    return listener


def _clear(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_socket():
        raise CannotStart("Something that is no socket lies where the socket should be. Move it away.")
    try:
        wire.connect(path, timeout=1.0).close()
    except ConnectionRefusedError:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise CannotStart(f"The socket cannot be reached: {error.strerror}.") from error
    else:
        raise CannotStart("Another zygote answers at this socket. Stop it first, or use it.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Import, say "ready" on one line, and serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="sandbox.zygote", description=__doc__)
    parser.add_argument("socket", type=Path)
    parser.add_argument("--preload", action="append", default=[], metavar="MODULE")
    parser.add_argument("--tied", action="store_true", help="end when standard input does")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kernel.adopt_orphans()
    try:
        wire.check_path(options.socket)
        import_by_links(options.socket.parent.resolve() / "code")
        facts = {"walls": standing(), **load(options.preload)}
        listener = listen(options.socket)
    except (CannotStart, wire.PathTooLong) as reason:
        sys.exit(str(reason))
    _say_ready(facts)
    gc.collect()
    gc.freeze()
    try:
        Server(listener, facts).serve(0 if options.tied else None)
    finally:
        options.socket.unlink(missing_ok=True)


def _say_ready(facts: Mapping[str, list[str]]) -> None:
    lists = [f"{name}={','.join(facts[name])}" for name in ("preloaded", "walls")]
    print("ready", f"pid={os.getpid()} threads={count_threads()}", *lists, *facts["warnings"], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
