"""Where a person is: the workspace they last opened, kept in the session."""

from django.http import HttpRequest

from accounts.models import Workspace

KEY = "workspace"


def remember(request: HttpRequest, workspace: Workspace) -> None:
    """Makes this the workspace that "/" and the sidebar lead to."""
    if request.session.get(KEY) != workspace.slug:
        request.session[KEY] = workspace.slug


def last(request: HttpRequest) -> Workspace | None:
    """The workspace last opened, else the first by name; None for a person in none."""
    mine = Workspace.objects.visible_to(request.user)
    return mine.filter(slug=request.session.get(KEY, "")).first() or mine.first()
