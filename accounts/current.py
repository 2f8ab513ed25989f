"""Who is asking, and where they are: the workspace they last opened, kept in the session."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User, Workspace

KEY = "workspace"


def person(request: HttpRequest | Request) -> User:
    """The signed-in person, for views that only such a person reaches."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def remember(request: HttpRequest, workspace: Workspace) -> None:
    """Makes this the workspace that "/" and the sidebar lead to."""
    if request.session.get(KEY) != workspace.slug:
        request.session[KEY] = workspace.slug


def last(request: HttpRequest) -> Workspace | None:
    """The workspace last opened, else the first by name; None for a person in none."""
    mine = Workspace.objects.visible_to(request.user)
    return mine.filter(slug=request.session.get(KEY, "")).first() or mine.first()
