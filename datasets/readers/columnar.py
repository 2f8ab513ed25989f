"""Parquet: typed already, so columns keep their types; nothing in it is believed unchecked. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from datasets import names
from datasets.problems import CannotRead
from datasets.readers import decisions, staging
from datasets.readers.loading import database
from datasets.tables import BATCH, Column, Decision, Table, Work, decision, literal, quoted

DEEPEST = 4  # lists and structures inside each other
TRAP = 100  # cells in each byte of the file, from which on it is a trap
FREE = 100_000_000  # cells that may come out of however few bytes
GROWTH = 1000  # times its size that a file may hold, by its own account
_LEAST = 2**30  # bytes from which on that is asked
_THRIFT = 64 * 2**20  # bytes of a text, or items of a list, in the footer
_SAYS = "Save it again, or as CSV, and upload that."

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_BIG = ("UBIGINT", "HUGEINT", "UHUGEINT")
_FLOAT = ("FLOAT", "DOUBLE")
_TIMES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_ZONED = "TIMESTAMP WITH TIME ZONE"


def read(work: Work) -> Table:
    """Raises CannotRead `parquet_…`, `encrypted`, and what any table is refused for."""
    import duckdb

    width = _check_footer(work)
    con = database(work.folder, work.limits, readable=[work.path], width=width)
    relation = f"read_parquet({literal(str(work.path))})"
    try:
        (rows,) = con.execute(f"SELECT count(*) FROM {relation}").fetchone()
        columns = _columns(con, relation)
        staging.check_size(columns, rows)
        _look(con, relation, columns)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise _why_not(error, "its columns cannot be read") from error
    _without_words(columns, work.options.get("missing", [""]))
    kept, left_out = [column for column in columns if column.sql], [one for one in columns if not one.sql]
    staging.check_size(kept, rows)
    said = [decision("Format", "Parquet", "its columns have types of their own"), *_binary(left_out)]
    return Table(
        con,
        relation,
        kept,
        rows,
        decisions=[*said, *decisions.common(kept, work.options), staging.kept(rows)],
        format="parquet",
    )


def _check_footer(work: Work) -> int:
    """How many columns there are, once nothing in the footer speaks against reading them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    _check_ends(work.path)
    try:
        limits = {"thrift_string_size_limit": _THRIFT, "thrift_container_size_limit": _THRIFT}
        with pq.ParquetFile(work.path, **limits) as file:
            found, schema, rows = file.metadata, file.schema_arrow, file.metadata.num_rows
            _check_growth(found, work.path.stat().st_size)
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError) as error:
        raise _why_not(error, "what its end says about the columns cannot be understood") from error
    staging.check_width(len(schema), work.limits["columns"])
    staging.check_size(schema, rows)
    for field in schema:
        if _depth(field.type) > DEEPEST:
            raise CannotRead(
                "parquet_too_deep",
                f"The column “{field.name[:80]}” holds lists or structures more than {DEEPEST} deep."
                " Leave it out, or save its parts as columns.",
            )
    return len(schema)


def _check_ends(path: Path) -> None:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 4, 0))
        tail = file.read()
    if tail == b"PARE":
        raise _encrypted()
    if size < 12 or tail != b"PAR1":
        raise _broken("its end is missing, so it was cut off on its way")


def _check_growth(found: Any, size: int) -> None:
    """A few bytes can stand for billions of cells; no real table is as regular as that."""
    cells = found.num_rows * max(found.num_columns, 1)
    held = sum(found.row_group(group).total_byte_size for group in range(found.num_row_groups))
    if (cells > FREE and cells > TRAP * size) or (held > _LEAST and held > GROWTH * size):
        raise CannotRead(
            "parquet_ratio",
            f"This file of {size:,} bytes says that it holds {found.num_rows:,} rows. No real table is"
            " packed so tightly, so it is not opened. Save it as CSV and upload that.",
        )


def _depth(kind: Any) -> int:
    inner = [kind.field(place).type for place in range(kind.num_fields)] if kind.num_fields else []
    return 1 + max(map(_depth, inner)) if inner else 0


