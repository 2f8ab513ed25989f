"""The API of datasets: uploading them, looking at them, taking them away."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.current import person
from accounts.models import Workspace
from datasets import actions, files, permissions, trash, uploads
from datasets.models import Dataset, DatasetVersion, Upload
from datasets.serializers import (
    AgainSerializer,
    BriefVersionSerializer,
    DatasetSerializer,
    FullDatasetSerializer,
    NewDatasetFileSerializer,
    NewDatasetSerializer,
    RenameSerializer,
    TrialSerializer,
    TrySerializer,
    VersionSerializer,
)
from web.downloads import download
from web.parsing import StrictJSONParser
from web.problems import Forbidden, Invalid, Refused

PARSERS: list[type[BaseParser]] = [StrictJSONParser, MultiPartParser]
NEW = {"application/json": NewDatasetSerializer, "multipart/form-data": NewDatasetFileSerializer}


class Datasets(generics.ListAPIView[Dataset]):
    """The datasets of a workspace; a new one from an upload or a small file."""

    serializer_class = DatasetSerializer
    parser_classes = PARSERS
    filters = ("q", "sha256")

    def workspace(self) -> Workspace:
        return get_object_or_404(Workspace.objects.visible_to(self.request.user), slug=self.kwargs["slug"])

    def get_queryset(self) -> QuerySet[Dataset]:
        if getattr(self, "swagger_fake_view", False):
            return Dataset.objects.none()
        found = Dataset.objects.visible_to(self.request.user).filter(workspace=self.workspace())
        wanted = self.request.query_params.get("q", "")
        if "\x00" in wanted:
            raise Refused("A search holds no NUL character.", code="invalid_search", field="q", status=400)
        found = found.filter(name__icontains=wanted)
        if digest := self.request.query_params.get("sha256"):
            found = found.with_file(_digest(digest))
        return found.select_related("workspace").with_latest()

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Part of the name."),
            OpenApiParameter("sha256", str, description="Only those that a file with these bytes is in."),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=NEW, responses={202: FullDatasetSerializer})
    def post(self, request: Request, slug: str) -> Response:
        workspace, by = self.workspace(), person(request)
        if reason := permissions.why_not_add(by, workspace):
            raise Forbidden(reason)
        with sent_upload(request) as upload:
            dataset = actions.create_dataset(
                workspace=workspace,
                upload=upload,
                by=by,
                name=sent_name(request),
                options=sent_options(request),
            )
        return Response(
            FullDatasetSerializer(dataset, context={"request": request}).data, status.HTTP_202_ACCEPTED
        )


class OneDataset(APIView):
    def find(self, request: Request, pk: UUID) -> Dataset:
        return get_object_or_404(Dataset.objects.visible_to(request.user).select_related("workspace"), pk=pk)

    @extend_schema(responses=FullDatasetSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(FullDatasetSerializer(self.find(request, pk), context={"request": request}).data)

    @extend_schema(request=RenameSerializer, responses=FullDatasetSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        dataset, sent = self.find(request, pk), RenameSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        name = sent.validated_data["name"]
        renamed = actions.rename_dataset(dataset=dataset, name=name, by=person(request))
        return Response(FullDatasetSerializer(renamed, context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        trash.remove_dataset(dataset=self.find(request, pk), by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Versions(generics.ListAPIView[DatasetVersion]):
    """The versions of a dataset, newest first; a new one from an upload or a small file."""

    serializer_class = BriefVersionSerializer
    parser_classes = PARSERS

    def dataset(self) -> Dataset:
        mine = Dataset.objects.visible_to(self.request.user).select_related("workspace")
        return get_object_or_404(mine, pk=self.kwargs["pk"])

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        if getattr(self, "swagger_fake_view", False):
            return DatasetVersion.objects.none()
        return self.dataset().all_versions

    @extend_schema(request=NEW, responses={202: VersionSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """From an upload or a small file; or with `version`: the bytes of that one, read another way."""
        dataset, by = self.dataset(), person(request)
        if reason := permissions.why_not_change(by, dataset):
            raise Forbidden(reason)
        version = self.read_again(request, dataset) or self.add(request, dataset)
        return Response(
            VersionSerializer(version, context={"request": request}).data, status.HTTP_202_ACCEPTED
        )

    def read_again(self, request: Request, dataset: Dataset) -> DatasetVersion | None:
        if "version" not in sent(request):
            return None
        body = AgainSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        found = DatasetVersion.objects.filter(dataset=dataset, deleted_at=None)
        version = found.filter(pk=body.validated_data["version"]).first()
        if version is None:
            raise Invalid("This dataset has no such version.", field="version")
        options = sent_options(request) or {}
        return actions.read_again(version=version, options=options, by=person(request))

    def add(self, request: Request, dataset: Dataset) -> DatasetVersion:
        with sent_upload(request) as upload:
            return actions.add_version(
                dataset=dataset, upload=upload, by=person(request), options=sent_options(request)
            )


class OneVersion(APIView):
    def find(self, request: Request, pk: UUID) -> DatasetVersion:
        mine = DatasetVersion.objects.visible_to(request.user).select_related("dataset")
        return get_object_or_404(mine, pk=pk)

    @extend_schema(responses=VersionSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(VersionSerializer(self.find(request, pk), context={"request": request}).data)


class Try(OneVersion):
    """What the same bytes would be, read another way; nothing is kept."""

    http_method_names = ["post"]

    @extend_schema(request=TrySerializer, responses=TrialSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        options = sent_options(request) or {}
        version = self.find(request, pk)
        return Response(actions.try_reading(version=version, options=options, by=person(request)))


class Original(OneVersion):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> StreamingHttpResponse:  # type: ignore[override]
        """The bytes as they were uploaded, always as an attachment."""
        return original(self.find(request, pk))


def _digest(sent: str) -> str:
    if len(sent) != 64 or set(sent.lower()) - set("0123456789abcdef"):
        reason = "A sha256 is 64 hexadecimal digits."
        raise Refused(reason, code="invalid_query", field="sha256", status=400)
    return sent.lower()


def original(version: DatasetVersion) -> StreamingHttpResponse:
    try:
        return download(files.path_of(version.original_key), version.original_name)
    except FileNotFoundError as error:
        raise Refused("The bytes of this version are gone.", code="file_gone", status=410) from error


def asked(request: Request, name: str, usual: int, most: int) -> int:
    """A number from the query, from 0 to `most`."""
    sent = request.query_params.get(name, str(usual))
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 16 and int(sent) <= most):
        raise Refused(f"{name} is a number from 0 to {most:,}.", code="invalid_query", field=name, status=400)
    return int(sent)


def sent(request: Request) -> Mapping[str, Any]:
    """The fields of a body. Raises Invalid where it is no object."""
    if not isinstance(request.data, Mapping):
        raise Invalid("The body is one object with fields.")
    return request.data


def sent_upload(request: Request) -> AbstractContextManager[Upload]:
    """The finished upload that a request names, or the file that it brings."""
    file = sent(request).get("file")
    if isinstance(file, UploadedFile):
        return uploads.taken(file=file, name=file.name or "file", size=file.size or 0, by=person(request))
    body = NewDatasetSerializer(data=request.data)
    body.is_valid(raise_exception=True)
    mine = Upload.objects.visible_to(request.user)
    found = mine.filter(pk=body.validated_data["upload"]).first()
    if found is None:
        raise Invalid("There is no such upload. It may have been used, or its time is over.", field="upload")
    return nullcontext(found)


def sent_name(request: Request) -> str | None:
    name = sent(request).get("name")
    if name is not None and not isinstance(name, str):
        raise Invalid("A name is a text.", field="name")
    return name


def sent_options(request: Request) -> Any:
    """The options as an object; in a form they come as JSON."""
    options = sent(request).get("options")
    if not isinstance(options, str):
        return options
    try:
        return json.loads(options) if options.strip() else None
    except (ValueError, RecursionError) as error:
        raise Invalid("Options are a JSON object.", field="options") from error
