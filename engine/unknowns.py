"""Stage 6, for the model card: what a model does with gaps, new words and numbers beyond what it learned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.choices.preprocessing import Categorical, Numeric, Preprocessing
from engine.choices.single_columns import categorical_of, numeric_of, order_of
from engine.words import listed

_NUMBERS = {
    "mean": "the mean of the training rows stands in",
    "median": "the median of the training rows stands in",
    "most_frequent": "the most frequent number of the training rows stands in",
    "knn": "the mean of the five nearest training rows stands in",
    "iterative": "what the other columns say stands in",
    "drop": "the median stands in; training left such rows out",
}
_WORDS = {
    "most_frequent": "the most frequent word of the training rows stands in",
    "constant": "it counts as a word of its own",
    "drop": "the most frequent word stands in; training left such rows out",
}
NEW = {
    "one_hot": "it is treated like the rare ones, or as no known word",
    "ordinal": "it comes below all known ones, as −1",
    "target": "it counts as the mean of the target over all training rows",
    "frequency": "its share is 0",
    "hashing": "it is hashed like any other",
}
_BENT = {
    "log": "The model learned the logarithm of the target; answers are turned back.",
    "power": "The model learned a power of the target; answers are turned back, and stay in its range.",
}
_OTHERS = {
    "date": "A missing date: its parts are filled as numbers are. What is no date is refused.",
    "text": "A missing text: it has no words. A word of a text that training did not see: passed over.",
}


def unknowns(chosen: Preprocessing, kinds: dict[str, str]) -> list[str]:
    """Sentences that end in a stop, for columns by name and kind. What is alike for columns is said once."""
    numbers = [name for name, kind in kinds.items() if kind == "numeric"]
    words = [name for name, kind in kinds.items() if kind == "categorical"]

    def number(name: str) -> Numeric:
        return numeric_of(chosen, name)

    def word(name: str) -> Categorical:
        return categorical_of(chosen, name)

    said = [
        *_each("A missing number, or one beyond 1e30", numbers, lambda name: _filled(number(name))),
        *_each("A missing word", words, lambda name: _WORDS[word(name).missing]),
        *_each("A word that training did not see", words, lambda name: NEW[word(name).encode]),
        *_each("A number far out", numbers, lambda name: _clipped(number(name))),
    ]
    if any(order_of(chosen, name) for name in words):
        said.append("A word that a given order does not name: it comes below all that the order names.")
    said += [sentence for kind, sentence in _OTHERS.items() if kind in kinds.values()]
    return [*said, *([_BENT[chosen.target]] if chosen.target in _BENT else [])]


def _filled(wanted: Numeric) -> str:
    return f"{wanted.fill_value:g} stands in" if wanted.missing == "constant" else _NUMBERS[wanted.missing]


def _clipped(wanted: Numeric) -> str:
    if wanted.clip is None:
        return ""
    return f"among the outer {wanted.clip:.3g} of the training rows at either end, it counts as that edge"


def _each(what: str, names: list[str], how: Callable[[str], str]) -> Iterator[str]:
    """One sentence for each way; the columns are named where there is more than one."""
    ways: dict[str, list[str]] = {}
    for name in names:
        ways.setdefault(how(name), []).append(name)
    for way, treated in ways.items():
        if way:
            where = f" in {listed(treated)}" if len(ways) > 1 else ""
            yield f"{what}{where}: {way}."
