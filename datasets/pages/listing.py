"""The list of datasets: each with its newest version, its kinds, its findings, and what was made with it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Func, IntegerField, JSONField, Max, OuterRef, Subquery, Value
from django.http import QueryDict

from accounts.models import User, Workspace
from datasets.cards import KINDS
from datasets.models import Dataset, DatasetVersion, Status

PER_PAGE = 50
STATES = {"": "All", Status.READY: "Ready", Status.INGESTING: "Being read", Status.FAILED: "Not readable"}
Kinds = list[tuple[str, str, int]]


@dataclass(frozen=True)
class Listed:
    """`kinds` are (icon, kind, how many columns); `used` counts experiments, the last at `used_at`."""

    dataset: Dataset
    version: DatasetVersion | None
    kinds: Kinds = field(default_factory=list)
    findings: int = 0
    used: int = 0
    used_at: datetime | None = None


class Listing:
    """The datasets of a workspace that fit what the address asks for: `q`, `state`, `page`."""

    def __init__(self, workspace: Workspace, user: User, query: QueryDict) -> None:
        self.workspace, self.user, self.query = workspace, user, query
        self.search = query.get("q", "").replace("\x00", "")[:200]
        self.state = query.get("state", "") if query.get("state", "") in STATES else ""
        self.states = STATES

    @property
    def is_filtered(self) -> bool:
        return bool(self.search or self.state)

    def page(self) -> Page[Dataset]:
        found = Dataset.objects.visible_to(self.user).filter(workspace=self.workspace)
        found = found.filter(name__icontains=self.search)
        if self.state:
            versions = DatasetVersion.objects.filter(dataset=OuterRef("pk"), deleted_at=None)
            newest = Subquery(versions.order_by("-number").values("status")[:1])
            found = found.annotate(newest_status=newest).filter(newest_status=self.state)
        return Paginator(found.with_latest(), PER_PAGE).get_page(self.query.get("page"))


def listed(page: Page[Dataset]) -> list[Listed]:
    """In three queries, however many there are."""
    pairs = [(dataset, dataset.latest_version) for dataset in page]
    known = _known([version.pk for _, version in pairs if version])
    uses = _uses(page)
    return [
        Listed(
            dataset, version, *known.get(version.pk if version else None, ([], 0)), *uses.get(dataset.pk, ())
        )
        for dataset, version in pairs
    ]


def _known(versions: Iterable[Any]) -> dict[Any, tuple[Kinds, int]]:
    """The kinds of the columns of each version, most frequent first, and how many findings it has."""
    path = Value("$[*].kind")
    kinds = Func(
        F("columns"),
        path,
        template="jsonb_path_query_array(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
    findings = Func(F("findings"), function="jsonb_array_length", output_field=IntegerField())
    rows = DatasetVersion.objects.filter(pk__in=versions).values_list("pk", kinds, findings)
    return {pk: (_counted(found), number) for pk, found, number in rows}


def _counted(kinds: Iterable[str]) -> Kinds:
    alike = Counter("number" if kind == "integer" else kind for kind in kinds)
    named = ((KINDS.get(kind, (kind, "info")), number) for kind, number in alike.most_common())
    return [(icon, label, number) for (label, icon), number in named]


def _uses(datasets: Iterable[Dataset]) -> dict[Any, tuple[int, datetime]]:
    """How many experiments were made with each, and when the latest was."""
    made = DatasetVersion.objects.filter(dataset__in=list(datasets), experiments__isnull=False)
    counted = made.values("dataset").annotate(
        number=Count("experiments"), latest=Max("experiments__created_at")
    )
    return {row["dataset"]: (row["number"], row["latest"]) for row in counted.order_by()}
