"""The API of deleting: what lies in the trash, out of it again, and off the disk."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.current import person
from accounts.models import Workspace
from datasets import actions, trash
from datasets.api import OneVersion
from datasets.models import Dataset
from datasets.serializers import FullDatasetSerializer, NoteSerializer, TrashSerializer, VersionSerializer


class Trash(generics.ListAPIView[Any]):
    """What was deleted in a workspace and can still be had back, the latest first."""

    serializer_class = TrashSerializer

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return Dataset.objects.none()
        user = person(self.request)
        return trash.listed(
            get_object_or_404(Workspace.objects.visible_to(user), slug=self.kwargs["slug"]), user
        )

    def paginate_queryset(self, queryset: Any) -> Any:
        return trash.items(super().paginate_queryset(queryset) or [])


class RestoreDataset(APIView):
    @extend_schema(request=None, responses=FullDatasetSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        dataset = get_object_or_404(trash.datasets(person(request)), pk=pk)
        trash.restore_dataset(dataset=dataset, by=person(request))
        return Response(FullDatasetSerializer(dataset, context={"request": request}).data)


class PurgeDataset(APIView):
    """For good, before its days are over. Refused while something was made with it."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: UUID) -> Response:
        dataset = get_object_or_404(trash.datasets(person(request)), pk=pk)
        trash.purge_dataset(dataset=dataset, by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RestoreVersion(APIView):
    @extend_schema(request=None, responses=VersionSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        version = get_object_or_404(trash.versions(person(request)), pk=pk)
        trash.restore_version(version=version, by=person(request))
        return Response(VersionSerializer(version, context={"request": request}).data)


class PurgeVersion(APIView):
    """For good, before its days are over. Refused while something was made with it."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: UUID) -> Response:
        version = get_object_or_404(trash.versions(person(request)), pk=pk)
        trash.purge_version(version=version, by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Version(OneVersion):
    """One version: looked at, given a note, put into the trash."""

    @extend_schema(request=NoteSerializer, responses=VersionSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        version, sent = self.find(request, pk), NoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        note = sent.validated_data["note"]
        noted = actions.note_version(version=version, note=note, by=person(request))
        return Response(VersionSerializer(noted, context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        trash.remove_version(version=self.find(request, pk), by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Cancel(OneVersion):
    """Stops the reading of a file."""

    http_method_names = ["post"]

    @extend_schema(request=None, responses=VersionSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        version = actions.cancel_reading(version=self.find(request, pk), by=person(request))
        return Response(VersionSerializer(version, context={"request": request}).data)
