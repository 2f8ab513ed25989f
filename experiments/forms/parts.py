"""How the rows are tested: the split and its folds, with the columns that can say who is who."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasets.models import DatasetVersion
from engine.choices import parts
from experiments.forms.groups import UNFOLDED, Group, group
from experiments.forms.posted import Posted
from experiments.forms.settings import Option

SPLITS: dict[str, tuple[str, Any]] = {
    "holdout": ("by chance", parts.Holdout),
    "group": ("whole groups", parts.GroupSplit),
    "time": ("the latest rows", parts.TimeSplit),
    "column": ("as a column says", parts.ColumnSplit),
}
VALIDATIONS: dict[str, tuple[str, Any]] = {
    "kfold": ("in folds", parts.KFold),
    "group": ("in folds of whole groups", parts.GroupKFold),
    "time": ("in folds along time", parts.TimeFolds),
    "repeated": ("in folds, dealt several times", parts.RepeatedKFold),
    "none": ("none, only the test", parts.NoValidation),
}
SUITS = {"holdout": "kfold", "group": "group", "time": "time", "column": "kfold"}
"""The folds that suit a split, unless others are chosen."""
MOST_VALUES = 100  # of a column that says which rows test
SCHEMAS = {made: made.model_json_schema() for _, made in (*SPLITS.values(), *VALIDATIONS.values())}
KEPT = {
    "holdout": "Some rows are kept aside by chance for one honest test at the end.",
    "group": "Whole groups are kept aside for one honest test at the end.",
    "time": "The latest rows are kept aside for one honest test at the end.",
    "column": "A column says which rows are kept aside for the test at the end.",
}


@dataclass(frozen=True)
class Choice:
    """A kind with the fields of that kind. `sent` is what was chosen, "" for what suits."""

    name: str
    sent: str
    kind: str
    options: tuple[Option, ...]
    group: Group
    error: str = ""

    def request(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.group.read()}

    def refusals(self) -> dict[str, str]:
        unknown = (
            {}
            if self.sent in ("", self.kind)
            else {f"{self.name}.kind": "Choose one of the values in the list."}
        )
        return unknown | self.group.refusals()


@dataclass(frozen=True)
class Parts:
    """The split and the validation of an experiment, as they were sent."""

    split: Choice
    validation: Choice
    unfolded: bool = False

    @property
    def is_drawn(self) -> bool:
        return self.unfolded or self.is_open

    @property
    def is_open(self) -> bool:
        return any(part.sent or part.error or part.group.is_open for part in (self.split, self.validation))

    @property
    def said(self) -> str:
        """What will be done, in a sentence or two."""
        if self.validation.kind == "none":
            checked = "There are no folds, so runs are ranked by the test alone."
        else:
            words = VALIDATIONS[self.validation.kind][0]
            checked = f"The others are checked {words}, so that runs can be compared."
        return f"{KEPT[self.split.kind]} {checked}"

    def request(self) -> dict[str, Any]:
        """The `split` and `validation` of a spec, only what was chosen. Raises NotRead: ask `refusals`."""
        wanted: dict[str, Any] = {}
        if self.split.sent or self.split.group.changed:
            wanted["split"] = self.split.request()
        if self.validation.sent or self.validation.kind != "kfold" or self.validation.group.changed:
            wanted["validation"] = self.validation.request()
        return wanted

    def refusals(self) -> dict[str, str]:
        return self.split.refusals() | self.validation.refusals()


def parts_of(
    version: DatasetVersion, target: str, task: str, sent: Posted, refused: Mapping[str, str]
) -> Parts:
    """Both as they were sent, with the columns of the version that can be chosen."""
    fitting = _fitting(version, target)
    split = _choice("split", SPLITS, "holdout", (sent, refused, task, fitting))
    usual = SUITS[split.kind]
    validation = _choice("validation", VALIDATIONS, usual, (sent, refused, task, fitting))
    return Parts(split, validation, "split" in sent.all(UNFOLDED))


Asked = tuple[Posted, Mapping[str, str], str, Mapping[str, list[str]]]


def _choice(name: str, kinds: Mapping[str, tuple[str, Any]], usual: str, asked: Asked) -> Choice:
    sent, refused, task, fitting = asked
    chosen = sent.get(f"{name}.kind")
    kind = chosen if chosen in kinds else usual
    columns = {f"{name}.column": fitting[kind]} if kind in fitting else {}
    fields = group(SCHEMAS[kinds[kind][1]], name, columns, empty="as the split")
    others = tuple((value, words) for value, (words, _) in kinds.items() if value != usual)
    return Choice(
        name=name,
        sent=chosen,
        kind=kind,
        options=(("", f"{kinds[usual][0]} (default)"), *others, *_usual(name, usual)),
        group=_for_task(fields, task).taken(sent, refused),
        error=refused.get(f"{name}.kind", ""),
    )


def _usual(name: str, usual: str) -> tuple[Option, ...]:
    """The usual folds by their name too: what suits may change with the split, and what is chosen stays."""
    return ((usual, VALIDATIONS[usual][0]),) if name == "validation" else ()


def _for_task(fields: Group, task: str) -> Group:
    """Without what speaks of classes only, where numbers are predicted."""
    if task == "classification":
        return fields
    return fields.without("stratify")


def _fitting(version: DatasetVersion, target: str) -> dict[str, list[str]]:
    """The names of the columns that can say it, by the kind of split or folds."""
    others = [column for column in version.columns if column["name"] != target and column["unique"] > 1]
    rows = version.rows or 0
    return {
        "group": [one["name"] for one in others if one["unique"] < rows],
        "time": [one["name"] for one in others if one["kind"] in ("datetime", "integer", "number")],
        "column": [one["name"] for one in others if one["unique"] <= MOST_VALUES],
    }
