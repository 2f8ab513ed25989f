"""The pictures of an image set, small: a wall of them for each class, read from one file, never unpacked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse

from datasets import files, links, thumbfile
from datasets.models import DatasetVersion

CLASSES = 20  # on one page
FIRST = 16  # pictures of each class, where all classes are shown
TINY = 32  # pixels of width up to which each is drawn as a square
TILES = 120  # pictures of one class on one page
FOREVER = "private, max-age=31536000, immutable"


@dataclass(frozen=True)
class Tile:
    """One picture: `row` counts from 1, as on pages; `href` leads to it."""

    row: int
    src: str
    alt: str
    href: str


@dataclass(frozen=True)
class Strip:
    """A class, how many pictures it has, and some of them."""

    label: str
    count: int
    tiles: list[Tile]


class Wall:
    """The pictures of one class, or some of each. `page` is a Page of tiles or of classes for the pager."""

    def __init__(self, version: DatasetVersion, label: str | None, number: str | None) -> None:
        self.version, self._number = version, number
        facts = _facts(version)
        self.classes: list[list[Any]] = facts.get("classes", [])
        self.is_tiny = are_tiny({"pictures": facts})
        self.label = label if any(label == known for known, _, _ in self.classes) else ""

    @cached_property
    def page(self) -> Page[Any]:
        if not self.label:
            return Paginator(self.classes, CLASSES).get_page(self._number)
        first, count = next((first, count) for label, first, count in self.classes if label == self.label)
        return Paginator(range(first, first + count), TILES).get_page(self._number)

    @property
    def strips(self) -> list[Strip]:
        """What the page shows: one class with many pictures, or many classes with a few."""
        if self.label:
            return [Strip(self.label, self.page.paginator.count, self._tiles(self.label, self.page))]
        return [
            Strip(label, count, self._tiles(label, range(first, first + min(count, FIRST))))
            for label, first, count in self.page
        ]

    def _tiles(self, label: str, rows: Iterable[int]) -> list[Tile]:
        return [self._tile(label, row) for row in rows]

    def _tile(self, label: str, row: int) -> Tile:
        shown = row + 1
        alt, href = f"{label}, row {shown:,}", links.rows(row=str(shown))
        return Tile(shown, address(self.version, row), alt, href)


def address(version: DatasetVersion, row: int) -> str:
    return reverse("dataset_thumb", args=[version.pk, row])


def answer(version: DatasetVersion, row: int) -> HttpResponse:
    """One picture as WebP, which a browser may keep. Raises Http404 where the row has none."""
    data = _picture(version, row)
    if data is None:
        raise Http404
    kept = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    return HttpResponse(data, content_type="image/webp", headers=kept)


def _picture(version: DatasetVersion, row: int) -> bytes | None:
    try:
        return thumbfile.picture(files.path_of(version.thumbs_key), row) if version.thumbs_size else None
    except FileNotFoundError:
        return None


def are_tiny(column: Mapping[str, Any]) -> bool:
    """Whether its pictures are so small that each of their pixels is to be drawn as a square."""
    widths = (column.get("pictures") or {}).get("widths") or {}
    return bool(widths.get("max", TINY + 1) <= TINY)


def _facts(version: DatasetVersion) -> dict[str, Any]:
    """How large the pictures are; of each class its name, its first row and how many follow."""
    pictures = (column.get("pictures") for column in version.columns if column["kind"] == "image")
    return next((found for found in pictures if found), {})
