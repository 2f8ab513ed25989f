"""A zygote and its children for measurements without a platform: as a worker has jobs done, behind walls."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from sandbox import parent
from sandbox import zygote as sandbox_zygote
from sandbox.job import Job, Limits

LOOK = 0.05  # seconds between two looks at the memory
MEMORY = 4 * 10**9


@dataclass(frozen=True)
class Span:
    """What one process took: seconds, and GB at its peak; of a child also its folder and what it told."""

    seconds: float
    memory: float
    folder: Path | None = None
    told: list[dict[str, Any]] = field(default_factory=list)

    def stage(self, name: str) -> float:
        """Seconds of one stage of a training."""
        ends = [data for data in self.of("stage") if data["stage"] == name and data["state"] == "done"]
        return float(ends[-1]["seconds"])

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message["data"] for message in self.told if message["kind"] == kind]


@contextmanager
def zygote(home: Path) -> Iterator[Path]:
    address = home / "zygote.sock"
    process = sandbox_zygote.start(address, ["engine.warm", "datasets.warm"], home / "zygote.log")
    try:
        sandbox_zygote.wait_ready(address, 120)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def child(
    zygote: Path, function: str, kwargs: Mapping[str, Any], readable: tuple[Path, ...], threads: int = 1
) -> Span:
    """One job; its results lie in `folder`, beside the zygote's socket."""
    folder = Path(tempfile.mkdtemp(prefix="job-", dir=zygote.parent))
    job = Job(
        function=function,
        kwargs={**kwargs, "out": str(folder)},
        directory=folder,
        readable=readable,
        limits=Limits(memory_bytes=MEMORY, wall_seconds=1800.0),
        threads=threads,
    )
    told: list[dict[str, Any]] = []
    start = time.perf_counter()
    with parent.start(job, zygote) as running:
        peak = watched(running.pid, lambda: _ended(running, told))
    if running.ending is None or running.ending.code != 0:
        raise RuntimeError(f"the child ended with {running.ending}: {told[-3:]}")
    return Span(time.perf_counter() - start, peak, folder, told)


def _ended(running: parent.Child, told: list[dict[str, Any]]) -> None:
    while running.ending is None:
        told += running.messages(0.2)


def watched(pid: int, wait: Callable[[], object]) -> float:
    """GB that a process held at most until `wait` returns; pages that it shares are counted by share."""
    seen, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(LOOK):
            try:
                seen.append(psutil.Process(pid).memory_full_info().pss)
            except psutil.Error:  # it has ended
                return

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        wait()
    finally:
        over.set()
        watcher.join()
    return max(seen) / 1e9
