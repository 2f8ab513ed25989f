"""How the most telling columns look beside the answer: by class, or as its mean. In the child."""

from datetime import datetime, timedelta
from typing import Any

from datasets.knowledge.sample import Cells, Sample
from datasets.quality.facts import Target

COLUMNS = 12  # the strongest
CLASSES, STEPS, WORDS = 6, 12, 8

Shape = dict[str, Any]


def by_answer(sample: Sample, answer: Cells, target: Target) -> list[Shape]:
    """For each of the strongest columns: {"column", "labels" or "from" and "to", "counts" or "means"}.

    `counts` is {class: [rows of each label or step]}; `means` the mean answer of each, None where no row is.
    """
    names = [strength.column for strength in target.strengths[:COLUMNS]]
    shapes = [_shape(sample.columns[name], answer, target) for name in names]
    return [shape for shape in shapes if shape]


def _shape(cells: Cells, answer: Cells, target: Target) -> Shape | None:
    import numpy as np

    both = cells.present & answer.present
    if not both.any():
        return None
    place, size, ends = _places(cells, both)
    inside = both & (place >= 0)
    if target.task == "regression":
        counts = np.bincount(place[inside], minlength=size)
        sums = np.bincount(place[inside], answer.numbers[inside], minlength=size)
        means = [round(float(s / n), 6) if n else None for s, n in zip(sums, counts, strict=True)]
        return {"column": cells.name, **ends, "means": means}
    found = {}
    for word, _ in target.counts[:CLASSES]:
        own = inside & (answer.codes == _code(answer, word))
        found[word] = np.bincount(place[own], minlength=size).tolist()
    return {"column": cells.name, **ends, "counts": found}


def _code(answer: Cells, word: str) -> int:
    return answer.words.index(word) if word in answer.words else -2


def _places(cells: Cells, both: Any) -> tuple[Any, int, Shape]:
    """The label or step of each row (-1: none of them), how many there are, and what they are."""
    import numpy as np

    if cells.numbers is None or cells.type == "bool" or cells.distinct <= WORDS:
        common = _common(cells, both)
        place = np.full(cells.distinct + 1, -1)
        place[common] = np.arange(len(common))
        return place[cells.codes], len(common), {"labels": [cells.words[code][:80] for code in common]}
    known = cells.numbers[both]
    low, high = (float(value) for value in np.quantile(known, (0.005, 0.995)))
    if not low < high:
        low, high = float(known.min()), float(known.max())
    step = (high - low) / STEPS or 1.0
    with np.errstate(invalid="ignore"):
        place = np.clip(np.nan_to_num((cells.numbers - low) // step), 0, STEPS - 1).astype(np.int64)
    return place, STEPS, {"from": _end(cells, low), "to": _end(cells, high)}


def _common(cells: Cells, both: Any) -> list[int]:
    """The codes of the most common values: words the most common first, numbers in their order."""
    import numpy as np

    found = np.argsort(-np.bincount(cells.codes[both], minlength=cells.distinct), kind="stable")[:WORDS]
    codes = [int(code) for code in found]
    if cells.numbers is None:
        return codes
    return sorted(codes, key=lambda code: float(cells.numbers[(cells.codes == code).argmax()]))


def _end(cells: Cells, value: float) -> float | str:
    if cells.type != "datetime":
        return value
    return (datetime(1970, 1, 1) + timedelta(seconds=round(value))).isoformat(sep=" ")
