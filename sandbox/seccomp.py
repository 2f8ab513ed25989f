"""The wall of system calls: a short filter program that the kernel asks before each call.

It refuses (EPERM) what computing never needs: sockets, other processes' memory, mounts, namespaces, kernel
modules, io_uring. Sockets are refused whole, Unix ones too, because the database's own socket is one; only
`socketpair`, which reaches nobody else, stays. The child cannot leave its process group either, so that
killing the group kills all of it. Numbers: asm/unistd_64.h (x86-64) and asm-generic/unistd.h (AArch64).
"""

from __future__ import annotations

import ctypes
import errno
import struct
from dataclasses import dataclass

from sandbox import kernel

Instruction = tuple[int, int, int, int]
"""Operation, jump if true, jump if false, operand."""

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW: Instruction = (RETURN, 0, 0, 0x7FFF0000)
REFUSE: Instruction = (RETURN, 0, 0, 0x00050000 | errno.EPERM)
ABSENT: Instruction = (RETURN, 0, 0, 0x00050000 | errno.ENOSYS)

NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
"""Offsets in the kernel's struct seccomp_data."""
NAMESPACES = 0x7E020000
"""All CLONE_NEW… flags that clone knows."""
X32 = 0x40000000
AF_UNIX, SOCK_STREAM, SOCK_SEQPACKET, SOCK_KINDS = 1, 1, 5, 0xF
MODE_FILTER = 2

# fmt: off
REFUSED: dict[str, dict[str, int]] = {
    "x86_64": {
        "socket": 41, "connect": 42, "bind": 49, "listen": 50, "ptrace": 101, "process_vm_readv": 310,
        "process_vm_writev": 311, "process_madvise": 440, "pidfd_getfd": 438, "kcmp": 312, "setsid": 112,
        "setpgid": 109, "mount": 165, "umount2": 166, "pivot_root": 155, "move_mount": 429, "open_tree": 428,
        "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "chroot": 161,
        "open_by_handle_at": 304, "unshare": 272, "setns": 308, "bpf": 321, "perf_event_open": 298,
        "keyctl": 250, "add_key": 248, "request_key": 249, "kexec_load": 246, "kexec_file_load": 320,
        "init_module": 175, "finit_module": 313, "delete_module": 176, "userfaultfd": 323,
        "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "reboot": 169, "swapon": 167,
        "swapoff": 168, "quotactl": 179, "acct": 163, "settimeofday": 164, "clock_settime": 227,
        "sethostname": 170, "setdomainname": 171, "vhangup": 153, "syslog": 103, "iopl": 172, "ioperm": 173,
        "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "semop": 65, "semctl": 66, "semtimedop": 220,
        "msgget": 68, "msgsnd": 69, "msgrcv": 70, "msgctl": 71, "mq_open": 240,
    },
    "aarch64": {
        "socket": 198, "connect": 203, "bind": 200, "listen": 201, "ptrace": 117, "process_vm_readv": 270,
        "process_vm_writev": 271, "process_madvise": 440, "pidfd_getfd": 438, "kcmp": 272, "setsid": 157,
        "setpgid": 154, "mount": 40, "umount2": 39, "pivot_root": 41, "move_mount": 429, "open_tree": 428,
        "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "chroot": 51,
        "open_by_handle_at": 265, "unshare": 97, "setns": 268, "bpf": 280, "perf_event_open": 241,
        "keyctl": 219, "add_key": 217, "request_key": 218, "kexec_load": 104, "kexec_file_load": 294,
        "init_module": 105, "finit_module": 273, "delete_module": 106, "userfaultfd": 282,
        "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "reboot": 142, "swapon": 224,
        "swapoff": 225, "quotactl": 60, "acct": 89, "settimeofday": 170, "clock_settime": 112,
        "sethostname": 161, "setdomainname": 162, "vhangup": 58, "syslog": 116,
        "shmget": 194, "shmat": 196, "shmctl": 195, "semget": 190, "semop": 193, "semctl": 191,
        "semtimedop": 192, "msgget": 186, "msgsnd": 189, "msgrcv": 188, "msgctl": 187, "mq_open": 180,
    },
}
# fmt: on


@dataclass(frozen=True)
class _Machine:
    """What differs between the two machines for the calls that are looked at closely."""

    audit: int
    clone: int
    clone3: int
    socketpair: int
    prlimit: int


MACHINES = {
    "x86_64": _Machine(audit=0xC000003E, clone=56, clone3=435, socketpair=53, prlimit=302),
    "aarch64": _Machine(audit=0xC00000B7, clone=220, clone3=435, socketpair=199, prlimit=261),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def available() -> bool:
    """Whether this kernel takes filters and this machine's numbers are known."""
    if not kernel.LINUX or kernel.MACHINE not in MACHINES:
        return False
    try:
        return kernel.prctl(kernel.PR_GET_SECCOMP) >= 0
    except OSError:
        return False


def restrict() -> None:
    """Put the filter on this process and its descendants, for good. Needs no_new_privs."""
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program(kernel.MACHINE))
    filter_program = _Program(len(code) // 8, code)
    kernel.prctl(kernel.PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(filter_program))


def program(machine: str) -> list[Instruction]:
    """The filter for "x86_64" or "aarch64": each rule either answers or falls through to the next."""
    own = MACHINES[machine]
    instructions: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, own.audit),
        REFUSE,
        (LOAD, 0, 0, NUMBER),
    ]
    if machine == "x86_64":
        instructions += [(AT_LEAST, 0, 1, X32), REFUSE]
    for number in REFUSED[machine].values():
        instructions += _when(number, [REFUSE])
    # The flags of clone3 lie in memory that a filter cannot read; without it, libraries use clone.
    instructions += _when(own.clone3, [ABSENT])
    instructions += _when(own.clone, _only_if(0, NAMESPACES, {0}))
    instructions += _when(own.prlimit, _only_if(0, 0xFFFFFFFF, {0}))
    instructions += _when(own.socketpair, _stream_pair())
    return [*instructions, ALLOW]


def _when(number: int, then: list[Instruction]) -> list[Instruction]:
    return [(EQUAL, 0, len(then), number), *then]


def _only_if(argument: int, mask: int, values: set[int]) -> list[Instruction]:
    """Allow the call when the low word of an argument, masked, is among the values; else refuse it."""
    looked_at: list[Instruction] = [(LOAD, 0, 0, ARGUMENTS + 8 * argument), (AND, 0, 0, mask)]
    found = [(EQUAL, len(values) - place, 0, value) for place, value in enumerate(sorted(values))]
    return [*looked_at, *found, REFUSE, ALLOW]


def _stream_pair() -> list[Instruction]:
    """A datagram socket could still send to a path, so a pair must be a connected stream."""
    kinds = _only_if(1, SOCK_KINDS, {SOCK_STREAM, SOCK_SEQPACKET})
    return [(LOAD, 0, 0, ARGUMENTS), (EQUAL, 1, 0, AF_UNIX), REFUSE, *kinds]
