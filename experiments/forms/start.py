"""One press of the button: the experiment and a run for each model, all or nothing."""

from typing import Any

from django.db import transaction

from accounts.models import User
from datasets.models import DatasetVersion
from experiments import actions
from experiments.forms.extras import OWN
from experiments.forms.wizard import Models, Wizard
from experiments.models import Experiment, Run
from web.problems import Invalid, Refused

PLACES = {"columns": "use", "model": "algo", "dataset_version": "target"}
SAME = ("split", "validation", "preprocessing", "features", "evaluation")
"""Parts of the spec whose fields have the names on the page that they have in the spec."""


class NotStarted(Exception):
    """Nothing was made. `refusals` says why, by field; "" is the whole form. `status` is the HTTP status."""

    def __init__(self, refusals: dict[str, str], status: int = Invalid.status) -> None:
        super().__init__(next(iter(refusals.values())))
        self.refusals = refusals
        self.status = status


def start_experiment(wizard: Wizard, *, by: User) -> tuple[Experiment, list[Run]]:
    """The experiment with a run for each chosen model. Raises NotStarted, and then nothing stays behind."""
    if found := wizard.refusals():
        raise NotStarted(found)
    with transaction.atomic():
        experiment = _experiment(wizard, by)
        return experiment, _runs(experiment, wizard.models, by)


def start_runs(experiment: Experiment, models: Models, *, by: User) -> list[Run]:
    """A run for each chosen model in an experiment that stands. Raises NotStarted: then none is made."""
    if found := models.refusals():
        raise NotStarted(found)
    with transaction.atomic():
        return _runs(experiment, models, by)


def _experiment(wizard: Wizard, by: User) -> Experiment:
    try:
        return actions.create_experiment(
            workspace=wizard.version.dataset.workspace,
            name=wizard.name,
            version=wizard.version,
            spec=wizard.spec(),
            metric=wizard.metric.name,
            by=by,
        )
    except Refused as refused:
        raise NotStarted(by_field(refused), refused.status) from refused


def _runs(experiment: Experiment, models: Models, by: User) -> list[Run]:
    """Tries every model, so that all refusals are shown at once; any refusal undoes them all."""
    runs: list[Run] = []
    refusals: dict[str, str] = {}
    status: int = Invalid.status
    for algo, request in models.requests:
        try:
            runs.append(_run(experiment, request, by))
        except Refused as refused:
            refusals |= by_field(refused, algo, experiment.dataset_version)
            status = refused.status
    if refusals:
        raise NotStarted(refusals, status)
    return runs


def _run(experiment: Experiment, request: dict[str, Any], by: User) -> Run:
    with transaction.atomic():
        return actions.start_run(experiment=experiment, request=request, by=by)[0]


def by_field(refused: Refused, algo: str = "", version: DatasetVersion | None = None) -> dict[str, str]:
    """The sentences of a refusal under the names that the page's fields have."""
    if not refused.errors:
        return {"": refused.detail}
    names = [column["name"] for column in version.columns] if version else []
    return {_place(error["field"], algo, names): error["message"] for error in refused.errors}


def _place(path: str, algo: str, names: list[str]) -> str:
    """`model.n_estimators` stands at `m-random_forest-n_estimators`, each run having a model of its own."""
    first, *rest = path.split(".")
    if path.startswith(f"{OWN}."):
        return _own(path.removeprefix(f"{OWN}."), names)
    if first in SAME:
        return ".".join([first, *(part for part in rest if not part.isdigit())])
    if algo and first in ("model", "training"):
        known = rest and rest[0] != "algo"
        return f"m-{algo}-{rest[0]}" if known else f"m-{algo}"
    return PLACES.get(first, first)


def _own(path: str, names: list[str]) -> str:
    """`age.clip` stands at the place of the column, for a name may hold anything."""
    name, _, setting = path.rpartition(".")
    return f"{OWN}.{names.index(name)}.{setting}" if name in names else "use"
