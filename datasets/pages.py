"""What the pages of datasets show: found once, ready for the template."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from accounts.models import User
from datasets import cards, permissions
from datasets import preview as previews
from datasets.forms import ReadingForm
from datasets.models import Dataset, DatasetVersion
from web.problems import Refused

CARDS = 100
ROWS = 100
WIDE = 30  # columns of rows that one page shows
USED = 20


class DatasetPage:
    """One version of a dataset, and the tab that is open."""

    tabs = (("profile", "Profile"), ("rows", "Rows"), ("versions", "Versions"))

    def __init__(self, version: DatasetVersion, user: User, query: Any) -> None:
        self.version, self.dataset, self.query = version, version.dataset, query
        self.why_not = permissions.why_not_change(user, self.dataset)
        asked = query.get("tab", "profile")
        self.tab = asked if version.is_ready and asked in dict(self.tabs) else "profile"

    @property
    def form(self) -> ReadingForm:
        return ReadingForm(initial={"header": "", **self.version.options})

    @cached_property
    def versions(self) -> list[DatasetVersion]:
        return list(self.dataset.all_versions.select_related("created_by"))

    @property
    def is_newest(self) -> bool:
        return self.version == self.versions[0]

    @cached_property
    def used_by(self) -> list[Any]:
        """The latest experiments that were made with this version."""
        return list(self.version.experiments.order_by("-created_at")[:USED])

    @cached_property
    def missing(self) -> float:
        """The share of cells that say nothing."""
        cells = (self.version.rows or 0) * len(self.version.columns)
        return sum(column["missing"] for column in self.version.columns) / cells if cells else 0.0

    @cached_property
    def column_page(self) -> Page[Any]:
        size = WIDE if self.tab == "rows" else CARDS
        return Paginator(self.version.columns, size).get_page(self.query.get("columns"))

    @property
    def cards(self) -> list[cards.Card]:
        return cards.cards(list(self.column_page), self.version.rows or 0)

    @cached_property
    def row_page(self) -> Page[Any]:
        return Paginator(range(self.version.rows or 0), ROWS).get_page(self.query.get("page"))

    @cached_property
    def table(self) -> "Table":
        return Table(self)


class Table:
    """A page of rows; `problem` says why there are none right now."""

    def __init__(self, page: DatasetPage) -> None:
        start = page.row_page.start_index() - 1
        self.columns = list(page.column_page)
        self.problem, self.rows = "", []
        try:
            names = [column["name"] for column in self.columns]
            found = previews.rows(page.version, start, ROWS, names)
        except Refused as reason:
            self.problem = reason.detail
            return
        self.rows = [(start + place, list(self._cells(row))) for place, row in enumerate(found.cells)]

    def _cells(self, row: list[Any]) -> Any:
        """Each value with the class of its column."""
        for column, value in zip(self.columns, row, strict=True):
            shown = str(value).lower() if isinstance(value, bool) else value
            yield shown, "num" if column["type"] in ("int64", "float64") else ""


def listed(page: Page[Dataset]) -> list[tuple[Dataset, DatasetVersion | None]]:
    return [(dataset, dataset.latest_version) for dataset in page]
