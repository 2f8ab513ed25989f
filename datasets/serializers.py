"""Datasets as programs see them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.reverse import reverse

from datasets import storage as storages
from datasets.models import Dataset, DatasetVersion, Upload
from web.fields import Text

PROBLEM = inline_serializer(
    "VersionProblem", {"code": serializers.CharField(), "detail": serializers.CharField()}, allow_null=True
)


@extend_schema_field({"type": ["number", "string", "boolean", "null"]})
class CellField(serializers.JSONField):
    """One value of a column; null where it has none."""


@extend_schema_field(
    {
        "type": ["object", "null"],
        "description": "Equal steps from the least to the greatest value.",
        "properties": {
            "from": {},
            "to": {},
            "counts": {"type": "array", "items": {"type": "integer"}},
        },
    }
)
class HistogramField(serializers.JSONField):
    """How often the values of each step occur."""


class ColumnSerializer(serializers.Serializer[dict[str, Any]]):
    """One column: its kind, why it has it, and what it holds."""

    name = serializers.CharField()
    original_name = serializers.CharField()
    kind = serializers.ChoiceField(
        ["integer", "number", "category", "boolean", "datetime", "text", "identifier", "constant", "image"]
    )
    type = serializers.ChoiceField(["int64", "float64", "bool", "datetime", "string", "image"])
    reason = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    missing = serializers.IntegerField()
    unique = serializers.IntegerField()
    min = CellField()
    max = CellField()
    mean = serializers.FloatField(allow_null=True)
    std = serializers.FloatField(allow_null=True)
    quantiles = serializers.ListField(child=serializers.FloatField(), help_text="At 25, 50 and 75 percent.")
    percentiles = serializers.ListField(
        child=serializers.FloatField(), required=False, help_text="At 5, 25, 50, 75 and 95 percent."
    )
    lengths = serializers.ListField(
        child=serializers.FloatField(),
        required=False,
        allow_null=True,
        help_text="Of texts: least, mean, most.",
    )
    estimated = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Which figures are not those of all rows."
    )
    top = serializers.ListField(
        child=serializers.ListField(), help_text="The most common values: [value, count]."
    )
    histogram = HistogramField()
    examples = serializers.ListField(child=serializers.CharField())
    target_reason = serializers.CharField(allow_blank=True, help_text="Why this is likely the answer.")


class DecisionSerializer(serializers.Serializer[dict[str, Any]]):
    """One choice made while reading."""

    what = serializers.CharField()
    value = serializers.CharField()
    why = serializers.CharField()
    lines = serializers.ListField(child=serializers.JSONField(), required=False)
    names = serializers.ListField(child=serializers.JSONField(), required=False)
    option = serializers.CharField(required=False, help_text="The option that decides otherwise.")
    choices = serializers.ListField(
        child=serializers.JSONField(), required=False, help_text="value and label of each."
    )


class StorageSerializer(serializers.Serializer[Any]):
    """Bytes on the disk; what versions share counts once."""

    original = serializers.IntegerField(help_text="The files as they came.")
    table = serializers.IntegerField(help_text="The tables that were read from them.")
    thumbs = serializers.IntegerField(help_text="Small pictures of image sets.")
    total = serializers.IntegerField()


class BriefVersionSerializer(serializers.ModelSerializer[DatasetVersion]):
    """A version without what is known of its columns."""

    problem = serializers.SerializerMethodField()
    sha256 = serializers.CharField(source="original_sha256", read_only=True)
    size = serializers.IntegerField(source="original_size", read_only=True)
    filename = serializers.CharField(source="original_name", read_only=True)
    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = DatasetVersion
        fields = [
            *("id", "number", "status", "problem", "note", "rows", "rows_read", "filename", "size", "sha256"),
            *("stage", "options", "created_at", "finished_at", "url", "page"),
        ]
        read_only_fields = fields

    @extend_schema_field(PROBLEM)
    def get_problem(self, version: DatasetVersion) -> dict[str, str] | None:
        return version.problem

    def get_url(self, version: DatasetVersion) -> str:
        return reverse("api-dataset-version", args=[version.pk], request=self.context.get("request"))

    def get_page(self, version: DatasetVersion) -> str:
        return reverse("dataset_version", args=[version.pk], request=self.context.get("request"))


class VersionSerializer(BriefVersionSerializer):
    """A version with everything that was found in it."""

    dataset = serializers.UUIDField(source="dataset_id", read_only=True)
    created_by = serializers.CharField(source="created_by.display_name", read_only=True)
    storage = serializers.SerializerMethodField()
    columns = ColumnSerializer(many=True, read_only=True)
    decisions = DecisionSerializer(many=True, read_only=True)

    class Meta(BriefVersionSerializer.Meta):
        fields = [
            *BriefVersionSerializer.Meta.fields,
            *("dataset", "created_by", "storage", "columns", "decisions"),
        ]
        read_only_fields = fields

    @extend_schema_field(StorageSerializer)
    def get_storage(self, version: DatasetVersion) -> Any:
        return StorageSerializer(storages.of([version])).data


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    """A dataset in a list."""

    workspace = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    latest_version = BriefVersionSerializer(read_only=True, allow_null=True)
    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = ["id", "name", "workspace", "created_at", "latest_version", "url", "page"]
        read_only_fields = ["id", "created_at"]

    def get_url(self, dataset: Dataset) -> str:
        return reverse("api-dataset", args=[dataset.pk], request=self.context.get("request"))

    def get_page(self, dataset: Dataset) -> str:
        return reverse("dataset", args=[dataset.pk], request=self.context.get("request"))


class FullDatasetSerializer(DatasetSerializer):
    """A dataset with the columns of its newest version."""

    latest_version = VersionSerializer(read_only=True, allow_null=True)
    versions = BriefVersionSerializer(source="all_versions", many=True, read_only=True)
    storage = serializers.SerializerMethodField()

    class Meta(DatasetSerializer.Meta):
        fields = [*DatasetSerializer.Meta.fields, "versions", "storage"]

    @extend_schema_field(StorageSerializer)
    def get_storage(self, dataset: Dataset) -> Any:
        return StorageSerializer(storages.of_dataset(dataset)).data


class NewDatasetSerializer(serializers.Serializer[Any]):
    """What a new dataset is made of: a finished upload."""

    upload = serializers.UUIDField(help_text="The id of a finished upload.")
    name = Text(required=False, help_text="Otherwise the name of the file.")
    options = serializers.JSONField(
        required=False,
        help_text="How to read it, each as you choose: delimiter, encoding, header, skip_rows, skip_footer,"
        " comment, quotes, decimal, thousands, dates, missing, empty_columns, empty_rows, blanks,"
        " merged_cells, sheet, member, kinds, drop, missing_values, duplicates.",
    )


class NewDatasetFileSerializer(serializers.Serializer[Any]):
    """What a new dataset is made of: a small file."""

    file = serializers.FileField(help_text="Up to 10 MB; larger ones come as an upload.")
    name = Text(required=False)
    options = serializers.JSONField(required=False)


class AgainSerializer(serializers.Serializer[Any]):
    """The bytes of an earlier version, read as before but for `options`."""

    version = serializers.UUIDField()
    options = serializers.JSONField(required=False, help_text="null takes an earlier choice back.")


class TrySerializer(serializers.Serializer[Any]):
    """Another way to read a version; null takes an earlier choice back."""

    options = serializers.JSONField(required=False)


class TrialSerializer(serializers.Serializer[Any]):
    """The first rows, read another way; `problem` says why they cannot be, else it is null."""

    columns = serializers.ListField(child=serializers.DictField(), help_text="name, kind and type of each.")
    rows = serializers.ListField(child=serializers.ListField())
    decisions = DecisionSerializer(many=True)
    changes = serializers.ListField(child=serializers.CharField(), help_text="In words.")
    problem = serializers.DictField(allow_null=True)
    is_part = serializers.BooleanField(help_text="Whether the file is longer than what was read of it.")


class RenameSerializer(serializers.Serializer[Any]):
    name = Text()


class NoteSerializer(serializers.Serializer[Any]):
    note = Text(allow_blank=True, help_text="What this version is, in a few words.")


class TrashSerializer(serializers.Serializer[Any]):
    """Something that was deleted and can be had back."""

    kind = serializers.ChoiceField(["dataset", "version"])
    id = serializers.UUIDField(source="thing.pk")
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes that it takes until it goes.")
    deleted_at = serializers.DateTimeField()
    deleted_by = serializers.CharField(allow_blank=True)
    goes_at = serializers.DateTimeField(allow_null=True, help_text="Null while something keeps it.")
    kept = serializers.CharField(allow_null=True, help_text="What keeps it, and how to let it go.")


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """A file on its way in: `offset` of `size` bytes have arrived."""

    class Meta:
        model = Upload
        fields = ["id", "name", "size", "offset", "sha256", "expires_at"]
        read_only_fields = fields


class PreviewSerializer(serializers.Serializer[Any]):
    """Some rows: `results` holds a list of cells for each, in the order of `columns`."""

    count = serializers.IntegerField(help_text="How many rows fit.")
    total = serializers.IntegerField(help_text="How many rows there are.")
    offset = serializers.IntegerField()
    limit = serializers.IntegerField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(
        child=serializers.IntegerField(), help_text="Where in the file each row lies, from 0."
    )
    results = serializers.ListField(child=serializers.ListField())


class ShiftSerializer(serializers.Serializer[Any]):
    """How far a column moved: Kolmogorov and Smirnov's distance, or the population stability index."""

    column = serializers.CharField()
    measure = serializers.ChoiceField(["ks", "psi"])
    of = serializers.ChoiceField(["values", "lengths"])
    value = serializers.FloatField(allow_null=True)
    word = serializers.ChoiceField(["none", "small", "large", "unknown"])
    missing_from = serializers.FloatField(help_text="The share that was missing before.")
    missing_to = serializers.FloatField()


class CompareSerializer(serializers.Serializer[Any]):
    """What changed between two versions."""

    to = serializers.DictField()
    columns = serializers.DictField(help_text="added, removed, retyped (from, to), and how many stayed.")
    rows = serializers.DictField(
        help_text="from, to, added, removed; where not exact, the last two are estimates."
    )
    shifts = ShiftSerializer(many=True)
    thresholds = serializers.DictField(help_text="From which value on a shift is small, and large.")
    sample = serializers.IntegerField(help_text="Rows of each version that shifts are measured on.")

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it cannot be written as an attribute."""
        return {"from": serializers.DictField(), **super().get_fields()}
