"""How a file writes numbers and dates: columns that leave it open follow those that do not. In the child."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from datasets.readers import forms
from datasets.readers.readings import DECIMALS, GROUPS, Reading, Style
from datasets.tables import Column, Decision, decision

NAMED = 8  # columns that a sentence names
USUAL = ("NA", "N/A", "NaN", "NULL", "None", "?", "-")
ORDERS = {forms.DAY_FIRST: "day first, as in 31/12/2026", forms.MONTH_FIRST: "month first, as in 12/31/2026"}
PLAIN, POINTS = Style().habit, Style(",", ".").habit
GROUP = 1000  # whole numbers below it need no sign between thousands


class Open(Protocol):
    """A column, the ways that fit each of its cells, the preferred one first, and some of the cells."""

    fitting: list[Reading]
    cells: list[str]


def agree(trials: Sequence[Open]) -> None:
    """Moves the way to the front that columns beside it are sure of, where the first is against theirs."""
    sure = {trial.fitting[0].habit for trial in trials if _is_sure(trial)}
    if not any(habit.startswith(".") for habit in sure) and any(map(_groups_by_points, trials)):
        sure.add(POINTS)
    for trial in trials:
        if trial.fitting and trial.fitting[0].habit not in sure:
            trial.fitting.sort(key=lambda way: way.habit not in sure)


def _is_sure(trial: Open) -> bool:
    """Whether a column shows some habit and could not have another. Plain whole numbers show none."""
    habits = {way.habit for way in trial.fitting}
    return len(habits) == 1 and (habits != {PLAIN} or any("." in cell for cell in trial.cells))


def _groups_by_points(trial: Open) -> bool:
    """Whether points group thousands, as 1.613 does beside 379, though decimals would fit as well.

    Each point stands before three figures, and whole numbers without one are below a thousand.
    """
    if POINTS not in (way.habit for way in trial.fitting) or trial.fitting[0].habit != PLAIN:
        return False
    whole = [re.sub(r"[^0-9]", "", cell) for cell in trial.cells if "." not in cell]
    return 0 < len(whole) < len(trial.cells) and all(int(cell) < GROUP for cell in whole)


def decisions(columns: Sequence[Column], options: Mapping[str, Any] | None = None) -> list[Decision]:
    """What was decided about missing cells, numbers and dates, each with the other choices there are."""
    chosen = options or {}
    return [
        _missing(columns, chosen),
        *_decimals(columns, chosen),
        *_thousands(columns, chosen),
        *_dates(columns, chosen),
        *_days(columns),
    ]


def _missing(columns: Sequence[Column], options: Mapping[str, Any]) -> Decision:
    listed = [*options.get("missing", USUAL)]
    choices = [
        {"value": [*USUAL], "label": f"empty cells and {', '.join(USUAL)}"},
        {"value": [], "label": "empty cells only"},
    ]
    if listed not in (choice["value"] for choice in choices):
        choices.append({"value": listed, "label": f"empty cells and {', '.join(listed)}"})
    more = {"option": "missing", "choices": choices}
    words = sorted({word for column in columns for word in column.missing_words})
    if not words:
        return decision("Missing", "nothing", "no cell is empty or says that it is", **more)
    shown = ", ".join(f"“{word}”" for word in words if word)
    value = ("empty cells" if "" in words else "") + (" and " if "" in words and shown else "") + shown
    return decision("Missing", value, "cells that say nothing", **more)


def _decimals(columns: Sequence[Column], options: Mapping[str, Any]) -> list[Decision]:
    commas = [column for column in columns if column.habit.startswith(",")]
    if not commas and not options.get("decimal") and not _doubted(columns, "BIGINT", "DOUBLE"):
        return []
    sign = "," if commas else options.get("decimal") or "."
    choices = [{"value": mark, "label": words} for mark, words in DECIMALS.items()]
    value = DECIMALS[sign] + (f" in {named(commas)}" if commas else "")
    return [decision("Decimals", value, _why(columns, options, "decimal"), option="decimal", choices=choices)]


def _thousands(columns: Sequence[Column], options: Mapping[str, Any]) -> list[Decision]:
    grouped = [column for column in columns if column.type in ("BIGINT", "DOUBLE") and column.habit[2:]]
    if not grouped and not options.get("thousands"):
        return []
    mark = grouped[0].habit[2:] if grouped else str(options["thousands"])
    choices = [{"value": sign, "label": words} for sign, words in GROUPS.items()]
    value = GROUPS.get(mark, mark) + (f" in {named(grouped)}" if grouped else "")
    return [
        decision("Thousands", value, _why(columns, options, "thousands"), option="thousands", choices=choices)
    ]


def _dates(columns: Sequence[Column], options: Mapping[str, Any]) -> list[Decision]:
    ordered = [column for column in columns if column.habit in ORDERS]
    if not ordered:
        return []
    found = {column.habit for column in ordered}
    value = "; ".join(
        f"{words} ({named([column for column in ordered if column.habit == order])})"
        for order, words in ORDERS.items()
        if order in found
    )
    choices = [{"value": order, "label": words} for order, words in ORDERS.items()]
    return [decision("Dates", value, _why(ordered, options, "dates"), option="dates", choices=choices)]


def _days(columns: Sequence[Column]) -> list[Decision]:
    """Numbers of eight figures that were read as days, and may be numbers after all."""
    found = [column for column in columns if column.habit == forms.FIGURES and not column.kind]
    if not found:
        return []
    kinds = {"datetime": "dates", "integer": "whole numbers"}
    labels = {kind: f"{label} ({named(found)})" for kind, label in kinds.items()}
    choices = [
        {"value": dict.fromkeys([column.name for column in found], kind), "label": label}
        for kind, label in labels.items()
    ]
    why = "every value is a day such as 20261231"
    return [decision("Eight figures", labels["datetime"], why, option="kinds", choices=choices)]


def _why(columns: Sequence[Column], options: Mapping[str, Any], option: str) -> str:
    if options.get(option) is not None:
        return "you chose it"
    types = ("TIMESTAMP",) if option == "dates" else ("BIGINT", "DOUBLE")
    if doubted := _doubted(columns, *types):
        return f"{named(doubted)} could be read in another way too"
    return "every value fits, and no other way does"


def _doubted(columns: Sequence[Column], *types: str) -> list[Column]:
    return [column for column in columns if column.is_open and column.type in types]


def named(columns: Sequence[Column]) -> str:
    """The first of them, and how many more there are."""
    first = ", ".join(f"`{column.name}`" for column in columns[:NAMED])
    return first + (f" and {len(columns) - NAMED:,} more" if len(columns) > NAMED else "")
