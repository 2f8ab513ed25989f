"""Experiments, runs, events and artifacts as the API shows them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from pydantic import Field
from rest_framework import serializers
from rest_framework.reverse import reverse

from engine.choices.parts import Holdout, KFold, Split, Validation
from engine.metrics import TASKS, Task
from engine.settings import Settings
from engine.spec import ExperimentSpec, RunSpec, Seed
from experiments.leaderboard import Board, Row
from experiments.models import Artifact, Experiment, Run, RunEvent
from experiments.states import State

ANY_OBJECT = {"type": "object", "additionalProperties": {}}


@extend_schema_field(ANY_OBJECT)
class ObjectField(serializers.JSONField):
    """A JSON object."""


@extend_schema_field(ExperimentSpec)  # type: ignore[arg-type]  # its pydantic extension takes it
class ExperimentSpecField(serializers.JSONField):
    """What the experiment fixes."""


@extend_schema_field(RunSpec)  # type: ignore[arg-type]  # its pydantic extension takes it
class RunSpecField(serializers.JSONField):
    """Everything that decides the numbers of a run."""


class LearnerSerializer(serializers.Serializer[Any]):
    """One learner of the catalogue."""

    algo = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name is the contract's
    summary = serializers.CharField()
    tasks = serializers.ListField(child=serializers.ChoiceField(choices=TASKS))
    settings = ObjectField()
    training = ObjectField(allow_null=True)
    search_space = ObjectField()


class NameSerializer(serializers.Serializer[Any]):
    """A new name; everything else that is sent is left as it is."""

    name = serializers.CharField(max_length=120, required=False)


class NewExperiment(Settings):
    """A question. Without a task it is recognised; without a metric the usual one ranks the runs."""

    name: str = Field(title="Name")
    dataset_version: UUID = Field(strict=False, title="Dataset version")
    target: str = Field(title="Target", description="The column to predict.")
    task: Task | None = Field(None, title="Task")
    metric: str | None = Field(None, title="Metric", description="The score that ranks the runs.")
    seed: Seed = Field(42, title="Seed")
    split: Split = Field(default_factory=Holdout, title="Split")
    validation: Validation = Field(default_factory=KFold, title="Validation")


class ExperimentSerializer(serializers.ModelSerializer[Experiment]):
    workspace = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    created_by = serializers.SlugRelatedField[Any](slug_field="email", read_only=True)
    spec = ExperimentSpecField(read_only=True)
    split = ObjectField(source="spec.split", read_only=True)
    validation = ObjectField(source="spec.validation", read_only=True)
    runs = serializers.SerializerMethodField()
    urls = serializers.SerializerMethodField()

    class Meta:
        model = Experiment
        fields = [
            "id",
            "name",
            "workspace",
            "dataset_version",
            "task",
            "target",
            "metric",
            "split",
            "validation",
            "spec",
            "runs",
            "created_by",
            "created_at",
            "urls",
        ]
        read_only_fields = fields

    def get_runs(self, experiment: Experiment) -> int:
        count: int | None = getattr(experiment, "runs_count", None)
        return experiment.runs.count() if count is None else count

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_urls(self, experiment: Experiment) -> dict[str, str]:
        names = {"self": "api-experiment", "runs": "api-experiment-runs"}
        names |= {"leaderboard": "api-leaderboard", "page": "experiment"}
        return _addresses(self, names, experiment.pk)


def _addresses(serializer: serializers.BaseSerializer[Any], names: dict[str, str], pk: Any) -> dict[str, str]:
    """Whole addresses, so that a program can follow them as they are."""
    request = serializer.context.get("request")
    return {word: reverse(name, args=[pk], request=request) for word, name in names.items()}


class ProblemSerializer(serializers.Serializer[Any]):
    """Why a run failed: a stable word for programs, a sentence for people."""

    code = serializers.CharField()
    detail = serializers.CharField()


class RunSerializer(serializers.ModelSerializer[Run]):
    status = serializers.ChoiceField(choices=State.choices, source="state", read_only=True)
    owner = serializers.SlugRelatedField[Any](slug_field="email", read_only=True)
    spec = RunSpecField(read_only=True)
    metric = serializers.CharField(source="experiment.metric", read_only=True)
    metrics = ObjectField(read_only=True)
    timings = ObjectField(read_only=True)
    headline = ObjectField(read_only=True)
    problem = ProblemSerializer(read_only=True, allow_null=True)
    urls = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields = [
            "id",
            "name",
            "experiment",
            "status",
            "attempt",
            "owner",
            "algo",
            "spec",
            "metric",
            "score",
            "metrics",
            "headline",
            "timings",
            "problem",
            "queued_at",
            "started_at",
            "finished_at",
            "urls",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_urls(self, run: Run) -> dict[str, str]:
        names = {"self": "api-run", "events": "api-run-events", "artifacts": "api-run-artifacts"}
        names |= {"cancel": "api-run-cancel", "page": "run"}
        found = _addresses(self, names, run.pk)
        site = found["page"].removesuffix(run.get_absolute_url()).replace("http", "ws", 1)
        return found | {"socket": f"{site}/ws/runs/{run.pk}/"}


class EventSerializer(serializers.ModelSerializer[RunEvent]):
    data = ObjectField(read_only=True)  # type: ignore[assignment]  # the name is the contract's

    class Meta:
        model = RunEvent
        fields = ["seq", "attempt", "kind", "at", "data"]
        read_only_fields = fields


class ArtifactSerializer(serializers.ModelSerializer[Artifact]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Artifact
        fields = ["name", "size", "sha256", "url"]
        read_only_fields = fields

    def get_url(self, artifact: Artifact) -> str:
        args = [artifact.run_id, artifact.name]
        return reverse("api-run-artifact", args=args, request=self.context.get("request"))


@dataclass(frozen=True)
class Placed:
    """A run as the leaderboard shows it: its own fields, with its row and the board beside them."""

    row: Row
    board: Board

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row.run, name)


class LeaderboardRowSerializer(RunSerializer):
    """A run with its standing beside its own fields; without a place while there is nothing to rank."""

    place = serializers.IntegerField(source="row.place", allow_null=True, read_only=True)
    rank = serializers.IntegerField(
        source="row.place", allow_null=True, read_only=True, help_text="The same as place."
    )
    score = serializers.FloatField(source="row.score", allow_null=True, read_only=True)
    std = serializers.FloatField(
        source="row.std", allow_null=True, read_only=True, help_text="The spread of the score over the folds."
    )
    distance = serializers.FloatField(
        source="row.distance", allow_null=True, read_only=True, help_text="How far behind the first."
    )
    baseline = serializers.FloatField(
        source="board.baseline", allow_null=True, read_only=True, help_text="The score of the naive guess."
    )

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "place", "rank", "std", "distance", "baseline"]
        read_only_fields = fields
