"""The four steps on one page: target, columns, models, review; from what was sent to what is done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from datasets import targets
from datasets.models import DatasetVersion
from engine.metrics import METRICS, TASKS, Metric, Task, default_metric, for_task
from engine.spec import ExperimentSpec
from experiments import rules
from experiments.forms import columns as table_of
from experiments.forms import extras as further
from experiments.forms import models as model_cards
from experiments.forms import target as answer
from experiments.forms.groups import UNFOLDED
from experiments.forms.parts import Choice, Parts, parts_of
from experiments.forms.posted import Posted
from experiments.forms.settings import NotRead, Setting, setting
from experiments.models import Experiment, Run

NOTHING = {"name": "", "kind": "text", "missing": 0, "unique": 0}
NOTED = ("groups", "ordered", "strong")
"""Kinds of findings that leave no column out, and yet should be known when columns are chosen."""
SUGGESTS = {"groups": "group", "ordered": "time"}
"""The split that a kind of finding asks for, by the column that it names."""
OF_THE_TARGET = ("task", "metric", "use", "shown", "algo", "name")
SEED = ExperimentSpec.model_json_schema()["properties"]["seed"]


@dataclass(frozen=True)
class Note:
    """Something to know of the rows, and the split that it asks for, "" for none."""

    text: str
    split: str = ""
    column: str = ""
    taken: bool = False

    @property
    def action(self) -> str:
        """What the button sends; see `pressed`."""
        return f"split:{self.split}:{self.column}"


@dataclass(frozen=True)
class Models:
    """Steps 2 and 3 for a given question: the columns and the models of its runs."""

    version: DatasetVersion
    question: Mapping[str, str]
    sent: Posted = field(default_factory=Posted)
    refused: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def columns(self) -> list[table_of.Row]:
        return table_of.table(self.version, self.question["target"], self.sent, self.leaks)

    @cached_property
    def leaks(self) -> dict[str, str]:
        """Why each column that gives the answer away is left out."""
        return targets.leaks(self.version, self.question["target"])

    @cached_property
    def notes(self) -> list[Note]:
        """What else was found about the rows and this target, worth knowing before a choice is made."""
        body = targets.known(self.version, self.question["target"])
        found = targets.findings(self.version, body)
        return [self._note(one) for one in found if one["kind"] in NOTED]

    def _note(self, found: Mapping[str, Any]) -> Note:
        split = SUGGESTS.get(found["kind"], "")
        column = next(iter(found["columns"]), "") if split else ""
        if column in ("", self.question["target"]):
            split = column = ""
        chosen = (self.sent.get("split.kind"), self.sent.get("split.column"))
        return Note(f"{found['title']}. {found['detail']}", split, column, chosen == (split, column))

    @cached_property
    def lines(self) -> list[tuple[table_of.Row, further.Own | None]]:
        """The lines of the table, each with the settings of its column alone where they are asked for."""
        return table_of.with_own(self.columns, self.extras.own)

    @cached_property
    def extras(self) -> further.Extras:
        return further.extras(table_of.used(self.columns), self.question["task"], self.sent, self.refused)

    @property
    def families(self) -> list[model_cards.Family]:
        return model_cards.families(self.cards)

    @property
    def used(self) -> int:
        return sum(row.used for row in self.columns) + self.unseen

    @property
    def unseen(self) -> int:
        """Columns of a wide table that are used without a line of their own."""
        beyond = self.version.columns[table_of.SHOWN + 1 :]
        rows = self.version.rows or 0
        return sum(not table_of.why_left_out(column, rows, self.leaks) for column in beyond)

    @property
    def of(self) -> int:
        return len(self.version.columns) - 1

    @cached_property
    def cards(self) -> list[model_cards.Card]:
        return model_cards.cards(self.question["task"], self.sent, dict(self.refused))

    @property
    def chosen(self) -> list[model_cards.Card]:
        return [card for card in self.cards if card.chosen]

    @cached_property
    def requests(self) -> list[tuple[str, dict[str, Any]]]:
        """The learner and the request of each run. Raises NotRead: ask `refusals` first."""
        which = table_of.request(self.columns, self.version, self.question["target"], self.leaks)
        shared = {"columns": which, **self.extras.request()}
        return [(card.algo, {**shared, **card.request()}) for card in self.chosen]

    def refusals(self) -> dict[str, str]:
        """What stands in the way before anything is asked of the rules, by field."""
        found: dict[str, str] = {}
        if not self.chosen:
            found["algo"] = "Choose at least one model."
        if not self.used:
            found["use"] = "Choose at least one column to learn from."
        for card in self.chosen:
            found |= card.refusals()
        return found | self.extras.refusals()


@dataclass(frozen=True)
class Wizard:
    """A new experiment on one dataset version."""

    version: DatasetVersion
    sent: Posted = field(default_factory=Posted)
    refused: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def target(self) -> str:
        name = self.sent.get("target")
        return name if name and self.version.column(name) else answer.guess(self.version)

    @cached_property
    def column(self) -> dict[str, Any]:
        return self.version.column(self.target) or NOTHING

    @property
    def target_changed(self) -> bool:
        """Whether what was sent speaks of another target than the one it names."""
        return "for" in self.sent and self.sent.get("for") != self.target

    @cached_property
    def about(self) -> Posted:
        """What was sent about this very target; columns, task and metric of another one are forgotten."""
        if not self.target_changed:
            return self.sent
        kinds = [name for name in self.sent.values if name.startswith("kind-")]
        return self.sent.without(["for", *OF_THE_TARGET, *kinds])

    @cached_property
    def recognised(self) -> Task:
        return rules.recognise_task(self.column)

    @cached_property
    def task(self) -> Task:
        sent = self.about.get("task")
        return next((task for task in TASKS if task == sent), self.recognised)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return for_task(self.task)

    @cached_property
    def metric(self) -> Metric:
        sent = METRICS.get(self.about.get("metric"))
        return sent if sent in self.metrics else METRICS[default_metric(self.task)]

    @property
    def why(self) -> str:
        return answer.why(self.column, self.task)

    @property
    def bars(self) -> list[answer.Bar]:
        return answer.bars(self.column, self.version.rows or 0)

    @property
    def spread(self) -> str:
        return answer.spread(self.column)

    @cached_property
    def parts(self) -> Parts:
        return parts_of(self.version, self.target, self.task, self.sent, self.refused)

    @property
    def split_parts(self) -> list[tuple[Choice, str]]:
        return [(self.parts.split, "Kept aside"), (self.parts.validation, "Validation")]

    @cached_property
    def seed(self) -> Setting:
        field = setting("seed", SEED).taken(self.sent)
        return field.refused(self.refused["seed"]) if "seed" in self.refused else field

    @cached_property
    def models(self) -> Models:
        question = {"target": self.target, "task": self.task}
        return Models(self.version, question, self.about, self.refused)

    @property
    def name(self) -> str:
        return self.about.get("name")[:120] or f"Predict {self.target}"[:120]

    @property
    def stands(self) -> dict[str, str]:
        """What still stands in the way once the person looks at the page that this draws."""
        found = self.refusals()
        return {name: said for name, said in found.items() if name != "target" or not self.target_changed}

    def refusals(self) -> dict[str, str]:
        """What stands in the way of starting, by field; empty where nothing does."""
        found: dict[str, str] = {}
        if self.target_changed:
            found["target"] = f"The target is now {self.target}. Look at task and columns, then start."
        elif refusal := rules.why_not_target(self.version, self.task, self.target):
            found["target"] = refusal.detail
        if sentence := self.seed.why_not():
            found["seed"] = sentence
        return found | self.parts.refusals() | self.models.refusals()

    def spec(self) -> dict[str, Any]:
        """The experiment's part of the spec. Raises NotRead where a field cannot be read."""
        seed = {"seed": self.seed.read()} if self.seed.is_set else {}
        return {"task": self.task, "target": self.target, **seed, **self.parts.request()}

    def readable_spec(self) -> dict[str, Any] | None:
        """The same; None while a field cannot be read."""
        try:
            return self.spec()
        except NotRead:
            return None

    def as_json(self) -> str:
        """The body of the request that makes the same experiment."""
        spec = self.readable_spec() or {"task": self.task, "target": self.target}
        body = {
            "name": self.name,
            "dataset_version": str(self.version.pk),
            "metric": self.metric.name,
            **spec,
        }
        return json.dumps(body, indent=1, ensure_ascii=False)

    def run_as_json(self) -> list[str]:
        """The bodies that start the same runs; nothing where a setting cannot be read."""
        if self.models.refusals():
            return []
        return [json.dumps(request, indent=1, ensure_ascii=False) for _, request in self.models.requests]


