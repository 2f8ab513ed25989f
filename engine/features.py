"""Stage 3, further columns: what is made of the columns, and what of all of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, combinations_with_replacement
from typing import Any

from engine.choices.features import MOST_PRODUCTS, Features, Polynomial, Text
from engine.prepare import Ready
from engine.problems import CannotTrain
from engine.scaling import scaler
from engine.spec import RunSpec
from engine.words import count

Entry = tuple[str, Any, list[str]]
"""A name, an unfitted transformer and the columns of `Ready.features` it reads: a ColumnTransformer entry."""
Term = tuple[str, tuple[str, ...]]

_FILLS = ("mean", "median", "most_frequent")
_SPOKEN = {"numeric": "numbers", "categorical": "words", "date": "dates", "text": "texts"}


def branches(spec: RunSpec, ready: Ready) -> list[Entry]:
    """What stands beside the columns themselves. Each branch reads raw columns and fills its own gaps.

    Raises:
        CannotTrain: unknown_column, wrong_kind, no_numbers or too_many_columns, with the field.
    """
    _check(spec, ready)
    return list(_branches(spec, ready))


def after(spec: RunSpec, ready: Ready) -> list[tuple[str, Any]]:
    """Steps for all columns together, dense or sparse, once they are prepared: components, then selection."""
    steps: list[tuple[str, Any]] = []
    wanted = spec.features
    if wanted.pca:
        from engine.transformers.components import Components

        uneven = spec.preprocessing.numeric.scale == "auto" and not spec.model.wants_scale
        steps.append(("components", Components(wanted.pca.n_components, uneven, spec.seed)))
    if wanted.selection:
        from engine.transformers.keep import Keep

        chosen = wanted.selection
        keep = Keep(chosen.method, chosen.k, chosen.threshold, ready.is_classification, spec.seed)
        steps.append(("keep", keep))
    return steps


def _branches(spec: RunSpec, ready: Ready) -> Iterator[Entry]:
    yield from _combined(spec, ready)
    yield from _ranges(spec, ready)
    yield from _group_means(spec)
    yield from _dates_and_texts(spec, ready)


# Each imports what it makes only where it is made: most runs ask for nothing, and start at once.


def _combined(spec: RunSpec, ready: Ready) -> Iterator[Entry]:
    numbers = _of_kind(ready, "numeric")
    if terms := _terms(spec.features, numbers):
        from engine.transformers.combine import Combine

        used = {name for _, names in terms for name in names}
        yield "combined", _finished(Combine(terms), spec), [name for name in numbers if name in used]


def _ranges(spec: RunSpec, ready: Ready) -> Iterator[Entry]:
    if bins := spec.features.bins:
        from engine.transformers.ranges import Ranges

        ranges = Ranges(bins.n_bins, bins.strategy, spec.seed)
        yield "ranges", ranges, list(dict.fromkeys(bins.columns)) or _of_kind(ready, "numeric")


def _group_means(spec: RunSpec) -> Iterator[Entry]:
    if pairs := list(dict.fromkeys((mean.of, mean.by) for mean in spec.features.group_means)):
        from engine.transformers.group_mean import GroupMean

        used = list(dict.fromkeys(name for pair in pairs for name in pair))
        yield "group_means", _finished(GroupMean(pairs), spec), used


def _dates_and_texts(spec: RunSpec, ready: Ready) -> Iterator[Entry]:
    if dates := _of_kind(ready, "date"):
        from engine.transformers.dates import DateParts

        yield "dates", _finished(DateParts(), spec), dates
    if texts := _of_kind(ready, "text"):
        from engine.transformers.words import Words

        text = spec.features.text or Text()
        words = Words(text.max_features, text.ngrams, text.min_df, text.svd, spec.seed)
        yield "texts", words, texts


def _finished(made: Any, spec: RunSpec) -> Any:
    """What was made, its gaps filled and brought to the range of the other numbers."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline

    asked = spec.preprocessing.numeric.missing
    fill = SimpleImputer(strategy=asked if asked in _FILLS else "median", keep_empty_features=True)
    scale = scaler(spec.preprocessing.numeric.scale, spec)
    return Pipeline([("make", made), ("missing", fill), *([] if scale is None else [("scale", scale)])])


def _of_kind(ready: Ready, kind: str) -> list[str]:
    return [name for name, found in ready.kinds.items() if found == kind]


def _terms(wanted: Features, numbers: list[str]) -> list[Term]:
    """What `Combine` makes, each once."""
    found = [("product", names) for names in _powers(wanted.polynomial, numbers)]
    found += [("product", pair) for pair in wanted.interactions]
    found += [("ratio", pair) for pair in wanted.ratios]
    found += [("difference", pair) for pair in wanted.differences]
    found += [("log", (name,)) for name in wanted.logs]
    once: dict[Term, Term] = {}
    for how, names in found:  # a product is the same in any order
        once.setdefault((how, tuple(sorted(names)) if how == "product" else names), (how, names))
    return list(once.values())


def _powers(wanted: Polynomial | None, numbers: list[str]) -> Iterator[tuple[str, ...]]:
    if wanted is None:
        return
    combined = combinations if wanted.interaction_only else combinations_with_replacement
    for degree in range(2, wanted.degree + 1):
        yield from combined(tuple(dict.fromkeys(wanted.columns)) or numbers, degree)


def _check(spec: RunSpec, ready: Ready) -> None:
    for field, name, kind in spec.features.named():
        _check_column(field, name, kind, ready)
    numbers = _of_kind(ready, "numeric")
    for field in ("polynomial", "bins"):
        if getattr(spec.features, field) and not numbers:
            text = "No column of numbers is left to make this of. Leave it out, or use a column of numbers."
            raise CannotTrain("no_numbers", text, f"features.{field}")
    _check_neighbours(spec, ready)
    if spec.features.polynomial:
        _check_powers(spec.features.polynomial, len(numbers))


def _check_column(field: str, name: str, kind: str, ready: Ready) -> None:
    if name not in ready.kinds:
        text = f"The model does not see {name}: it is the target or left out. Use it or choose another."
        raise CannotTrain("unknown_column", text, field)
    if ready.kinds[name] != kind:
        here, wanted = _SPOKEN[ready.kinds[name]], _SPOKEN[kind]
        text = f"{name} holds {here}, and this takes {wanted}. Choose another, or read it as {kind}."
        raise CannotTrain("wrong_kind", text, field)


def _check_powers(wanted: Polynomial, numbers: int) -> None:
    of = len(set(wanted.columns)) or numbers
    made = wanted.width(of)
    if made > MOST_PRODUCTS:
        text = f"This makes {made:,} powers and products; at most {MOST_PRODUCTS:,} are made."
        text += " Name fewer columns or a lower degree."
        raise CannotTrain("too_many_columns", text, "features.polynomial")
    if not made:
        text = f"Products take two columns of numbers, and this has {count(of, 'column')}."
        raise CannotTrain("no_numbers", text, "features.polynomial")


def _check_neighbours(spec: RunSpec, ready: Ready) -> None:
    if spec.model.algo == "knn" and _of_kind(ready, "text") and not (spec.features.text or Text()).svd:
        text = "Nearest neighbours are lost among the thousands of columns that words of a text make."
        text += " Condense the words to topics (features.text.svd), or choose another model."
        raise CannotTrain("infeasible", text, "model")
