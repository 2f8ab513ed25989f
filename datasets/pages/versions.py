"""The versions of a dataset side by side, and what was made with them."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min

from datasets.models import Dataset, DatasetVersion
from engine.metrics import METRICS

PER_PAGE = 50


def listed(dataset: Dataset, number: str | None) -> Page[DatasetVersion]:
    """Newest first, each without its columns."""
    versions = dataset.all_versions.select_related("created_by")
    return Paginator(versions, PER_PAGE).get_page(number)


@dataclass(frozen=True)
class Use:
    """An experiment with its best score; none where nothing has been scored yet."""

    experiment: Any
    metric: str
    rises: bool
    best: float | None


def experiments(version: DatasetVersion) -> Any:
    """The experiments that were made with any version of its dataset, newest first."""
    made = version.experiments.model.objects.filter(dataset_version__dataset=version.dataset_id)
    return made.order_by("-created_at")


def used(version: DatasetVersion, number: str | None) -> Page[Any]:
    """A page of experiments, each with its version, its runs counted and the best of their scores."""
    scores = {"run_count": Count("runs"), "least": Min("runs__score"), "most": Max("runs__score")}
    found = experiments(version).select_related("dataset_version", "created_by").annotate(**scores)
    page = Paginator(found, PER_PAGE).get_page(number)
    page.object_list = [_use(one) for one in page]
    return page


def _use(experiment: Any) -> Use:
    metric = METRICS.get(experiment.metric)
    rises = metric.higher_is_better if metric else True
    best = experiment.most if rises else experiment.least
    return Use(experiment, metric.label if metric else experiment.metric, rises, best)
