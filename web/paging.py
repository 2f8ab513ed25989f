"""Every list of the API is paged, in one form."""

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from web.problems import Refused


class Pages(PageNumberPagination):
    """`{"count", "next", "previous", "results"}`; `?page=` from 1, `?page_size=` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        number = request.query_params.get(self.page_query_param, "1")
        if not (number.isascii() and number.isdigit() and 1 <= int(number) < 10**9):
            raise Refused("A page is a number from 1 on.", code="invalid_page", field="page", status=400)
        return super().paginate_queryset(queryset, request, view)
