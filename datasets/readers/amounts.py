"""Numbers with a sign of money or of percent, as bookkeepers and spreadsheets write them. In the child."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from datasets.readers.cells import AMOUNT
from datasets.readers.readings import BLANKS, Number, Reading, Style, Whole
from datasets.tables import literal

PERCENT = "%"


@dataclass(frozen=True)
class Amount(Reading):
    """A number with `mark` before or behind it: 34 for 34%, 9418.33 for $9,418.33.

    A mark of money may be left out of some cells, and a mark may be "" where `brackets` alone are unusual:
    around a number they make it negative. `whole`: the person wants whole numbers.
    """

    style: Style
    mark: str
    brackets: bool = False
    whole: bool = False

    @property
    def type(self) -> str:
        return "BIGINT" if self.whole else "DOUBLE"

    @property
    def why(self) -> str:
        return "Every value is a percentage" if self.mark == PERCENT else "Every value is an amount"

    @property
    def note(self) -> str:
        unit = "percent: 34% is 34" if self.mark == PERCENT else f"written with {self.mark}"
        brackets = "numbers in brackets are negative" if self.brackets else ""
        return "; ".join(part for part in (unit if self.mark else "", brackets, self.style.words) if part)

    @property
    def habit(self) -> str:
        return self.style.habit

    @property
    def pattern(self) -> str:
        """What a whole cell matches."""
        decimal, gap, mark = re.escape(self.style.decimal), f"[{BLANKS}]?", re.escape(self.mark)
        sign = BLANKS if self.style.thousands == " " else re.escape(self.style.thousands)
        groups = f"[1-9][0-9]{{0,2}}([{sign}][0-9]{{3}})+|" if sign else ""
        figure = f"(({groups}0|[1-9][0-9]*)({decimal}[0-9]*)?|{decimal}[0-9]+)"
        before = f"([+-]?{mark}{gap[: -1 if self.mark[-1:].isalpha() else None]})?"
        behind = f"{gap}{mark}" if self.mark == PERCENT else f"({gap}{mark})?"
        if not self.mark or self.mark == PERCENT:
            before = ""
        bare = f"[+-]?{figure}{behind}"
        return f"{before}({bare}|[(]{before}{bare}[)])" if self.brackets else f"{before}{bare}"

    def is_evident(self, cells: Sequence[str]) -> bool:
        return self.style.is_evident([cell.replace(self.mark, "").strip(f"()+-{BLANKS}") for cell in cells])

    def could_be(self, cell: str) -> bool:
        return re.fullmatch(self.pattern, cell) is not None

    def checked(self, cell: str) -> str:
        bare = f"replace(trim({cell}), {literal(self.mark)}, '')" if self.mark else f"trim({cell})"
        plain = self.style.plain(f"translate({bare}, {literal('()' + BLANKS)}, '-')")
        value = f"TRY_CAST({plain} AS DOUBLE)"
        wanted = f"{value} = floor({value})" if self.whole else f"isfinite({value})"
        fits = f"regexp_full_match(trim({cell}), {literal(self.pattern)})"
        return f"CASE WHEN {fits} AND {wanted} THEN TRY_CAST({value} AS {self.type}) END"


def of(cells: Sequence[str], ways: Sequence[Reading], *, forced: bool) -> list[Reading]:
    """The amounts that cells may be, in the styles of `ways`. Where not `forced`, each cell looks like one.

    None where no cell has a mark or brackets, or where marks differ.
    """
    styles = dict.fromkeys(way.style for way in ways if isinstance(way, Whole | Number))
    marks: Counter[str] = Counter()
    for cell in cells if styles else ():
        found = AMOUNT.fullmatch(cell)
        if found is None and not forced:
            return []
        marks[next(filter(None, found.groups()), "") if found else ""] += 1
    units = [mark for mark, _ in marks.most_common() if mark]
    brackets = any(cell.endswith(")") for cell in cells)
    if (len(units) > 1 and not forced) or not (units or brackets):
        return []
    whole = forced and ways[0].type == "BIGINT"
    return [Amount(style, units[0] if units else "", brackets, whole) for style in styles]
