"""How surely each column alone tells the answer, on rows it was not fitted on. In the child.

One column cuts the rows into groups (its values, or steps of equal size with missing as a group of its own),
and the mean answer of a group is the guess for its other rows: a one-column tree, in five folds. A straight
line, and in small tables the nearest value, are tried too; the best guess counts. Two classes are scored by
ROC AUC, numbers by R². More classes are scored by tau, the share of the variance of all classes that the
guess explains (the R² of belonging to a class): a measurement that tells one class well and confuses the
others stays far below 1 there, while its one-against-the-rest AUC would already look like a copy.
"""

from typing import Any

from datasets.knowledge.associations import ranks
from datasets.knowledge.sample import Cells, Sample
from datasets.quality.facts import Strength

FOLDS = 5
SEED = 7
DRAWN = 0.2  # rows that the mean of all counts for in the mean of a group
MOST_STEPS = 256
NEARLY_ALL = 0.9  # rows that have a value, for its order to say something
MOSTLY_NEW = 0.5  # share of values that differ from the one before, for an order to say something
SHARP = 5000  # rows up to which the nearest value is asked too, for a step would blur a sharp edge
PER_STEP = (20, 5)  # rows of a step, on average: coarse steps for noise, fine ones for sharp edges
FEW = 50  # rows with an answer; below, a column is strong by chance too often
CLASSES = 20  # the most frequent classes are scored, the rest are one


def strengths(sample: Sample, target: Cells, is_number: bool) -> list[Strength]:
    """Every other column with its score, the strongest first."""
    rows = target.present
    answers = _answers(target, rows, is_number)
    if answers is None or len(answers) < FEW:
        return []
    folds = _folds(len(answers))
    measure = "r2" if is_number else ("auc" if answers.shape[1] == 2 else "tau")
    scored = [
        Strength(cells.name, measure, round(_score(cells, rows, answers, folds, measure), 4))  # type: ignore[arg-type]
        for cells in sample
        if cells.name != target.name
    ]
    return sorted(scored, key=lambda strength: -strength.value)


def _answers(target: Cells, rows: Any, is_number: bool) -> Any:
    """n × 1 values, or n × k zeros and ones; None where all answers are equal."""
    import numpy as np

    if is_number:
        value = target.numbers[rows] if target.numbers is not None else np.empty(0)
        spread = value.std() if len(value) else 0.0
        return ((value - value.mean()) / spread)[:, None] if spread > 0 and np.isfinite(spread) else None
    codes = target.codes[rows]
    order = np.argsort(-np.bincount(codes, minlength=1), kind="stable")
    place = np.full(len(order), min(len(order), CLASSES) - 1)
    place[order[:CLASSES]] = np.arange(len(order[:CLASSES]))
    return np.eye(place.max() + 1)[place[codes]] if len(order) > 1 else None


def _folds(rows: int) -> Any:
    import numpy as np

    return np.random.default_rng(SEED).permutation(rows) % FOLDS


def _score(cells: Cells, rows: Any, answers: Any, folds: Any, measure: str) -> float:
    guesses = [_by_group(groups, answers, folds) for groups in _groups(cells, rows)]
    is_fine = cells.numbers is not None and cells.distinct * PER_STEP[0] > len(answers)
    if is_fine and len(answers) <= SHARP:
        guesses.append(_by_neighbour(cells.numbers[rows], answers, folds))
    if measure == "auc":
        return max(auc(guess[:, 1], answers[:, 1] > 0) for guess in guesses)
    found = max(explained(guess, answers) for guess in guesses)
    if measure == "r2" and cells.numbers is not None:
        values = cells.numbers[rows]
        found = max(found, explained(_by_line(values, answers, folds), answers), _by_order(values, answers))
    return max(found, 0.0)


def _by_order(values: Any, answers: Any) -> float:
    """1 where the answer rises or falls with every value, on whatever scale; 0 where it does not."""
    import numpy as np

    known = np.flatnonzero(np.isfinite(values))
    if len(known) < max(FEW, NEARLY_ALL * len(values)):
        return 0.0
    order = known[np.argsort(values[known], kind="stable")]
    steps, moves = np.diff(values[order]), np.diff(answers[order, 0])
    keeps = (moves[steps > 0] > 0).all() or (moves[steps > 0] < 0).all()
    return float(keeps and not moves[steps == 0].any() and (steps > 0).mean() > MOSTLY_NEW)


