"""How things are spelled: numbers, dates, names of columns, words for "missing". Pure."""

import re
from collections.abc import Iterable

NUMBER = re.compile(r"[+-]?([0-9]{1,15}([.,][0-9]*)?|[.,][0-9]+)%?")
DATE_LIKE = re.compile(
    r"([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2}))"
    r"([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?Z?)?"
    r"|[0-9]{1,2}[ -][A-Za-z]{3,9}[ -,]{1,2}[0-9]{2,4}|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4}"
)
_WHO = (
    *("patient", "customer", "client", "user", "person", "subject", "member", "student", "employee"),
    *("household", "account", "device", "session", "machine", "participant", "driver", "store", "shop"),
)
ENTITY = re.compile(
    rf"(^|[_ .-])(id|uuid|guid)$|[a-z](Id|ID|UUID)$|^({'|'.join(_WHO)})([_ .-]?(id|no|nr|number|code|key))?$",
)
"""Names of columns that tell who or what a row is about."""

WORDS = frozenset(
    (
        *(
            "?",
            "??",
            "-",
            "--",
            "---",
            ".",
            "..",
            "*",
            "/",
            "n/a",
            "n.a.",
            "n.a",
            "na",
            "#n/a",
        ),
        *("none", "null", "nil", "nan", "missing", "unknown", "unk", "undefined", "unspecified", "blank"),
        *("(blank)", "(none)", "empty", "(empty)", "not available", "not applicable", "not specified"),
        *("not known", "no data", "no answer", "no value", "tbd", "to be determined", "k.a.", "keine angabe"),
    )
)
"""Words that may stand for "missing", in small letters."""
CROSSES = frozenset(("x", "xx", "xxx"))
"""The same, but only among numbers: elsewhere they may be a class like any other."""

NUMBERS = (-1, -9, -99, -999, -9999, 9, 99, 999, 9999, 99999, 999999, 0)
DATES = ("1900-01-01", "1899-12-30", "1899-12-31", "1970-01-01", "2099-12-31", "2999-12-31", "9999-12-31")


def parts(name: str) -> list[str]:
    """The words of a column's name, in small letters: closedAt and closed_at are closed, at."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [part for part in re.split(r"[^a-z0-9]+", apart.lower()) if part]


def ends_with(name: str, endings: Iterable[tuple[str, ...]]) -> bool:
    """Whether the last words of a name are one of these."""
    words = tuple(parts(name))
    return any(words[-len(ending) :] == ending for ending in endings)
