"""What a run would take, asked before it is started; nothing is kept of the question."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engine.spec import RunRequest
from experiments import actions
from experiments.api.bodies import body_of, experiment_of


class EstimateSerializer(serializers.Serializer[None]):
    """Good to a factor of 3. `rows` are those to learn from, `columns` what the model gets of them."""

    seconds = serializers.FloatField()
    memory_bytes = serializers.IntegerField()
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()


class EstimateOfRun(APIView):
    """What a run of this experiment would take."""

    @extend_schema(request=RunRequest, responses=EstimateSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Seconds and memory of the run that this body would start; refused where that would be."""
        return Response(asdict(actions.estimate_run(experiment_of(request, pk), body_of(request))))
