"""Short addresses of a dataset's cards, which stand on its page by the hundred, and where each leads."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, QueryDict

from datasets import links
from datasets.models import DatasetVersion

Facts = dict[str, Any]


def lead(version: DatasetVersion, query: QueryDict) -> str:
    """Where `?column=3`, `?bar=3.7` and `?top=3.1` lead: to the column 3, to the rows of its bar 7, to those
    of its common value 1. "" where the address is no such one. Raises Http404 where there is no such column.
    """
    for name, way in _WAYS.items():
        raw = query.get(name)
        if isinstance(raw, str) and raw:
            first, _, second = raw.partition(".")
            try:
                facts = version.columns[_number(first)]
                return version.get_absolute_url() + way(facts, _number(second or "0"))
            except IndexError as error:
                raise Http404 from error
    return ""


def _number(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 6):
        raise Http404
    return int(raw)


def _column(facts: Facts, _: int) -> str:
    return links.column("", facts["name"])


def _bar(facts: Facts, step: int) -> str:
    return links.rows(links.bar(facts, step))


def _top(facts: Facts, step: int) -> str:
    return links.rows([links.same(facts, facts["top"][step][0])])


_WAYS: dict[str, Callable[[Facts, int], str]] = {"column": _column, "bar": _bar, "top": _top}
