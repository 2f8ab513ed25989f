"""The table `raw`, all text, in the order of the file, with every row that did not fit. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any

from datasets.database import connect
from datasets.problems import CannotRead
from datasets.readers import text
from datasets.readers.dialect import Dialect
from datasets.readers.text import Encoding
from datasets.readers.waiting import patiently
from datasets.tables import WIDE, Rejects, Tell, literal

LISTED = 1000  # rows that did not fit, kept by line and reason
BUFFER = 8 * text.MAX_LINE
LARGE = 16 * 2**20  # bytes from which on a file is read anew by each query, for a copy takes longer
MOST = 700 * 2**20  # bytes that DuckDB may hold, but for a wide table
UNSAFE = "type_pushdown"  # it makes the reader of CSV drop a row where a TRY_CAST would give NULL
"""Beside it, what takes the square of the number of columns is left out for wide tables."""

_REASONS = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    "UNQUOTED VALUE": "a quote that is not closed, or text after it",
    "LINE SIZE OVER MAXIMUM": "longer than 4 MB",
    "INVALID ENCODING": "letters that are not in the encoding",
}


@dataclass(frozen=True)
class Loaded:
    rows: int
    rejects: Rejects
    quotes: bool = True  # whether a quote wraps a cell; else it is a letter like any other
    ends_changed: bool = False  # line ends of several kinds became one
    padded: int = 0  # rows that end early, before columns that are empty in every row
    is_written: bool = False  # whether they are typed Parquet already


def database(work: Path, limits: Mapping[str, int], readable: Sequence[Path], width: int = 0) -> Any:
    """A DuckDB of this job alone: it may touch its folder and the files it was given, nothing else."""
    most = limits["memory"] if width > WIDE else MOST
    memory = min(max(limits["memory"] // 3, MOST // 3), most)
    con = connect(work / "spill", f"{memory // 2**20}MiB", limits["threads"], work / "work.duckdb")
    con.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    con.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    slow = ",common_subexpressions,statistics_propagation" if width > WIDE else ""
    con.execute(f"SET disabled_optimizers = '{UNSAFE}{slow}'")
    paths = ", ".join(literal(str(path)) for path in readable)
    con.execute(f"SET allowed_directories = [{literal(str(work))}]; SET allowed_paths = [{paths}]")
    con.execute("SET enable_external_access = false; SET lock_configuration = true")
    return con


def load(con: Any, plain: Path, work: Path, layout: Dialect, tell: Tell) -> Loaded:
    """Makes `raw`, a table or a view. Raises CannotRead `unclosed_quote`, `field_too_long`."""
    import duckdb

    source = _Source(con, plain, layout, tell, lines_about(plain))
    try:
        loaded = _attempt(source)
    except duckdb.InvalidInputException as error:
        if "strict" not in str(error):
            raise
        mixed = text.as_utf8(plain, Encoding("utf-8", ""), work, plain_ends=True)
        loaded = replace(_attempt(replace(source, path=mixed)), ends_changed=True)
    tell("progress", {"rows": loaded.rows})
    return loaded


def open_large(con: Any, plain: Path, layout: Dialect, tell: Tell) -> bool:
    """Makes the view `raw` of a large file without a look at it. `misfits` says afterwards if that did."""
    source = _Source(con, plain, layout, tell, 0)
    if source.is_large:
        text_of = source.read_csv("store_rejects=true, rejects_limit=0", quotes=bool(layout.quote), pad=False)
        con.execute(f"CREATE VIEW raw AS SELECT * FROM {text_of}")
    return source.is_large


def misfits(con: Any) -> bool:
    """Whether any row did not fit, of those that were looked at."""
    return con.execute("SELECT 1 FROM reject_errors LIMIT 1").fetchone() is not None


@dataclass(frozen=True)
class _Source:
    """A file in UTF-8 of known layout and number of lines, and whom to tell how far it is."""

    con: Any
    path: Path
    layout: Dialect
    tell: Tell
    lines: int

    @property
    def is_large(self) -> bool:
        """Whether a view does, which reads the file anew. A wide table has to be cut, so it is copied."""
        return self.path.stat().st_size >= LARGE and self.layout.width <= WIDE

    def fill(self, *, quotes: bool = True, pad: bool = False) -> tuple[int, Rejects]:
        """Makes the table `raw` anew: how many rows it has, and those that did not fit."""
        for table in ("reject_errors", "reject_scans", "counted"):
            self.con.execute(f"DROP TABLE IF EXISTS {table}")
        self.con.execute(f"DROP {'VIEW' if self.is_large else 'TABLE'} IF EXISTS raw")
        text_of = partial(self.read_csv, quotes=quotes, pad=pad)
        listing = text_of("store_rejects=true, rejects_limit=0")
        made = "counted AS SELECT count(*)" if self.is_large else "raw AS SELECT *"
        patiently(self.con, f"CREATE TABLE {made} FROM {listing}", self.lines, self.tell)
        if self.is_large:
            self.con.execute(f"CREATE VIEW raw AS SELECT * FROM {text_of('ignore_errors=true')}")
            (rows,) = self.con.execute("SELECT * FROM counted").fetchone()
        else:
            (rows,) = self.con.execute("SELECT count(*) FROM raw").fetchone()
        return int(rows), _rejects(self.con, self.path)

    def read_csv(self, misfits: str, *, quotes: bool, pad: bool) -> str:
        quote = literal('"') if quotes else "''"
        columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(self.layout.width))
        mark = literal(self.layout.separator)
        ends = " new_line='\\n'," if self.layout.plain_ends else ""
        return (
            f"read_csv({literal(str(self.path))}, columns={{{columns}}}, auto_detect=false, header=false,"
            f" skip={self.layout.skip}, delim={mark}, quote={quote}, escape={quote}, strict_mode=true,"
            f"{ends} null_padding={pad}, parallel={not pad}, {misfits},"
            f" max_line_size={text.MAX_LINE}, buffer_size={BUFFER})"
        )


def _attempt(source: _Source) -> Loaded:
    """As CSV is meant; else with quotes as letters in a file with tabs, or with rows that end early."""
    if not source.layout.quote:
        return Loaded(*source.fill(quotes=False), quotes=False)
    rows, rejects = source.fill()
    if not rejects.count:
        return Loaded(rows, rejects)
    if source.layout.separator == "\t" and source.layout.quotes is None:
        plain_rows, fewer = source.fill(quotes=False)
        if fewer.count < rejects.count:
            return Loaded(plain_rows, fewer, quotes=False)
        source.fill()
    _check(rejects)
    if _are_all(rejects, "MISSING COLUMNS") and _ends_empty(source):
        padded, left = source.fill(pad=True)
        if padded == rows + rejects.count and not left.count:
            return Loaded(padded, left, padded=rejects.count)
        source.fill()
    return Loaded(rows, rejects)


def _ends_empty(source: _Source) -> bool:
    """Whether the last column holds nothing in any row, so that a row may end before it."""
    (there,) = source.con.execute(f"SELECT count(c{source.layout.width - 1}) FROM raw").fetchone()
    return bool(there == 0)


def _are_all(rejects: Rejects, kind: str) -> bool:
    return all(row["reason"] == _REASONS[kind] for row in rejects.listed)


def _rejects(con: Any, plain: Path) -> Rejects:
    (count,) = con.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchone()
    query = (
        "SELECT min(line_byte_position), first(error_type ORDER BY column_idx), first(csv_line)"
        " FROM reject_errors"
        f" GROUP BY line ORDER BY line LIMIT {LISTED}"
    )
    found = con.execute(query).fetchall()
    places = [place + len(line) - len(line.lstrip("\r\n")) for place, _, line in found]
    lines = lines_at(plain, places)
    listed = [
        {"line": line, "reason": _REASONS.get(kind, kind.lower())}
        for line, (_, kind, _) in zip(lines, found, strict=True)
    ]
    return Rejects(count, listed)


def _check(rejects: Rejects) -> None:
    """A quote that never closes swallows the rows after it, so none of them is counted: refused."""
    for row in rejects.listed:
        if row["reason"] == _REASONS["UNQUOTED VALUE"]:
            raise CannotRead(
                "unclosed_quote",
                f"In line {row['line']} a quote is not closed, or text stands after it. Repair it.",
            )
        if row["reason"] == _REASONS["LINE SIZE OVER MAXIMUM"]:
            raise CannotRead(
                "field_too_long", f"The row in line {row['line']} is longer than 4 MB. Shorten that cell."
            )


def lines_about(path: Path) -> int:
    """How many lines a file has, as far as its beginning tells: enough to say how far the reading is."""
    with path.open("rb") as file:
        head = file.read(text.PIECE)
    return max(head.count(b"\n") * path.stat().st_size // max(len(head), 1), 1)


def lines_at(path: Path, places: Sequence[int]) -> list[int]:
    """The number of the line, from 1, that each place in the file (in bytes, ascending) belongs to."""
    numbers, line, at = [], 1, 0
    with path.open("rb") as file:
        for place in places:
            line += _ends_before(file, place - at)
            at = place
            numbers.append(line)
    return numbers


def _ends_before(file: IO[bytes], length: int) -> int:
    """How many lines end in the next `length` bytes."""
    ends = 0
    while length > 0 and (piece := file.read(min(text.PIECE, length))):
        ends += piece.count(b"\n")
        length -= len(piece)
    return ends
