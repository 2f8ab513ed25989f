"""The type of a column, and why. Every cell is looked at, none is guessed. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from datasets.readers.dialect import MISSING
from datasets.tables import Column, batches, literal, quoted

SAMPLE = 1000  # rows that choose what to try
NUMBER = r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
GROUPED = r"[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?"
DECIMAL_COMMA = r"[+-]?[0-9]+,[0-9]+"
DATE_LIKE = r"^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
NOT_FINITE = ("INF", "+INF", "-INF", "INFINITY", "+INFINITY", "-INFINITY")
YES_NO = ({"true", "false"}, {"yes", "no"}, {"y", "n"}, {"t", "f"})
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y")
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", "T%H:%M:%SZ", " %H:%M:%S.%f", "T%H:%M:%S.%f")
EXAMPLE = datetime(2026, 12, 31, 13, 59)
NO_DATES = ("0000-00-00", "0000-00-00 00:00:00")

Counts = dict[str, Any]


def settle(con: Any, columns: Sequence[Column]) -> None:
    """Gives every column its type. `con` holds the table `raw`, all text."""
    (rows,) = con.execute("SELECT count(*) FROM raw").fetchone()
    for batch in batches(con, "raw", columns, [column.raw for column in columns]):
        open_ones: list[tuple[Column, Counts]] = []
        for column, seen in zip(batch, _count(con, batch, _numbers), strict=True):
            column.sql, column.why = _present(column), "Text"
            if seen["present"] < rows:
                column.missing_words = _missing_words(con, column)
            if not _settled(column, seen):
                open_ones.append((column, seen))
        _settle_words(con, open_ones)


def _settle_words(con: Any, open_ones: Sequence[tuple[Column, Counts]]) -> None:
    """The second, slower look at columns that are not plainly numbers."""
    if open_ones:
        found = _count(con, [column for column, _ in open_ones], _shapes)
        for (column, seen), more in zip(open_ones, found, strict=True):
            _decide(con, column, seen | more)


def _count(con: Any, columns: Sequence[Column], of: Any) -> list[Counts]:
    """What fits how many cells, for a batch of columns in one pass."""
    asked = [of(column) for column in columns]
    sql = ", ".join(part for parts in asked for part in parts.values())
    left = iter(con.execute(f"SELECT {sql} FROM raw").fetchone())
    return [{name: next(left) for name in parts} for parts in asked]


def _numbers(column: Column) -> dict[str, str]:
    cell = f"trim({quoted(column.raw)})"
    digits = f"ltrim({cell}, '+-')"
    whole = f"CAST(TRY_CAST({cell} AS BIGINT) AS VARCHAR) = ltrim({cell}, '+')"
    code = f"starts_with({digits}, '0') AND regexp_full_match({digits}, '0[0-9]+')"
    long = f"regexp_full_match({digits}, '[0-9]+') AND TRY_CAST({cell} AS BIGINT) IS NULL"
    return {
        "present": f"count(CASE WHEN strlen({cell}) > 4 OR {_there(cell)} THEN 1 END)",
        "integers": f"count(*) FILTER ({whole})",
        "numbers": f"count(*) FILTER ({_is_number(cell)})",
        "codes": f"count(CASE WHEN {code} THEN 1 END)",
        "long": f"count(CASE WHEN strlen({cell}) > 18 AND {long} THEN 1 END)",
    }


def _shapes(column: Column) -> dict[str, str]:
    cell = f"trim({quoted(column.raw)})"
    beyond = f"regexp_full_match({cell}, {literal(NUMBER)}) AND NOT {_is_number(cell)}"
    return {
        "not_finite": f"count(*) FILTER ({_among(NOT_FINITE, f'upper({cell})')} OR ({beyond}))",
        "grouped": f"count(*) FILTER (regexp_full_match({cell}, {literal(GROUPED)}))",
        "commas": f"count(*) FILTER (regexp_full_match({cell}, {literal(DECIMAL_COMMA)}))",
        "dates": f"count(*) FILTER (regexp_matches({cell}, {literal(DATE_LIKE)}))",
        "least": f"min(lower({cell})) FILTER ({_there(cell)})",
        "most": f"max(lower({cell})) FILTER ({_there(cell)})",
    }


def _there(cell: str) -> str:
    return f"NOT {_among(MISSING, f'upper({cell})')}"


def _is_number(cell: str) -> str:
    return f"coalesce(isfinite(TRY_CAST({cell} AS DOUBLE)) AND NOT contains({cell}, '_'), false)"


def _among(words: Any, cell: str) -> str:
    """Whether a cell is one of the words. A list, for a long IN would become a join for each column."""
    return f"list_contains([{', '.join(literal(word) for word in sorted(words))}], {cell})"


def _present(column: Column) -> str:
    """The cell where it says something, else NULL."""
    cell = quoted(column.raw)
    return f"CASE WHEN {_there(f'trim({cell})')} THEN {cell} END"


def _missing_words(con: Any, column: Column) -> list[str]:
    """What stands in the cells that say nothing."""
    cell = f"coalesce(trim({quoted(column.raw)}), '')"
    return sorted(
        word
        for (word,) in con.execute(f"SELECT DISTINCT {cell} FROM raw WHERE NOT {_there(cell)}").fetchall()
    )


def _settled(column: Column, seen: Counts) -> bool:
    """Empty columns, codes, and plain numbers need no second look."""
    if not seen["present"]:
        column.why = "Every cell is missing"
    elif seen["codes"]:
        column.why = "Some values begin with a zero, so they are kept as written"
    elif seen["integers"] == seen["present"]:
        column.type, column.why = "BIGINT", "Every value is a whole number"
        column.sql = f"TRY_CAST(trim({quoted(column.raw)}) AS BIGINT)"
    elif seen["long"]:
        column.notes.append("whole numbers beyond 64 bits; kept as text")
    elif seen["numbers"] == seen["present"]:
        _as_number(column, f"trim({quoted(column.raw)})")
    else:
        return False
    return True


def _as_number(column: Column, cell: str) -> None:
    column.type, column.why = "DOUBLE", "Every value is a number"
    column.sql = f"CASE WHEN {_is_number(cell)} THEN TRY_CAST({cell} AS DOUBLE) END"


def _decide(con: Any, column: Column, seen: Counts) -> None:
    """The narrowest type that every cell fits; text where none does."""
    cell, present = f"trim({quoted(column.raw)})", seen["present"]
    if seen["numbers"] and seen["numbers"] + seen["not_finite"] == present:
        _as_number(column, cell)
        if seen["not_finite"]:
            column.notes.append(f"{seen['not_finite']:,} values that are not finite were read as missing")
    elif seen["grouped"] and seen["grouped"] + seen["numbers"] == present:
        _as_number(column, f"replace({cell}, ',', '')")
        column.notes.append("commas group thousands, as in 1,234")
    elif seen["dates"]:
        _as_date(con, column, present)
    else:
        _as_text(con, column, seen)


def _as_date(con: Any, column: Column, expected: int) -> None:
    """Tries one form of dates after the other on every cell; day first where both would do."""
    cell = f"trim({_present(column)})"
    real = f"CASE WHEN NOT {_among(NO_DATES, cell)} THEN {cell} END"
    for form in (date + time for time in TIMES for date in DATES):
        value = f"try_strptime({real}, {literal(form)})"
        if not _fits_sample(con, value, real):
            continue
        fitting, there = con.execute(f"SELECT count({value}), count({real}) FROM raw").fetchone()
        if fitting and fitting == there:
            column.type, column.sql, column.why = (
                "TIMESTAMP",
                value,
                f"Every value is a date like {EXAMPLE.strftime(form)}",
            )
            if fitting < expected:
                column.notes.append(f"{expected - fitting:,} dates of zeros were read as missing")
            return
    column.notes.append("some values look like dates, but not all have one form; kept as text")


def _fits_sample(con: Any, value: str, real: str) -> bool:
    """Whether the first cells fit, before all are tried."""
    fitting, there = con.execute(
        f"SELECT count({value}), count({real}) FROM (SELECT * FROM raw LIMIT {SAMPLE})"
    ).fetchone()
    return bool(fitting == there)


def _as_text(con: Any, column: Column, seen: Counts) -> None:
    if seen["commas"] and seen["commas"] + seen["integers"] == seen["present"]:
        column.notes.append("values look like numbers with a decimal comma; kept as text")
    elif seen["numbers"] * 2 > seen["present"]:
        column.notes.append(_first_misfit(con, column))
    elif {seen["least"], seen["most"]} in YES_NO and _is_pair(con, column, seen):
        column.why = "Two words that mean yes and no"
        if seen["most"] == "true":
            column.type, column.sql = "BOOLEAN", f"TRY_CAST(lower(trim({column.sql})) AS BOOLEAN)"


def _is_pair(con: Any, column: Column, seen: Counts) -> bool:
    """Whether no third word stands between the first and the last in the alphabet."""
    cell = f"lower(trim({column.sql}))"
    pair = _among([seen["least"], seen["most"]], cell)
    return con.execute(f"SELECT 1 FROM raw WHERE NOT {pair} LIMIT 1").fetchone() is None


def _first_misfit(con: Any, column: Column) -> str:
    cell = f"trim({column.sql})"
    found = con.execute(
        f"SELECT {cell} FROM raw WHERE NOT {_is_number(cell)} AND {cell} IS NOT NULL LIMIT 1"
    ).fetchone()
    return f"mostly numbers, but also “{found[0][:40]}”; kept as text"
