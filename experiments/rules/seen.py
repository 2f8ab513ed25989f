"""What the engine will read each column as, told from a version's profile, and why it leaves some out."""

from collections.abc import Iterator, Mapping

from datasets.models import DatasetVersion
from engine.choices.parts import never_learned
from engine.spec import RunSpec
from experiments.rules.question import Column

Kinds = Mapping[str, str]

_NUMBERS = ("int64", "float64")
_OWN_TEXT, _FEW = 0.5, 20
"""The engine's: words of which more are different than so many, and than this share, are texts."""


def seen(version: DatasetVersion, spec: RunSpec) -> Kinds:
    """The columns that the model sees: name → numeric, categorical, date or text, in their order."""
    return dict(_seen(version, spec))


def _seen(version: DatasetVersion, spec: RunSpec) -> Iterator[tuple[str, str]]:
    unseen = {spec.target, *spec.columns.drop, *never_learned(spec.split, spec.validation)}
    for column in version.columns:
        if column["name"] not in unseen and (kind := _kind(column, version.rows or 0, spec)):
            yield column["name"], kind


def _kind(column: Column, rows: int, spec: RunSpec) -> str | None:
    """None where the engine leaves the column out: it never changes, or has nothing to learn from."""
    if column["unique"] <= 1 or column["type"] == "image":
        return None
    kind = spec.columns.kinds.get(column["name"]) or _natural(column, rows - column["missing"], spec)
    return None if kind == "date" and not spec.features.dates else kind


def _natural(column: Column, present: int, spec: RunSpec) -> str | None:
    if column["type"] in _NUMBERS:
        return "numeric"
    if column["type"] == "datetime":
        return "date"
    if column["unique"] <= max(_FEW, _OWN_TEXT * present):
        return "categorical"
    return "text" if spec.features.text else None
