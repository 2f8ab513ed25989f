"""Experiments: ask, look, rename, remove; and the leaderboard."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from pydantic import ValidationError
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.current import person
from datasets.models import DatasetVersion
from experiments import actions, leaderboard, permissions, rules
from experiments.api.bodies import body_of, experiment_of, experiments_of, name_in, workspace_of
from experiments.models import Experiment
from experiments.serializers import (
    ExperimentSerializer,
    LeaderboardRowSerializer,
    NameSerializer,
    NewExperiment,
    Placed,
)
from web.problems import Forbidden, Invalid

READ_ONLY = frozenset({"id", "workspace", "owner", "created_by", "created_at", "runs", "urls"})
"""Ours to say: ignored where a body brings them along."""


class Experiments(generics.ListAPIView[Experiment]):
    """The experiments of a workspace, newest first."""

    serializer_class = ExperimentSerializer

    def get_queryset(self) -> QuerySet[Experiment]:
        workspace = workspace_of(self.request, self.kwargs["slug"])
        return experiments_of(self.request).filter(workspace=workspace)

    @extend_schema(request=NewExperiment, responses={201: ExperimentSerializer})
    def post(self, request: Request, slug: str) -> Response:
        workspace = workspace_of(request, slug)
        if reason := permissions.why_not_create(person(request), workspace):
            raise Forbidden(reason)
        wanted = _wanted(request)
        experiment = actions.create_experiment(
            workspace=workspace,
            name=wanted.name,
            version=_version(request, wanted.dataset_version, workspace.pk),
            spec=wanted.model_dump(mode="json", exclude={"name", "dataset_version", "metric"}),
            metric=wanted.metric,
            by=person(request),
        )
        return Response(
            ExperimentSerializer(experiment, context={"request": request}).data, status.HTTP_201_CREATED
        )


def _wanted(request: Request) -> NewExperiment:
    body = {name: value for name, value in body_of(request).items() if name not in READ_ONLY}
    try:
        return NewExperiment.model_validate(body)
    except ValidationError as error:
        raise rules.refused(error) from error


def _version(request: Request, pk: UUID, workspace_id: Any) -> DatasetVersion:
    seen = DatasetVersion.objects.visible_to(request.user).select_related("dataset__workspace")
    version = get_object_or_404(seen, pk=pk)
    if version.dataset.workspace_id != workspace_id:
        raise Invalid("The dataset is in another workspace. Choose one of this one.", field="dataset_version")
    return version


class OneExperiment(APIView):
    @extend_schema(responses=ExperimentSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(ExperimentSerializer(experiment_of(request, pk), context={"request": request}).data)

    @extend_schema(request=NameSerializer, responses=ExperimentSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        experiment = experiment_of(request, pk)
        name = name_in(request, experiment.name)
        renamed = actions.rename_experiment(experiment=experiment, name=name, by=person(request))
        return Response(ExperimentSerializer(renamed, context={"request": request}).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        actions.remove_experiment(experiment=experiment_of(request, pk), by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Leaderboard(generics.ListAPIView[Any]):
    """The runs of an experiment by its metric, best first. Runs that cannot be told apart share a place."""

    serializer_class = LeaderboardRowSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return []
        experiment = experiment_of(self.request, self.kwargs["pk"])
        board = leaderboard.rank(experiment)
        return [Placed(row, board) for row in board.rows]
