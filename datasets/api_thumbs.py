"""The API of pictures: the small one of a row."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from datasets import thumbs
from datasets.api import OneVersion


class Thumb(OneVersion):
    """The picture of one row of an image set."""

    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID, row: int) -> HttpResponse:  # type: ignore[override]
        """A WebP whose longer side has 128 pixels at most. 404 where the row has none."""
        return thumbs.answer(self.find(request, pk), row)
