"""The wall of amounts: how much memory, time, file and how many processes the kernel gives one child."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

from sandbox.job import Limits

SLACK = 512 << 20
"""Bytes of address space beyond the limit of memory, for the stacks of threads and what is never touched."""
OPEN_FILES = 1024
THREADS = 64
"""Threads for each process of the job, as the kernel counts both alike."""
OOM_SCORE = "800"


def apply(limits: Limits) -> None:
    """Lower this process's limits for good, and make it the first to go when memory runs out."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    if limits.memory_bytes is not None:
        # DATA, not AS: TensorFlow reserves far more addresses than it uses, and aborts under AS.
        _lower(resource.RLIMIT_DATA, data_size() + limits.memory_bytes + SLACK)
    if limits.cpu_seconds is not None:
        # At the soft limit comes SIGXCPU, which says what happened; at the hard one SIGKILL, which does not.
        _lower(resource.RLIMIT_CPU, limits.cpu_seconds, grace=5)
    if limits.file_bytes is not None:
        _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    if limits.processes is not None:
        _lower(resource.RLIMIT_NPROC, tasks_of_user() + limits.processes * THREADS)
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)


def _lower(which: int, value: int, grace: int = 0) -> None:
    _, hard = resource.getrlimit(which)
    ceiling = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
    with suppress(ValueError):  # macOS refuses some limits that Linux has
        resource.setrlimit(which, (min(value, ceiling), ceiling))


def data_size() -> int:
    """Bytes of writable memory that this process already has, most of it shared with the zygote."""
    if sys.platform != "linux":
        return 0
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    return pages * os.sysconf("SC_PAGE_SIZE")


def tasks_of_user() -> int:
    """Processes and threads of this user now; the kernel's limit counts all of them."""
    if sys.platform != "linux":
        return OPEN_FILES
    user = os.getuid()
    with os.scandir("/proc") as processes:
        return sum(_tasks(process.path, user) for process in processes if process.name.isdigit())


def _tasks(process: str, user: int) -> int:
    try:
        tasks = os.stat(f"{process}/task")  # noqa: PTH116 - hundreds of these before each job
    except OSError:
        return 0
    return tasks.st_nlink - 2 if tasks.st_uid == user else 0
