"""The filter decides rightly for both machines, also for the one that these tests do not run on."""

from __future__ import annotations

import struct

import pytest

from sandbox import seccomp
from sandbox.seccomp import (
    ABSENT,
    ALLOW,
    AND,
    ARGUMENTS,
    AT_LEAST,
    EQUAL,
    LOAD,
    MACHINES,
    REFUSE,
    REFUSED,
    RETURN,
)

OTHER_AUDIT = 0x40000003
"""Programs for 32-bit x86, which have numbers of their own."""


def decide(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the program returns for a system call, as the kernel would run it."""
    own = MACHINES[machine].audit if audit is None else audit
    words = (*arguments, *(0,) * (6 - len(arguments)))
    data = struct.pack("<IIQ6Q", number, own, 0, *words)
    program, place, value = seccomp.program(machine), 0, 0
    while True:
        operation, if_true, if_false, operand = program[place]
        place += 1
        if operation == RETURN:
            return operand
        if operation == LOAD:
            (value,) = struct.unpack_from("<I", data, operand)
        elif operation == AND:
            value &= operand
        else:
            holds = value == operand if operation == EQUAL else value >= operand
            assert operation in (EQUAL, AT_LEAST)
            place += if_true if holds else if_false


both = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])


@both
def test_what_is_named_is_refused(machine: str) -> None:
    for name, number in REFUSED[machine].items():
        assert decide(machine, number) == REFUSE[3], name


@both
def test_everything_else_is_allowed(machine: str) -> None:
    own = MACHINES[machine]
    special = {*REFUSED[machine].values(), own.clone, own.clone3, own.prlimit, own.socketpair}
    assert all(decide(machine, number) == ALLOW[3] for number in set(range(460)) - special)


@both
def test_programs_for_another_machine_are_refused(machine: str) -> None:
    assert decide(machine, 1, audit=OTHER_AUDIT) == REFUSE[3]


def test_the_second_set_of_numbers_of_x86_is_refused() -> None:
    assert decide("x86_64", 0x40000000 + 1) == REFUSE[3]


@both
def test_processes_and_threads_but_no_namespaces(machine: str) -> None:
    clone = MACHINES[machine].clone
    assert decide(machine, clone, 17) == ALLOW[3]
    assert decide(machine, clone, 0x3D0F00) == ALLOW[3]  # what a thread is made with
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert decide(machine, clone, flag | 17) == REFUSE[3]


@both
def test_the_call_whose_flags_cannot_be_read_does_not_exist(machine: str) -> None:
    assert decide(machine, MACHINES[machine].clone3) == ABSENT[3]


@both
def test_only_its_own_limits(machine: str) -> None:
    assert decide(machine, MACHINES[machine].prlimit, 0) == ALLOW[3]
    assert decide(machine, MACHINES[machine].prlimit, 1) == REFUSE[3]


@both
@pytest.mark.parametrize(
    ("family", "kind", "answer"),
    [(1, 1, ALLOW), (1, 5, ALLOW), (1, 0x80801, ALLOW), (1, 2, REFUSE), (1, 3, REFUSE), (2, 1, REFUSE)],
)
def test_pairs_are_connected_streams(
    machine: str, family: int, kind: int, answer: seccomp.Instruction
) -> None:
    assert decide(machine, MACHINES[machine].socketpair, family, kind) == answer[3]


def test_both_machines_refuse_the_same_calls() -> None:
    of_x86_alone = {"iopl", "ioperm"}
    assert REFUSED["x86_64"].keys() - of_x86_alone == REFUSED["aarch64"].keys()


def test_arguments_are_looked_at_where_the_kernel_puts_them() -> None:
    assert struct.calcsize("<IIQ") == ARGUMENTS
