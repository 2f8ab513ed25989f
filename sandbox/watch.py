"""How much a group of processes uses now: what the parent looks at while a job runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.limits import THREADS

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Member:
    """One process of a group; memory in bytes, shared pages counted whole."""

    pid: int
    memory: int
    threads: int


def members(group: int) -> list[Member]:
    """The processes of the group."""
    found = _from_proc(group) if sys.platform == "linux" else _from_ps(group)
    return list(found)


def memory(group: list[Member], limit: int) -> int:
    """Bytes that the group uses. Shared pages are counted by share, but only when it matters.

    Counting them whole is quick and never too little, so a sum within the limit is good enough.
    """
    whole = sum(member.memory for member in group)
    return whole if whole <= limit else sum(_share(member) for member in group)


def is_crowd(group: list[Member], processes: int) -> bool:
    """Whether the group has more processes than it may, or far more threads than so many need."""
    return len(group) > processes or sum(member.threads for member in group) > processes * THREADS


def _from_proc(group: int) -> Iterator[Member]:
    with os.scandir("/proc") as entries:
        pids = [entry.name for entry in entries if entry.name.isdigit()]
    for pid in pids:
        with suppress(OSError):  # it has ended meanwhile
            # The name of the command, in brackets, may hold anything; the numbers stand behind it.
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(") ")[2].split()
            if int(fields[2]) == group:
                yield Member(int(pid), int(fields[21]) * _PAGE, int(fields[17]))


def _from_ps(group: int) -> Iterator[Member]:
    answer = subprocess.run(["ps", "-axo", "pid=,pgid=,rss="], capture_output=True, text=True, check=False)
    for line in answer.stdout.splitlines():
        pid, of_group, kilobytes = map(int, line.split())
        if of_group == group:
            yield Member(pid, kilobytes * 1024, 1)


def _share(member: Member) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{member.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return member.memory
