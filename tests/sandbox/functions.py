"""What the children of these tests do. Each is called inside the walls as `function(tell, **kwargs)`."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from sandbox.lines import Tell


class Refused(Exception):
    """An expected failure, as the engine has them."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.problem = {"code": code, "detail": "The target is constant.", "field": "target"}


class Panic(BaseException):
    """What a native library raises: no Exception."""


def count(tell: Tell, to: int) -> None:
    for number in range(to):
        tell("epoch", {"epoch": number})


def echo(tell: Tell, **values: Any) -> None:
    tell("echo", values)


def not_finite(tell: Tell) -> None:
    tell("epoch", {"loss": float("nan"), "best": [float("inf"), 1.5]})


def too_long(tell: Tell) -> None:
    tell("log", {"text": "x" * 65536})


def refuse(tell: Tell) -> NoReturn:
    raise Refused("target_constant")


def fail(tell: Tell) -> NoReturn:
    print("about to fail")  # noqa: T201
    raise KeyError("a secret place")


def panic(tell: Tell) -> NoReturn:
    raise Panic("the library gave up")


def leave(tell: Tell) -> NoReturn:
    sys.exit(0)


def kill_itself(tell: Tell) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash_natively(tell: Tell) -> None:
    ctypes.string_at(0)


def sleep(tell: Tell, seconds: float = 60) -> None:
    tell("sleeping", {"pid": os.getpid()})
    time.sleep(seconds)


