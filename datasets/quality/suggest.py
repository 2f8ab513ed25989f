"""Which columns are likely the answer, and why. Pure."""

from collections.abc import Iterable, Sequence

from datasets.quality.facts import ANSWERS, Facts
from datasets.quality.spellings import parts

MOST = 5
CLASSES = range(2, 21)
NAMES = (
    *("target", "label", "outcome", "response", "y_true", "survived", "churn", "churned", "default"),
    *("diagnosis", "species", "quality", "rating", "score", "price", "sales", "income", "revenue"),
    *("mpg", "result", "class"),
)
"""Names that answers often have, the surest first."""
ENDS = ("_target", "_label", "_outcome", "_class", "_price", "_value")
CALENDAR = frozenset(
    ("year", "month", "week", "weekday", "day", "hour", "minute", "second", "date", "time", "quarter")
)

Suggestion = tuple[str, str]


def suggested(columns: Sequence[Facts]) -> list[Suggestion]:
    """(name, reason) of the columns that people most likely want to predict, the likeliest first."""
    fit = [facts for facts in columns if facts["kind"] in ANSWERS and not _is_calendar(facts["name"])]
    fit = fit or [facts for facts in columns if facts["kind"] in ANSWERS]
    found: dict[str, str] = {}
    for name, reason in [*_by_name(fit), *_by_place(fit), *_by_values(fit)]:
        found.setdefault(name, reason)
    return list(found.items())[:MOST]


def _is_calendar(name: str) -> bool:
    words = parts(name)
    return bool(words) and set(words) <= CALENDAR


def _by_name(fit: Sequence[Facts]) -> Iterable[Suggestion]:
    named = sorted((place, at) for at, facts in enumerate(fit) if (place := _place(facts)) is not None)
    return [(fit[at]["name"], "By its name, this is what people mostly want to know") for _, at in named]


def _place(facts: Facts) -> int | None:
    """How early the name stands among those that answers often have; None where it does not."""
    name = facts["name"].lower()
    if name in NAMES:
        return NAMES.index(name)
    return len(NAMES) if name.endswith(ENDS) else None


def _by_place(fit: Sequence[Facts]) -> Iterable[Suggestion]:
    edges = (fit[-1], fit[0]) if fit else ()
    few = [facts for facts in edges if facts["unique"] in CLASSES and facts["kind"] != "number"]
    found = [(facts["name"], "It stands at the edge and has few values") for facts in few]
    return [*found, *((facts["name"], "It is the last column") for facts in fit[-1:])]


def _by_values(fit: Sequence[Facts]) -> Iterable[Suggestion]:
    few = [facts for facts in fit if facts["unique"] in CLASSES and facts["kind"] != "number"]
    return [(facts["name"], f"Its {facts['unique']} values can be told apart as classes") for facts in few]
