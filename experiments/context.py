"""What every page's shell knows: the person's workspaces, the one at hand, and how much lies in it."""

from functools import cached_property
from typing import Any

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from accounts import current
from accounts.models import Membership, Workspace
from datasets.models import Dataset
from experiments.models import Experiment, Run
from experiments.states import State

THEMES = ("light", "dark")
PARTS = {
    "dataset": "datasets",
    "dataset_version": "datasets",
    "experiment": "experiments",
    "new_experiment": "experiments",
    "new_run": "experiments",
    "run": "runs",
}
"""Which entry of the sidebar a page belongs to, by the name of its address."""


class Shell:
    """The frame of a page. Nothing is asked of the database before a template looks at it."""

    def __init__(self, request: HttpRequest, workspace: Workspace | None = None) -> None:
        self.request = request
        self.given = workspace

    def at(self, workspace: Workspace | None) -> "Shell":
        """The same frame around the workspace that the page itself shows."""
        return Shell(self.request, workspace) if isinstance(workspace, Workspace) else self

    @property
    def part(self) -> str:
        match = self.request.resolver_match
        return PARTS.get(match.url_name or "", "") if match else ""

    @property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def keys(self) -> bool:
        """Whether single letters act; a person may turn them off."""
        return self.request.COOKIES.get("keys") != "off"

    @cached_property
    def memberships(self) -> list[Membership]:
        """The person's workspaces with their role in each, by name."""
        mine = Membership.objects.filter(user=self.request.user.pk).select_related("workspace")
        return list(mine.order_by("workspace__name", "workspace__slug"))

    @cached_property
    def membership(self) -> Membership | None:
        """The workspace at hand: the page's own, the address's, the last opened, the first."""
        match = self.request.resolver_match
        slug = match.kwargs.get("slug") if match else None
        for wanted in (self.given and self.given.slug, slug, self.request.session.get(current.KEY)):
            for membership in self.memberships:
                if membership.workspace.slug == wanted:
                    return membership
        return self.memberships[0] if self.memberships else None

    @property
    def workspace(self) -> Workspace | None:
        return self.membership.workspace if self.membership else None

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many datasets and experiments lie here, and how many runs are at work."""
        if self.workspace is None:
            return {}
        here, in_it = {"workspace": OuterRef("pk")}, {"experiment__workspace": OuterRef("pk")}
        counted = {
            "datasets": Dataset.objects.filter(**here, deleted_at=None),
            "experiments": Experiment.objects.filter(**here),
            "running": Run.objects.filter(**in_it, state=State.RUNNING),
        }
        asked = Workspace.objects.filter(pk=self.workspace.pk).values_list(
            *(_how_many(rows) for rows in counted.values())
        )
        return dict(zip(counted, asked.get(), strict=True))


def _how_many(rows: QuerySet[Any]) -> Subquery:
    """The number of rows as part of another query: three counts in one question."""
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(how_many=counted).values("how_many"))


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
