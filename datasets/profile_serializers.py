"""What is in a version, as programs see it: columns, findings, ties, and one column as the answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from datasets import quality, targets
from datasets.models import DatasetVersion
from datasets.quality.facts import DANGER, SEVERITIES
from datasets.serializers import ColumnSerializer, DecisionSerializer, HistogramField


@extend_schema_field(
    {
        "type": ["object", "null"],
        "description": "What one click does: `options` make a new version, `rows` are a look at them.",
        "properties": {
            "label": {"type": "string"},
            "options": {"type": "object"},
            "rows": {"type": "object"},
        },
    }
)
class ActionField(serializers.JSONField):
    """A fix; null where only a person can act."""


class FindingSerializer(serializers.Serializer[dict[str, Any]]):
    """One thing that would make a model lie. Names of columns stand in backticks."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(DANGER)
    severity = serializers.ChoiceField(SEVERITIES)
    columns = serializers.ListField(child=serializers.CharField())
    title = serializers.CharField()
    detail = serializers.CharField()
    evidence = serializers.DictField()
    action = ActionField(allow_null=True)
    more = serializers.ListField(child=ActionField(), required=False, help_text="Other ways out.")
    target = serializers.CharField(allow_blank=True, help_text="The answer it is about, if it is about one.")


class AssociationsSerializer(serializers.Serializer[dict[str, Any]]):
    """How much columns say about each other, over `sample` rows; the strongest first."""

    sample = serializers.IntegerField(required=False)
    columns = serializers.ListField(child=serializers.CharField(), required=False)
    pairs = serializers.ListField(
        child=serializers.ListField(),
        required=False,
        help_text="[a, b, measure, value]; pearson, spearman, cramers_v or correlation_ratio.",
    )


class StrengthSerializer(serializers.Serializer[dict[str, Any]]):
    """How surely one column alone tells the answer, on rows it was not fitted on."""

    column = serializers.CharField()
    measure = serializers.ChoiceField(["auc", "tau", "r2"])
    value = serializers.FloatField()


class TargetSerializer(serializers.Serializer[dict[str, Any]]):
    """A column as the answer."""

    target = serializers.CharField()
    task = serializers.ChoiceField(["classification", "regression"])
    rows = serializers.IntegerField(help_text="With an answer.")
    sample = serializers.IntegerField(help_text="Looked at for the strengths.")
    classes = serializers.ListField(
        child=serializers.ListField(), required=False, help_text="[value, count]."
    )
    histogram = HistogramField(required=False)
    strengths = StrengthSerializer(many=True)
    shapes = serializers.ListField(
        child=serializers.DictField(),
        help_text="The strongest columns beside the answer: `counts` by class, or its `means`.",
    )


class SuggestionSerializer(serializers.Serializer[dict[str, str]]):
    """A column that is likely the answer, and why."""

    name = serializers.CharField()
    reason = serializers.CharField()


class ProfileSerializer(serializers.ModelSerializer[DatasetVersion]):
    """What the columns hold, and what there is to know before a model learns from them.

    The context holds `target`: what is known of the column that is taken for the answer, or None.
    """

    columns = ColumnSerializer(many=True, read_only=True)
    decisions = DecisionSerializer(many=True, read_only=True)
    associations = AssociationsSerializer(read_only=True)
    suggested_target = serializers.SerializerMethodField()
    suggested_targets = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    target = serializers.SerializerMethodField()

    class Meta:
        model = DatasetVersion
        fields = [
            *("rows", "columns", "decisions", "suggested_target", "suggested_targets", "findings"),
            *("associations", "target"),
        ]
        read_only_fields = fields

    def get_suggested_target(self, version: DatasetVersion) -> str | None:
        return version.suggested_target["name"] if version.suggested_target else None

    @extend_schema_field(SuggestionSerializer(many=True))
    def get_suggested_targets(self, version: DatasetVersion) -> list[dict[str, str]]:
        return [{"name": name, "reason": reason} for name, reason in quality.suggested(version.columns)]

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, version: DatasetVersion) -> list[dict[str, Any]]:
        return targets.findings(version, self.context.get("target"))

    @extend_schema_field(TargetSerializer(allow_null=True))
    def get_target(self, version: DatasetVersion) -> dict[str, Any] | None:
        body = self.context.get("target")
        return {name: part for name, part in body.items() if name != "findings"} if body else None
