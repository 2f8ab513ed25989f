"""The administrator's view of datasets: to look at; what was read is never edited by hand."""

from django.contrib import admin

from datasets.models import Dataset, DatasetVersion, TargetProfile, Upload
from web.panel import LookOnly


@admin.register(Upload)
class UploadAdmin(LookOnly):
    list_display = ["name", "owner", "size", "offset", "created_at", "expires_at"]
    list_filter = ["created_at", "expires_at"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__email", "sha256"]


@admin.register(Dataset)
class DatasetAdmin(LookOnly):
    list_display = ["name", "workspace", "created_by", "created_at", "deleted_at", "deleted_by"]
    list_filter = ["created_at", "deleted_at"]
    list_select_related = ["workspace", "created_by", "deleted_by"]
    search_fields = ["name", "workspace__name", "created_by__email"]


@admin.register(DatasetVersion)
class DatasetVersionAdmin(LookOnly):
    list_display = [
        *("dataset", "number", "status", "format", "rows", "original_size", "parquet_size"),
        *("problem_code", "created_at", "deleted_at"),
    ]
    list_filter = ["status", "format", "problem_code", "created_at", "deleted_at"]
    list_select_related = ["dataset"]
    search_fields = ["dataset__name", "original_name", "original_sha256", "problem_code", "note"]
    exclude = ["columns", "decisions", "findings", "associations"]


@admin.register(TargetProfile)
class TargetProfileAdmin(LookOnly):
    list_display = ["target", "version", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["version__dataset"]
    search_fields = ["target", "version__dataset__name"]
    exclude = ["body"]
