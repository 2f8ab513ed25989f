"""The words of findings: names as code, numbers as people read them, and the fixes."""

from collections.abc import Iterable, Sequence
from typing import Any

from datasets.quality.facts import Action

NAMED = 4  # columns that a sentence names
LONGEST = 60  # letters of a name in a sentence


def code(name: str) -> str:
    """The name of a column in backticks."""
    shown = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    return f"`{shown.replace('`', chr(39))}`"


def listed(names: Sequence[str]) -> str:
    """`a`, `b` and `c`; of many, the first few and how many more."""
    shown = [code(name) for name in names[:NAMED]]
    more = len(names) - len(shown)
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return joined(shown)


def joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def percent(share: float) -> str:
    """A share that is neither 0 nor 1 is never told as one of them."""
    if share <= 0 or share >= 1:
        return "0 %" if share <= 0 else "100 %"
    return f"{min(max(share * 100, 0.1), 99.9):.1f} %"


def ratio(value: float) -> str:
    """A score from 0 to 1 in three digits; what is short of 1 is not told as 1."""
    return "1" if value >= 1 else f"{min(value, 0.999):.3f}"


def rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def number(value: float) -> str:
    """A number of four digits, whole ones in full."""
    return f"{int(value):,}" if value == int(value) and abs(value) < 1e15 else f"{value:.4g}"


def leave_out(names: Sequence[str]) -> Action:
    """The fix that makes a version without these columns."""
    label = f"Leave out {names[0][:LONGEST]}" if len(names) == 1 else f"Leave out {_how_many(len(names))}"
    return {"label": label, "options": {"drop": list(names)}}


def _how_many(count: int) -> str:
    return "both" if count == 2 else f"{count:,} columns"


def read_as(names: Iterable[str], kind: str, words: str) -> Action:
    """The fix that reads columns as another kind."""
    return {"label": words, "options": {"kinds": dict.fromkeys(names, kind)}}


def see(label: str, where: Sequence[Sequence[Any]] = (), sort: str = "") -> Action:
    """A look at the rows."""
    return {"label": label, "rows": {"where": [list(part) for part in where], "sort": sort}}
