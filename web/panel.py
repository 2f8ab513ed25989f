"""What the administrator's pages of all chapters share."""

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class LookOnly(ModelAdmin):  # type: ignore[misc]  # unfold brings no types
    """Rows that only the product writes: to look at, never to add, edit or remove by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
