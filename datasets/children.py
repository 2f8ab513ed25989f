"""Whatever opens a person's file runs in a child: one private folder, one job, and nothing left of either."""

import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from sandbox import parent
from sandbox.job import Job, Limits

PREFIX = "read-"
MOST_PROCESSES = 64
LARGEST_FILE = 64 * 2**30
Message = dict[str, Any]


@dataclass
class Told:
    """What a child told and how it ended."""

    problem: dict[str, str] | None = None
    crash: dict[str, str] | None = None
    ending: parent.Ending | None = None
    other: list[Message] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return self.ending is not None and self.ending.code == 0 and self.ending.reason is None

    def hear(self, messages: list[Message]) -> None:
        for message in messages:
            if message["kind"] == "problem":
                self.problem = message["data"]
            elif message["kind"] == "crash":
                self.crash = message["data"]


@contextmanager
def folder(name: str = "") -> Iterator[Path]:
    """A private folder for one job, gone afterwards. FileExistsError where the name is taken."""
    root = Path(settings.WORK_DIR).resolve()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = root / f"{PREFIX}{name or uuid.uuid4()}"
    made.mkdir(mode=0o700)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def run(
    job: Job, heard: Callable[[list[Message]], None] | None = None, alive: Callable[[], bool] = parent.always
) -> Told:
    """Runs a job to its end. Raises ZygoteGone and JobRefused as `sandbox.parent` does."""
    told = Told()

    def hear(messages: list[Message]) -> None:
        told.hear(messages)
        if heard is not None:
            heard(messages)

    told.ending = parent.run(
        job, zygote=Path(settings.ZYGOTE_SOCKET), on_messages=hear, alive=alive, every=settings.BEAT_SECONDS
    )
    return told


def job(
    function: str,
    kwargs: Mapping[str, Any],
    place: Path,
    readable: Path | tuple[Path, ...],
    limits: Limits,
    threads: int = 1,
) -> Job:
    """A call of one of the readers on one file or on some, with its results in `place`."""
    whole = {**kwargs, "out": str(place)}
    files = readable if isinstance(readable, tuple) else (readable,)
    return Job(
        function=function, kwargs=whole, directory=place, readable=files, limits=limits, threads=threads
    )


def limits(seconds: float, memory: int) -> Limits:
    return Limits(
        memory_bytes=memory,
        cpu_seconds=int(seconds * 4),
        file_bytes=LARGEST_FILE,
        processes=MOST_PROCESSES,
        wall_seconds=seconds,
    )
