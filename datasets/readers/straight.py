"""A large text that is what its first rows seem becomes Parquet in one pass over its cells. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from datasets.readers import kinds, loading, writing
from datasets.readers.kinds import Trial
from datasets.tables import Column, Table, Tell, literal, quoted

CHANGING = frozenset({"drop", "kinds", "missing", "missing_values"})  # options that ask for a closer look
ELSE = "error('A cell is not as the first ones seemed')"


def write(
    con: Any, columns: Sequence[Column], options: Mapping[str, Any], target: Path, lines: int, tell: Tell
) -> int | None:
    """Writes `raw`, a view of about so many lines, and settles its columns; returns how many rows there are.

    None where the first cells of a column leave its type open, or where any cell or row is not as they seem:
    then nothing is settled, and whatever lies in `target` is to be written anew.
    """
    import duckdb

    trials = [] if options.keys() & CHANGING else kinds.proposed(con, columns, options, len(columns))
    if not trials or not all(trial.cells and len(trial.tried) <= 1 for trial in trials):
        return None
    try:
        rows = writing.copy(Table(con, "raw", list(columns), lines), _query(trials), target, tell)
    except duckdb.InvalidInputException:
        return None
    if loading.misfits(con):
        return None
    _settle(trials, rows, _gaps(con, target))
    return rows


def _query(trials: Sequence[Trial]) -> str:
    """Each column in its type. The query fails at the first cell that needs a closer look."""
    values = ", ".join(f"{trial.raw}, {_value(trial)} AS v{place}" for place, trial in enumerate(trials))
    columns = [
        f"CASE WHEN v{place} IS NOT NULL THEN v{place} WHEN {trial.raw} IS NOT NULL THEN {ELSE}"
        f" {'' if place else _empty_row(trials)} END AS {quoted(trial.column.name)}"
        for place, trial in enumerate(trials)
    ]
    return f"SELECT {', '.join(columns)} FROM (SELECT {values} FROM raw)"


def _value(trial: Trial) -> str:
    """The value of a cell, NULL where it is not as it seems. A text is neither padded nor a missing word."""
    if trial.tried:
        return trial.tried[0].checked(trial.cell)
    is_padded = f"starts_with({trial.raw}, ' ') OR ends_with({trial.raw}, ' ')"
    is_odd = f"NOT ({trial.is_plain}) AND ({is_padded} OR {trial.is_missing})"
    return f"CASE WHEN {is_odd} THEN NULL ELSE {trial.raw} END"


def _empty_row(trials: Sequence[Trial]) -> str:
    """A row without any value is to be left out."""
    return f"WHEN coalesce({', '.join(trial.raw for trial in trials)}) IS NULL THEN {ELSE}"


def _gaps(con: Any, target: Path) -> list[int]:
    """How many cells of each column are missing, in the order of the columns."""
    counts = (
        f"SELECT sum(stats_null_count) FROM parquet_metadata({literal(str(target))})"
        " GROUP BY column_id ORDER BY column_id"
    )
    return [int(missing) for (missing,) in con.execute(counts).fetchall()]


def _settle(trials: Sequence[Trial], rows: int, gaps: Sequence[int]) -> None:
    nothing = dict.fromkeys(("silent", "spoken", "padded", "lost_0", "misfit_0"), 0)
    for trial, missing in zip(trials, gaps, strict=True):
        trial.seen = {"rows": rows, "there": rows - missing, **nothing}
        trial.fitting = list(trial.tried)
        kinds.take(trial)
