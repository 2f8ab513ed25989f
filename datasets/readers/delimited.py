"""Delimited text: recognised, laid out, loaded, and given its types."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from datasets import names, signatures
from datasets.problems import CannotRead
from datasets.readers import blanks, decisions, dialect, loading, straight, text
from datasets.readers.decisions import Judged
from datasets.readers.dialect import Dialect
from datasets.readers.kinds import settle
from datasets.readers.loading import Loaded, database, load
from datasets.readers.rewriting import as_plain
from datasets.readers.text import Encoding
from datasets.tables import Column, Rejects, Table, Work

RAGGED = 20  # one row in so many may not fit


def read(work: Work) -> Table:
    """Raises CannotRead with a code and a sentence."""
    encoding, source, sniffed = recognise(work.path, work.folder, work.options)
    _check_width(sniffed, work.limits["columns"])
    plain, layout, left_out = as_plain(source, sniffed, work.folder)
    con = database(work.folder, work.limits, readable=[work.path, plain], width=layout.width)
    columns, loaded = _quickly(con, plain, layout, work) or _carefully(con, plain, layout, work)
    left_out.rows = 0 if loaded.is_written else blanks.empty_rows(con, columns)
    if left_out.rows and work.options.get("empty_rows") != "keep":
        blanks.leave_out_rows(con, columns)
        columns, loaded = _anew(con, layout, work, loaded)
    if work.options.get("blanks") != "keep":
        blanks.strip(columns)
    said = decisions.of(Judged(encoding, sniffed, left_out), columns, loaded, work.options)
    return Table(con, "raw", columns, loaded.rows, loaded.rejects, said, is_written=loaded.is_written)


def _columns(layout: Dialect) -> list[Column]:
    named = zip(names.column_names(layout.names), layout.names, strict=True)
    return [Column(name, original, f"c{place}") for place, (name, original) in enumerate(named)]


def _carefully(con: Any, plain: Path, layout: Dialect, work: Work) -> tuple[list[Column], Loaded]:
    """Looks first at which rows fit, then at what they hold."""
    columns = _columns(layout)
    loaded = load(con, plain, work.folder, layout, work.tell)
    _check_rows(loaded.rows, loaded.rejects, layout)
    settle(con, columns, _without_blanks(work.options, columns, layout))
    return columns, loaded


def _quickly(con: Any, plain: Path, layout: Dialect, work: Work) -> tuple[list[Column], Loaded] | None:
    """Looks at both at once, which does for a large file each row of which fits; None for all others."""
    import duckdb

    columns = _columns(layout)
    if not loading.open_large(con, plain, layout, work.tell):
        return None
    options = _without_blanks(work.options, columns, layout)
    written = straight.write(con, columns, options, work.parquet, loading.lines_about(plain), work.tell)
    try:
        rows = written or settle(con, columns, options)
    except duckdb.InvalidInputException:  # line ends of several kinds
        return None
    if loading.misfits(con):
        return None
    loaded = Loaded(rows, Rejects(), quotes=bool(layout.quote), is_written=bool(written))
    _check_rows(rows, loaded.rejects, layout)
    return columns, loaded


def _anew(con: Any, layout: Dialect, work: Work, loaded: Loaded) -> tuple[list[Column], Loaded]:
    """Looks again at what is left of the rows."""
    columns = _columns(layout)
    rows = settle(con, columns, _without_blanks(work.options, columns, layout))
    _check_rows(rows, loaded.rejects, layout)
    return columns, replace(loaded, rows=rows)


def _without_blanks(
    options: Mapping[str, Any], columns: Sequence[Column], layout: Dialect
) -> Mapping[str, Any]:
    """The options, by which cells of unusual blanks are missing too."""
    if not layout.blanks:
        return options
    chosen = options.get("missing_values", {})
    words = {column.name: [*chosen.get(column.name, []), *layout.blanks] for column in columns}
    return {**options, "missing_values": words}


def recognise(path: Path, work: Path, options: Mapping[str, Any]) -> tuple[Encoding, Path, Dialect]:
    """How the file is encoded and laid out, and where its text in UTF-8 lies."""
    with path.open("rb") as file:
        head = file.read(signatures.HEAD)
    if not head:
        raise CannotRead("file_empty", "This file is empty. Choose one with rows in it.")
    if reason := signatures.why_not_bytes(head):
        raise CannotRead("type_mismatch", reason)
    encoding = text.detect(path, options.get("encoding") or "")
    plain = text.as_utf8(path, encoding, work)
    return encoding, plain, dialect.sniff(plain, options)


def _check_width(layout: Dialect, most: int) -> None:
    if layout.width > most:
        raise CannotRead(
            "too_many_columns",
            f"This table has {layout.width:,} columns. Keep the {most:,} that matter and upload those.",
        )
    if layout.width < 2:
        raise CannotRead(
            "too_few_columns",
            "Only one column was found. A model needs one to learn from and one to predict."
            " If the cells are separated by an unusual character, choose it.",
            "delimiter",
        )


def _check_rows(rows: int, rejects: Rejects, layout: Dialect) -> None:
    if rejects.count * RAGGED > rows + rejects.count:
        first = rejects.listed[0]
        raise CannotRead(
            "ragged_rows",
            f"{rejects.count:,} of {rows + rejects.count:,} rows do not fit the {layout.width} columns. First"
            f" is line {first['line']}: {first['reason']}. Repair the file, or choose another separator.",
            "delimiter",
        )
    if rows == 0:
        raise CannotRead(
            "no_rows", "This file has names of columns but no rows. Add rows and upload it again."
        )
    if rows == 1:
        raise CannotRead("too_few_rows", "This file has a single row. A model learns from many.")
