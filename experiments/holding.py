"""What experiments and runs hold on to: the versions of data they were made with."""

from collections.abc import Iterable
from uuid import UUID

from datasets.holders import Hold, holder
from experiments.models import Experiment, Run


@holder
def runs(versions: list[UUID]) -> Iterable[Hold]:
    """Runs that are not finished read their version now."""
    found = Run.objects.filter(experiment__dataset_version__in=versions).unfinished()
    for version, name, question in found.values_list(
        "experiment__dataset_version", "name", "experiment__name"
    ):
        way_out = "Wait until no run needs it, or cancel its runs, then delete it."
        yield Hold(version, "run", f"{name} of {question}", way_out, is_busy=True)


@holder
def experiments(versions: list[UUID]) -> Iterable[Hold]:
    """An experiment stays true as long as its data can be looked up."""
    found = Experiment.objects.filter(dataset_version__in=versions).order_by("created_at")
    for version, name in found.values_list("dataset_version", "name"):
        yield Hold(version, "experiment", name, "It can go for good once its experiments are deleted.")
