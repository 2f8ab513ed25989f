"""Starting, finding and ending the processes of one installation, and no other's."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import psutil

LEASH = Path(__file__).with_name("leash.py")
LARGEST_LOG = 10 * 2**20
"""Bytes; a longer log is put aside at the next start."""


def spawn(
    command: Sequence[str],
    *,
    ending: signal.Signals,
    log: Path | None = None,
    user: str | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own; it gets the signal `ending` when this process dies.

    Its output goes to `log`, or where ours goes. Call it from a thread that lives as long as the process.
    """
    leash = [sys.executable, "-I", "-S", str(LEASH), str(int(ending)), str(os.getpid()), user or "-"]
    with ExitStack() as files:
        return subprocess.Popen(
            [*leash, *command],
            stdin=subprocess.DEVNULL,
            stdout=files.enter_context(_opened(log)) if log else None,
            stderr=subprocess.STDOUT if log else None,
            start_new_session=True,
            cwd=cwd,
        )


def end(process: subprocess.Popen[bytes], *, signals: Sequence[signal.Signals], patience: float) -> None:
    """Send the signals in turn, waiting `patience` seconds after each; then kill the whole group."""
    for number in signals:
        if process.poll() is not None:
            break
        process.send_signal(number)
        wait(process, patience)
    kill_group(process.pid)
    process.wait()


def wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Until it has ended, or for so long."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def kill_group(group: int) -> None:
    """Kill what is left of a group; nothing left is fine."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def find(pid_file: Path, *, place: Path) -> psutil.Process | None:
    """The living process named on the first line of `pid_file`, if `place` is the folder it works in.

    An id alone proves nothing: after a restart of the machine it may be anybody's.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if _works_in(process, place) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def end_stranded(process: psutil.Process, *, signals: Sequence[signal.Signals], patience: float) -> None:
    """The same for a process that an earlier parent left behind; waits until it is gone."""
    for number in (*signals, signal.SIGKILL):
        try:
            process.send_signal(number)
            process.wait(patience)
        except psutil.TimeoutExpired:
            continue
        except psutil.NoSuchProcess:
            return
        return


def _works_in(process: psutil.Process, place: Path) -> bool:
    try:
        return Path(process.cwd()) == place
    except psutil.AccessDenied:  # another user's, seen by a root without all of its rights, as in containers
        return str(place) in process.cmdline()


def _opened(log: Path) -> BinaryIO:
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))
    return log.open("ab")
