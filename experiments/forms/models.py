"""The models that compete: one card for each learner of the task, its settings folded inside."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from engine.learners import CATALOG, describe
from engine.learners.members import SINGLE
from engine.metrics import Task
from experiments.forms.choosers import Members, is_model
from experiments.forms.groups import UNFOLDED
from experiments.forms.posted import Posted
from experiments.forms.settings import Schema, Setting, setting, settings, without_null

FIRST = {
    "classification": ("logistic_regression", "random_forest"),
    "regression": ("linear_regression", "random_forest"),
}
SIMPLE = (
    *("dummy", "logistic_regression", "linear_regression", "ridge", "lasso", "elastic_net", "sgd"),
    "naive_bayes",
)
FAMILIES = {
    "Simple models": SIMPLE,
    "Trees": ("decision_tree", "random_forest", "extra_trees"),
    "Boosting": ("hist_gradient_boosting", "xgboost", "lightgbm", "gradient_boosting", "adaboost"),
    "Neighbours and kernels": ("knn", "svm", "linear_svm", "gaussian_process"),
    "Networks": ("mlp", "dense_network"),
    "Ensembles": ("bagging", "voting", "stacking"),
}


@dataclass(frozen=True)
class Card:
    """A learner to tick, with its settings and, for networks, how it is trained."""

    algo: str
    label: str
    summary: str
    chosen: bool
    settings: list[Setting]
    training: list[Setting]
    error: str = ""
    unfolded: bool = False

    @property
    def key(self) -> str:
        """What stands for it among the names of fields and of folds."""
        return f"m-{self.algo}"

    @property
    def is_drawn(self) -> bool:
        return self.unfolded or self.is_open

    @property
    def fields(self) -> list[Setting]:
        return self.settings + self.training

    @property
    def is_open(self) -> bool:
        """Unfolded where something in it was set or refused."""
        return any(field.is_set or field.error for field in self.fields)

    def request(self) -> dict[str, Any]:
        """The `model` and `training` of a run, only what was set. Raises NotRead by field: see `refusals`."""
        model = {"algo": self.algo, **_values(self.settings)}
        return {"model": model, "training": _values(self.training)} if self.training else {"model": model}

    def refusals(self) -> dict[str, str]:
        """The fields that cannot be read, each with its sentence."""
        return {field.name: sentence for field in self.fields if (sentence := field.why_not())}


@dataclass(frozen=True)
class Family:
    """Cards of a kind under one heading, folded where none of them is chosen."""

    name: str
    cards: list[Card]

    @property
    def chosen(self) -> int:
        return sum(card.chosen for card in self.cards)


def families(cards: list[Card]) -> list[Family]:
    """The cards under their headings, in the order in which they are named there."""
    by_algo = {card.algo: card for card in cards}
    found = [
        Family(name, [by_algo[algo] for algo in algos if algo in by_algo]) for name, algos in FAMILIES.items()
    ]
    return [family for family in found if family.cards]


def cards(task: str, sent: Posted, refused: Mapping[str, str]) -> list[Card]:
    """The cards of a task, as sent or with the usual first choice."""
    fitting = [algo for algo, learner in CATALOG.items() if task in learner.tasks]
    return [_card(algo, task, sent, refused) for algo in fitting]


def filled_in(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields that make the model of a stored spec again."""
    algo = spec["model"]["algo"]
    values = {**spec["model"], **(spec.get("training") or {})}
    sent: dict[str, list[str]] = {}
    for field in (field for part in _fields(algo, spec["task"]) for field in part):
        value = values.get(field.library)
        if value is not None and value != field.schema.get("default"):
            sent |= field.told(value)
    return {**sent, "algo": [algo], "shown": list(CATALOG)}


def asked(spec: dict[str, Any]) -> Card:
    """The card of a stored spec, with the settings that it was given."""
    sent = Posted(filled_in(spec))
    return next(card for card in cards(spec["task"], sent, {}) if card.chosen)


def _card(algo: str, task: str, sent: Posted, refused: Mapping[str, str]) -> Card:
    def taken(field: Setting) -> Setting:
        field = field.taken(sent)
        return field.refused(refused[field.name]) if field.name in refused else field

    own, training = _fields(algo, task)
    return Card(
        algo=algo,
        label=CATALOG[algo].title,
        summary=CATALOG[algo].summary,
        chosen=algo in sent.all("algo") if "shown" in sent else algo in FIRST.get(task, ()),
        settings=[taken(field) for field in own],
        training=[taken(field) for field in training],
        error=refused.get(f"m-{algo}", ""),
        unfolded=f"m-{algo}" in sent.all(UNFOLDED),
    )


@cache
def _fields(algo: str, task: str) -> tuple[list[Setting], list[Setting]]:
    """The empty fields of a learner: its own, and how a network is trained."""
    described, prefix = describe(CATALOG[algo]), f"m-{algo}-"
    properties = described["settings"]["properties"]
    own = [_field(name, schema, prefix, cast(Task, task)) for name, schema in properties.items()]
    return own, settings(described["training"] or {}, prefix)


def _field(name: str, schema: Schema, prefix: str, task: Task) -> Setting:
    plain = without_null(schema)
    many = plain.get("type") == "array"
    if not is_model(plain["items"] if many else plain):
        return setting(name, schema, prefix)
    fitting = [learner for learner in SINGLE if task in learner.tasks]
    usual = schema.get("default")
    named = ", ".join(member["algo"] for member in (usual if isinstance(usual, list) else [usual]) if member)
    return Members(
        name=f"{prefix}{name}",
        label=schema.get("title", name),
        kind="members",
        library=name,
        hint=schema.get("description", "") + (f" Nothing chosen means {named}." if named else ""),
        value=(),
        options=tuple((learner.model_fields["algo"].default, learner.title) for learner in fitting),
        schema={"default": schema.get("default")},
        many=many,
    )


def _values(fields: list[Setting]) -> dict[str, Any]:
    return {field.library: field.read() for field in fields if field.is_set}
