"""What a page says of one column: facts in words, a shape as a drawing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.templatetags.words import MINUS, count, percent, score

WIDTH, HEIGHT, GAP = 200, 52, 2
TINY = (56, 16)
PERCENTILES = (5, 25, 50, 75, 95)
ESTIMATES = {"unique": "how many values differ", "quantiles": "the percentiles"}
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
    "image": ("Picture", "image"),
}
Facts = list[tuple[str, str]]
Marks = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """A column on its card: `shape` is the path of a histogram of `bins`, `bars` are its common values.

    `place` is where it stands in its version.
    """

    name: str
    place: int
    kind: str
    icon: str
    reason: str
    mark: str
    look: str
    shape: str
    bins: int
    title: str
    bars: "list[Bar]"
    facts: Facts


@dataclass(frozen=True)
class Bar:
    """One common value; `place` is how many are more common."""

    value: str
    count: int
    share: str
    place: int


def cards(
    columns: Sequence[dict[str, Any]], rows: int, start: int = 0, marks: Marks | None = None
) -> list[Card]:
    """A card for each. `start` is the place of the first, `marks` are what findings say of some by name."""
    return [card(column, rows, place=place, marks=marks) for place, column in enumerate(columns, start)]


def card(column: dict[str, Any], rows: int, *, place: int = 0, marks: Marks | None = None) -> Card:
    label, icon = KINDS.get(column["kind"], (column["kind"], "info"))
    mark, look = (marks or {}).get(column["name"]) or _mark(column, rows)
    bars = [] if column["histogram"] and column["kind"] != "integer" else _bars(column, rows)
    if column["histogram"] and len(column["top"]) > BARS:
        bars = []
    return Card(
        name=column["name"],
        place=place,
        kind=label,
        icon=icon,
        reason=column["reason"],
        mark=mark,
        look=look,
        shape="" if bars else path(column["histogram"]),
        bins=len((column["histogram"] or {"counts": ()})["counts"]),
        title=_title(column),
        bars=bars,
        facts=_facts(column, rows),
    )


def path(histogram: dict[str, Any] | None) -> str:
    """Bars from left to right as one SVG path; the tallest fills the height, any count shows."""
    return _path(histogram["counts"], WIDTH, HEIGHT) if histogram else ""


def tiny(column: dict[str, Any]) -> str:
    """The distribution of a column for the head of a table: of its numbers, else of its common values."""
    shape = column["histogram"]
    return _path(shape["counts"] if shape else [found for _, found in column["top"]], *TINY)


def _path(counts: Sequence[float], width: int, height: int) -> str:
    if not any(counts):
        return ""
    step, most = width / len(counts), max(counts)
    gap = min(GAP, step / 4)
    drawn = []
    for place, found in enumerate(counts):
        tall = max(1, round((height - 2) * found / most)) if found else 0
        if tall:
            drawn.append(f"M{place * step + gap / 2:.4g} {height}v-{tall}h{step - gap:.4g}v{tall}z")
    return "".join(drawn)


def _bars(column: dict[str, Any], rows: int) -> list[Bar]:
    common = [
        Bar(value, found, percent(found / (rows or 1)), at) for at, (value, found) in enumerate(column["top"])
    ]
    shown = common[:BARS]
    return sorted(shown, key=lambda bar: int(bar.value)) if column["kind"] == "integer" else shown


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
    return f"Distribution of {column['name']}, from {number(shape['from'])} to {number(shape['to'])}"


def _facts(column: dict[str, Any], rows: int) -> Facts:
    facts: Facts = []
    if column["min"] is not None and column["kind"] != "boolean":
        facts.append(("Range", f"{number(column['min'])} to {number(column['max'])}"))
    if column["quantiles"]:
        facts.append(("Median", number(column["quantiles"][1])))
    else:
        facts.append(("Values", count(column["unique"])))
        if column["top"]:
            facts.append(("Most common", column["top"][0][0]))
    facts.extend(_of_pictures(column.get("pictures") or {}))
    missing = column["missing"]
    facts.append(("Missing", f"{count(missing)} ({percent(missing / rows)})" if missing else "none"))
    return facts


def _of_pictures(found: dict[str, Any]) -> Facts:
    """How large most pictures are, and what the files were."""
    if not found:
        return []
    width, height = (number(found[side]["median"]) for side in ("widths", "heights"))
    return [("Median size", f"{width} × {height}"), ("Files", ", ".join(found["formats"]))]


def more(column: dict[str, Any]) -> Facts:
    """What the card has no room for: mean, spread, percentiles, lengths of text, pictures, examples."""
    found = [("Mean", column.get("mean")), ("Standard deviation", column.get("std"))]
    facts = [(label, number(value)) for label, value in found if value is not None]
    below = zip(PERCENTILES, column.get("percentiles") or [], strict=False)
    facts += [(f"{at} % are below", number(value)) for at, value in below]
    if column["quantiles"]:
        facts.append(("Different values", count(column["unique"])))
    ends = zip(("Shortest", "Mean length", "Longest"), column.get("lengths") or [], strict=False)
    facts += [(label, f"{number(round(length, 1))} signs") for label, length in ends]
    if column.get("estimated"):
        facts.append(("Estimated", ", ".join(ESTIMATES.get(name, name) for name in column["estimated"])))
    return [*facts, *_pictures(column), *_examples(column)]


def _pictures(column: dict[str, Any]) -> Facts:
    """How far the sizes of pictures go, and in what colours they came."""
    pictures = column.get("pictures") or {}
    sides = [
        (label, f"{number(pictures[side]['min'])} to {number(pictures[side]['max'])} px")
        for label, side in (("Width", "widths"), ("Height", "heights"))
        if pictures.get(side)
    ]
    modes = ", ".join(f"{name} ({count(found)})" for name, found in pictures.get("modes", {}).items())
    return [*sides, ("Colours", modes)] if modes else sides


def _examples(column: dict[str, Any]) -> Facts:
    """As the rows show them: a number without a fraction has no point."""
    end = ".0" if column["type"] == "float64" else " 00:00:00"
    shown = [one.removesuffix(end) for one in column.get("examples") or []]
    return [("Examples", ", ".join(shown))] if shown else []


def number(value: Any) -> str:
    """As cards write it: whole numbers in full, others in four digits; dates without a time of zero."""
    if isinstance(value, str):
        return value.removesuffix(" 00:00:00")
    size = abs(value)
    if value == int(value) and size < LONGEST:
        return count(int(value)) if size >= YEARS else str(int(value)).replace("-", MINUS)
    if YEARS <= size < LONGEST:
        return score(value)
    return f"{value:.4g}".replace("-", MINUS)
