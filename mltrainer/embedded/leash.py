"""Becomes another program that ends when its parent does, and that is never root where it must not be.

Run as a script that imports nothing of ours: `python -I -S leash.py SIGNAL PARENT USER PROGRAM [ARGUMENT…]`.
SIGNAL is sent to the program when the process PARENT is gone; USER is `-` for the user we are.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 8, 28, 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP, SECBIT_KEEP_CAPS = 1 << 2, 1 << 4
CAP_DAC_OVERRIDE = 1
CAPABILITIES_VERSION_3 = 0x20080522
LOOK_AGAIN = 0.25
"""Seconds between two looks at the parent, where the system does not tell of its death."""


def main(arguments: list[str]) -> None:
    """Take the leash, step down, become the program."""
    number, parent, user, *command = arguments
    if user != "-":
        step_down(user)
    if sys.platform == "linux":
        tell_of_death(int(number), int(parent))
        os.execv(command[0], command)  # noqa: S606
    sys.exit(watch(command, int(number), int(parent)))


def step_down(user: str) -> None:
    """Become `user`, who may still pass through folders of root's (capabilities(7), ambient set).

    PostgreSQL asks with access(2) whether it may, which forgets capabilities unless told otherwise.
    """
    import pwd

    entry = pwd.getpwnam(user)
    linux = sys.platform == "linux"
    if linux:
        _prctl(PR_SET_KEEPCAPS, 1)
        with contextlib.suppress(PermissionError):  # without the right to, folders have to be open
            _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP | SECBIT_KEEP_CAPS)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    if linux:
        _keep_only(CAP_DAC_OVERRIDE)


def tell_of_death(number: int, parent: int) -> None:
    """Ask the kernel for signal `number` when our parent dies; leave at once when it already has."""
    _prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        sys.exit(0)


def watch(command: list[str], number: int, parent: int) -> int:
    """Run the program as a child that gets our signals, and ends when our parent has. Returns its code."""
    child = os.posix_spawn(command[0], command, os.environ)
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(each, lambda got, _: os.kill(child, got))
    told = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) & 0xFF
        if not told and os.getppid() != parent:
            os.kill(child, number)
            told = True
        time.sleep(LOOK_AGAIN)


def _keep_only(capability: int) -> None:
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; low, then high
    _checked(_libc().capset(header, sets))
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _prctl(option: int, *values: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)][:4]
    _checked(_libc().prctl(option, *padded))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


if __name__ == "__main__":
    main(sys.argv[1:])
