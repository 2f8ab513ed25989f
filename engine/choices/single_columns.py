"""What the preparation settings mean for one column: those of its kind, but for what is said of it alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar, get_args

from engine.choices.preprocessing import Categorical, Numeric, Preprocessing, Special, WordFill
from engine.problems import CannotTrain

Kind = TypeVar("Kind", Numeric, Categorical)

_SPOKEN = {"numeric": "numbers", "categorical": "words", "date": "dates", "text": "texts"}
_OF_BOTH = ("numeric", "categorical")
_ONLY_FOR = {
    "clip": "numeric",
    "fill_value": "numeric",
    "scale": "numeric",
    "encode": "categorical",
    "hash_width": "categorical",
    "min_frequency": "categorical",
    "order": "categorical",
}


def numeric_of(chosen: Preprocessing, name: str) -> Numeric:
    """What happens to one column of numbers."""
    return _joined(chosen.numeric, chosen.columns.get(name))


def categorical_of(chosen: Preprocessing, name: str) -> Categorical:
    """What happens to one column of words. An order makes it ordinal."""
    joined = _joined(chosen.categorical, chosen.columns.get(name))
    return joined.model_copy(update={"encode": "ordinal"}) if order_of(chosen, name) else joined


def order_of(chosen: Preprocessing, name: str) -> tuple[str, ...]:
    """The words of a column from low to high; empty where nobody said."""
    return chosen.columns[name].order if name in chosen.columns else ()


def marks_gaps(chosen: Preprocessing, name: str, kind: str) -> bool:
    """Whether a further column says where a value was missing."""
    special = chosen.columns.get(name)
    if special is not None and special.indicator is not None:
        return special.indicator
    return kind == "numeric" and chosen.numeric.indicator


def missing_of(chosen: Preprocessing, name: str, kind: str) -> str:
    """What fills the gaps of a "numeric" or "categorical" column."""
    return (numeric_of if kind == "numeric" else categorical_of)(chosen, name).missing


def check(chosen: Preprocessing, kinds: Mapping[str, str]) -> None:
    """Refuse what is said of a single column and does not suit its kind.

    Raises:
        CannotTrain: infeasible, with the field `preprocessing.columns.<name>.<setting>`.
    """
    for name, special in chosen.columns.items():
        for setting, sentence in _faults(name, kinds[name], special) if name in kinds else ():
            raise CannotTrain("infeasible", sentence, f"preprocessing.columns.{name}.{setting}")


def suits(setting: str, kind: str) -> bool:
    """Whether a setting of a single column says anything of a column of this kind."""
    only = _ONLY_FOR.get(setting)
    return kind in ((only,) if only else _OF_BOTH)


def _faults(name: str, kind: str, special: Special) -> Iterator[tuple[str, str]]:
    for setting in type(special).model_fields:
        if not suits(setting, kind) and getattr(special, setting) not in (None, ()):
            there = _SPOKEN[_ONLY_FOR[setting]] if setting in _ONLY_FOR else "numbers and words"
            yield setting, f"{name} holds {_SPOKEN[kind]}, and this is for {there}. Leave it empty."
    if kind == "categorical":
        yield from _faults_of_words(name, special)


def _faults_of_words(name: str, special: Special) -> Iterator[tuple[str, str]]:
    ways = get_args(WordFill)
    if special.missing not in (None, *ways):
        yield "missing", f"{name} holds words. Choose one of {', '.join(ways)} for its gaps."
    if special.order and special.encode not in (None, "ordinal"):
        yield "encode", f"{name} has an order, which is for ordinal. Choose ordinal or leave the order empty."
    if len(set(special.order)) < len(special.order):
        yield "order", f"The order of {name} names a word twice. Name each word once."


def _joined(of_kind: Kind, special: Special | None) -> Kind:
    if special is None:
        return of_kind
    said = special.model_dump(exclude_none=True, include=set(type(of_kind).model_fields))
    return of_kind.model_copy(update=said)
