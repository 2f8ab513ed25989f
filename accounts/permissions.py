"""Who may do what with workspaces and their members. No reason means yes."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import Membership, Role, User, Workspace

Person = User | AnonymousUser


def why_not_edit(user: Person, workspace: Workspace) -> str | None:
    """For whatever adds to or changes what lies in a workspace."""
    if workspace.can_edit(user):
        return None
    return "Viewers can look at this workspace but not change it. Ask an owner to make you an editor."


def why_not_rename_workspace(user: Person, workspace: Workspace) -> str | None:
    return None if workspace.can_own(user) else "Only an owner can rename the workspace."


def why_not_remove_workspace(user: Person, workspace: Workspace) -> str | None:
    return None if workspace.can_own(user) else "Only an owner can delete the workspace."


def why_not_change_role(user: Person, membership: Membership, role: Role) -> str | None:
    if not membership.workspace.can_own(user):
        return "Only an owner can change roles."
    if role != Role.OWNER and _is_last_owner(membership):
        return "A workspace needs an owner. Make someone else owner first."
    return None


def why_not_remove_member(user: Person, membership: Membership) -> str | None:
    if user.pk != membership.user_id and not membership.workspace.can_own(user):
        return "Only an owner can remove someone else."
    if _is_last_owner(membership):
        return "The only owner cannot leave. Make someone else owner first."
    return None


def _is_last_owner(membership: Membership) -> bool:
    if membership.role != Role.OWNER:
        return False
    owners = Membership.objects.filter(workspace=membership.workspace_id, role=Role.OWNER)
    return not owners.exclude(pk=membership.pk).exists()
