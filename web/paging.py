"""Every list of the API is paged, in one form."""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from web.problems import Refused

FORMAT = "format"
"""REST framework's own word: the form of the answer."""


class Pages(PageNumberPagination):
    """`{"count", "next", "previous", "results"}`; `?page=` from 1, `?page_size=` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        only_known(request, ["page", "page_size", *getattr(view, "filters", ())])
        self._check(request, "page", 10**9)
        self._check(request, "page_size", self.max_page_size)
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound as error:
            text = "The list ends before this page. Begin with page 1 and follow “next”."
            raise Refused(text, code="invalid_page", field="page", status=400) from error

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return page_schema(schema)

    def _check(self, request: Request, name: str, most: int) -> None:
        sent = request.query_params.get(name, "1")
        if not (sent.isascii() and sent.isdigit() and len(sent) < 12 and 1 <= int(sent) <= most):
            text = f"{name} is a number from 1 to {most:,}."
            raise Refused(text, code="invalid_page", field=name, status=400)


def page_schema(results: dict[str, Any]) -> dict[str, Any]:
    """The form of a list, as OpenAPI 3.1 says it; `results` is the schema of its things."""
    address = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": "integer"},
            "next": address,
            "previous": address,
            "results": results,
        },
    }


def only_known(request: Request, names: Iterable[str]) -> None:
    """Refuses what a list cannot be asked: a filter that is silently left out would show too much."""
    known = [*names, FORMAT]
    if any(name not in known for name in request.query_params):
        text = f"This list cannot be asked that. It knows {', '.join(known[:-1])}."
        raise Refused(text, code="unknown_parameter", status=400)
