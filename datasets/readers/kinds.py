"""The type of a column, and why: its first cells propose, every cell decides. In the child."""
# ruff: noqa: S608 - every name and word passes through quoted() or literal()

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datasets.readers import amounts, days, habits, readings
from datasets.readers.cells import MISSING
from datasets.readers.forms import is_like
from datasets.readers.readings import Reading, among
from datasets.tables import Column, batches, quoted

PEEKED, LEAST = 2000, 50  # rows that propose what to try
CELLS = 200_000  # but not more cells than this, of a wide table
LEARNED = 500  # cells that did not fit, from which is learned what else to try
TOGETHER = 8  # columns of which the missing words are collected at once, for that takes memory
KEPT = 40  # letters of a cell in a note
NONE_SUCH = {
    "BIGINT": "no whole numbers",
    "DOUBLE": "no numbers",
    "BOOLEAN": "neither true nor false",
    "TIMESTAMP": "no dates",
}

Counts = dict[str, Any]


@dataclass
class Trial:
    """One column on its way to a type. `cells`: those seen so far, without blanks around and not missing."""

    column: Column
    words: frozenset[str]
    ways: list[Reading]
    is_forced: bool = False
    cells: list[str] = field(default_factory=list)
    tried: list[Reading] = field(default_factory=list)
    failed: set[Reading] = field(default_factory=set)
    fitting: list[Reading] = field(default_factory=list)
    seen: Counts = field(default_factory=dict)
    is_settled: bool = False

    def propose(self) -> None:
        """What to try next: each way that every cell seen so far would allow."""
        if self.is_forced:
            ways = [*self.ways, *amounts.of(self.cells, self.ways, forced=True)]
            self.tried = sorted(ways, key=self._misfits)[:1]
        elif self.cells:
            fit = self._fitting(self.ways) or self._fitting(amounts.of(self.cells, self.ways, forced=False))
            self.tried = [way for way in fit if not any(other.implies(way) for other in fit)]

    def _fitting(self, ways: list[Reading]) -> list[Reading]:
        """Those of the ways that have a sign of them in some cell, and may be the way of each."""
        left = [way for way in ways if way not in self.failed] if self.failed else ways
        first = self.cells[0]
        able = [way for way in left if way.could_be(first) and way.is_evident(self.cells)]
        return [way for way in able if all(map(way.could_be, self.cells))]

    def _misfits(self, way: Reading) -> int:
        return sum(not way.could_be(cell) for cell in self.cells)

    def learn(self, cells: Iterable[str | None]) -> None:
        """Cells of the column, as they are written."""
        bare = dict.fromkeys(cell.strip(" ") for cell in cells if cell is not None)
        self.cells += [cell for cell in bare if cell.upper() not in self.words]

    @property
    def raw(self) -> str:
        return quoted(self.column.raw)

    @property
    def cell(self) -> str:
        """The text as the ways are given it. Of the usual words none has a value, so they need no look."""
        return self.raw if self.words <= MISSING else self.present

    @property
    def is_plain(self) -> str:
        """Whether a cell is surely a value without blanks around: it is longer than each missing word."""
        longest = max(len(word.encode()) for word in self.words)
        return f"strlen({self.raw}) > {longest} AND {self.raw} >= '!' AND NOT ends_with({self.raw}, ' ')"

    @property
    def is_missing(self) -> str:
        """Whether a cell says nothing: quickly no where it plainly says something."""
        return f"CASE WHEN {self.is_plain} THEN false ELSE {among(self.words, f'trim({self.raw})')} END"

    @property
    def present(self) -> str:
        return f"CASE WHEN NOT {self.is_missing} THEN {self.raw} END"


def settle(con: Any, columns: Sequence[Column], options: Mapping[str, Any] | None = None) -> int:
    """Gives every column its type, its value in SQL and its text; returns how many rows there are.

    `con` holds `raw`, a table or a view, all text.

    `options`, where somebody chose them: missing, missing_values, decimal, thousands, dates, kinds.
    """
    chosen = options or {}
    trials: list[Trial] = []
    for batch in batches(con, "raw", columns, [column.raw for column in columns]):
        some = proposed(con, batch, chosen, len(columns))
        _run(con, some)
        _listen(con, [trial for trial in some if trial.seen["spoken"]])
        trials += some
    habits.agree(trials)
    for trial in trials:
        take(trial)
    return int(trials[0].seen["rows"])