def pressed(sent: Posted, button: str) -> Posted:
    """What was sent with what a button adds, as `split:group:customer` or `unfold:features`."""
    what, _, how = button.partition(":")
    if what == "unfold":
        return sent.with_one_more(UNFOLDED, how)
    if what != "split":
        return sent
    kind, _, column = how.partition(":")
    return sent.given({"split.kind": [kind], "split.column": [column], "validation.kind": [""]})


def again(run: Run) -> Posted:
    """What a person would have sent to start this run: its columns, kinds and settings."""
    spec = run.spec
    version = run.experiment.dataset_version
    left_out, kinds = set(spec["columns"]["drop"]), spec["columns"]["kinds"]
    names = [column["name"] for column in version.columns]
    sent = model_cards.filled_in(spec)
    sent["for"] = [spec["target"]]
    sent["use"] = [name for name in names if name not in left_out and name != spec["target"]]
    sent |= {f"kind-{names.index(name)}": [kind] for name, kind in kinds.items() if name in names}
    seen = table_of.used(table_of.table(version, spec["target"], Posted(sent), {}))
    return Posted(sent | further.told(spec, seen))


def question(experiment: Experiment) -> dict[str, str]:
    """What an experiment fixes for its runs, as the models' step needs it."""
    return {"target": experiment.target, "task": experiment.task}
