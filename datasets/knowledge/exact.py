"""What must hold for every row, asked of the whole table: copies, counts. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from datasets.knowledge import disguises
from datasets.knowledge.sample import LARGEST, NUMERIC, Cells, Facts, Sample
from datasets.quality.facts import Disguised, Same
from datasets.tables import literal, quoted

TELLING = 5  # columns with the most different values, that often settle that no row is a copy
PAIRS = 200  # of columns that look alike and are compared in every row
RESPELLED = 1000  # different values, above which only copies and straight lines count
REPEATED = 2  # rows of a value, below which two columns pair up by chance
STRAIGHT = 1e-9
CLASSES = 100


def copied_rows(con: Any, table: str, columns: Sequence[Facts], rows: int) -> int:
    """How many rows equal an earlier one in every column."""
    asked = [facts for facts in columns if facts["kind"] != "image"]
    telling = sorted(asked, key=lambda one: _tells(one, rows))[:TELLING]
    for some in (telling, asked):
        cells = ", ".join(quoted(facts["name"]) for facts in some)
        (different,) = con.execute(f"SELECT count(DISTINCT hash({cells})) FROM {table}").fetchone()
        if different >= rows:
            return 0
    return int(rows - different)


def _tells(facts: Facts, rows: int) -> tuple[bool, bool, int]:
    """The order in which columns are asked: a number is compared faster than a text that differs as often."""
    return facts["unique"] < rows // 2, facts["type"] == "string", -facts["unique"]


def same_columns(con: Any, table: str, sample: Sample) -> list[Same]:
    """Pairs of columns that say the same, as the sample suggests and every row confirms."""
    pairs = [(alike[0], other) for alike in _alike(sample) for other in alike[1:]][:PAIRS]
    return [found for one, other in pairs if (found := _compare(con, table, one, other))]


def same_as(con: Any, table: str, sample: Sample, target: Cells) -> list[Same]:
    """The columns that say the same as this one; it comes second."""
    alike = next((some for some in _alike(sample) if target in some), [])
    others = [cells for cells in alike if cells is not target][:PAIRS]
    return [found for other in others if (found := _compare(con, table, other, target))]


def _alike(sample: Sample) -> Iterable[list[Cells]]:
    """Columns whose values change together: numbered by first appearance, they are numbered alike."""
    by_codes: dict[bytes, list[Cells]] = defaultdict(list)
    for cells in sample:
        if cells.distinct > 1:
            by_codes[cells.codes.tobytes()].append(cells)
    for alike in by_codes.values():
        if alike[0].distinct * REPEATED > len(alike[0].codes):
            yield from _straight(alike)
        elif len(alike) > 1:
            yield alike


def _straight(alike: list[Cells]) -> Iterable[list[Cells]]:
    """Of columns in which nearly every value is new, the numbers that lie on one straight line."""
    import numpy as np

    left = [cells for cells in alike if cells.numbers is not None][:PAIRS]
    if len(left) > 1:
        known = np.isfinite(left[0].numbers)
        with np.errstate(all="ignore"):
            fits = np.abs(np.corrcoef([cells.numbers[known] for cells in left])) > 1 - STRAIGHT
        taken: set[int] = set()
        for place, fit in enumerate(fits):
            if place not in taken and fit.sum() > 1:
                taken |= {int(other) for other in np.flatnonzero(fit)}
                yield [left[other] for other in np.flatnonzero(fit)]


def _compare(con: Any, table: str, one: Cells, other: Cells) -> Same | None:
    a, b = quoted(one.name), quoted(other.name)
    if one.type == other.type and not _any(con, table, f"{a} IS DISTINCT FROM {b}"):
        return Same(one.name, other.name, "equal", _count(con, table, a))
    if one.distinct <= RESPELLED and one.distinct * REPEATED <= len(one.codes):
        holds = _is_one_to_one(con, table, a, b)
        return Same(one.name, other.name, "respelled", _count(con, table, a)) if holds else None
    return _scaled(con, table, one, other)


def _is_one_to_one(con: Any, table: str, a: str, b: str) -> bool:
    """Whether each value of one column, and its absence, stands beside one value of the other."""
    pairs = f"(SELECT {a} AS a, {b} AS b, count(*) AS n FROM {table} GROUP BY ALL)"
    counts = (
        f"count(DISTINCT {side}) + count(DISTINCT {side} IS NULL) FILTER ({side} IS NULL)" for side in "ab"
    )
    total, first, second = con.execute(f"SELECT count(*), {', '.join(counts)} FROM {pairs}").fetchone()
    return bool(total == first == second)


def _scaled(con: Any, table: str, one: Cells, other: Cells) -> Same | None:
    if one.kind not in NUMERIC or other.kind not in NUMERIC:
        return None
    a, b = (_bounded(cells) for cells in (one, other))
    (fit,) = con.execute(f"SELECT abs(corr({a}, {b})) FROM {table}").fetchone()
    uneven = _any(con, table, f"({a} IS NULL) <> ({b} IS NULL)")
    holds = fit is not None and fit > 1 - STRAIGHT and not uneven
    return Same(one.name, other.name, "scaled", _count(con, table, a)) if holds else None


def _bounded(cells: Cells) -> str:
    value = f"CAST({quoted(cells.name)} AS DOUBLE)"
    return f"CASE WHEN abs({value}) < {LARGEST} THEN {value} END"


def _any(con: Any, table: str, condition: str) -> bool:
    return con.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1").fetchone() is not None


def _count(con: Any, table: str, cell: str) -> int:
    return int(con.execute(f"SELECT count({cell}) FROM {table}").fetchone()[0])


def disguised(con: Any, table: str, sample: Sample) -> list[Disguised]:
    """Values that may mean "missing", with how many rows of all have them."""
    suspects = [(cells, word) for cells in sample for word in disguises.suspects(cells)]
    if not suspects:
        return []
    counts = [f"count(*) FILTER ({_is(cells, word)})" for cells, word in suspects]
    counted = con.execute(f"SELECT {', '.join(counts)} FROM {table}").fetchone()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (cells, word), count in zip(suspects, counted, strict=True):
        found[cells.name][word] = int(count)
    return [Disguised(name, values) for name, values in found.items()]


def _is(cells: Cells, word: str) -> str:
    value = {"datetime": f"TIMESTAMP {literal(word)}", "string": literal(word)}.get(cells.type, word)
    return f"{quoted(cells.name)} = {value}"


def classes(con: Any, table: str, target: Cells) -> list[tuple[str, int]]:
    """The values of a column with their counts over all rows, the most common first."""
    cell = quoted(target.name)
    query = (
        f"SELECT CAST({cell} AS VARCHAR) AS value, count(*) AS n FROM {table} WHERE {cell} IS NOT NULL"
        f" GROUP BY 1 ORDER BY n DESC, 1 LIMIT {CLASSES}"
    )
    return [(str(value)[:80], int(count)) for value, count in con.execute(query).fetchall()]