def proposed(con: Any, columns: Sequence[Column], options: Mapping[str, Any], width: int) -> list[Trial]:
    """What the first cells propose for these columns of `raw`, a table of so many columns."""
    ways = readings.candidates(options)
    trials = [_trial(column, ways, options) for column in columns]
    _peek(con, trials, max(CELLS // width, LEAST))
    return trials


def _trial(column: Column, ways: Sequence[Reading], options: Mapping[str, Any]) -> Trial:
    words = [*options.get("missing", MISSING), *options.get("missing_values", {}).get(column.name, [])]
    silent = frozenset(str(word).strip(" ").upper() for word in ("", *words))
    column.kind = options.get("kinds", {}).get(column.name, "")
    if not column.kind:
        return Trial(column, silent, [*days.of(column.name), *ways])
    forced = list(readings.of_kind(column.kind, options))
    return Trial(column, silent, forced, is_forced=bool(forced))


def _peek(con: Any, trials: Sequence[Trial], rows: int) -> None:
    """The first cells of each column, which propose what to try."""
    names = ", ".join(trial.raw for trial in trials)
    found = con.execute(f"SELECT {names} FROM raw LIMIT {min(rows, PEEKED)}").fetchall()
    for trial, cells in zip(trials, zip(*found, strict=True), strict=False):
        trial.learn(cells)
        trial.propose()


def _run(con: Any, trials: Sequence[Trial]) -> None:
    """Tries on every cell what the first cells propose, and learns from those that do not fit."""
    open_ones = list(trials)
    while open_ones:
        for trial, seen in zip(open_ones, _count(con, open_ones), strict=True):
            _judge(trial, seen)
        open_ones = [trial for trial in open_ones if not trial.is_settled]
        for trial in open_ones:
            query = f"SELECT {_misfit(trial)} AS cell FROM raw WHERE cell IS NOT NULL LIMIT {LEARNED}"
            trial.learn(cell for (cell,) in con.execute(query).fetchall())
            trial.failed.update(trial.tried)
            trial.propose()


def _listen(con: Any, trials: Sequence[Trial]) -> None:
    """Which words stand in the cells that say nothing, as they are written."""
    for start in range(0, len(trials), TOGETHER):
        some = trials[start : start + TOGETHER]
        words = [f"CASE WHEN {trial.is_missing} THEN trim({trial.raw}) END" for trial in some]
        asked = ", ".join(f"list(DISTINCT {word})" for word in words)
        for trial, found in zip(some, con.execute(f"SELECT {asked} FROM raw").fetchone(), strict=True):
            trial.column.missing_words = [word for word in found if word]


def _misfit(trial: Trial) -> str:
    """The cell, where the widest of the ways that were tried gives it no value."""
    values = "".join(f" WHEN ({way.checked(trial.cell)}) IS NOT NULL THEN NULL" for way in trial.tried[-1:])
    nothing = f"WHEN {trial.raw} IS NULL THEN NULL{values} WHEN {trial.is_missing} THEN NULL"
    return f"CASE {nothing} ELSE {trial.raw} END"


def _count(con: Any, trials: Sequence[Trial]) -> list[Counts]:
    """How many cells of each column fit each of the ways that are tried, in one pass over them."""
    values = [part for place, trial in enumerate(trials) for part in _values(trial, place)]
    states = [part for place, trial in enumerate(trials) for part in _states(trial, place)]
    asked = [_counted(trial, place) for place, trial in enumerate(trials)]
    parts = ", ".join(part for parts in asked for part in parts.values())
    inner = f"SELECT {', '.join(states)} FROM (SELECT {', '.join(values)} FROM raw)"
    left = iter(con.execute(f"SELECT count(*), {parts} FROM ({inner})").fetchone())
    rows = next(left)
    return [{"rows": rows} | {name: next(left) for name in parts} for parts in asked]


def _values(trial: Trial, place: int) -> list[str]:
    """Each cell, and its value in each of the ways."""
    values = [f"{way.checked(trial.cell)} AS v{place}_{number}" for number, way in enumerate(trial.tried)]
    return [trial.raw, *values]


def _states(trial: Trial, place: int) -> list[str]:
    """Whether each cell is there; the word where it says nothing; for each way, whether it fits."""
    nothing = f"WHEN {trial.raw} IS NULL THEN NULL"
    ways = [
        f"CASE WHEN v{place}_{number} IS NOT NULL THEN 1 {nothing} WHEN {trial.is_missing} THEN NULL"
        f" WHEN {way.lost(trial.raw)} THEN 2 ELSE 3 END AS s{place}_{number}"
        for number, way in enumerate(trial.tried)
    ]
    fits = f"WHEN v{place}_0 IS NOT NULL THEN NULL" if trial.tried else ""
    word = f"CASE {nothing} {fits} WHEN {trial.is_missing} THEN trim({trial.raw}) END AS word{place}"
    return [f"{trial.raw} AS cell{place}", word, *ways]


def _counted(trial: Trial, place: int) -> dict[str, str]:
    parts = {
        "there": f"count(cell{place})",
        "silent": f"count(word{place})",
        "spoken": f"count(CASE WHEN word{place} <> '' THEN 1 END)",
    }
    if not trial.tried:  # it is text, then
        blanks = f"starts_with(cell{place}, ' ') OR ends_with(cell{place}, ' ')"
        parts["padded"] = f"count(CASE WHEN word{place} IS NULL AND ({blanks}) THEN 1 END)"
    for number in range(len(trial.tried)):
        for name, state in (("fit", 1), ("lost", 2), ("misfit", 3)):
            parts[f"{name}_{number}"] = f"count(CASE WHEN s{place}_{number} = {state} THEN 1 END)"
    return parts


def _judge(trial: Trial, seen: Counts) -> None:
    """Settles the column where some way fits each cell, or where nothing is left to try."""
    trial.seen = seen
    present = seen["there"] - seen["silent"]
    numbers = range(len(trial.tried))
    fitting = [trial.tried[number] for number in numbers if trial.is_forced or _fits(seen, number)]
    trial.fitting = fitting if present else []
    unknown = bool(trial.tried) or (bool(trial.ways) and not trial.cells)
    trial.is_settled = bool(fitting) or not present or not unknown


def _fits(seen: Counts, number: int) -> bool:
    return bool(seen[f"fit_{number}"] and not seen[f"misfit_{number}"])


def take(trial: Trial) -> None:
    """Writes into the column what was found out: `fitting`, and what was `seen`."""
    column, seen = trial.column, trial.seen
    is_blank = seen["there"] - seen["silent"] + seen["spoken"] < seen["rows"]
    column.missing_words = sorted({*column.missing_words, *([""] if is_blank else [])})
    column.text = trial.present if seen["silent"] else trial.raw
    column.sql, column.padded = column.text, seen.get("padded", 0)
    if trial.fitting:
        _accept(trial, trial.fitting[0])
    elif seen["there"] == seen["silent"]:
        column.is_empty, column.why = True, "Every cell is missing"
    else:
        _as_text(trial)


def _accept(trial: Trial, way: Reading) -> None:
    column, seen, number = trial.column, trial.seen, trial.tried.index(way)
    column.type, column.why, column.sql = way.type, way.why, way.written(trial.cell)
    column.habit, column.is_open = way.habit, len({other.habit for other in trial.fitting}) > 1
    if way.note:
        column.notes.append(way.note)
    if lost := seen[f"lost_{number}"]:
        column.notes.append(way.lost_note(lost))
    if trial.is_forced:
        column.why, column.sql = "You chose it", way.checked(trial.cell)
        if misfits := seen[f"misfit_{number}"]:
            column.notes.append(f"{misfits:,} values are {NONE_SUCH[way.type]} and were read as missing")


def _as_text(trial: Trial) -> None:
    column, cells = trial.column, trial.cells
    column.why = "You chose it" if column.kind else "Text"
    numbers = sum(map(readings.is_number, cells))
    if column.kind:
        return
    if any(map(readings.is_code, cells)):
        column.why = "Some values begin with a zero, so they are kept as written"
    elif any(map(readings.is_long, cells)):
        column.notes.append("whole numbers beyond 64 bits; kept as text")
    elif numbers * 2 > len(cells):
        odd = next((cell for cell in cells if not readings.is_number(cell)), "")
        column.notes.append(f"mostly numbers, but also “{odd[:KEPT]}”; kept as text")
    elif sum(map(is_like, cells)) * 2 > len(cells):
        column.notes.append("some values look like dates, but not all have one form; kept as text")
