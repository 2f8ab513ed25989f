"""What a run may choose beside its columns and its model: preparation, what is made of columns, answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from engine.choices.evaluation import Evaluation
from engine.choices.features import Features
from engine.choices.preprocessing import Preprocessing, Special, WordFill
from engine.choices.single_columns import suits
from experiments.forms.groups import Group, group
from experiments.forms.posted import Posted

SCHEMAS = {model: model.model_json_schema() for model in (Evaluation, Features, Preprocessing, Special)}
OF_NUMBERS = (
    *("features.polynomial.columns", "features.bins.columns", "features.logs"),
    *("features.interactions", "features.ratios", "features.differences", "features.group_means.of"),
)
OF_WORDS = ("features.group_means.by",)
OWN = "preprocessing.columns"


@dataclass(frozen=True)
class Used:
    """A column that the model sees, as the form knows it."""

    index: int
    name: str
    kind: str
    own: bool


@dataclass(frozen=True)
class Own:
    """What is said of one column alone."""

    name: str
    group: Group


@dataclass(frozen=True)
class Extras:
    """The folds of further settings, as they were sent."""

    preparation: Group
    features: Group
    evaluation: Group
    own: tuple[Own, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        return (self.preparation, self.features, self.evaluation)

    def request(self) -> dict[str, Any]:
        """The parts of a run's request that were set. Raises NotRead: ask `refusals` first."""
        found = {part.name: part.read() for part in self.groups}
        alone = {one.name: said for one in self.own if (said := one.group.read())}
        found["preprocessing"] |= {"columns": alone} if alone else {}
        return {name: said for name, said in found.items() if said}

    def refusals(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in (*self.groups, *(one.group for one in self.own)):
            found |= part.refusals()
        return found


def extras(used: Sequence[Used], task: str, sent: Posted, refused: Mapping[str, str]) -> Extras:
    """The further settings of a run that learns from these columns."""
    preparation, features, evaluation = groups(used, task)
    return Extras(
        preparation=preparation.taken(sent, refused),
        features=features.taken(sent, refused),
        evaluation=evaluation.taken(sent, refused),
        own=tuple(
            Own(column.name, own(column.index, column.kind).taken(sent, refused))
            for column in used
            if column.own and can_be_own(column.kind)
        ),
    )


def groups(used: Sequence[Used], task: str) -> tuple[Group, Group, Group]:
    """The empty fields: preparation, features, evaluation."""
    numbers, words = ([one.name for one in used if one.kind == kind] for kind in ("numeric", "categorical"))
    columns = {**dict.fromkeys(OF_NUMBERS, numbers), **dict.fromkeys(OF_WORDS, words)}
    columns["features.group_means"] = []
    preparation = group(SCHEMAS[Preprocessing], "preprocessing", {}, "Preparation")
    evaluation = group(SCHEMAS[Evaluation], "evaluation", {}, "Answers and measures")
    if task == "regression":
        evaluation = evaluation.without("threshold")
    else:
        preparation = preparation.without("target")
    return preparation, group(SCHEMAS[Features], "features", columns, "Made of columns"), evaluation


def can_be_own(kind: str) -> bool:
    """Whether there is anything to say of a single column of this kind."""
    return kind in ("numeric", "categorical")


def own(index: int, kind: str) -> Group:
    """The fields of one column; names carry its place, for a name of a column may hold anything."""
    fields = group(SCHEMAS[Special], f"{OWN}.{index}", {}, empty="as for its kind")
    fitting = (field for field in fields.fields if suits(field.library, kind))
    if kind == "numeric":
        return replace(fields, fields=tuple(fitting))
    ways = {"", *get_args(WordFill)}
    return replace(
        fields,
        fields=tuple(
            replace(field, options=tuple(option for option in field.options if option[0] in ways))
            if field.library == "missing"
            else field
            for field in fitting
        ),
    )


def told(spec: Mapping[str, Any], used: Sequence[Used]) -> dict[str, list[str]]:
    """What a browser sends where a stored spec holds these settings."""
    sent: dict[str, list[str]] = {}
    for part in groups(used, spec["task"]):
        sent |= part.told(spec.get(part.name) or {})
    alone = (spec.get("preprocessing") or {}).get("columns", {})
    for column in used:
        if column.name in alone:
            sent |= own(column.index, column.kind).told(alone[column.name])
    return sent | {"own": [column.name for column in used if column.name in alone]}
