"""Findings of columns that repeat each other. Pure."""

from collections.abc import Mapping, Sequence

from datasets.quality import words
from datasets.quality.facts import Facts, Finding, Same

MOST = 20
HOW = {
    "equal": "It is the same in every row",
    "respelled": "Each of its values stands for one value there",
    "scaled": "It is the same number on another scale",
}


def duplicates(columns: Sequence[Facts], same: Sequence[Same], about: str = "") -> list[Finding]:
    """A finding for each column that repeats another one; the plainer of two is kept."""
    profile = {facts["name"]: facts for facts in columns}
    return [_repeats(*_copy_and_kept(profile, one), one, about) for one in same[:MOST]]


def _copy_and_kept(profile: Mapping[str, Facts], same: Same) -> tuple[str, str]:
    """Numbers are kept rather than words, short words rather than long ones, else the column on the left."""
    first, second = (_burden(profile.get(name, {})) for name in (same.first, same.second))
    return (same.first, same.second) if first > second else (same.second, same.first)


def _burden(facts: Facts) -> tuple[bool, float]:
    top = [str(value) for value, _ in facts.get("top", [])]
    length = sum(map(len, top)) / len(top) if top else 0.0
    return facts.get("type") == "string", length


def _repeats(copy: str, kept: str, same: Same, about: str) -> Finding:
    return Finding(
        "duplicate_columns",
        "warn",
        (copy, kept),
        f"{words.code(copy)} repeats {words.code(kept)}",
        f"{HOW[same.how]}, so it adds nothing and blurs which of the two matters.",
        {"how": same.how, "rows": same.rows},
        words.leave_out([copy]),
        (words.leave_out([kept]),),
        about,
    )