def sleep_in_family(tell: Tell) -> None:
    """Sleep, with a process that would outlive this one."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        tell("sleeping", {"pid": os.getpid(), "other": other.pid})
        time.sleep(60)


def leave_one_behind(tell: Tell) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    tell("left", {"other": other.pid})


def attempt(what: Callable[[], object]) -> str:
    """What came of it: "done", or the name of the error."""
    try:
        what()
    except (OSError, subprocess.SubprocessError) as error:
        return type(error).__name__
    return "done"


def reach(tell: Tell, read: list[str], write: list[str], listing: list[str]) -> None:
    """Try to read, write and list, and tell what came of each."""
    tell("read", {path: attempt(Path(path).read_bytes) for path in read})
    tell("write", {path: attempt(lambda path=path: Path(path).write_text("x")) for path in write})  # type: ignore[misc]
    tell("list", {path: attempt(lambda path=path: os.listdir(path)) for path in listing})  # type: ignore[misc] # noqa: PTH208


def harm(tell: Tell, inside: str) -> None:
    """Try to change what lies outside without opening it."""
    there = Path(inside)
    tell("remove", {"came": attempt(there.unlink)})
    tell("rename", {"came": attempt(lambda: there.rename(there.with_name("moved")))})
    tell("take", {"came": attempt(lambda: there.rename("taken"))})
    tell("truncate", {"came": attempt(lambda: os.truncate(there, 0))})
    tell("link", {"came": attempt(lambda: os.link(there, "linked"))})
    tell("through a link", {"came": attempt(lambda: _through_link(there))})


def _through_link(target: Path) -> None:
    Path("way").symlink_to(target)
    Path("way").read_bytes()


def use_network(tell: Tell, port: int, path: str) -> None:
    families = {"inet": socket.AF_INET, "inet6": socket.AF_INET6, "unix": socket.AF_UNIX}
    tell("socket", {name: attempt(lambda kind=kind: socket.socket(kind)) for name, kind in families.items()})  # type: ignore[misc]
    tell("connect", {"came": attempt(lambda: socket.create_connection(("127.0.0.1", port), 2))})
    tell("listen", {"came": attempt(lambda: socket.create_server(("127.0.0.1", 0)))})
    tell("datagrams", {"came": attempt(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))})
    tell("pair", {"came": attempt(socket.socketpair)})


def system_calls(tell: Tell, calls: dict[str, int]) -> None:
    """The error number of each call, made with arguments that cannot succeed anyway."""
    libc = ctypes.CDLL(None, use_errno=True)
    came = {}
    for name, number in calls.items():
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 5)
        came[name] = ctypes.get_errno() if result < 0 else 0
    tell("calls", came)


def attack(tell: Tell, pids: list[int]) -> None:
    """Try to see into other processes and to end them."""
    for pid in pids:
        tell("environ", {"came": attempt(Path(f"/proc/{pid}/environ").read_bytes)})
        tell("memory", {"came": attempt(Path(f"/proc/{pid}/mem").open)})
        tell("signal", {"came": attempt(lambda pid=pid: os.kill(pid, signal.SIGTERM))})  # type: ignore[misc]
        tell("limit", {"came": attempt(lambda pid=pid: _limit(pid))})  # type: ignore[misc]
    tell("escape", {"came": attempt(lambda: os.setpgid(_sleeper(), 0))})


def _limit(pid: int) -> None:
    import resource

    resource.prlimit(pid, resource.RLIMIT_NOFILE, (10, 10))


def _sleeper() -> int:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid


def surroundings(tell: Tell) -> None:
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    tell("environ", dict(os.environ))
    tell("files", {"open": sorted(int(name) for name in os.listdir("/proc/self/fd"))})  # noqa: PTH208
    tell("status", {key: status[key].strip() for key in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp")})
    tell("group", {"leader": os.getpgrp() == os.getpid(), "umask": os.umask(0), "cwd": str(Path.cwd())})


def fill_memory(tell: Tell, step: int = 16 << 20) -> None:
    kept = []
    while True:
        kept.append(os.urandom(1 << 20) * (step >> 20))
        time.sleep(0.02)


def ask_for_much(tell: Tell, size: int) -> None:
    bytearray(size)


def spin(tell: Tell) -> None:
    while True:
        pass


def multiply(tell: Tell) -> None:
    """A fork bomb that is slow enough for the machine that tests it."""
    while True:
        with suppress(OSError):
            if os.fork() == 0:
                time.sleep(60)
        time.sleep(0.02)


def many_threads(tell: Tell) -> None:
    with suppress(RuntimeError):
        while True:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    time.sleep(60)


def write_much(tell: Tell, size: int) -> None:
    Path("big").write_bytes(b"x" * size)


def print_much(tell: Tell) -> None:
    for _ in range(2000):
        print("x" * 1023)  # noqa: T201
    tell("printed", {})


def flood(tell: Tell, seconds: float) -> None:
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        number += 1
        tell("iteration", {"number": number})
    tell("finished", {"told": number})


def talk_nonsense(tell: Tell) -> None:
    """Write to the pipe what no honest child would."""
    message = '{"kind": "epoch", "data": %s, "at": %s}\n'
    for line in (
        "nonsense\n",
        "[1]\n",
        '{"kind": 1}\n',
        message % ("{}", "NaN"),
        message % ('{"a": "\\u0000"}', 1),
    ):
        os.write(3, line.encode())
    os.write(3, b"\xff\xfe\n")
    os.write(3, message.replace("%s", "[" * 30000, 1).encode())
    for _ in range(100):
        os.write(3, b"x" * 65536)
    os.write(3, b"\n")
    tell("honest", {"still": "heard"})
    os.write(3, b'{"kind": "half')


def threads_tell(tell: Tell) -> None:
    workers = [threading.Thread(target=tell, args=("part", {"text": "x" * 50000})) for _ in range(40)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def tell_and_wait(tell: Tell) -> None:
    tell("first", {"at": time.monotonic()})
    time.sleep(1)


def interpreter(tell: Tell) -> None:
    tell("interpreter", {"zygote": "sandbox.server" in sys.modules, "arguments": sys.orig_argv})


def share(tell: Tell, other: str) -> None:
    """Leave a file in shared memory, and look for somebody else's."""
    Path("/dev/shm/left-by-a-child").write_text("x")
    tell("other", {"came": attempt(Path(other).read_bytes)})


def hang_up(tell: Tell) -> None:
    """Close the pipe, and go on."""
    tell("last", {})
    os.close(3)
    time.sleep(0.2)


def semaphore(tell: Tell) -> None:
    import multiprocessing

    with multiprocessing.get_context("fork").Pool(2) as pool:
        tell("squares", {"are": pool.map(abs, [-1, -2, -3])})
