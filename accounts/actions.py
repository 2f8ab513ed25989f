"""What people do with workspaces, members and tokens: one verb, one transaction."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts import names, permissions, quotas
from accounts.models import Membership, Role, Token, User, Workspace
from web.problems import Forbidden, Invalid, Refused

LONGEST_LIFETIME = timedelta(days=366)


@transaction.atomic
def create_workspace(*, name: str, by: User) -> Workspace:
    """A workspace that `by` owns. Raises Invalid for the name, QuotaExceeded at the limit."""
    name = names.clean(name, longest=80)
    if reason := quotas.why_no_more_workspaces(by):
        raise quotas.QuotaExceeded(reason)
    workspace = _with_free_slug(name)
    Membership.objects.create(workspace=workspace, user=by, role=Role.OWNER)
    return workspace


def create_personal_workspace(*, by: User) -> Workspace:
    """Where a new person begins: "Maya's workspace"."""
    return create_workspace(name=f"{by.first_name[:60]}'s workspace", by=by)


def rename_workspace(*, workspace: Workspace, name: str, by: User) -> Workspace:
    """The address stays as it was, so that no link breaks."""
    if reason := permissions.why_not_rename_workspace(by, workspace):
        raise Forbidden(reason)
    workspace.name = names.clean(name, longest=80)
    workspace.save(update_fields=["name"])
    return workspace


@transaction.atomic
def remove_workspace(*, workspace: Workspace, by: User) -> None:
    """Raises Refused (in_use) while experiments lie in it, so no run loses its ground."""
    if reason := permissions.why_not_remove_workspace(by, workspace):
        raise Forbidden(reason)
    try:
        workspace.delete()
    except ProtectedError as error:
        reason = "The workspace still holds experiments. Delete them first."
        raise Refused(reason, code="in_use") from error


@transaction.atomic
def create_first_administrator(*, email: str, password: str) -> User:
    """The first person of a fresh house, with a workspace to begin in."""
    user = User.objects.create_superuser(email, password)
    create_personal_workspace(by=user)
    return user


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User) -> Membership:
    """Raises Forbidden for who is no owner, Refused (last_owner) for the only one."""
    membership = _held(membership)
    if reason := permissions.why_not_change_role(by, membership, role):
        raise _refusal(reason, membership, by)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Raises Forbidden for who is no owner, Refused (last_owner) for the only one."""
    membership = _held(membership)
    if reason := permissions.why_not_remove_member(by, membership):
        raise _refusal(reason, membership, by)
    membership.delete()


@transaction.atomic
def create_token(*, user: User, name: str, lifetime: timedelta | None = None) -> tuple[Token, str]:
    """A key for programs and its secret, which is shown this once: only its digest is kept."""
    name = names.clean(name, longest=80)
    lifetime = lifetime or settings.TOKEN_LIFETIME
    if not timedelta(0) < lifetime <= LONGEST_LIFETIME:
        raise Invalid("A token lives from 1 to 366 days.", field="expires_in_days")
    if reason := quotas.why_no_more_tokens(user):
        raise quotas.QuotaExceeded(reason)
    prefix = get_random_string(8)
    secret = f"mlt_{prefix}_{get_random_string(40)}"
    token = Token.objects.create(
        user=user, name=name, prefix=prefix, digest=digest(secret), expires_at=timezone.now() + lifetime
    )
    return token, secret


def revoke_token(*, token: Token, by: User) -> None:
    """From the next request on it opens nothing."""
    if token.user_id != by.pk:
        raise Forbidden("Only its owner can revoke a token.")
    token.delete()


def digest(secret: str) -> str:
    """What is kept of a token. Its secret has 238 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _held(membership: Membership) -> Membership:
    """Read again under the workspace's lock: two owners cannot leave past each other."""
    Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    return Membership.objects.select_related("workspace", "user").get(pk=membership.pk)


def _refusal(reason: str, membership: Membership, by: User) -> Refused:
    if membership.workspace.can_own(by):
        return Refused(reason, code="last_owner")
    return Forbidden(reason)


def _with_free_slug(name: str) -> Workspace:
    for slug in _slugs(name):
        try:
            with transaction.atomic():
                return Workspace.objects.create(name=name, slug=slug)
        except IntegrityError:
            continue
    raise AssertionError("the slugs never end")


def _slugs(name: str) -> Iterator[str]:
    slug = slugify(name)[:50].strip("-") or "workspace"
    yield slug
    while True:
        yield f"{slug}-{get_random_string(4, 'abcdefghijkmnpqrstuvwxyz23456789')}"
