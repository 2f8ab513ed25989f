"""The tab of rows: what the address asks for, that page of the table, and where each click leads."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from datasets import asking, cards, links, thumbs
from datasets import preview as previews
from datasets.models import DatasetVersion
from web.problems import Refused
from web.templatetags.words import count

ROWS = 100
WIDE = 30  # columns that one page shows
LISTED = 300  # columns that can be ticked
MOST_CONDITIONS = 20
NUMBERS = ("int64", "float64")
State = dict[str, Any]


class Asked:
    """Which rows the address asks for: `where`, `sort`, `q`, `columns`, `page`, `part`."""

    def __init__(self, version: DatasetVersion, query: QueryDict) -> None:
        self.version, self.query = version, query
        self.where = [one for raw in query.getlist("where")[:MOST_CONDITIONS] if (one := _condition(raw))]
        self.sort = query.get("sort", "")[:300]
        self.q = query.get("q", "").replace("\x00", "")[:200]
        self.page = _number(query.get("page"))
        self.part = _number(query.get("part"))

    @cached_property
    def picked(self) -> list[str]:
        """The columns that were chosen, in the order of the table; none where all are shown."""
        wanted = _names(self.query.get("columns", ""))
        return [column["name"] for column in self.version.columns if column["name"] in wanted]

    def link(self, **changes: Any) -> str:
        """This page with `changes`; a change of what is shown begins at the first page again."""
        state: State = {"where": self.where, "sort": self.sort, "q": self.q, "columns": self.picked}
        state |= changes
        columns = json.dumps(state["columns"], ensure_ascii=False) if state["columns"] else ""
        more = {"sort": state["sort"], "q": state["q"], "columns": columns}
        pages = {name: str(changes[name]) for name in ("page", "part") if changes.get(name, 1) != 1}
        return links.rows(state["where"], **more, **pages)

    @property
    def redirect(self) -> str:
        """Where a form leads: the same page with one condition more, or with other columns."""
        if "add" in self.query:
            return self.link(where=[*self.where, self._added()])
        if "pick" in self.query or "picking" in self.query:
            wanted = set(self.query.getlist("pick"))
            names = [column["name"] for column in self.version.columns]
            chosen = [name for name in names if name in wanted]
            return self.link(columns=[] if len(chosen) == len(names) else chosen)
        if also := self.query.get("also"):
            return self.link(columns=[*self.picked, also])
        if row := _number(self.query.get("row"), 0):
            return self.link(page=(row - 1) // ROWS + 1) + f"#row-{row}"
        return ""

    def _added(self) -> list[Any]:
        name, op = self.query["add"], self.query.get("op", "eq")
        if op in links.ALONE:
            return [name, op]
        return [name, op, self.query.get("value", "")]


def _condition(raw: str) -> list[Any] | None:
    try:
        made = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    fits = isinstance(made, list) and len(made) in (2, 3) and all(isinstance(one, str) for one in made[:2])
    return made if fits else None


def _names(raw: str) -> set[str]:
    try:
        made = json.loads(raw)
    except (ValueError, RecursionError):
        return set()
    return {name for name in made if isinstance(name, str)} if isinstance(made, list) else set()


def _number(raw: str | None, usual: int = 1) -> int:
    fits = raw is not None and raw.isascii() and raw.isdigit() and len(raw) <= 12
    return max(usual, int(raw)) if fits and raw is not None else usual


@dataclass(frozen=True)
class Chip:
    """A condition that holds, and the page without it."""

    words: str
    href: str


@dataclass(frozen=True)
class Head:
    """The head of a column: `sorted` is what ARIA says of its order, `href` the next order."""

    name: str
    look: str
    shape: str
    sorted: str
    href: str


@dataclass(frozen=True)
class Cell:
    """`look` is the class of the cell; `thumb` is where its picture lies."""

    words: str
    look: str = ""
    thumb: str = ""


class Table:
    """A page of rows; `problem` says why there are none right now."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.version = asked, asked.version
        self.problem, self.matches = "", self.version.rows or 0
        self.rows: list[tuple[int, list[Cell]]] = []
        try:
            self._fetch()
        except Refused as reason:
            self.problem = reason.detail

    def _fetch(self) -> None:
        found = self._read(self.asked.page)
        self.matches = found.count
        if not found.cells and found.count:  # a page behind the last one
            self.asked.page = self.pages
            found = self._read(self.pages)
        self.rows = [
            (number + 1, self._row(cells)) for number, cells in zip(found.numbers, found.cells, strict=True)
        ]

    def _read(self, page: int) -> Any:
        names = [column["name"] for column in self.columns]
        asked = asking.clean(self.version.columns, self.asked.where, self.asked.sort, self.asked.q)
        return previews.rows(self.version, (page - 1) * ROWS, ROWS, names, asked)

    def _row(self, cells: list[Any]) -> list[Cell]:
        return [self._cell(column, value) for column, value in zip(self.columns, cells, strict=True)]

    def _cell(self, column: dict[str, Any], value: Any) -> Cell:
        look = "num" if column["type"] in NUMBERS else ""
        if value is None:
            return Cell("missing", f"{look} missing".strip())
        if isinstance(value, dict):
            look = "wall--tiny" if thumbs.are_tiny(column) else ""
            return Cell(f"Picture in {column['name']}", look, str(value["thumb"]))
        if isinstance(value, bool):
            return Cell(str(value).lower())
        shown = f"{value:.15g}" if isinstance(value, float) else str(value).removesuffix(" 00:00:00")
        return Cell(shown, look)

    @cached_property
    def chosen(self) -> list[dict[str, Any]]:
        """All columns that are to be seen, over all parts of the width."""
        wanted = set(self.asked.picked)
        return [column for column in self.version.columns if not wanted or column["name"] in wanted]

    @property
    def is_wide(self) -> bool:
        """Whether there are more columns than a list of them has room for; then their names are typed."""
        return len(self.version.columns) > LISTED

    @property
    def parts(self) -> int:
        return max(1, -(-len(self.chosen) // WIDE))

    @cached_property
    def columns(self) -> list[dict[str, Any]]:
        """The columns of this part of the width."""
        start = (min(self.asked.part, self.parts) - 1) * WIDE
        return self.chosen[start : start + WIDE]

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: dict[str, Any]) -> Head:
        name, now = column["name"], self.asked.sort
        following = {name: f"-{name}", f"-{name}": ""}.get(now, name)
        return Head(
            name=name,
            look="num" if column["type"] in NUMBERS else "",
            shape=cards.tiny(column),
            sorted={name: "ascending", f"-{name}": "descending"}.get(now, ""),
            href=self.asked.link(sort=following),
        )

    @property
    def chips(self) -> list[Chip]:
        where = self.asked.where
        made = [
            Chip(_words(one), self.asked.link(where=[*where[:place], *where[place + 1 :]]))
            for place, one in enumerate(where)
        ]
        return [*made, Chip(f"“{self.asked.q}” in text", self.asked.link(q=""))] if self.asked.q else made

    @property
    def pages(self) -> int:
        return max(1, -(-self.matches // ROWS))

    @property
    def words(self) -> str:
        """1 to 100 of 891."""
        if not self.rows:
            return "No rows"
        start = (self.asked.page - 1) * ROWS
        said = f"{count(start + 1)} to {count(start + len(self.rows))} of {count(self.matches)}"
        filtered = self.asked.where or self.asked.q
        return f"{said} that fit, of {count(self.version.rows)}" if filtered else said

    @property
    def previous(self) -> str:
        page = self.asked.page
        return self.asked.link(page=page - 1, part=self.asked.part) if page > 1 else ""

    @property
    def next(self) -> str:
        page = self.asked.page
        return self.asked.link(page=page + 1, part=self.asked.part) if page < self.pages else ""

    @property
    def left(self) -> str:
        part = min(self.asked.part, self.parts)
        return self.asked.link(part=part - 1, page=self.asked.page) if part > 1 else ""

    @property
    def right(self) -> str:
        part = min(self.asked.part, self.parts)
        return self.asked.link(part=part + 1, page=self.asked.page) if part < self.parts else ""

    @property
    def download(self) -> str:
        """All the rows that fit, in this order and with these columns, as a file."""
        query = self.asked.link().replace("?tab=rows", "", 1).removeprefix("&")
        return f"{self.version.get_absolute_url()}rows.csv" + (f"?{query}" if query else "")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form of this tab carries along, besides its own fields."""
        columns = json.dumps(self.asked.picked, ensure_ascii=False) if self.asked.picked else ""
        pairs = [
            ("tab", "rows"),
            *(("where", json.dumps(one, ensure_ascii=False)) for one in self.asked.where),
        ]
        return [*pairs, *(pair for pair in (("sort", self.asked.sort), ("columns", columns)) if pair[1])]

    @property
    def ops(self) -> dict[str, str]:
        return links.OPS


def _words(one: list[Any]) -> str:
    said = f"{one[0]} {links.OPS.get(one[1], one[1])}"
    return said if len(one) < 3 or one[1] in links.ALONE else f"{said} {one[2]}"
