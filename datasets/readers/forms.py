"""The forms of dates: which are tried, in which order, and whether a text may have one. In the child."""

import re
from functools import cache
from itertools import product

DAY_FIRST, MONTH_FIRST, FIGURES = "day_first", "month_first", "figures"
_DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y")
_MONTHS = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y")
_NAMED = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y.%m.%d")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_PARTS = {
    "%d": r"(0?[1-9]|[12]\d|3[01])",
    "%m": r"(0?[1-9]|1[0-2])",
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%H": r"([01]?\d|2[0-3])",
    "%I": r"(0?[1-9]|1[0-2])",
    "%M": r"[0-5]?\d",
    "%S": r"[0-5]?\d",
    "%f": r"\d{1,9}",
    "%p": r"[AaPp][Mm]",
    "%b": r"[A-Za-z]{3}",
    "%B": r"[A-Za-z]{3,9}",
}
_ISO = re.compile(
    r"\d{4}([-/])\d{1,2}\1\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}(:?\d{2})?)?)?"
)
_LIKE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b.*")


def ordered(order: str) -> list[tuple[str, str]]:
    """Every form with what stands first in it ("" where no doubt is possible), the preferred order first."""
    days = [(date, DAY_FIRST) for date in _DAYS]
    months = [(date, MONTH_FIRST) for date in _MONTHS]
    numeric = [*months, *days] if order == MONTH_FIRST else [*days, *months]
    known = [*numeric, *((date, "") for date in _NAMED)]
    return [(date + time, first) for time, (date, first) in product(_TIMES, known)]


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = re.split(r"(%[A-Za-z])", form)
    return re.compile("".join(_PARTS.get(part, re.escape(part)) for part in parts))


def fits(cell: str, form: str) -> bool:
    return _pattern(form).fullmatch(cell) is not None


def is_iso(cell: str) -> bool:
    return _ISO.fullmatch(cell) is not None


def is_like(cell: str) -> bool:
    """Whether a text looks like some date."""
    return _LIKE.fullmatch(cell) is not None
