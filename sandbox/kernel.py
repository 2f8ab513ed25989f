"""The few calls to the Linux kernel that Python has no name for."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import sys

LINUX = sys.platform == "linux"
MACHINE = platform.machine()

_LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_GET_SECCOMP = 21
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

_CAPABILITY_VERSION_3 = 0x20080522


def _words(arguments: tuple[object, ...]) -> list[object]:
    return [ctypes.c_ulong(item) if isinstance(item, int) else item for item in arguments]


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def syscall(number: int, *arguments: object) -> int:
    """Call the kernel by number; OSError where it refuses. Integers travel as machine words."""
    return _checked(_LIBC.syscall(ctypes.c_long(number), *_words(arguments)))


def prctl(option: int, *arguments: object) -> int:
    """prctl(2); OSError where the kernel refuses."""
    padding = (0,) * (4 - len(arguments))
    return _checked(_LIBC.prctl(option, *_words(arguments + padding)))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilitySets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def drop_capabilities() -> None:
    """Give up every capability for good, so that even root is no more than the owner of its files."""
    with contextlib.suppress(OSError):  # EINVAL after the last one the kernel knows, EPERM without the right
        for number in range(64):
            prctl(PR_CAPBSET_DROP, number)
    with contextlib.suppress(OSError):
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    sets = (_CapabilitySets * 2)()
    _checked(_LIBC.capset(ctypes.byref(header), ctypes.byref(sets)))


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this signal when the process that made this one ends."""
    if LINUX:
        prctl(PR_SET_PDEATHSIG, signal_number)


def unshare(namespaces: int) -> None:
    """Move this process into new namespaces; OSError where it may not."""
    _checked(_LIBC.unshare(namespaces))
    # A process that changes what it may do becomes unreadable to its parent, which watches its memory.
    prctl(PR_SET_DUMPABLE, 1)


def mount(source: str, target: str, kind: str, flags: int, options: str) -> None:
    """mount(2); OSError where the kernel refuses."""
    words = [text.encode() for text in (source, target, kind)]
    _checked(_LIBC.mount(*words, ctypes.c_ulong(flags), options.encode()))


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent has ended."""
    if LINUX:
        prctl(PR_SET_CHILD_SUBREAPER, 1)
