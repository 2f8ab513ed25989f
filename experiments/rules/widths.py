"""How many columns a run makes of those there are, and when these are too many."""

from collections.abc import Iterator

from django.conf import settings

from datasets.models import DatasetVersion
from engine.choices.features import MOST_PRODUCTS
from engine.choices.preprocessing import MOST_ONE_HOT, Categorical
from engine.choices.single_columns import categorical_of
from engine.spec import RunSpec
from experiments.rules.parts import training_rows
from experiments.rules.question import Column
from experiments.rules.seen import Kinds
from web.problems import Invalid
from web.templatetags import words

_WAYS = "Choose target, frequency or hashing for it, or leave it out."


def why_too_wide(version: DatasetVersion, spec: RunSpec, kinds: Kinds) -> Invalid | None:
    """Why so many columns cannot be made."""
    return (
        _why_not_powers(spec, kinds)
        or _why_not_one_hot(version, spec, kinds)
        or _why_no_memory(version, spec, kinds)
    )


def numbers(kinds: Kinds) -> int:
    return sum(kind == "numeric" for kind in kinds.values())


def _why_not_powers(spec: RunSpec, kinds: Kinds) -> Invalid | None:
    field, there = "features.polynomial", numbers(kinds)
    for name in ("polynomial", "bins"):
        if getattr(spec.features, name) and not there:
            text = "No column of numbers is left to make this of. Leave it out, or use a column of numbers."
            return Invalid(text, code="no_numbers", field=f"features.{name}")
    wanted, made = spec.features.polynomial, _products(spec, there)
    if made > MOST_PRODUCTS:
        text = f"This makes {made:,} powers and products; at most {MOST_PRODUCTS:,} are made."
        text += " Name fewer columns or a lower degree."
        return Invalid(text, code="too_many_columns", field=field)
    if wanted and not made:
        text = "Products take two columns of numbers, and this has one."
        return Invalid(text, code="no_numbers", field=field)
    return None


def _products(spec: RunSpec, there: int) -> int:
    wanted = spec.features.polynomial
    return wanted.width(len(set(wanted.columns)) or there) if wanted else 0


def _why_not_one_hot(version: DatasetVersion, spec: RunSpec, kinds: Kinds) -> Invalid | None:
    rows, total, widest = version.rows or 0, 0, (0, "")
    for column, wanted in _words(version, spec, kinds):
        name = column["name"]
        if _is_all_rare(column, wanted, rows):
            share = f"{100 * wanted.min_frequency:g} %"
            text = (
                f"“{name}” has {column['unique']:,} different words, each in less than {share} of the rows,"
            )
            text += f" so one-hot would take them all as one. {_WAYS}"
            return Invalid(text, code="too_many_columns", field=_field(spec, name))
        width = _one_hot_width(column, wanted)
        total, widest = total + width, max(widest, (width, name))
    if total <= MOST_ONE_HOT:
        return None
    made = f"{total:,} columns, {widest[0]:,} of them of “{widest[1]}”"
    text = f"One-hot would make {made}; at most {MOST_ONE_HOT:,} are made. {_WAYS}"
    return Invalid(text, code="too_many_columns", field=_field(spec, widest[1]))


def _words(version: DatasetVersion, spec: RunSpec, kinds: Kinds) -> Iterator[tuple[Column, Categorical]]:
    """The columns that one-hot spreads, each with its settings."""
    for column in version.columns:
        if kinds.get(column["name"]) == "categorical":
            wanted = categorical_of(spec.preprocessing, column["name"])
            if wanted.encode == "one_hot":
                yield column, wanted


def _one_hot_width(column: Column, wanted: Categorical) -> int:
    """A column for each word, and one for a gap or for those that are rare."""
    width = int(column["unique"]) + (column["missing"] > 0 and wanted.missing == "constant")
    return min(width, int(1 / wanted.min_frequency) + 1) if wanted.min_frequency else width


def _is_all_rare(column: Column, wanted: Categorical, rows: int) -> bool:
    top = column.get("top") or []
    return bool(column["unique"] > MOST_ONE_HOT and top and top[0][1] < wanted.min_frequency * rows)


def _field(spec: RunSpec, name: str) -> str:
    special = spec.preprocessing.columns.get(name)
    if special is not None and special.encode:
        return f"preprocessing.columns.{name}.encode"
    return "preprocessing.categorical.encode"


def _why_no_memory(version: DatasetVersion, spec: RunSpec, kinds: Kinds) -> Invalid | None:
    """Numbers and their products are kept for every row, so they must fit at least once."""
    there = numbers(kinds)
    made, rows = _products(spec, there), training_rows(version, spec)
    room = rows * (there + made) * (4 if spec.model.takes_float32 else 8)
    if room <= settings.RUN_MEMORY:
        return None
    text = f"{there + made:,} columns of {rows:,} rows take {words.size(room)}, and a run may use"
    field = "features.polynomial" if made else "columns.drop"
    text += f" {words.size(settings.RUN_MEMORY)}. Use fewer columns{' or a lower degree' if made else ''}."
    return Invalid(text, code="exceeds_memory", field=field)
