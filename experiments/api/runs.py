"""Runs: start, look, cancel, rename, remove; what happened, and what came out."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.current import person
from engine.spec import RunRequest
from experiments import actions, artifacts, pictures
from experiments.api.bodies import body_of, experiment_of, name_in, run_of, runs_of, workspace_of
from experiments.api.events import EventPages
from experiments.models import Artifact, Run, RunEvent
from experiments.serializers import ArtifactSerializer, EventSerializer, NameSerializer, RunSerializer
from web.downloads import download
from web.problems import Invalid, Refused

LONGEST_KEY = 200
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key starts one run, however often."
)


class RunsOfExperiment(generics.ListAPIView[Run]):
    """The runs of an experiment, newest first."""

    serializer_class = RunSerializer

    def get_queryset(self) -> QuerySet[Run]:
        return runs_of(self.request).filter(experiment=experiment_of(self.request, self.kwargs["pk"]))

    @extend_schema(request=RunRequest, responses={202: RunSerializer}, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, pk: UUID) -> Response:
        """Puts a run in the queue; the same run again where this key has started it before."""
        run, _ = actions.start_run(
            experiment=experiment_of(request, pk),
            request=body_of(request),
            by=person(request),
            idempotency_key=_key(request),
        )
        data = RunSerializer(run, context={"request": request}).data
        return Response(data, status.HTTP_202_ACCEPTED)


def _key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isascii() or not (key.isprintable() or not key):
        raise Invalid(
            f"An Idempotency-Key has at most {LONGEST_KEY} plain characters.", field="Idempotency-Key"
        )
    return key or None


class RunsOfWorkspace(generics.ListAPIView[Run]):
    """The runs of a workspace, newest first."""

    serializer_class = RunSerializer

    def get_queryset(self) -> QuerySet[Run]:
        workspace = workspace_of(self.request, self.kwargs["slug"])
        return runs_of(self.request).filter(experiment__workspace=workspace)


class OneRun(APIView):
    @extend_schema(responses=RunSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(RunSerializer(run_of(request, pk), context={"request": request}).data)

    @extend_schema(request=NameSerializer, responses=RunSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        run = run_of(request, pk)
        renamed = actions.rename_run(run=run, name=name_in(request, run.name), by=person(request))
        return Response(RunSerializer(renamed, context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        actions.remove_run(run=run_of(request, pk), by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CancelRun(APIView):
    @extend_schema(request=None, responses={202: RunSerializer, 200: RunSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Ends a run that is not over; 200 when it was cancelled before."""
        run, is_new = actions.cancel_run(run=run_of(request, pk), by=person(request))
        return Response(
            RunSerializer(run, context={"request": request}).data,
            status.HTTP_202_ACCEPTED if is_new else status.HTTP_200_OK,
        )


class RunEvents(generics.ListAPIView[RunEvent]):
    """What happened, in order, after event number `after`."""

    serializer_class = EventSerializer
    pagination_class = EventPages

    def get_queryset(self) -> QuerySet[RunEvent]:
        return run_of(self.request, self.kwargs["pk"]).events.all()


class RunArtifacts(generics.ListAPIView[Artifact]):
    """The files that a run left, its figures as pictures among them."""

    serializer_class = ArtifactSerializer

    def get_queryset(self) -> QuerySet[Artifact]:
        run = run_of(self.request, self.kwargs["pk"])
        with suppress(Refused):  # a picture that cannot be drawn now is drawn when it is asked for
            pictures.draw_all(run)
        return run.artifacts.all()


class OneArtifact(APIView):
    @extend_schema(
        operation_id="run_artifact_download",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: Request, pk: UUID, name: str) -> HttpResponseBase:
        """The bytes of one file, seen to be the ones that were stored. A PNG is drawn when asked for."""
        if "\x00" in name:
            raise Http404
        artifact = _artifact(request, pk, name.rstrip("/"))
        kind = artifacts.content_type(artifact)
        return download(artifacts.path_of(artifact), artifact.name.rpartition("/")[2], kind)


def _artifact(request: Request, pk: UUID, name: str) -> Artifact:
    seen: Any = Artifact.objects.visible_to(request.user).filter(run_id=pk, name=name).first()
    found: Artifact | None = seen or pictures.picture(run_of(request, pk), name)
    if found is None:
        raise Http404
    return found
