"""DuckDB as a child opens it. Computes nothing here; the web process never calls it."""

from pathlib import Path
from typing import Any

from datasets.tables import literal

THREADS = 2


def connect(folder: str | Path, memory: str, threads: int = THREADS, file: str | Path = ":memory:") -> Any:
    """A database that spills into `folder` and holds at most `memory` ("1200MB").

    Readers of their own, and a memory of what was read, serve files that are far away and asked often; here
    they cost a tenth of the time of a page of rows.
    """
    import duckdb

    con = duckdb.connect(str(file), config={"threads": threads, "async_threads": 0})
    con.execute("SET enable_external_file_cache = false")
    con.execute(f"SET memory_limit = {literal(memory)}")
    con.execute(f"SET temp_directory = {literal(str(folder))}")
    return con


def rehearse() -> None:
    """Opens one and closes it, so that a process forked from this one finds everything loaded. No thread."""
    with connect(".", "64MB", threads=1) as con:
        con.execute("SELECT 1").fetchall()
