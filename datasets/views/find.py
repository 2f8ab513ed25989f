"""What an address points at: found where this person may see it, else 404."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts import current
from accounts.models import Workspace
from datasets.models import Dataset, DatasetVersion


def workspace(request: HttpRequest, slug: str) -> Workspace:
    found = get_object_or_404(Workspace.objects.visible_to(request.user), slug=slug)
    current.remember(request, found)
    return found


def dataset(request: HttpRequest, pk: UUID) -> Dataset:
    return get_object_or_404(Dataset.objects.visible_to(request.user).select_related("workspace"), pk=pk)


def version(request: HttpRequest, pk: UUID) -> DatasetVersion:
    mine = DatasetVersion.objects.visible_to(request.user)
    return get_object_or_404(mine.select_related("dataset__workspace", "created_by"), pk=pk)
