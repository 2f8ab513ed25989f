"""Findings of the answer itself: rare classes, imbalance, a long tail. Pure."""

from collections.abc import Mapping
from typing import Any

from datasets.quality import words
from datasets.quality.facts import Finding, Severity, Target

TINY = 10
"""Rows of a class below which folds and test hold one or two of it, and its score is chance."""
UNEVEN, VERY_UNEVEN = 4.0, 99.0
"""The largest class to the smallest: Google's course on imbalanced data calls a minority of 1 to 20 percent
moderate (4 to 1 and beyond) and one below 1 percent extreme."""
SKEWED = 2.0
"""Skewness beyond which a few large values rule the squared error; an exponential distribution has 2."""


def findings(target: Target) -> list[Finding]:
    if target.task == "regression":
        return _skewed(target)
    return [*_tiny(target), *_uneven(target)] if len(target.counts) > 1 else []


def _tiny(target: Target) -> list[Finding]:
    tiny = {name: count for name, count in target.counts if count < TINY}
    if not tiny:
        return []
    name = words.code(target.name)
    which = words.joined([f"“{value}” ({count})" for value, count in list(tiny.items())[: words.NAMED]])
    many = len(tiny) - words.NAMED
    rest = f" and {many:,} more" if many > 0 else ""
    several = "1 class" if len(tiny) == 1 else f"{len(tiny):,} classes"
    title = f"{several} of {name} {'has' if len(tiny) == 1 else 'have'} hardly any rows"
    detail = (
        f"Fewer than {TINY} rows: {which}{rest}. Such a class can be missing from a fold or the test, and"
        " what is measured of it is chance. Collect more of it, join it with another, or leave its rows out."
    )
    look = words.see("See the rows", [[target.name, "eq", next(iter(tiny))]])
    return [_found(target, "tiny_classes", "warn", title, detail, dict(list(tiny.items())[:20]), look)]


def _uneven(target: Target) -> list[Finding]:
    (most, largest), (least, smallest) = target.counts[0], target.counts[-1]
    times = largest / smallest
    if times < UNEVEN:
        return []
    share = largest / target.rows
    title = f"The classes of {words.code(target.name)} are uneven"
    detail = (
        f"“{most}” has {largest / smallest:,.0f} times as many rows as “{least}”. Always answering “{most}” "
        f"is right in {words.percent(share)} of the rows, so accuracy says little: rank runs by balanced"
        " accuracy, F1 or ROC AUC."
    )
    evidence = {most: largest, least: smallest, "times": round(times, 2)}
    return [_found(target, "imbalance", "warn" if times >= VERY_UNEVEN else "info", title, detail, evidence)]


def _skewed(target: Target) -> list[Finding]:
    if abs(target.skewness) <= SKEWED:
        return []
    side, end = ("right", "large") if target.skewness > 0 else ("left", "small")
    title = f"{words.code(target.name)} has a long tail to the {side}"
    detail = (
        f"A few very {end} values rule the squared error. Look at the mean absolute error beside it, and"
        " whether those rows belong here."
    )
    sort = f"-{target.name}" if target.skewness > 0 else target.name
    look = words.see("See them", sort=sort)
    evidence = {"skewness": round(target.skewness, 3)}
    return [_found(target, "skewed_target", "info", title, detail, evidence, look)]


def _found(
    target: Target, kind: str, severity: Severity, title: str, detail: str, *rest: Mapping[str, Any]
) -> Finding:
    evidence, action = (*rest, None)[:2]
    fix = dict(action) if action else None
    return Finding(kind, severity, (target.name,), title, detail, evidence or {}, fix, about=target.name)
