"""What a person chose for a table of any format: columns left out, kinds, missing values, empty columns."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datasets.problems import CannotRead
from datasets.readers import readings
from datasets.readers.kinds import NONE_SUCH
from datasets.readers.readings import among
from datasets.tables import Column, Decision, Table, decision, literal

LISTED = 200  # columns that are named
AT_ONCE = 200  # columns in one query
LEAST = 2  # columns of a table
WORDS = ("category", "text")
_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "datetime": "TIMESTAMP"}


def apply(table: Table, options: Mapping[str, Any]) -> list[Decision]:
    """Changes the columns of a table as somebody chose, and says what was done.

    Raises CannotRead `unknown_column`, `kind_mismatch`, `too_few_columns`.
    """
    by_name = {column.name: column for column in table.columns}
    for option in ("drop", "kinds", "missing_values"):
        _check_names(by_name, options.get(option, ()), option)
    _leave_out(table, options.get("drop", ()))
    said = [_dropped(options["drop"])] if options.get("drop") else []
    for name, values in options.get("missing_values", {}).items():
        _silence(by_name[name], values)
        said.append(_silenced(name, values))
    _force(table, [column for column in table.columns if column.name in options.get("kinds", {})], options)
    return [*said, *_empty(table, options.get("empty_columns") == "keep")]


def _check_names(known: Mapping[str, Column], chosen: Iterable[str], option: str) -> None:
    for name in chosen:
        if name not in known:
            raise CannotRead(
                "unknown_column", f"There is no column `{name[:80]}` in this file. Choose another.", option
            )


def _leave_out(table: Table, names: Iterable[str]) -> None:
    gone = set(names)
    table.columns = [column for column in table.columns if column.name not in gone]
    if gone and len(table.columns) < LEAST:
        left = _columns(len(table.columns))
        raise CannotRead(
            "too_few_columns",
            f"{left} would remain. A model needs one to learn from and one to predict, so keep more.",
            "drop",
        )


def _dropped(names: Sequence[str]) -> Decision:
    return decision("Left out", _columns(len(names)), "you chose it", names=list(names)[:LISTED])


def _columns(count: int) -> str:
    return f"{count:,} {'column' if count == 1 else 'columns'}"


def _silence(column: Column, values: Sequence[Any]) -> None:
    """Some values of a column are read as missing: numbers by their size, all others as they are written."""
    words = [str(value).strip() for value in values]
    numbers = [word for word in words if readings.is_number(word)]
    if column.type in ("BIGINT", "DOUBLE"):
        tests = [f"{column.sql} = CAST({literal(number)} AS DOUBLE)" for number in numbers]
    elif column.type == "BLOB":
        tests = []
    else:
        tests = [among(words, f"trim(CAST({column.sql} AS VARCHAR))")] if words else []
    if tests:
        column.sql = f"CASE WHEN {' OR '.join(tests)} THEN NULL ELSE {column.sql} END"


def _silenced(name: str, values: Sequence[Any]) -> Decision:
    shown = ", ".join(f"“{value}”" for value in values[:20])
    return decision(f"Missing in `{name}`", shown, "you chose it")


def _force(table: Table, columns: Sequence[Column], options: Mapping[str, Any]) -> None:
    """Columns that came with types of their own get the kinds that somebody chose, as far as cells allow."""
    for column in columns:
        column.kind = options["kinds"][column.name]
        if (column.kind == "image") != (column.type == "BLOB"):
            raise CannotRead(
                "kind_mismatch",
                f"`{column.name}` cannot be of the kind {column.kind}. Choose another kind.",
                "kinds",
            )
    changed = [(column, column.sql) for column in columns if not column.text]
    for column, before in changed:
        column.why = "You chose it"
        _retype(column, options)
        counts = f"SELECT count({before}) - count({column.sql}) FROM {table.relation}"
        (lost,) = table.con.execute(counts).fetchone()
        if lost:
            column.notes.append(f"{lost:,} values are {NONE_SUCH[column.type]} and were read as missing")


def _retype(column: Column, options: Mapping[str, Any]) -> None:
    text = f"CAST({column.sql} AS VARCHAR)"
    wanted = "VARCHAR" if column.kind in WORDS else _TYPES.get(column.kind, column.type)
    if wanted == column.type:
        return
    if wanted == "VARCHAR":
        column.sql = text
    elif wanted == "DOUBLE" and column.type == "BIGINT":
        column.sql = f"CAST({column.sql} AS DOUBLE)"
    elif wanted == "BIGINT" and column.type == "DOUBLE":
        column.sql = f"CASE WHEN {column.sql} = floor({column.sql}) THEN TRY_CAST({column.sql} AS BIGINT) END"
    else:
        ways = (f"({way.checked(text)})" for way in readings.of_kind(column.kind, options))
        column.sql = f"coalesce({', '.join(ways)})"
    column.type = wanted


def _empty(table: Table, keep: bool) -> list[Decision]:
    """Columns without any value are left out, unless somebody wants them or too few would remain."""
    _look_for_values(table, [column for column in table.columns if not column.text])
    empty = [column for column in table.columns if column.is_empty and not column.kind]
    if not empty or len(table.columns) - len(empty) < LEAST:
        return []
    if not keep:
        _leave_out(table, [column.name for column in empty])
    words = {"leave_out": f"{len(empty):,} left out", "keep": f"{len(empty):,} kept"}
    choices = [{"value": what, "label": label} for what, label in words.items()]
    value = words["keep" if keep else "leave_out"]
    names = [column.name for column in empty][:LISTED]
    why = "you chose it" if keep else "no row holds a value in them"
    return [decision("Empty columns", value, why, option="empty_columns", choices=choices, names=names)]


def _look_for_values(table: Table, columns: Sequence[Column]) -> None:
    for start in range(0, len(columns), AT_ONCE):
        some = columns[start : start + AT_ONCE]
        asked = ", ".join(f"count({column.sql})" for column in some)
        found = table.con.execute(f"SELECT {asked} FROM {table.relation}").fetchone()
        for column, count in zip(some, found, strict=True):
            column.is_empty = count == 0
            column.why = column.why if count or column.kind else "Every cell is missing"
