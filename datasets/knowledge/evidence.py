"""What the rows show, column by column: disguises, mixtures, groups, order, people. In the child."""

from collections.abc import Iterator
from typing import Any

from datasets.knowledge import people
from datasets.knowledge.sample import NUMERIC, Cells, Sample
from datasets.quality.facts import Groups, Later, Mixed, Ordered, Personal
from datasets.quality.spellings import DATE_LIKE, ENTITY, NUMBER

MIXED_FROM, MIXED_TO = 0.05, 0.995  # shares of numbers among the cells of a text
DATES = 0.9
SHOWN = 3
REPEATED = 2  # rows of an entity, on average
ENTITIES = 10
IN_ORDER, LATER = 0.99, 0.95
DATES_AT_LEAST = 10  # different ones
FAR = 3  # Tukey's outer fence: so many times the middle half beyond it


def mixed(sample: Sample) -> list[Mixed]:
    """Columns of text in which a good part are numbers, or nearly all are dates."""
    texts = [cells for cells in sample if cells.type == "string" and cells.kind != "text" and cells.words]
    return [found for cells in texts if (found := _mixed(cells))]


def _mixed(cells: Cells) -> Mixed | None:
    import numpy as np

    counts = np.bincount(cells.codes[cells.present], minlength=len(cells.words))
    for what, form in (("dates", DATE_LIKE), ("numbers", NUMBER)):
        fits = np.array([bool(form.fullmatch(word.strip())) for word in cells.words])
        share = float(counts[fits].sum() / counts.sum())
        others = tuple(word[:40] for word, fit in zip(cells.words, fits, strict=True) if not fit)[:SHOWN]
        if what == "dates" and share >= DATES:
            return Mixed(cells.name, "dates", round(share, 4), others)
        if what == "numbers" and MIXED_FROM <= share <= MIXED_TO and others:
            return Mixed(cells.name, "numbers", round(share, 4), others)
    return None


def groups(sample: Sample) -> list[Groups]:
    """Columns named like somebody's or something's id, each of which comes in several rows."""
    found = []
    for cells in sample:
        fit = cells.kind in ("integer", "category", "text") and ENTITY.search(cells.name)
        present, entities = int(cells.present.sum()), cells.distinct
        if fit and entities >= ENTITIES and present >= REPEATED * entities:
            found.append(Groups(cells.name, entities, present))
    return found


def ordered(sample: Sample) -> list[Ordered]:
    """Columns of dates along which the rows run, up or down."""
    import numpy as np

    found = []
    for cells in _dates(sample):
        steps = np.diff(cells.numbers[np.isfinite(cells.numbers)])
        if cells.distinct >= DATES_AT_LEAST and len(steps):
            share = float(max((steps >= 0).mean(), (steps <= 0).mean()))
            found += [Ordered(cells.name, round(share, 4))] if share >= IN_ORDER else []
    return found


def later(sample: Sample) -> list[Later]:
    """Columns of dates that lie after another one, nearly always."""
    import numpy as np

    found: dict[str, Later] = {}
    dates = list(_dates(sample))
    for one in dates:
        for other in dates:
            both = np.isfinite(one.numbers) & np.isfinite(other.numbers)
            if one is other or both.sum() < DATES_AT_LEAST:
                continue
            share = float((one.numbers[both] > other.numbers[both]).mean())
            if share >= LATER:
                found.setdefault(one.name, Later(one.name, other.name, round(share, 4)))
    return list(found.values())


def _dates(sample: Sample) -> Iterator[Cells]:
    return (cells for cells in sample if cells.type == "datetime" and cells.numbers is not None)


def far(sample: Sample) -> dict[str, int]:
    """How many values of each column of numbers lie far out, in the sample."""
    import numpy as np

    found: dict[str, int] = {}
    for cells in sample:
        if cells.kind not in NUMERIC or cells.distinct < DATES_AT_LEAST:
            continue
        values = cells.numbers[np.isfinite(cells.numbers)]
        low, high = np.quantile(values, (0.25, 0.75))
        reach = FAR * (high - low)
        count = int(((values < low - reach) | (values > high + reach)).sum()) if reach > 0 else 0
        found |= {cells.name: count} if count else {}
    return found


def personal(sample: Sample) -> list[Personal]:
    """Columns that look like something of a person, by the form of their values or by their name."""
    return [found for cells in sample if (found := people.recognise(cells.name, cells.kind, _some(cells)))]


def _some(cells: Cells) -> list[str]:
    return cells.words[: people.LOOKED_AT] if cells.type in ("string", "int64") else []


def skewness(values: Any) -> float:
    """0 where small and large values spread alike; above 2, a few large ones stand out."""
    import numpy as np

    known = values[np.isfinite(values)]
    spread = known.std() if len(known) > 2 else 0.0
    return float((((known - known.mean()) / spread) ** 3).mean()) if 0 < spread < np.inf else 0.0
