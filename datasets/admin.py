"""The administrator's view of datasets: to look at; what was read is never edited by hand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from datasets.models import Dataset, DatasetVersion, Upload


class LookOnly(ModelAdmin):  # type: ignore[misc]  # unfold brings no types
    """Rows that only the product writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
