"""What a page says of one column: facts in words, a shape as a drawing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from web.templatetags.words import MINUS, count, percent, score

WIDTH, HEIGHT, GAP = 200, 52, 2
BARS = 3
YEARS = 10_000  # whole numbers below may be years, and years have no commas
LONGEST = 1e15  # beyond, a power of ten says more than its digits
MOSTLY = 0.2  # share of missing cells that is worth a mark
KINDS = {
    "integer": ("Whole number", "hash"),
    "number": ("Number", "hash"),
    "category": ("Category", "tag"),
    "boolean": ("Yes or no", "bool"),
    "datetime": ("Date", "clock"),
    "text": ("Text", "text"),
    "identifier": ("Identifier", "key"),
    "constant": ("Constant", "slash"),
}
Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """A column on its card: `shape` is the path of a histogram, `bars` are (value, count, share in words)."""

    name: str
    kind: str
    icon: str
    reason: str
    mark: str
    look: str
    shape: str
    title: str
    bars: list[tuple[str, int, str]]
    facts: Facts


def cards(columns: Sequence[dict[str, Any]], rows: int) -> list[Card]:
    return [card(column, rows) for column in columns]


def card(column: dict[str, Any], rows: int) -> Card:
    label, icon = KINDS.get(column["kind"], (column["kind"], "info"))
    mark, look = _mark(column, rows)
    bars = [] if column["histogram"] and column["kind"] != "integer" else _bars(column, rows)
    if column["histogram"] and len(column["top"]) > BARS:
        bars = []
    return Card(
        name=column["name"],
        kind=label,
        icon=icon,
        reason=column["reason"],
        mark=mark,
        look=look,
        shape="" if bars else path(column["histogram"]),
        title=_title(column),
        bars=bars,
        facts=_facts(column, rows),
    )


def path(histogram: dict[str, Any] | None) -> str:
    """Bars from left to right as one SVG path; the tallest fills the height, any count shows."""
    if not histogram or not any(histogram["counts"]):
        return ""
    counts = histogram["counts"]
    step, most = WIDTH / len(counts), max(counts)
    drawn = []
    for place, found in enumerate(counts):
        tall = max(1.5, (HEIGHT - 2) * found / most) if found else 0
        if tall:
            drawn.append(f"M{place * step + GAP / 2:.4g} {HEIGHT}v-{tall:.3g}h{step - GAP:.4g}v{tall:.3g}z")
    return "".join(drawn)


def _bars(column: dict[str, Any], rows: int) -> list[tuple[str, int, str]]:
    shown = column["top"][:BARS]
    if column["kind"] == "integer":
        shown = sorted(shown, key=lambda pair: int(pair[0]))
    return [(value, found, percent(found / rows)) for value, found in shown] if rows else []


def _mark(column: dict[str, Any], rows: int) -> tuple[str, str]:
    if column["target_reason"]:
        return "Likely target", "accent"
    share = column["missing"] / rows if rows else 0
    if share == 1:
        return "All missing", "warn"
    if share >= MOSTLY:
        return f"{100 * share:.0f} % missing", "warn"
    return (
        ("Renamed", "warn")
        if column["name"] != column["original_name"] and column["original_name"].strip()
        else ("", "")
    )


def _title(column: dict[str, Any]) -> str:
    shape = column["histogram"]
    if not shape:
        return ""
    return f"Distribution of {column['name']}, from {_number(shape['from'])} to {_number(shape['to'])}"


def _facts(column: dict[str, Any], rows: int) -> Facts:
    facts: Facts = []
    if column["min"] is not None and column["kind"] != "boolean":
        facts.append(("Range", f"{_number(column['min'])} to {_number(column['max'])}"))
    if column["quantiles"]:
        facts.append(("Median", _number(column["quantiles"][1])))
    else:
        facts.append(("Values", count(column["unique"])))
        if column["top"]:
            facts.append(("Most common", column["top"][0][0]))
    missing = column["missing"]
    facts.append(("Missing", f"{count(missing)} ({percent(missing / rows)})" if missing else "none"))
    return facts


def _number(value: Any) -> str:
    """Whole numbers in full, others in four digits; dates without a time of zero."""
    if isinstance(value, str):
        return value.removesuffix(" 00:00:00")
    size = abs(value)
    if value == int(value) and size < LONGEST:
        return count(int(value)) if size >= YEARS else str(int(value)).replace("-", MINUS)
    if YEARS <= size < LONGEST:
        return score(value)
    return f"{value:.4g}".replace("-", MINUS)
