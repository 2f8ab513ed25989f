"""The API of what is in a version: its columns, its findings, and one column as the answer."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from datasets import targets
from datasets.api import OneVersion
from datasets.models import DatasetVersion
from datasets.profile_serializers import ProfileSerializer
from web.paging import only_known
from web.problems import Refused

TARGET = OpenApiParameter(
    "target", str, description="The column that is taken for the answer; otherwise the likeliest."
)


class Profile(OneVersion):
    """What the columns hold, and what would make a model of them lie."""

    @extend_schema(responses=ProfileSerializer, parameters=[TARGET])
    def get(self, request: Request, pk: UUID) -> Response:
        only_known(request, ["target"])
        version = self.find(request, pk)
        if not version.is_ready:
            raise Refused("The profile comes once the file is read.", code="not_ready")
        return Response(profile(version, request.query_params.get("target")))


def profile(version: DatasetVersion, target: str | None) -> dict[str, object]:
    """Everything that is known of a version; of the likeliest answer where no target is named.

    Raises as `targets.of` does.
    """
    likely = version.suggested_target
    body = targets.of(version, target) if target is not None else None
    if body is None and likely:
        body = targets.known(version, likely["name"])
    return dict(ProfileSerializer(version, context={"target": body}).data)
