"""The API of explaining: ask why a run's model answers as it does, look how far it is, and read it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.current import person
from experiments import explaining
from experiments.api.bodies import run_of
from experiments.models import Explanation, Run
from experiments.serializers import ObjectField, ProblemSerializer
from experiments.states import Explained
from web.problems import Invalid

NOT_ASKED = "none"
STATES = [(NOT_ASKED, "Nobody has asked"), *Explained.choices]
PARTS = ("importance", "dependence", "inside", "shap")
ROW = OpenApiParameter(
    "row", int, description="The number of a row in the dataset, from 0; one of `rows`. Adds `row`."
)


class ExplanationSerializer(serializers.Serializer[Any]):
    """How far an explanation is, and what it says once it is ready."""

    run = serializers.UUIDField()
    status = serializers.ChoiceField(choices=STATES)
    stage = serializers.CharField(allow_blank=True, help_text="What is done now.")
    problem = ProblemSerializer(allow_null=True)
    importance = ObjectField(allow_null=True, help_text="How much the score drops when a column is shuffled.")
    dependence = ObjectField(allow_null=True, help_text="How the answer moves with one column.")
    inside = ObjectField(allow_null=True, help_text="Weights, a tree, and what the learner itself counts.")
    shap = ObjectField(allow_null=True, help_text="How much each column moves an answer on average.")
    rows = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="The rows that can be asked for."
    )
    row = ObjectField(allow_null=True, help_text="What moved the answer of the row that was asked for.")


class OneExplanation(APIView):
    @extend_schema(parameters=[ROW], responses=ExplanationSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """What is known of why the model answers as it does."""
        run = run_of(request, pk)
        return _answer(run, explaining.of(run), request.query_params.get("row", ""))

    @extend_schema(request=None, responses={202: ExplanationSerializer, 200: ExplanationSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Asks for it; 200 where it was asked for before. One that failed is tried again."""
        run = run_of(request, pk)
        found, is_new = explaining.ask(run=run, by=person(request))
        return _answer(run, found, code=status.HTTP_202_ACCEPTED if is_new else status.HTTP_200_OK)


def _answer(run: Run, found: Explanation | None, row: str = "", code: int = status.HTTP_200_OK) -> Response:
    is_ready = found is not None and found.state == Explained.READY
    body: dict[str, Any] = {
        "run": run.pk,
        "status": found.state if found else NOT_ASKED,
        "stage": found.stage if found else "",
        "problem": found.problem if found else None,
        **{name: explaining.read(run, f"{name}.json") if is_ready else None for name in PARTS},
        **_rows(run, row, is_ready=is_ready),
    }
    return Response(ExplanationSerializer(body).data, code)


def _rows(run: Run, row: str, *, is_ready: bool) -> dict[str, Any]:
    told = explaining.read(run, "rows.json") if is_ready else None
    by_number = {one["row"]: one for one in told["rows"]} if told else {}
    rows = list(by_number) if told else None
    if not row:
        return {"rows": rows, "row": None}
    number = int(row) if row.isascii() and row.isdigit() and len(row) < 19 else None
    if number not in by_number:
        raise Invalid("Nothing was found out about this row. Choose one of the rows.", field="row")
    return {"rows": rows, "row": by_number[number]}
