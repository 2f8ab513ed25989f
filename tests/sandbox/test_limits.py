"""The wall of amounts: too much ends the job, and the ending says of what."""

from __future__ import annotations

import signal
import time
from dataclasses import replace
from pathlib import Path

from sandbox.limits import THREADS
from sandbox.watch import Member, is_crowd, members, memory
from tests.sandbox.conftest import LIMITS, Do

SMALL = replace(LIMITS, memory_bytes=128 << 20)


def test_too_much_memory_ends_a_job(do: Do) -> None:
    done = do("fill_memory", limits=SMALL)
    assert done.ending.reason == "memory"
    assert done.ending.signal == signal.SIGKILL
    assert done.ending.peak_memory > 100 << 20


def test_asking_for_far_too_much_memory_is_refused_at_once(do: Do) -> None:
    done = do("ask_for_much", size=1 << 30, limits=SMALL)
    assert done.told["crash"]["exception"] == "MemoryError"
    assert done.ending.reason == "memory"
    assert "MemoryError" in done.log


def test_enough_memory_is_given(do: Do) -> None:
    assert do("ask_for_much", size=1 << 29, limits=LIMITS).ending.code == 0


def test_too_long_ends_a_job(do: Do) -> None:
    began = time.monotonic()
    done = do("sleep", limits=replace(LIMITS, wall_seconds=0.5))
    assert done.ending.reason == "wall"
    assert 0.5 <= time.monotonic() - began < 5


def test_too_much_computing_ends_a_job(do: Do) -> None:
    done = do("spin", limits=replace(LIMITS, cpu_seconds=1))
    assert done.ending.signal == signal.SIGXCPU
    assert done.ending.reason == "cpu"


def test_too_many_processes_end_a_job(do: Do) -> None:
    done = do("multiply", limits=replace(LIMITS, processes=8))
    assert done.ending.reason == "processes"


def test_too_many_threads_end_a_job(do: Do) -> None:
    done = do("many_threads", limits=replace(LIMITS, processes=2))
    assert done.ending.reason == "processes"


def test_a_file_that_is_too_large_fails_the_write(do: Do) -> None:
    done = do("write_much", size=2 << 20, limits=replace(LIMITS, file_bytes=1 << 20))
    assert done.told["crash"]["exception"] == "OSError"
    assert "File too large" in done.told["crash"]["message"]


def test_printing_too_much_ends_nothing(do: Do) -> None:
    done = do("print_much", limits=replace(LIMITS, file_bytes=1 << 20))
    assert "printed" in done.told
    assert done.ending.code == 0
    assert len(done.log) == 1 << 20


def test_no_limits_are_no_limits(do: Do) -> None:
    nothing = replace(
        LIMITS, memory_bytes=None, cpu_seconds=None, file_bytes=None, processes=None, wall_seconds=None
    )
    assert do("count", to=1, limits=nothing).ending.code == 0


def test_a_group_is_counted_by_its_members() -> None:
    alone = Member(pid=1, memory=10, threads=THREADS)
    assert not is_crowd([alone], processes=1)
    assert is_crowd([alone, alone], processes=1)
    assert is_crowd([replace(alone, threads=THREADS + 1)], processes=1)


def test_memory_within_the_limit_is_not_looked_at_closely() -> None:
    nobody = Member(pid=2**22 + 1, memory=10, threads=1)
    assert memory([nobody, nobody], limit=20) == 20
    assert memory([nobody, nobody], limit=19) == 20  # its share is unknown: all of it counts


def test_shared_pages_count_by_share() -> None:
    import os

    (own,) = [member for member in members(os.getpgrp()) if member.pid == os.getpid()]
    assert own.memory == memory([own], limit=own.memory)
    assert 0 < memory([own], limit=0) <= own.memory


def test_an_ended_group_is_empty() -> None:
    assert members(2**22 + 1) == []
    assert not Path(f"/proc/{2**22 + 1}").exists()
