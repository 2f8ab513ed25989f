"""Numbers and names as people read them."""

from __future__ import annotations

from collections.abc import Sequence


def count(number: int, thing: str) -> str:
    """`count(1, "row")` is "1 row", `count(1200, "row")` is "1,200 rows"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names in one phrase: "a, b and c". Beyond `most` the rest is counted."""
    shown = [name if len(name) <= 60 else name[:59] + "…" for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {count(len(names) - most, 'other')}"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def number(value: float) -> str:
    """A score with four significant digits: 0.8358, 53.82, 34,120."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.4g}".replace("-", "−")
