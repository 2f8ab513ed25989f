"""Training tables: the engine against bare scikit-learn, runs that share a preparation, and their memory."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from bench import children
from bench.measures import Measure
from bench.platform import ROOT

ROWS = 1_000_000
NUMBERS, LEVELS = 14, (3, 8, 12, 20)
TIMES = 3
RUNS = 5
SAME, SHARED, MEMORY = 1.05, 0.5, 4.0
CASES = (("diamonds", "random_forest"), ("rows", "ridge"), ("rows", "hist_gradient_boosting"))


def against_sklearn() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="mltrainer-bench-") as home:
        tables = {"diamonds": _diamonds(Path(home)), "rows": generate(Path(home))}
        measures = [_alike(tables[name], name, learner) for name, learner in CASES]
        with children.zygote(Path(home)) as zygote:
            return [*measures, *_sharing(zygote, tables["rows"])]


def _alike(table: tuple[Path, str], name: str, learner: str) -> Measure:
    found = _side_by_side(*table, learner)
    how = f"{found['engine']:.2f} s against {found['bare']:.2f} s, medians of {TIMES}"
    ratio = found["engine"] / found["bare"]
    return Measure(f"fit and score: {learner}, {name}", ratio, SAME, "of scikit-learn", how)


def _side_by_side(data: Path, target: str, learner: str) -> dict[str, Any]:
    script = ROOT / "bench" / "bare" / "side_by_side.py"
    arguments = [sys.executable, str(script), str(data), target, learner, str(TIMES)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _sharing(zygote: Path, table: tuple[Path, str]) -> list[Measure]:
    """Ridge runs that differ in `alpha` alone, one child each, and as many bare pipelines."""
    data, target = table
    shelves = zygote.parent / "shelves"
    shelves.mkdir()
    spans = [_run(zygote, data, target, shelves, 10.0**place) for place in range(RUNS)]
    bare = RUNS * _side_by_side(data, target, "ridge")["bare"]
    own = sum(span.stage("fit") + span.stage("evaluate") for span in spans)
    whole = sum(span.seconds for span in spans)
    idle = children.child(zygote, "engine.job.nothing", {}, ()).memory
    peak, made = max(span.memory for span in spans) - idle, _made(spans[0])
    size = ROWS * made * 4 / 1e9
    return [
        Measure(
            f"{RUNS} ridge runs that share a preparation",
            own / bare,
            SHARED,
            "of bare pipelines",
            f"fit and evaluate {own:.1f} s against {bare:.1f} s; whole runs {whole:.1f} s",
        ),
        Measure(
            "peak memory of such a run",
            peak / size,
            MEMORY,
            "of its data",
            f"{peak:.2f} GB above an idle child, {made} columns in float32 are {size:.2f} GB",
        ),
    ]


def _run(zygote: Path, data: Path, target: str, shelves: Path, alpha: float) -> children.Span:
    model = {"algo": "ridge", "alpha": alpha}
    spec = {"task": "regression", "target": target, "validation": {"kind": "none"}, "model": model}
    kwargs = {"spec": spec, "data": str(data), "earlier": {"shelves": str(shelves)}}
    span = children.child(zygote, "engine.job.run", kwargs, (data, shelves))
    for made in (span.folder or shelves).glob("shelf/*"):
        if not (shelves / made.name).exists():
            made.rename(shelves / made.name)
    return span


def _made(span: children.Span) -> int:
    """How many columns the model got, as the log says."""
    said = next(data["message"] for data in span.of("log") if data["message"].startswith("Prepared: "))
    return int(said.split(" in, ")[1].split(" ")[0].replace(",", ""))


def generate(home: Path) -> tuple[Path, str]:
    """A million rows of numbers and words with gaps, and a number that depends on them."""
    numbers = [f"round(random() * 10 - 5, 4) AS n{place}" for place in range(NUMBERS)]
    words = [
        f"'level ' || CAST(random() * {most} AS INTEGER) AS w{place}" for place, most in enumerate(LEVELS)
    ]
    gaps = [f"CASE WHEN random() > 0.02 THEN n{place} END AS number_{place}" for place in range(NUMBERS)]
    kept = [f"w{place} AS word_{place}" for place in range(len(LEVELS))]
    sums = " + ".join(f"{place - 6} * n{place}" for place in range(NUMBERS))
    target = home / "rows.parquet"
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("SELECT setseed(0.42)").fetchall()
        plain = con.table_function("range", [ROWS]).project(", ".join([*numbers, *words]))
        made = plain.project(", ".join([*gaps, *kept, f"{sums} + length(w1) + random() * 20 AS target"]))
        made.write_parquet(str(target))
    return target, "target"


def _diamonds(home: Path) -> tuple[Path, str]:
    target = home / "diamonds.parquet"
    with duckdb.connect(config={"threads": 1}) as con:
        con.read_csv(str(ROOT / "bench" / "data" / "diamonds.csv.gz")).write_parquet(str(target))
    return target, "price"
