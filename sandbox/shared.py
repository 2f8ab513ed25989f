"""Shared memory of the child's own: a fresh /dev/shm that only it sees and that vanishes with it.

Files in /dev/shm belong to everybody of the same user, the database's buffers among them, and they stay
when a process is killed. Semaphores of multiprocessing and joblib lie there, so it cannot just be closed.
It takes a mount namespace, which root may make, and others where the system lets them have a user
namespace; elsewhere the child shares the machine's /dev/shm.
"""

from __future__ import annotations

import os
from pathlib import Path

from sandbox import kernel

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_SLAVE = 2, 4, 8, 1 << 14, 1 << 19
PLACE = "/dev/shm"  # noqa: S108 - the kernel's place, not a file of ours
DEFAULT_BYTES = 1 << 30


def make_private(memory_bytes: int | None) -> bool:
    """Give this process a /dev/shm of its own, half as large as its memory; False where it may not have one.

    Call it before the capabilities go. The kernel forgets the parent-death signal over it.
    """
    size = DEFAULT_BYTES if memory_bytes is None else max(memory_bytes // 2, 1 << 20)
    try:
        _unshare()
        kernel.mount("none", "/", "", MS_REC | MS_SLAVE, "")
        kernel.mount("tmpfs", PLACE, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, f"size={size},mode=700")
    except OSError:
        return False
    return True


def is_possible() -> bool:
    """Whether `make_private` works here; tried in a process that ends at once. Only from a single thread."""
    if not kernel.LINUX:
        return False
    pid = os.fork()
    if pid == 0:
        os._exit(0 if make_private(None) else 1)
    _, status = os.waitpid(pid, 0)
    return status == 0


def sweep(pid: int) -> None:
    """Remove the semaphores that joblib's processes of this child left in the machine's /dev/shm."""
    for left in Path(PLACE).glob(f"sem.loky-{pid}-*"):
        left.unlink(missing_ok=True)


def _unshare() -> None:
    user, group = os.getuid(), os.getgid()
    try:
        kernel.unshare(CLONE_NEWNS)
    except OSError:
        kernel.unshare(CLONE_NEWNS | CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