def _why_not(error: Exception, what: str) -> CannotRead:
    words = str(error).lower()
    return _encrypted() if "encrypted" in words or "decrypt" in words else _broken(what)


def _encrypted() -> CannotRead:
    return CannotRead("encrypted", f"This Parquet file is encrypted. Save it without encryption. {_SAYS}")


def _broken(what: str) -> CannotRead:
    return CannotRead("parquet_broken", f"This Parquet file is damaged: {what}. {_SAYS}")


def _columns(con: Any, relation: str) -> list[Column]:
    """Each with its type in the file as `type`, until it gets its own."""
    found = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    shown = names.column_names([name for name, *_ in found])
    return [Column(name, raw, raw, kind) for name, (raw, kind, *_) in zip(shown, found, strict=True)]


def _look(con: Any, relation: str, columns: Sequence[Column]) -> None:
    """Reads every cell once, so that damage is found now, and what a type cannot hold is known."""
    for start in range(0, len(columns), BATCH):
        some = columns[start : start + BATCH]
        kinds = [column.type for column in some]
        for column, kind in zip(some, kinds, strict=True):
            column.type, column.sql = _typed(quoted(column.raw), kind)
            column.why = f"The file says so: {kind.lower()[:40]}"
        asked = ", ".join(part for column in some for part in _asked(column))
        counts = iter(con.execute(f"SELECT {asked} FROM {relation}").fetchone())
        for column, kind in zip(some, kinds, strict=True):
            present, fitting, _ = (next(counts) for _ in range(3))
            column.is_empty = not present
            if fitting < present:
                _misfits(column, kind, present - fitting)


def _asked(column: Column) -> Iterator[str]:
    yield f"count({quoted(column.raw)})"
    yield f"count({column.sql})"
    yield f"bit_xor(hash({column.sql}))"


def _typed(cell: str, kind: str) -> tuple[str, str]:
    """Our type for a type of the file, and the cell in it; NULL where it does not fit."""
    if kind in _WHOLE or kind in _BIG:
        return "BIGINT", f"TRY_CAST({cell} AS BIGINT)"
    if kind in _FLOAT or kind.startswith("DECIMAL"):
        wide = f"CAST({cell} AS DOUBLE)"
        return "DOUBLE", f"CASE WHEN isfinite({wide}) THEN {wide} END"
    if kind == "BOOLEAN":
        return "BOOLEAN", cell
    if kind in _TIMES:
        return "TIMESTAMP", f"CASE WHEN isfinite({cell}) THEN TRY_CAST({cell} AS TIMESTAMP) END"
    if kind == _ZONED:
        return "TIMESTAMP", f"CASE WHEN isfinite({cell}) THEN make_timestamp(epoch_us({cell})) END"
    if kind == "BLOB":
        return "VARCHAR", f"TRY(decode({cell}))"
    is_nested = kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))
    return "VARCHAR", f"CAST(to_json({cell}) AS VARCHAR)" if is_nested else f"CAST({cell} AS VARCHAR)"


def _misfits(column: Column, kind: str, count: int) -> None:
    """Cells that the type cannot hold: the column becomes text, or they are missing and that is said."""
    if kind in _BIG:
        column.type, column.sql = "VARCHAR", f"CAST({quoted(column.raw)} AS VARCHAR)"
        column.notes.append("whole numbers beyond 64 bits; kept as text")
    elif kind == "BLOB":
        column.sql = ""
    else:
        column.notes.append(f"{count:,} values that are not finite were read as missing")


def _without_words(columns: Sequence[Column], words: Sequence[str]) -> None:
    """Words that mean that a cell of text is missing. The format has its own sign, so they are few."""
    listed = ", ".join(literal(word) for word in words)
    for column in columns:
        if column.type == "VARCHAR" and column.sql and listed:
            cell = column.sql
            column.sql = f"CASE WHEN NOT list_contains([{listed}], trim({cell})) THEN {cell} END"


def _binary(columns: Sequence[Column]) -> list[Decision]:
    shown = [{"from": column.original_name[:80], "to": ""} for column in columns]
    why = "they hold bytes that are no text"
    return [decision("Left out", f"{len(columns):,} columns", why, names=shown)] if columns else []
