"""Reading a large CSV into typed Parquet with its full profile, against the same work in pandas."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench import children
from bench.children import Span
from bench.measures import Measure
from bench.platform import ROOT

SIZE = 1000  # MB
ROW = 178  # bytes of a generated row, about
TIMES = 3
RATIO, MEMORY = 0.6, 1.5
THREADS = 2
LIMITS = {"columns": 10_000, "memory": 4 * 10**9, "threads": THREADS, "unpacked": 20 * 2**30}


def against_pandas(size: int = SIZE) -> list[Measure]:
    """`size` MB once in pandas and once here, in turns; then here a file of twice that length."""
    with (
        tempfile.TemporaryDirectory(prefix="mltrainer-bench-") as home,
        children.zygote(Path(home)) as zygote,
    ):
        place = Path(home)
        table = generate(place / "table.csv", size)
        ours, theirs = [], []
        for _ in range(TIMES):  # side by side, so that a noisy neighbour disturbs both
            theirs.append(_pandas(table, place))
            ours.append(_read(zygote, table))
        double = _read(zygote, generate(place / "double.csv", 2 * size))
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


def _read(zygote: Path, source: Path) -> Span:
    """As the platform reads a file."""
    kwargs = {"source": str(source), "options": {}, "name": source.name, "limits": LIMITS}
    return children.child(zygote, "datasets.readers.ingest.ingest", kwargs, (source,), THREADS)


def _pandas(source: Path, home: Path) -> Span:
    script = ROOT / "bench" / "bare" / "profile.py"
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, script, source, home / "bare.parquet"], stdout=subprocess.DEVNULL
    )
    peak = children.watched(process.pid, process.wait)
    if process.returncode != 0:
        raise RuntimeError("pandas could not read the file")
    return Span(time.perf_counter() - start, peak)
