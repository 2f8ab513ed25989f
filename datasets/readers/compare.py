"""Two tables side by side: rows that came and went, and how far each column moved. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets.database import connect
from datasets.tables import Tell, literal, quoted

EXACT = 5_000_000  # rows of a table up to which each row is looked at
SAMPLE = 100_000  # rows of each table that shifts are measured on
GROUPS = 20  # the most common values of a column that are compared one by one
SMALL, LARGE = 0.1, 0.25
MEMORY = "1200MB"
SEED = 7
NUMBERS = {"BIGINT", "DOUBLE"}
Measured = dict[str, Any]


def compare(tell: Tell, *, before: str, after: str, columns: Sequence[Sequence[str]], out: str) -> None:
    """Writes {"rows", "shifts"} into `out`/compared.json.

    `columns` are those that both have, as (name, kind of comparison): "number", "time", "group", "length", or
    "" where only the rows are compared.
    """
    tables = Tables(before, after, out)
    names = [name for name, _ in columns]
    body = {
        "rows": tables.rows(names),
        "shifts": [tables.shift(name, kind) for name, kind in columns if kind],
    }
    (Path(out) / "compared.json").write_text(json.dumps(body, allow_nan=False), encoding="utf-8")


class Tables:
    """The two tables, and a sample of each that is the same each time."""

    def __init__(self, before: str, after: str, folder: str) -> None:
        self.con = connect(folder, MEMORY)
        for name, path in (("before", before), ("after", after)):
            self.con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({literal(path)})")
        self.types = [self._types(name) for name in ("before", "after")]
        self.counts = [self._one(f"SELECT count(*) FROM {name}")[0] for name in ("before", "after")]

    def rows(self, names: list[str]) -> Measured:
        """How many rows are in one and not in the other, by the values of `names`; a row twice counts twice.

        Beyond EXACT rows only those of some hashes are counted, and the numbers are estimates.
        """
        share = max(1, math.ceil(max(self.counts) / EXACT))
        counted = {"from": self.counts[0], "to": self.counts[1], "exact": share == 1}
        if not names:
            return {**counted, "added": None, "removed": None}
        values = ", ".join(self._value(name) for name in names)
        some = f"WHERE h % {share} = 0" if share > 1 else ""
        sides = " UNION ALL ".join(
            f"SELECT h, {sign} AS side FROM (SELECT hash({values}) AS h FROM {table}) {some}"
            for table, sign in (("before", -1), ("after", 1))
        )
        added, removed = self._one(
            "SELECT coalesce(sum(greatest(balance, 0)), 0), coalesce(sum(greatest(-balance, 0)), 0) "
            f"FROM (SELECT sum(side) AS balance FROM ({sides}) GROUP BY h)"
        )
        return {**counted, "added": int(added) * share, "removed": int(removed) * share}

    def _value(self, name: str) -> str:
        """What a row is compared by: 1 and 1.0 are the same, a text is never a number."""
        types = {side[name] for side in self.types}
        if types <= NUMBERS:
            return f"{quoted(name)}::DOUBLE"
        return quoted(name) if len(types) == 1 else f"{quoted(name)}::VARCHAR"

    def _types(self, table: str) -> dict[str, str]:
        described = self.con.execute(f"DESCRIBE {table}").fetchall()
        return {str(name): str(kind) for name, kind, *_ in described}

    def shift(self, name: str, kind: str) -> Measured:
        """How far one column moved; `value` is None where a side has nothing to compare."""
        sides = [self._sample(table, name, kind) for table in ("before", "after")]
        missing = [_share(values.count(None), len(values)) for values in sides]
        there = [[value for value in values if value is not None] for values in sides]
        measure = "psi" if kind == "group" else "ks"
        value, chance = (None, 0.0)
        if all(there):
            value, chance = _psi(*there) if measure == "psi" else _ks(*there)
        return {
            "column": name,
            "measure": measure,
            "of": "lengths" if kind == "length" else "values",
            "value": None if value is None else round(value, 4),
            "word": _word(value, chance),
            "missing_from": missing[0],
            "missing_to": missing[1],
        }

    def _sample(self, table: str, name: str, kind: str) -> list[Any]:
        column = quoted(name)
        sql = {
            "number": f"{column}::DOUBLE",
            "time": f"epoch({column})",
            "length": f"length({column}::VARCHAR)::DOUBLE",
            "group": f"{column}::VARCHAR",
        }[kind]
        rows = f"{SAMPLE} ROWS) REPEATABLE ({SEED})"
        query = f"SELECT v FROM (SELECT {sql} AS v FROM {table}) USING SAMPLE reservoir({rows}"
        return [value for (value,) in self.con.execute(query).fetchall()]

    def _one(self, query: str) -> tuple[Any, ...]:
        (found,) = self.con.execute(query).fetchall()
        return tuple(found)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _ks(before: list[float], after: list[float]) -> tuple[float, float]:
    """Kolmogorov and Smirnov's distance, 0 to 1, and what chance alone reaches once in a hundred times."""
    import numpy as np

    first, second = np.sort(np.asarray(before, float)), np.sort(np.asarray(after, float))
    places = np.concatenate([first, second])
    sides = [np.searchsorted(side, places, side="right") / len(side) for side in (first, second)]
    chance = 1.628 * math.sqrt((len(first) + len(second)) / (len(first) * len(second)))
    return float(np.abs(sides[0] - sides[1]).max()), chance


def _psi(before: list[str], after: list[str]) -> tuple[float, float]:
    """The population stability index over the most common values, and what chance alone reaches.

    Its mean and deviation by chance: Yurdakul and Naranjo, Statistical properties of the population stability
    index (2020).
    """
    from collections import Counter

    counts = [Counter(before), Counter(after)]
    common = [value for value, _ in (counts[0] + counts[1]).most_common(GROUPS)]
    sizes = [len(before), len(after)]
    total, seen = 0.0, [0, 0]
    for value in common:
        found = [count[value] for count in counts]
        seen = [seen[0] + found[0], seen[1] + found[1]]
        total += _term(found, sizes)
    rest = [sizes[0] - seen[0], sizes[1] - seen[1]]
    groups = len(common) + any(rest)
    total += _term(rest, sizes) if any(rest) else 0.0
    free = max(groups - 1, 1)
    return total, (1 / sizes[0] + 1 / sizes[1]) * (free + 2.33 * math.sqrt(2 * free))


def _term(found: list[int], sizes: list[int]) -> float:
    """One group's part; half a row stands for none, so that nothing is infinite."""
    first, second = (max(count, 0.5) / size for count, size in zip(found, sizes, strict=True))
    return (second - first) * math.log(second / first)


def _word(value: float | None, chance: float) -> str:
    if value is None:
        return "unknown"
    if value < SMALL or value <= chance:
        return "none"
    return "small" if value < LARGE else "large"
