"""Findings as the page shows them: words, evidence, and what one click does about each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from datasets import links
from datasets.pages import evidence

LOOKS = {"bad": ("bad", "alert"), "warn": ("warn", "alert"), "info": ("info", "info")}


@dataclass(frozen=True)
class Action:
    """A button that posts `options`, or a link to rows."""

    label: str
    options: str = ""
    href: str = ""


@dataclass(frozen=True)
class Finding:
    anchor: str
    look: str
    drawing: str
    title: str
    detail: str
    evidence: evidence.Facts
    actions: list[Action]


def shown(findings: Sequence[dict[str, Any]]) -> list[Finding]:
    """In their order, which is that of danger."""
    return [_finding(one) for one in findings]


def _finding(one: dict[str, Any]) -> Finding:
    look, drawing = LOOKS.get(one["severity"], LOOKS["info"])
    offered = [one.get("action"), *(one.get("more") or [])]
    return Finding(
        anchor=anchor(one["id"]),
        look=look,
        drawing=drawing,
        title=one["title"],
        detail=one["detail"],
        evidence=evidence.shown(one),
        actions=[_action(action) for action in offered if action],
    )


def anchor(identity: str) -> str:
    """finding-leak-alive, for the finding leak:alive."""
    return "finding-" + "".join(sign if sign.isalnum() else "-" for sign in identity)


def _action(action: dict[str, Any]) -> Action:
    rows = action.get("rows")
    if rows is None:
        return Action(action["label"], options=json.dumps(action["options"]))
    return Action(action["label"], href=links.rows(rows.get("where") or (), sort=rows.get("sort") or ""))


def of_column(findings: Sequence[dict[str, Any]], name: str) -> list[Finding]:
    return shown([one for one in findings if name in one["columns"]])


def marks(findings: Sequence[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """What the worst finding of each column says on its card: a word and a look."""
    found: dict[str, tuple[str, str]] = {}
    for one in findings:
        word = _MARKS.get(one["kind"])
        if word:
            for name in one["columns"]:
                found.setdefault(name, (word, LOOKS.get(one["severity"], LOOKS["info"])[0]))
    return found


_MARKS = {
    "leak": "Leak",
    "after": "Known later",
    "strong": "Strong",
    "duplicate_columns": "Repeat",
    "personal": "Personal",
}
