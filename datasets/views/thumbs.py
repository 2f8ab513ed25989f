"""The picture of one row, as pages show it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from datasets import thumbs
from datasets.views import find


@require_safe
def thumb(request: HttpRequest, pk: UUID, row: int) -> HttpResponse:
    """A small WebP; 404 where the row has no picture."""
    return thumbs.answer(find.version(request, pk), row)
