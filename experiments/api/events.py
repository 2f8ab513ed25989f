"""Pages of events: by number, so that a watcher asks for what comes after the last one it has."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from experiments.models import RunEvent
from web.paging import only_known, page_schema
from web.problems import Refused

LARGEST_NUMBER = 2**63 - 1


class EventPages(BasePagination):
    """`{"count", "next", "previous", "results"}` as everywhere; `?after=` a number, `?limit=` up to 1000."""

    most, usual = 1000, 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        only_known(request, ["after", "limit"])
        after = number(request.query_params.get("after", "0"), "after")
        limit = number(request.query_params.get("limit", str(self.usual)), "limit")
        if not 1 <= limit <= self.most:
            raise Refused(
                f"A page has 1 to {self.most} events.", code="invalid_page", field="limit", status=400
            )
        later: QuerySet[RunEvent] = queryset.filter(seq__gt=after).order_by("seq")
        self.count = later.count()
        self.found = list(later[:limit])
        self.address = request.build_absolute_uri()
        return self.found

    def get_paginated_response(self, data: Any) -> Response:
        more = len(self.found) < self.count
        following = replace_query_param(self.address, "after", self.found[-1].seq) if more else None
        return Response({"count": self.count, "next": following, "previous": None, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return page_schema(schema)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("after", "Only events with a higher number.", minimum=0),
            _parameter("limit", "So many at most.", minimum=1, maximum=self.most),
        ]


def number(text: str, name: str) -> int:
    """A whole number from 0 on. Raises Refused (400)."""
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_NUMBER:
        return int(text)
    raise Refused(f"“{name}” is a whole number from 0 on.", code="invalid_page", field=name, status=400)


def _parameter(name: str, text: str, **bounds: int) -> dict[str, Any]:
    schema = {"type": "integer", **bounds}
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
