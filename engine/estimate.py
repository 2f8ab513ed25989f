"""What a run will take, before it starts: seconds and memory from what is known of the table's columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, comb
from typing import Any

from engine.choices.columns import Kind
from engine.choices.parts import most_kept_aside, never_learned
from engine.spec import RunSpec

Column = Mapping[str, Any]

# Measured, as what learners cost, on one core of a server of 2024 (3 GHz): diamonds, housing and 200,000
# made rows with 15 numbers and 5 words, from reading to report.
_START, _EACH_FIT = 0.06, 0.015
_READ = {"numeric": 2e-8, "categorical": 1.5e-7, "date": 1e-7, "text": 3e-7}
_PREPARED = {"numeric": 1e-7, "categorical": 5e-7, "date": 5e-7, "text": 5e-6}
_SCORED, _MOST_SCORED = 3e-6, 0.3
_PROCESS = 300_000_000
_HELD = {"numeric": 16, "categorical": 32, "date": 24, "text": 200}
_COPIES = 2.5
_PARTS_OF_ROWS = 1.4
"""The share of all training rows that 10, 20, 40 and 70 % of them are together."""

_KINDS: dict[str, Kind] = {
    "integer": "numeric",
    "number": "numeric",
    "datetime": "date",
    "category": "categorical",
    "boolean": "categorical",
    "text": "text",
}


@dataclass(frozen=True)
class Estimate:
    """`rows` are those to learn from, `columns` what the model gets of them."""

    seconds: float
    memory_bytes: int
    rows: int
    columns: int


@dataclass(frozen=True)
class _Table:
    """The columns that are used by kind, each with its number of different values."""

    rows: int
    uniques: tuple[tuple[Kind, int], ...]
    classes: int

    def times(self, by_kind: Mapping[str, float]) -> float:
        """A sum over the columns of what one value of each kind takes."""
        return sum(by_kind[kind] for kind, _ in self.uniques)


def estimate(spec: RunSpec, columns: Iterable[Column], rows: int, speed: float = 1.0) -> Estimate:
    """What a run of `spec` roughly takes, good to a factor of 3.

    `columns` are as a version's profile knows them: `name`, `kind`, `unique`, `missing`. `speed` is how much
    faster the machine is than the one of the constants; 2.0 halves the seconds.
    """
    table = _table(spec, columns, rows)
    width = _width(spec, table)
    learned = max(1, round(table.rows * (1 - most_kept_aside(spec.split))))
    seconds = _START + table.rows * table.times(_READ)
    for fits, learn, asked in _fits(spec, table.rows, learned):
        seconds += fits * _one_fit(spec, table, width, learn, asked)
    if table.classes:
        seconds += min(_MOST_SCORED, _SCORED * table.rows)
    return Estimate(round(seconds / speed, 2), _memory(spec, table, width, learned), learned, width)


def _table(spec: RunSpec, columns: Iterable[Column], rows: int) -> _Table:
    by_name = {column["name"]: column for column in columns}
    target = by_name.get(spec.target, {})
    unused = {spec.target, *spec.columns.drop, *never_learned(spec.split, spec.validation)}
    used = [(_kind(spec, column), column) for name, column in by_name.items() if name not in unused]
    return _Table(
        rows=max(1, rows - int(target.get("missing") or 0)),
        uniques=tuple((kind, int(column.get("unique") or 1)) for kind, column in used if kind),
        classes=max(2, int(target.get("unique") or 2)) if spec.task == "classification" else 0,
    )


def _kind(spec: RunSpec, column: Column) -> Kind | None:
    """What the column is read as; None where it is left out."""
    chosen = spec.columns.kinds.get(column["name"])
    kind = chosen or _KINDS.get(column["kind"])
    if (kind == "date" and not spec.features.dates) or (
        kind == "text" and not (chosen or spec.features.text)
    ):
        return None
    return kind


def _width(spec: RunSpec, table: _Table) -> int:
    """How many columns the model gets."""
    wide = {"numeric": _numbers_wide(spec, table), "date": 9.0, "text": _text_wide(spec)}
    made = sum(
        _words_wide(spec, unique) if kind == "categorical" else wide[kind] for kind, unique in table.uniques
    )
    made += len(spec.features.interactions) + len(spec.features.ratios) + len(spec.features.differences)
    made += len(spec.features.logs) + len(spec.features.group_means)
    kept = [step for step in (spec.features.pca and spec.features.pca.n_components, _selected(spec)) if step]
    return max(1, round(min([made, *kept])))


def _selected(spec: RunSpec) -> int | None:
    chosen = spec.features.selection
    return chosen.k if chosen and chosen.method != "variance" else None


def _numbers_wide(spec: RunSpec, table: _Table) -> float:
    """How many columns one of numbers becomes, on average."""
    numbers = max(1, sum(kind == "numeric" for kind, _ in table.uniques))
    wide = 2.0 if spec.preprocessing.numeric.indicator else 1.0
    if powers := spec.features.polynomial:
        chosen = len(powers.columns) or numbers
        wide += (comb(chosen + powers.degree, powers.degree) - 1 - chosen) / numbers
    if bins := spec.features.bins:
        wide += bins.n_bins * (len(bins.columns) or numbers) / numbers
    return wide


def _words_wide(spec: RunSpec, unique: int) -> float:
    """How many columns one of words becomes; words that are rare are taken together."""
    words = spec.preprocessing.categorical
    if words.encode == "one_hot":
        return min(unique, 1 / words.min_frequency if words.min_frequency else unique)
    return words.hash_width if words.encode == "hashing" else 1


def _text_wide(spec: RunSpec) -> float:
    text = spec.features.text
    return 2000.0 if text is None else float(text.svd or text.max_features)


def _fits(spec: RunSpec, rows: int, learned: int) -> list[tuple[float, int, int]]:
    """How often it is fitted, on how many rows, and how many rows each then answers."""
    asked = rows - learned
    fits: list[tuple[float, int, int]] = [(1, learned, rows)]
    folds = getattr(spec.validation, "folds", 0)
    if folds and spec.validation.kind == "time":
        fits.append((folds, learned // 2, learned // (folds + 1)))
    elif folds:
        repeats = getattr(spec.validation, "repeats", 1)
        fits.append((folds * repeats, learned * (folds - 1) // folds, ceil(learned / folds)))
    if spec.evaluation.data_sizes:
        fits.append((4, round(learned * _PARTS_OF_ROWS / 4), asked))
    return fits


def _one_fit(spec: RunSpec, table: _Table, width: int, learn: int, asked: int) -> float:
    learn, asked = max(1, learn), max(1, asked)
    prepared = (learn + asked / 2) * table.times(_PREPARED)
    fit = spec.model.cost(spec.task, learn, width, table.classes).seconds
    return _EACH_FIT + prepared + fit + spec.model.answer_seconds(learn, asked, width, table.classes)


def _memory(spec: RunSpec, table: _Table, width: int, learned: int) -> int:
    one = 4 if spec.model.takes_float32 else 8
    prepared = _COPIES * table.rows * width * one
    if spec.model.takes_sparse and width > len(table.uniques):
        # Wide tables of words are sparse: a number, its place and its row for each column there was.
        prepared = min(prepared, _COPIES * table.rows * 16 * len(table.uniques))
    own = spec.model.cost(spec.task, learned, width, table.classes).bytes
    return round(_PROCESS + table.rows * table.times(_HELD) + prepared + own)
