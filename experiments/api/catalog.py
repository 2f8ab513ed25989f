"""The catalogue: every learner with its settings."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engine.learners import CATALOG, describe
from experiments.serializers import LearnerSerializer


class Catalog(generics.ListAPIView[Any]):
    """Every learner: label, tasks, JSON Schema of its settings, search space."""

    serializer_class = LearnerSerializer

    def get_queryset(self) -> Any:
        return [describe(learner) for learner in CATALOG.values()]


class OneLearner(APIView):
    @extend_schema(responses=LearnerSerializer)
    def get(self, request: Request, algo: str) -> Response:
        learner = CATALOG.get(algo)
        if learner is None:
            raise Http404
        return Response(LearnerSerializer(describe(learner)).data)
