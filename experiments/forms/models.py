"""The models that compete: one card for each learner of the task, its settings folded inside."""

from dataclasses import dataclass
from typing import Any

from engine.learners import CATALOG, describe
from experiments.forms.posted import Posted
from experiments.forms.settings import NotRead, Setting, settings, written

FIRST = {
    "classification": ("logistic_regression", "random_forest"),
    "regression": ("linear_regression", "random_forest"),
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
        return {field.name: sentence for field in self.fields if (sentence := _why_not(field))}


def cards(task: str, sent: Posted, refused: dict[str, str]) -> list[Card]:
    """The cards of a task, as sent or with the usual first choice."""
    fitting = [(algo, learner) for algo, learner in CATALOG.items() if task in learner.tasks]
    return [_card(algo, describe(learner), task, sent, refused) for algo, learner in fitting]


def filled_in(spec: dict[str, Any]) -> dict[str, list[str]]:
    """The fields that make the model of a stored spec again."""
    algo = spec["model"]["algo"]
    values = {**spec["model"], **(spec.get("training") or {})}
    described = describe(CATALOG[algo])
    fields = settings(described["settings"], "") + settings(described["training"] or {}, "")
    named = {field.library: field for field in fields}
    sent = {
        f"m-{algo}-{name}": [written(value)]
        for name, value in values.items()
        if name in named and value not in (None, named[name].schema.get("default"))
    }
    return {**sent, "algo": [algo], "shown": list(CATALOG)}


def _card(algo: str, described: dict[str, Any], task: str, sent: Posted, refused: dict[str, str]) -> Card:
    prefix = f"m-{algo}-"
    was_shown = algo in sent.all("shown")
    chosen = algo in sent.all("algo") if "shown" in sent else algo in FIRST.get(task, ())

    def filled(field: Setting) -> Setting:
        field = field.filled(sent.get(field.name)) if was_shown else field
        return field.refused(refused[field.name]) if field.name in refused else field

    return Card(
        algo=algo,
        label=described["label"],
        summary=described["summary"],
        chosen=chosen,
        settings=[filled(field) for field in settings(described["settings"], prefix)],
        training=[filled(field) for field in settings(described["training"] or {}, prefix)],
        error=refused.get(f"m-{algo}", ""),
    )


def _values(fields: list[Setting]) -> dict[str, Any]:
    return {field.library: field.read() for field in fields if field.is_set}


def _why_not(field: Setting) -> str:
    if not field.is_set:
        return ""
    try:
        field.read()
    except NotRead as sentence:
        return str(sentence)
    return ""


def asked(spec: dict[str, Any]) -> Card:
    """The card of a stored spec, with the settings that it was given."""
    sent = Posted(filled_in(spec))
    return next(card for card in cards(spec["task"], sent, {}) if card.chosen)
