"""Stage 3, beforehand: whether words become too many columns."""

from __future__ import annotations

from engine.choices.preprocessing import MOST_ONE_HOT
from engine.choices.single_columns import categorical_of
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.spec import RunSpec


def check(spec: RunSpec, ready: Ready) -> None:
    """Refuse one-hot columns that are too many. Words are only counted where there may be.

    Raises:
        CannotTrain: too_many_columns.
    """
    rows = len(ready.features)
    most = {name: int(min(rows, 1 / share + 1 if share else rows)) for name, share in _one_hot(spec, ready)}
    if sum(most.values()) <= MOST_ONE_HOT:
        return
    made = {name: min(bound, int(ready.features[name].nunique())) for name, bound in most.items()}
    total = sum(made.values())
    if total > MOST_ONE_HOT:
        widest = max(made, key=lambda name: made[name])
        text = f"One-hot would make {total:,} columns, {made[widest]:,} of them of {widest}; at most"
        text += f" {MOST_ONE_HOT:,} are made. Choose target, frequency or hashing for it, or leave it out."
        raise CannotTrain("too_many_columns", text, "preprocessing.categorical.encode")


def _one_hot(spec: RunSpec, ready: Ready) -> list[tuple[str, float]]:
    """The columns of words that one-hot spreads, with the share below which words are rare."""
    words = {
        name: categorical_of(spec.preprocessing, name)
        for name, kind in ready.kinds.items()
        if kind == "categorical"
    }
    return [(name, wanted.min_frequency) for name, wanted in words.items() if wanted.encode == "one_hot"]
