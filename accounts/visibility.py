"""Who sees what: one filter for pages, API and sockets. A stranger finds nothing."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model, covariant=True)


class VisibleQuerySet(models.QuerySet[M]):
    """Rows that belong to a workspace; `workspace_path` says how to get there ("" for itself)."""

    workspace_path = "workspace"

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The rows of the workspaces that this person is a member of."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        path = f"{self.workspace_path}__memberships__user".removeprefix("__")
        return self.filter(**{path: user})
