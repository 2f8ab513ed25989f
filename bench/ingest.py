"""Reading a large CSV into typed Parquet with its full profile, against the same work in pandas."""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psutil

from bench.measures import Measure
from bench.platform import ROOT
from sandbox import parent
from sandbox import zygote as sandbox_zygote
from sandbox.job import Job, Limits

SIZE = 1000  # MB
ROW = 178  # bytes of a generated row, about
TIMES = 3
RATIO, MEMORY = 0.6, 1.5
THREADS = 2
LIMITS = {"columns": 10_000, "memory": 4 * 10**9, "threads": THREADS, "unpacked": 20 * 2**30}
LOOK = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True)
class Span:
    """What one process took: seconds, and GB at its peak."""

    seconds: float
    memory: float


def against_pandas(size: int = SIZE) -> list[Measure]:
    """`size` MB once in pandas and once here, in turns; then here a file of twice that length."""
    with tempfile.TemporaryDirectory(prefix="mltrainer-bench-") as home, _zygote(Path(home)) as zygote:
        place = Path(home)
        table = generate(place / "table.csv", size)
        ours, theirs = [], []
        for _ in range(TIMES):  # side by side, so that a noisy neighbour disturbs both
            theirs.append(_pandas(table, place))
            ours.append(_child(zygote, table, place))
        double = _child(zygote, generate(place / "double.csv", 2 * size), place)
    return _told(size, ours, theirs, double)


def _told(size: int, ours: list[Span], theirs: list[Span], double: Span) -> list[Measure]:
    mine, bare = (statistics.median(span.seconds for span in spans) for spans in (ours, theirs))
    most, least = max(span.memory for span in ours), max(span.memory for span in theirs)
    name = f"ingest: {size:,} MB"
    return [
        Measure(
            name, mine / bare, RATIO, "of pandas", f"{mine:.1f} s against {bare:.1f} s, medians of {TIMES}"
        ),
        Measure(f"{name}, peak memory", most, MEMORY, "GB", f"pandas takes {least:.1f} GB"),
        Measure(f"{name} twice, peak memory", double.memory, MEMORY, "GB", f"in {double.seconds:.1f} s"),
    ]


def generate(target: Path, size: int) -> Path:
    """A CSV of about so many MB: 10 numeric, 6 categorical, 2 date and 2 text columns, all with gaps."""
    rows = size * 10**6 // ROW
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("SELECT setseed(0.42)").fetchall()
        cells = ", ".join(_columns())
        con.table_function("range", [rows]).project(cells).write_csv(str(target), header=True)
    return target


def _columns() -> Iterator[str]:
    for place in range(7):
        value = f"round(random() * {10 ** (place % 5)} - {place}, {place % 4 + 1})"
        yield _with_gaps(value, 0.04, f"number_{place}")
    for place in range(3):
        yield _with_gaps(f"CAST(random() * {10 ** (2 * place + 1)} AS INTEGER)", 0.03, f"whole_{place}")
    for place, levels in enumerate((2, 5, 12, 40, 200, 1000)):
        level = f"'level ' || CAST(random() * {levels} AS INTEGER)"
        yield _with_gaps(level, 0.05, f"category_{place}")
    day = "DATE '2000-01-01' + CAST(random() * 9000 AS INTEGER)"
    yield _with_gaps(f"{day} + to_seconds(CAST(random() * 86400 AS INTEGER))", 0.01, "date_0")
    yield _with_gaps(day, 0.02, "date_1")
    words = "'a remark about ' || CAST(random() * 1e6 AS INTEGER) || ' and ' || md5(random()::VARCHAR)[:12]"
    yield _with_gaps(words, 0.1, "text_0")
    yield _with_gaps("'note ' || CAST(random() * 50000 AS INTEGER)", 0.2, "text_1")


def _with_gaps(value: str, share: float, name: str) -> str:
    return f"CASE WHEN random() > {share} THEN {value} END AS {name}"


@contextmanager
def _zygote(home: Path) -> Iterator[Path]:
    address = home / "zygote.sock"
    process = sandbox_zygote.start(address, ["engine.warm", "datasets.warm"], home / "zygote.log")
    try:
        sandbox_zygote.wait_ready(address, 120)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _child(zygote: Path, source: Path, home: Path) -> Span:
    """As the platform reads a file: a child of the zygote behind its walls."""
    folder = Path(tempfile.mkdtemp(prefix="read-", dir=home))
    kwargs = {"source": str(source), "out": str(folder), "options": {}, "name": source.name, "limits": LIMITS}
    job = Job(
        function="datasets.readers.ingest.ingest",
        kwargs=kwargs,
        directory=folder,
        readable=(source,),
        limits=Limits(memory_bytes=LIMITS["memory"], wall_seconds=1800.0),
        threads=THREADS,
    )
    start = time.perf_counter()
    with parent.start(job, zygote) as child:
        peak = _watched(child.pid, lambda: _ended(child))
    if child.ending is None or child.ending.code != 0:
        raise RuntimeError(f"the child ended with {child.ending}")
    return Span(time.perf_counter() - start, peak)


def _ended(child: parent.Child) -> None:
    while child.ending is None:
        child.messages(0.2)


def _pandas(source: Path, home: Path) -> Span:
    script = ROOT / "bench" / "bare" / "profile.py"
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, script, source, home / "bare.parquet"], stdout=subprocess.DEVNULL
    )
    peak = _watched(process.pid, process.wait)
    if process.returncode != 0:
        raise RuntimeError("pandas could not read the file")
    return Span(time.perf_counter() - start, peak)


def _watched(pid: int, wait: Callable[[], object]) -> float:
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
