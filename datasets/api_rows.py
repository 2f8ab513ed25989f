"""The API of rows: a page of them as it is asked for, all of them as a file, two versions side by side."""

from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from datasets import asking, comparing
from datasets import preview as previews
from datasets.api import OneVersion, asked
from datasets.models import DatasetVersion
from datasets.serializers import CompareSerializer, PreviewSerializer
from web.downloads import download
from web.paging import only_known
from web.problems import Refused

QUESTION = ("where", "sort", "q", "columns")
WHERE = (
    'A JSON array of column, comparison and value, such as ["age", "gt", 30]; again for each further '
    f"condition, all of which hold. Comparisons: {', '.join(asking.OPS)}."
)
PARAMETERS = [
    OpenApiParameter("where", {"type": "array", "items": {"type": "string"}}, description=WHERE),
    OpenApiParameter("sort", str, description="Columns between commas; a minus before one: falling."),
    OpenApiParameter("q", str, description="Rows that hold this text in any column of text."),
    OpenApiParameter("columns", str, description='A JSON array of names, such as ["age", "fare"].'),
]


class Preview(OneVersion):
    """A page of rows."""

    @extend_schema(
        responses=PreviewSerializer,
        parameters=[
            OpenApiParameter("offset", int),
            OpenApiParameter("limit", int, description="Up to 200."),
            *PARAMETERS,
        ],
    )
    def get(self, request: Request, pk: UUID) -> Response:
        only_known(request, ["offset", "limit", *QUESTION])
        version = self.find(request, pk)
        offset = asked(request, "offset", 0, 2**53)
        limit = asked(request, "limit", 50, previews.MOST)
        names, question = question_of(version, request)
        found = previews.rows(version, offset, limit, names, question)
        body = {
            "count": found.count,
            "total": version.rows,
            "offset": offset,
            "limit": limit,
            "columns": names or [column["name"] for column in version.columns],
            "rows": found.numbers,
            "results": found.cells,
        }
        return Response(body)


class Sheet(OneVersion):
    """Rows as a file."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY}, parameters=PARAMETERS)
    def get(self, request: Request, pk: UUID) -> StreamingHttpResponse:  # type: ignore[override]
        """As CSV, up to a million rows; a text that a sheet would take for a formula is made harmless."""
        only_known(request, QUESTION)
        version = self.find(request, pk)
        return sheet(version, *question_of(version, request))


class Compare(OneVersion):
    """Two versions side by side."""

    @extend_schema(
        responses=CompareSerializer,
        parameters=[OpenApiParameter("with", OpenApiTypes.UUID, required=True, description="The other one.")],
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """What changed from the version that `with` names to this one."""
        only_known(request, ["with"])
        version = self.find(request, pk)
        return Response(comparing.of(version, self.find(request, _key(request))).body)


def _key(request: Request) -> UUID:
    try:
        return UUID(request.query_params.get("with", ""))
    except ValueError as error:
        reason = "Name the version to compare with, as ?with=<id>."
        raise Refused(reason, code="invalid_query", field="with", status=400) from error


def question_of(version: DatasetVersion, request: Request) -> tuple[list[str] | None, asking.Asked]:
    """The columns and the question of a query. Raises Refused (400) with the field."""
    query = request.query_params
    names = asking.names(version.columns, query.get("columns", ""))
    where, sort, q = query.getlist("where"), query.get("sort", ""), query.get("q", "")
    return names, asking.clean(version.columns, where, sort, q)


def sheet(version: DatasetVersion, names: list[str] | None, question: asking.Asked) -> StreamingHttpResponse:
    """The rows as a download. Raises as `preview.sheet` does."""
    with previews.sheet(version, names, question) as path:
        return download(path, f"{version.dataset.name} v{version.number}.csv", "text/csv; charset=utf-8")
