"""The API of comparing: some runs on the same folds, and two of them row by row."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from experiments import comparison
from experiments.api.bodies import experiment_of
from experiments.serializers import ObjectField
from web.problems import Invalid

RUNS = OpenApiParameter(
    "run", str, many=True, required=True, description="The id of a finished run; 2 to 50 of them."
)
BASELINE = OpenApiParameter(
    "baseline", str, description="The run that the others are compared with; the first where it is left out."
)


class DifferenceSerializer(serializers.Serializer[Any]):
    """This run's score less the baseline's, over the folds, by the corrected resampled t-test."""

    mean = serializers.FloatField()
    low = serializers.FloatField(help_text="The lower end of the 95 % interval.")
    high = serializers.FloatField(help_text="The upper end of the 95 % interval.")
    p = serializers.FloatField(help_text="How often chance alone goes that far.")
    is_clear = serializers.BooleanField()


class ComparedSerializer(serializers.Serializer[Any]):
    run = serializers.UUIDField(source="run.pk")
    name = serializers.CharField(source="run.name")
    algo = serializers.CharField(source="run.algo")
    score = serializers.FloatField(allow_null=True)
    folds = serializers.ListField(child=serializers.FloatField())
    difference = DifferenceSerializer(allow_null=True)
    test = ObjectField()


class DifferingSerializer(serializers.Serializer[Any]):
    """A setting that is not the same in all runs."""

    name = serializers.CharField()
    values = serializers.ListField(child=serializers.JSONField(allow_null=True))


class ComparisonSerializer(serializers.Serializer[Any]):
    metric = serializers.CharField(source="metric.name")
    baseline = serializers.UUIDField(source="baseline.pk")
    runs = ComparedSerializer(many=True)
    settings = DifferingSerializer(many=True)


class Comparison(APIView):
    """2 to 50 finished runs of an experiment beside each other."""

    @extend_schema(parameters=[RUNS, BASELINE], responses=ComparisonSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(ComparisonSerializer(_asked(request, pk)).data)


class RowByRow(APIView):
    """Two finished runs on the same rows: paired bootstrap of each score, and McNemar's test for classes."""

    @extend_schema(parameters=[RUNS], responses={200: {"type": "object", "additionalProperties": {}}})
    def get(self, request: Request, pk: UUID) -> Response:
        found = _asked(request, pk)
        if len(found.runs) != comparison.LEAST:
            raise Invalid("Rows are compared between two runs. Name two.", field="run")
        first, second = (one.run for one in found.runs)
        return Response(comparison.row_by_row(first, second))


def _asked(request: Request, pk: UUID) -> comparison.Comparison:
    query = request.query_params
    return comparison.asked(experiment_of(request, pk), query.getlist("run"), query.get("baseline", ""))
