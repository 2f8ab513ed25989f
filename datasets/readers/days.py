"""Days as numbers of eight figures, such as 20240131, where nothing else is meant by them. In the child."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from datasets.readers.forms import FIGURES
from datasets.readers.readings import Moment, Number, Reading, Whole
from datasets.tables import literal

DIFFERENT, MONTHS = 20, 3  # so many days in so many months are no accident, whatever their column is called
PATTERN = "(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_PATTERN = re.compile(PATTERN)
_DATE = re.compile(r"date|datum|fecha|birth|geburt|yyyymmdd|ymd")
_DATES = frozenset({"day", "days", "dt", "dob", "jour", "tag", "dia", "data", "giorno", "dag"})
_CODES = frozenset({"id", "ids", "uuid", "key", "code", "no", "nr", "num", "number", "ref", "sku", "zip"})
_CODES |= {
    "amount",
    "price",
    "cost",
    "total",
    "sum",
    "value",
    "count",
    "qty",
    "quantity",
    "balance",
    "salary",
}
_CODES |= {"phone", "tel", "serial", "revenue", "sales", "income", "population", "plz", "betrag", "preis"}
_THINGS = frozenset({"invoice", "order", "ticket", "account", "customer", "client", "user", "case", "item"})


@dataclass(frozen=True)
class Day(Moment):
    """A day of the years 1900 to 2099; `named`: the column says that it holds dates."""

    form: str = "%Y%m%d"
    order: str = FIGURES
    named: bool = False

    def implies(self, other: Reading) -> bool:
        return isinstance(other, Whole | Number)

    def is_evident(self, cells: Sequence[str]) -> bool:
        return self.named or (len(cells) >= DIFFERENT and len({cell[:6] for cell in cells}) >= MONTHS)

    def could_be(self, cell: str) -> bool:
        if _PATTERN.fullmatch(cell) is None:
            return False
        try:
            return bool(date(int(cell[:4]), int(cell[4:6]), int(cell[6:])))
        except ValueError:
            return False

    def checked(self, cell: str) -> str:
        value = f"try_strptime(trim({cell}), {literal(self.form)})"
        return f"CASE WHEN regexp_full_match(trim({cell}), {literal(PATTERN)}) THEN {value} END"


def of(name: str) -> list[Reading]:
    """The way to read such days in a column of this name; none where it may hold codes or amounts."""
    words = set(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()))
    if words & _CODES:
        return []
    named = bool(words & _DATES) or _DATE.search(name.lower()) is not None
    return [Day(named=named)] if named or not words & _THINGS else []