def _groups(cells: Cells, rows: Any) -> list[Any]:
    """The number of the group of each row, from 0; of numbers in coarse and in fine steps."""
    codes = cells.codes[rows]
    if cells.numbers is None or cells.type == "bool":
        return [codes + 1]
    sizes = {min(max(len(codes) // each, 2), MOST_STEPS) for each in PER_STEP}
    return [_stepped(cells.numbers[rows], codes, size) for size in sorted(sizes)]


def _stepped(values: Any, codes: Any, size: int) -> Any:
    """Steps of equally many rows, missing as one of its own; the values themselves where they are fewer."""
    import numpy as np

    known = np.isfinite(values)
    if codes.max(initial=-1) < size or not known.any():
        return codes + 1
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, size + 1)[1:-1]))
    return np.where(known, np.searchsorted(edges, values, side="right") + 1, 0)


def _by_group(groups: Any, answers: Any, folds: Any) -> Any:
    """The mean answer of the group over the other folds, a little drawn to the mean of all."""
    import numpy as np

    size = int(groups.max()) + 1
    cell = folds * size + groups
    guesses, count = np.empty_like(answers), _others(np.bincount(cell, minlength=FOLDS * size))
    for place in range(answers.shape[1]):
        sums = _others(np.bincount(cell, answers[:, place], minlength=FOLDS * size))
        means = sums.sum(axis=1, keepdims=True) / np.maximum(count.sum(axis=1, keepdims=True), 1)
        guesses[:, place] = ((sums + DRAWN * means) / (count + DRAWN)).ravel()[cell]
    return guesses


def _by_neighbour(values: Any, answers: Any, folds: Any) -> Any:
    """The answer of the nearest value in the other folds; their mean where the value is missing."""
    import numpy as np

    known, guesses = np.isfinite(values), np.empty_like(answers)
    for fold in range(FOLDS):
        fitted = np.flatnonzero((folds != fold) & known)
        fitted, left = fitted[np.argsort(values[fitted], kind="stable")], folds == fold
        guesses[left] = answers[folds != fold].mean(axis=0)
        if len(fitted):
            x, asked = values[fitted], np.flatnonzero(left & known)
            above = np.clip(np.searchsorted(x, values[asked]), 0, len(x) - 1)
            below = np.maximum(above - 1, 0)
            is_below = values[asked] - x[below] < x[above] - values[asked]
            guesses[asked] = answers[fitted[np.where(is_below, below, above)]]
    return guesses


def _others(by_cell: Any) -> Any:
    """For each fold, the sums of the groups over all other folds: FOLDS × groups."""
    table = by_cell.reshape(FOLDS, -1)
    return table.sum(axis=0) - table


def _by_line(values: Any, answers: Any, folds: Any) -> Any:
    """The straight line through the other folds; their mean where the value is missing."""
    import numpy as np

    known, guesses = np.isfinite(values), np.zeros_like(answers)
    for fold in range(FOLDS):
        fitted, left = folds != fold, folds == fold
        x, y = values[fitted & known], answers[fitted & known, 0]
        if len(x) < 2 or not 0 < (spread := x.std()) < np.inf:
            continue
        scaled = (x - x.mean()) / spread
        slope = (scaled * (y - y.mean())).mean()
        line = y.mean() + slope * (values - x.mean()) / spread
        guesses[:, 0] = np.where(left & known, line, guesses[:, 0])
    return guesses


def explained(guesses: Any, answers: Any) -> float:
    """The share of the variance of the answers that the guesses explain; below 0 where they do harm."""
    left, spread = ((answers - guesses) ** 2).sum(), ((answers - answers.mean(axis=0)) ** 2).sum()
    return float(1 - left / spread) if spread > 0 else 0.0


def auc(guesses: Any, is_one: Any) -> float:
    """The chance that a row of the class is guessed higher than another one: from 0.5 (by chance) to 1."""
    ones, others = int(is_one.sum()), int((~is_one).sum())
    if not ones or not others:
        return 0.5
    above = ranks(guesses)[is_one].sum() - ones * (ones + 1) / 2
    return max(float(above / (ones * others)), 0.5)
