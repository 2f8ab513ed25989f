"""Whether the columns that a run names are there, are seen by the model, and are of the kind they must be."""

from collections.abc import Iterator

from datasets.models import DatasetVersion
from engine.choices import single_columns
from engine.problems import CannotTrain
from engine.spec import RunSpec
from experiments.rules.seen import Kinds
from web.problems import Invalid

_SPOKEN = {"numeric": "numbers", "categorical": "words", "date": "dates", "text": "texts"}


def why_not_named(version: DatasetVersion, spec: RunSpec) -> Invalid | None:
    """Why a column cannot be meant: there is none of this name, or times would be read as numbers."""
    columns = {column["name"]: column for column in version.columns}
    for field, name in _named(spec):
        if name not in columns:
            text = f"There is no column “{name[:100]}” in this version of the dataset."
            return Invalid(text, code="unknown_column", field=field)
    for name, kind in spec.columns.kinds.items():
        if kind == "numeric" and columns[name]["type"] == "datetime":
            text = f"“{name}” holds times and cannot be read as numbers. Read it as a date."
            return Invalid(text, code="wrong_kind", field="columns.kinds")
    return None


def _named(spec: RunSpec) -> Iterator[tuple[str, str]]:
    yield from (("columns.drop", name) for name in spec.columns.drop)
    yield from (("columns.kinds", name) for name in spec.columns.kinds)
    yield from (("preprocessing.columns", name) for name in spec.preprocessing.columns)
    yield from ((field, name) for field, name, _ in spec.features.named())


def why_nothing_left(version: DatasetVersion, spec: RunSpec, kinds: Kinds) -> Invalid | None:
    """Why no column is left to learn from."""
    if kinds:
        return None
    names = {column["name"] for column in version.columns} - set(spec.columns.drop) - {spec.target}
    text = "Every column is left out. Keep one."
    if names:
        named = ", ".join(f"“{name[:60]}”" for name in sorted(names)[:3])
        text = f"Nothing can be learned from the columns that are left, such as {named}: they never change, "
        text += "or hold texts, pictures or groups. Keep another one."
    return Invalid(text, code="no_features", field="columns.drop")


def why_not_made_of(spec: RunSpec, kinds: Kinds) -> Invalid | None:
    """Why a feature cannot be made of the columns it names."""
    for field, name, kind in spec.features.named():
        if name not in kinds:
            text = (
                f"The model does not see “{name[:100]}”: it is the target or left out. Choose another column."
            )
            return Invalid(text, code="unknown_column", field=field)
        if kinds[name] != kind:
            text = f"“{name[:100]}” holds {_SPOKEN[kinds[name]]}, and this takes {_SPOKEN[kind]}."
            text += f" Choose another column, or read it as {kind}."
            return Invalid(text, code="wrong_kind", field=field)
    return None


def why_not_treated(spec: RunSpec, kinds: Kinds) -> Invalid | None:
    """Why a single column cannot be prepared as it is asked."""
    try:
        single_columns.check(spec.preprocessing, kinds)
    except CannotTrain as refusal:
        return Invalid(refusal.detail, code=refusal.code, field=refusal.field or "preprocessing")
    return None
