"""A page of rows, sorted and filtered, of a large table: from the question to the answer over HTTP."""

import base64
import json
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import duckdb

from bench.measures import Measure
from bench.platform import Json, Platform
from examples import demo

ROWS = 6_000_000
PART = 8 * 2**20
TIMES = 3
BOUND, BOUND_SMALL = 0.3, 0.15
QUESTIONS: list[list[tuple[str, str]]] = [
    [("where", '["category_2","eq","level_5"]'), ("sort", "number_3")],
    [("where", '["number_3","gt",10]'), ("sort", "-date_1")],
    [
        ("where", '["date_0","lt","2020-03-01"]'),
        ("where", '["category_0","ne","level_1"]'),
        ("sort", "whole_0"),
    ],
    [("where", '["category_4","missing"]'), ("sort", "category_1,-number_5")],
    [("where", '["whole_1","ge",5000]'), ("sort", "text_0"), ("offset", "2000")],
]


def pages(platform: Platform) -> list[Measure]:
    """The median of different questions, each asked some times, to a large table and to a small one."""
    small = demo.upload(platform.api, platform.workspace)
    large = _large(platform)
    spans = [_seconds(platform, large, question) for question in QUESTIONS * TIMES]
    plain = [("where", '["body_mass_g","gt",4000]'), ("sort", "-bill_length_mm")]
    quick = [_seconds(platform, small, plain) for _ in range(5 * TIMES)]
    said = "median of {} questions, slowest {:.3f} s"
    return [
        Measure(
            f"rows: a page sorted and filtered, {ROWS / 1e6:.0f} M rows",
            statistics.median(spans),
            BOUND,
            "s",
            said.format(len(spans), max(spans)),
        ),
        Measure(
            "rows: a page sorted and filtered, 344 rows",
            statistics.median(quick),
            BOUND_SMALL,
            "s",
            said.format(len(quick), max(quick)),
        ),
    ]


def _seconds(platform: Platform, version: Json, question: list[tuple[str, str]]) -> float:
    query = urlencode([*question, ("limit", "100")])
    start = time.perf_counter()
    found = platform.api.call("GET", f"/api/v1/dataset-versions/{version['id']}/preview/?{query}")
    span = time.perf_counter() - start
    if not found["results"]:
        raise demo.DemoError(f"no row fits {query}")
    return span


def _large(platform: Platform) -> Json:
    """The table as Parquet, sent and read as anybody's file; about 1.3 GB as CSV."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "large.parquet"
        _generate(source)
        upload = _send(platform, source)
    body = {"upload": upload, "name": "Large"}
    made = platform.api.call("POST", f"/api/v1/workspaces/{platform.workspace}/datasets/", body)
    return demo.read(platform.api, made)


def _generate(target: Path) -> None:
    """10 columns of numbers, 6 of categories, 2 of dates, 2 of text, with gaps."""
    numbers = [f"round((random() - 0.5) * {10 ** (n % 5 + 1)}, {n % 4 + 1}) AS number_{n}" for n in range(8)]
    whole = [f"(random() * {10 ** (n + 3)})::BIGINT AS whole_{n}" for n in range(2)]
    levels = (3, 8, 20, 50, 200, 1000)
    groups = [
        f"if(random() < 0.02, NULL, 'level_' || (random() * {most})::INT) AS category_{n}"
        for n, most in enumerate(levels)
    ]
    dates = [f"TIMESTAMP '2020-01-01' + to_seconds((random() * 1e8)::BIGINT) AS date_{n}" for n in range(2)]
    word = "'word' || (random() * 5000)::INT"
    texts = [f"if(random() < 0.05, NULL, {' || chr(32) || '.join([word] * 3)}) AS text_{n}" for n in range(2)]
    columns = ", ".join([*numbers, *whole, *groups, *dates, *texts])
    con = duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"})
    con.execute("SELECT setseed(0.5)")
    con.execute(f"COPY (SELECT {columns} FROM range({ROWS})) TO '{target}' (FORMAT parquet)")  # noqa: S608 - our own words
    con.close()


def _send(platform: Platform, source: Path) -> str:
    """In parts, as a browser does; the id of the upload."""
    name = base64.b64encode(source.name.encode()).decode()
    tus = {"Tus-Resumable": "1.0.0"}
    head = {**tus, "Upload-Length": str(source.stat().st_size), "Upload-Metadata": f"filename {name}"}
    made: Json = json.loads(platform.api.send("POST", "/api/v1/uploads/", b"", head))
    with source.open("rb") as file:
        while part := file.read(PART):
            at = {
                "Upload-Offset": str(file.tell() - len(part)),
                "Content-Type": "application/offset+octet-stream",
            }
            platform.api.send("PATCH", f"/api/v1/uploads/{made['id']}/", part, {**tus, **at})
    return str(made["id"])
