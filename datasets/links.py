"""Addresses inside a dataset's page: a column of its own, and the rows behind a number. Pure."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

Condition = Sequence[Any]
OPS = {
    "eq": "is",
    "ne": "is not",
    "lt": "is below",
    "le": "is at most",
    "ge": "is at least",
    "gt": "is above",
    "contains": "contains",
    "missing": "is missing",
    "present": "is present",
}
ALONE = ("missing", "present")  # conditions that need no value


def column(version: str, name: str) -> str:
    """The page of a column; `version` is the address of the page of its version."""
    return f"{version}column/?{urlencode({'name': name})}"


def rows(where: Iterable[Condition] = (), **more: str) -> str:
    """The tab of rows, relative to its version, with only those that fit; `more` is sort, q, page."""
    pairs = [("tab", "rows"), *(("where", json.dumps(list(one), ensure_ascii=False)) for one in where)]
    return "?" + urlencode([*pairs, *((name, value) for name, value in more.items() if value)])


def bar(facts: dict[str, Any], place: int) -> list[Condition]:
    """The conditions of the rows that a bar of a histogram counts. Raises IndexError where there is none."""
    shape, name = facts["histogram"] or {"counts": []}, facts["name"]
    bins = len(shape["counts"])
    if not 0 <= place < bins:
        raise IndexError(place)
    low, high = (_edge(shape, place + step) for step in (0, 1))
    return [[name, "ge", low], [name, "le" if place == bins - 1 else "lt", high]]


def same(facts: dict[str, Any], value: str) -> Condition:
    """The condition of the rows with this common value, which profiles write as a word."""
    if facts["type"] == "int64":
        return [facts["name"], "eq", int(value)]
    if facts["type"] == "float64":
        return [facts["name"], "eq", float(value)]
    return [facts["name"], "eq", value == "true" if facts["type"] == "bool" else value]


def edges(shape: dict[str, Any]) -> list[Any]:
    """Where the bars of a histogram begin, and where the last one ends."""
    return [_edge(shape, place) for place in range(len(shape["counts"]) + 1)]


def _edge(shape: dict[str, Any], place: int) -> Any:
    bins, low, high = len(shape["counts"]), shape["from"], shape["to"]
    if place in (0, bins):
        return high if place else low
    if not isinstance(low, str):
        return low + (high / bins - low / bins) * place
    first, last = (datetime.fromisoformat(end).replace(tzinfo=None) for end in (low, high))
    at = first + timedelta(seconds=(last - first).total_seconds() / bins * place)
    return at.isoformat(sep=" ", timespec="seconds")
