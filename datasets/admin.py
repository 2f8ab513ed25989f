"""The administrator's view of datasets: to look at; what was read is never edited by hand."""

from django.contrib import admin

from datasets.models import Dataset, DatasetVersion, Upload
from web.panel import LookOnly


@admin.register(Upload)
class UploadAdmin(LookOnly):
    list_display = ["name", "owner", "size", "offset", "created_at", "expires_at"]
    list_filter = ["created_at", "expires_at"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__email", "sha256"]


@admin.register(Dataset)
class DatasetAdmin(LookOnly):
    list_display = ["name", "workspace", "created_by", "created_at", "deleted_at"]
    list_filter = ["created_at", "deleted_at"]
    list_select_related = ["workspace", "created_by"]
    search_fields = ["name", "workspace__name", "created_by__email"]


@admin.register(DatasetVersion)
class DatasetVersionAdmin(LookOnly):
    list_display = ["dataset", "number", "status", "rows", "original_size", "problem_code", "created_at"]
    list_filter = ["status", "problem_code", "created_at"]
    list_select_related = ["dataset"]
    search_fields = ["dataset__name", "original_name", "original_sha256", "problem_code"]
    exclude = ["columns", "decisions"]
