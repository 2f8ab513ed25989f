"""One version of a dataset as a page: its head, its tabs, and what the open tab shows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max
from django.http import QueryDict

from accounts.models import User
from datasets import cards, permissions, storage, targets
from datasets.forms import ReadingForm
from datasets.models import DatasetVersion
from datasets.pages import column, decisions, findings, shortcuts, ties, versions
from datasets.pages.compared import Compared
from datasets.pages.findings import Finding
from datasets.pages.rows import Asked, Table
from datasets.pages.target import Target
from datasets.thumbs import Wall

CARDS, PAIRS, FINDINGS = 100, 12, 12


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int | None = None


class DatasetPage:
    """One version of a dataset, and the tab that is open."""

    def __init__(self, version: DatasetVersion, user: User, query: QueryDict) -> None:
        self.version, self.dataset, self.query, self.user = version, version.dataset, query, user
        self.why_not = permissions.why_not_change(user, self.dataset)
        asked = query.get("tab", "profile")
        known = {tab.name for tab in self.tabs} if asked != "profile" else set()
        self.tab = asked if asked in known else "profile"

    @cached_property
    def tabs(self) -> list[Tab]:
        """The profile, its rows, its pictures if it has some, the other versions, and what uses it."""
        about = [Tab("profile", "Profile"), Tab("rows", "Rows", self.version.rows)]
        pictures = [Tab("pictures", "Pictures", self.version.rows)] if self.has_pictures else []
        around = [
            Tab("versions", "Versions", self._numbers["count"]),
            Tab("used", "Used by", versions.experiments(self.version).count()),
        ]
        return [*about, *pictures, *around] if self.version.is_ready else [about[0], *around]

    @property
    def has_pictures(self) -> bool:
        return any(column["kind"] == "image" for column in self.version.columns)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """How many versions there are, and the highest number."""
        kept = self.dataset.all_versions.filter(deleted_at=None).order_by()
        return kept.aggregate(count=Count("pk"), highest=Max("number"))

    @property
    def redirect(self) -> str:
        """Where the address leads, if it is a short one or comes from a form without scripts; else ""."""
        if address := shortcuts.lead(self.version, self.query):
            return address
        asked = self.asked.redirect if self.tab == "rows" else ""
        return self.version.get_absolute_url() + asked if asked else ""

    @property
    def is_newest(self) -> bool:
        return self.version.number == self._numbers["highest"]

    @property
    def next_number(self) -> int:
        return (self._numbers["highest"] or 0) + 1

    @property
    def form(self) -> ReadingForm:
        return ReadingForm(initial={"header": "", **self.version.options})

    # ── The profile ──

    @cached_property
    def missing(self) -> float:
        """The share of cells that say nothing."""
        cells = (self.version.rows or 0) * len(self.version.columns)
        return sum(column["missing"] for column in self.version.columns) / cells if cells else 0.0

    @cached_property
    def copies(self) -> int:
        """Rows that say what an earlier row says."""
        found = [one["evidence"] for one in self.version.findings if one["kind"] == "duplicate_rows"]
        return int(found[0].get("rows", 0)) if found else 0

    @property
    def storage(self) -> int:
        """Bytes that this version takes: the file as it came, its table, its thumbnails."""
        return storage.of([self.version]).total

    @cached_property
    def findings(self) -> list[Finding]:
        """What was found in the columns, and then what the chosen target adds to it."""
        return findings.shown(targets.findings(self.version, self.target.body))

    @property
    def shown_findings(self) -> list[Finding]:
        """The worst of them, or all where the address asks for all."""
        return self.findings if self.query.get("findings") == "all" else self.findings[:FINDINGS]

    @property
    def more_findings(self) -> int:
        return len(self.findings) - len(self.shown_findings)

    @cached_property
    def decisions(self) -> list[decisions.Decision]:
        return decisions.shown(self.version.decisions, self.version.options)

    @cached_property
    def target(self) -> Target:
        return Target(self.version, self.query.get("target"))

    @cached_property
    def column_page(self) -> Page[Any]:
        return Paginator(self.version.columns, CARDS).get_page(self.query.get("part"))

    @property
    def cards(self) -> list[cards.Card]:
        start = self.column_page.start_index() - 1
        marks = findings.marks(self.version.findings)
        return cards.cards(list(self.column_page), self.version.rows or 0, max(0, start), marks)

    @property
    def pairs(self) -> list[column.Pair]:
        """The columns that say most of each other."""
        return column.pairs(self.version)[:PAIRS]

    @cached_property
    def ties(self) -> ties.Grid:
        """All of them side by side."""
        return ties.Grid(self.version)

    # ── The other tabs ──

    @cached_property
    def asked(self) -> Asked:
        return Asked(self.version, self.query)

    @cached_property
    def table(self) -> Table:
        return Table(self.asked)

    @cached_property
    def wall(self) -> Wall:
        return Wall(self.version, self.query.get("label"), self.query.get("page"))

    @cached_property
    def versions(self) -> Page[DatasetVersion]:
        return versions.listed(self.dataset, self.query.get("page"))

    @cached_property
    def compared(self) -> Compared | None:
        """This version beside the one that the address names; none where it names none that can be seen."""
        try:
            named = UUID(self.query.get("with", ""))
        except ValueError:
            return None
        mine = DatasetVersion.objects.visible_to(self.user).select_related("dataset__workspace")
        other = mine.filter(pk=named).first()
        return Compared(self.version, other) if other else None

    @cached_property
    def used(self) -> Page[Any]:
        return versions.used(self.version, self.query.get("page"))
