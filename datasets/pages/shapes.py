"""How the most telling columns look beside the answer: a small drawing for each class, or of its mean."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasets import cards, links
from datasets.quality.words import number
from web.templatetags.words import count

COLUMNS, COLOURS = 6, 4


@dataclass(frozen=True)
class Drawn:
    """One distribution: `path` is its bars, `colour` the place of its class, `said` what it shows."""

    label: str
    path: str
    colour: int
    said: str


@dataclass(frozen=True)
class Shape:
    """One column: `span` are its ends, or its values from left to right."""

    name: str
    href: str
    span: str
    drawings: list[Drawn]


def shapes(body: Mapping[str, Any], base: str, without: Collection[str] = ()) -> list[Shape]:
    """Of what is known of an answer; `base` is the address of the version, `without` are columns left out."""
    drawn = [
        Shape(one["column"], links.column(base, one["column"]), _span(one), _drawings(one, body["target"]))
        for one in body.get("shapes") or []
        if one["column"] not in without
    ]
    return [shape for shape in drawn if shape.drawings][:COLUMNS]


def _span(shape: Mapping[str, Any]) -> str:
    if "labels" in shape:
        return ", ".join(shape["labels"])
    return " to ".join(end if isinstance(end, str) else number(end) for end in (shape["from"], shape["to"]))


def _drawings(shape: Mapping[str, Any], target: str) -> list[Drawn]:
    if "means" in shape:
        known = [mean for mean in shape["means"] if mean is not None]
        said = f"{number(min(known))} to {number(max(known))}" if known else ""
        return [Drawn(f"mean {target}", _of_means(shape["means"]), 0, said)] if known else []
    return [
        Drawn(label, cards.path({"counts": counts}), place % COLOURS, f"{count(sum(counts))} rows")
        for place, (label, counts) in enumerate(shape["counts"].items())
        if any(counts)
    ]


def _of_means(means: Sequence[float | None]) -> str:
    """Bars from 0, or from the least mean where that is below; none where no row is."""
    known = [mean for mean in means if mean is not None]
    floor = min(0.0, *known)
    return cards.path({"counts": [0.0 if mean is None else mean - floor for mean in means]})
