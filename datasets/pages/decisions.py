"""How a file was read, as the page shows it: each decision with what else it could have been."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LISTED = 50  # lines and names that the page shows


@dataclass(frozen=True)
class Choice:
    """One way to read: `options` is what choosing it posts."""

    label: str
    options: str
    chosen: bool


@dataclass(frozen=True)
class Decision:
    what: str
    value: str
    why: str
    lines: list[dict[str, Any]]
    names: list[dict[str, Any]]
    more: int = 0
    option: str = ""
    choices: list[Choice] = field(default_factory=list)


def shown(decisions: Sequence[dict[str, Any]], options: dict[str, Any]) -> list[Decision]:
    return [_decision(one, options) for one in decisions]


def _decision(one: dict[str, Any], options: dict[str, Any]) -> Decision:
    lines, names = one.get("lines") or [], one.get("names") or []
    return Decision(
        what=one["what"],
        value=one["value"],
        why=one.get("why", ""),
        lines=lines[:LISTED],
        names=names[:LISTED],
        more=max(0, len(lines) - LISTED, len(names) - LISTED),
        option=one.get("option", ""),
        choices=_choices(one, options),
    )


def _choices(one: dict[str, Any], options: dict[str, Any]) -> list[Choice]:
    name, offered = one.get("option", ""), one.get("choices") or []
    current = _current(one, options)
    return [
        Choice(choice["label"], json.dumps({name: choice["value"]}), choice["value"] == current)
        for choice in offered
    ]


def _current(one: dict[str, Any], options: dict[str, Any]) -> Any:
    """What is chosen now: by the person, or by its words."""
    offered = one.get("choices") or []
    if one.get("option") in options:
        return options[one["option"]]
    return next((choice["value"] for choice in offered if choice["label"] == one["value"]), _NONE)


_NONE = object()  # no choice is this one
