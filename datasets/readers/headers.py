"""Whether the first row of a table names its columns, or is data already. In the child."""

from collections.abc import Sequence
from itertools import dropwhile

from datasets.readers.cells import is_date, is_missing, is_number, is_value, is_year
from datasets.readers.separators import Row

LONGEST = 60  # letters of a name that stands over words
MOSTLY = 0.9
VOTERS = 500  # columns that are asked


def looks_like_names(first: Row, body: Sequence[Row]) -> bool:
    """Whether the first row names the columns: it differs in kind from what stands below it."""
    if not body or _counts_up(first, body) or _are_years(first, body):
        return True
    votes = sum(
        _vote(cell, [row[place] for row in body if place < len(row)])
        for place, cell in enumerate(first[:VOTERS])
    )
    return votes > 0 or (votes == 0 and _all_words(first))


def _vote(cell: str, below: Sequence[str]) -> int:
    """+1: a name; -1: a value like those below; 0: cannot tell."""
    values = [value.strip() for value in below if not is_missing(value)]
    if not values or is_missing(cell):
        return 0
    if sum(is_value(value) for value in values) > MOSTLY * len(values):
        return -1 if is_value(cell) and not _is_date_over_figures(cell, values) else 1
    if cell.strip() in values:
        return -1
    return 1 if len(set(values)) * 2 <= len(values) else 0


def _is_date_over_figures(cell: str, values: Sequence[str]) -> bool:
    """Whether a date stands over numbers, as the names of a series in time do."""
    return is_date(cell) and not is_number(cell) and not any(is_date(value) for value in values)


def _all_words(row: Row) -> bool:
    cells = [cell.strip() for cell in row]
    words = all(cell and not is_value(cell) and len(cell) <= LONGEST for cell in cells)
    return words and len(set(cells)) == len(cells)


def _counts_up(first: Row, body: Sequence[Row]) -> bool:
    """Names that only count the columns: 0, 1, 2 … over rows that do not."""
    cells = [cell.strip() for cell in first]
    counts = [[str(number) for number in range(start, start + len(cells))] for start in (0, 1)]
    return len(cells) > 2 and cells in counts and not _goes_on(cells, body[0])


def _goes_on(cells: Row, below: Row) -> bool:
    """Whether the next row counts on as well, so that both are data."""
    steps = [_step(cell, under) for cell, under in zip(cells, below, strict=False)]
    return len(set(steps)) == 1 and steps[0] is not None


def _step(cell: str, below: str) -> int | None:
    return int(below) - int(cell) if below.strip().isdecimal() else None


def _are_years(first: Row, body: Sequence[Row]) -> bool:
    """A row of years that rise, after cells that are blank or words, over figures that are no years."""
    left = list(dropwhile(lambda cell: not is_value(cell), first))
    years = [cell for cell in left if cell.strip()]
    start = len(first) - len(left)
    if len(years) < 2 or not start or not all(is_year(year) for year in years):
        return False
    rises = sorted(set(years)) in (years, years[::-1])
    below = [cell for row in body[:50] for cell in row[start:] if cell.strip()]
    return rises and sum(is_year(cell) for cell in below) * 2 < len(below)
