"""The walls around a child: which exist on this machine, and putting them up.

- process_group: the child leads a session of its own, so one signal ends all of it.
- parent_death: the kernel kills the child when the zygote ends.
- limits: memory, processor time, size of files, number of processes, open files; no core dumps.
- no_new_privs and capabilities: no program gives it rights; root's own are given up.
- landlock_files, landlock_network, landlock_signals: it reads what it needs to compute, writes into its
  directory, and reaches no TCP port and no process but its own.
- seccomp: no sockets, no looking into other processes, no mounts or namespaces.
- private_memory: a /dev/shm of its own. Only a zygote can tell whether there is one (`sandbox.shared`).

macOS has the process group and the limits only.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal

from sandbox import kernel, landlock, limits, seccomp, shared
from sandbox.job import Job

Level = Literal["none", "limits", "full"]

ROOT = Path(__file__).resolve().parent.parent
FULL = frozenset({"process_group", "parent_death", "limits", "no_new_privs", "landlock_files", "seccomp"})
LIMITED = frozenset({"process_group", "limits"})

SYSTEM = (
    *("/bin", "/sbin", "/lib", "/lib64"),
    *("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/share"),
    *("/usr/local/bin", "/usr/local/lib", "/usr/local/share"),
)
PYTHON = ("bin", "lib", "lib64", "include", "share", "pyvenv.cfg")
"""What of a Python's own folder is code; the folder may hold the project and its data too."""
SETTINGS = ("/etc/localtime", "/etc/ld.so.cache", "/etc/nsswitch.conf", "/etc/ssl")
MACHINE = (
    # psutil, with which joblib watches its workers, lists all of it. The environment, memory and open files
    # of processes outside stay closed: Landlock lets nobody look out of its group.
    "/proc",
    "/sys/devices/system",
    "/sys/fs/cgroup",
    "/sys/kernel/mm/transparent_hugepage",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
)


class WallMissing(Exception):
    """A wall that this machine has could not be put up; the job does not run without it."""


def available() -> tuple[str, ...]:
    """The walls that exist on this machine, by name."""
    found = ["process_group", "limits"]
    if kernel.LINUX:
        found += ["parent_death", "no_new_privs", "capabilities"]
    found += landlock.names(landlock.version())
    if seccomp.available():
        found.append("seccomp")
    return tuple(found)


def level(names: Collection[str]) -> Level:
    """How much these walls are together: "full" when no job can harm another or the platform."""
    if set(names) >= FULL:
        return "full"
    return "limits" if set(names) >= LIMITED else "none"


def put_up(job: Job) -> None:
    """Put every wall of this machine around the calling process, for good. WallMissing where one fails."""
    try:
        limits.apply(job.limits)
        if kernel.LINUX:
            kernel.drop_capabilities()
            kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        if landlock.version():
            landlock.restrict(rules(job))
        if seccomp.available():
            seccomp.restrict()
    except OSError as error:
        raise WallMissing(f"A wall of the sandbox could not be put up: {error.strerror}.") from error


def rules(job: Job) -> Iterator[landlock.Rule]:
    """What the child may do with which files."""
    yield job.directory, landlock.OWN
    yield from ((path, landlock.READ) for path in job.readable)
    yield from ((path, landlock.RUN) for path in code())
    yield from ((Path(path), landlock.RUN) for path in SYSTEM)
    yield from ((Path(path), landlock.READ) for path in (*SETTINGS, *MACHINE))
    yield Path("/dev/null"), landlock.WRITE
    # POSIX semaphores, which multiprocessing and joblib's workers stand on, are files here.
    yield Path(shared.PLACE), landlock.SHARED_MEMORY


def code() -> Iterator[Path]:
    """Where Python, its libraries and the project's packages lie; nothing else of the project."""
    yield from (Path(prefix, part) for prefix in {sys.prefix, sys.base_prefix} for part in PYTHON)
    yield from (Path(entry) for entry in sys.path if entry and Path(entry).resolve() != ROOT)
    yield from packages()


def packages() -> list[Path]:
    """The project's own packages."""
    return [found.parent for found in ROOT.glob("*/__init__.py")]
