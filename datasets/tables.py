"""What every reader is given and what it hands on: the work, the columns, the rows that did not fit."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BATCH = 50  # columns in one query
WIDE = 200  # columns from which a table is looked at in narrow copies
HOME = "work.main"  # where the tables of a job lie

Tell = Callable[[str, dict[str, Any]], None]
Decision = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """One file to read: `folder` is private to the job, `limits` are `columns`, `memory` (bytes), `threads`.

    `name` is what the person calls the file; only its ending may be believed, and only beside the bytes.
    """

    path: Path
    folder: Path
    tell: Tell
    limits: dict[str, int]
    options: dict[str, Any] = field(default_factory=dict)
    name: str = ""

    @property
    def parquet(self) -> Path:
        """Where the typed table comes to lie."""
        return self.folder / "table.parquet"


@dataclass
class Column:
    """One column on its way: `sql` gives its typed value from the relation, where it is called `raw`.

    `type` is what DuckDB calls it: VARCHAR, BIGINT, DOUBLE, BOOLEAN, TIMESTAMP, BLOB. `kind` is set where it
    is settled already, by the format or by a person; else it follows from the profile. `is_empty`: no cell
    holds a value. `padded`: how many cells of text begin or end with blanks. `facts` go into its profile as
    they are.
    """

    name: str
    original_name: str
    raw: str
    type: str = "VARCHAR"
    sql: str = ""
    why: str = ""
    kind: str = ""
    text: str = ""
    is_empty: bool = False
    habit: str = ""
    is_open: bool = False
    padded: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    missing_words: list[str] = field(default_factory=list)


@dataclass
class Rejects:
    """Rows that did not fit: how many, and the first of them as {"line", "reason"}."""

    count: int = 0
    listed: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Table:
    """What a reader hands on: `relation` is what a query selects from, in the order of the file.

    `con` is the DuckDB that knows the relation. `decisions` say in words how the file was read. `format` is
    what the file is: csv, xlsx, xls, ods, parquet, json, jsonl, images, texts. `is_written`: the Parquet of
    the work holds it already, so that the columns are no longer to be changed.
    """

    con: Any
    relation: str
    columns: list[Column]
    rows: int
    rejects: Rejects = field(default_factory=Rejects)
    decisions: list[Decision] = field(default_factory=list)
    format: str = "csv"
    is_written: bool = False


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def decision(what: str, value: str, why: str = "", **more: Any) -> Decision:
    """One choice that was made while reading.

    `more`: `option` and `choices` ([{"value", "label"}]) where a person may choose otherwise; `lines` or
    `names` where there is a list to it.
    """
    return {"what": what, "value": value, "why": why, **more}


def batches(
    con: Any, table: str, columns: Sequence[Column], names: Sequence[str]
) -> Iterator[Sequence[Column]]:
    """Some columns at a time. Of a wide table, a narrow copy stands in under the same name meanwhile.

    A query takes longer to plan the wider its table is, however few columns it asks for.
    """
    is_wide = len(columns) > WIDE
    for start in range(0, len(columns), BATCH):
        if is_wide:
            some = ", ".join(quoted(name) for name in names[start : start + BATCH])
            con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {some} FROM {HOME}.{table}")
        yield columns[start : start + BATCH]
    if is_wide:
        con.execute(f"DROP TABLE temp.{table}")
