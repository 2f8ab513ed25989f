"""Programs sign in with a token in the Authorization header: the API and the sockets ask here."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actions import digest
from accounts.models import Token, User

SCHEMES = ("bearer", "token")
REFUSED = "This token is not valid. It may have expired or been revoked. Create a new one."
NOTED = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer mlt_…` (or `Token`). Whatever is wrong with it is the same 401."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not is_token(header):
            return None
        token = find(header)
        if token is None:
            raise AuthenticationFailed(REFUSED, code="invalid_token")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def is_token(header: str) -> bool:
    """Whether an Authorization header speaks of a token at all."""
    return header.partition(" ")[0].lower() in SCHEMES


def find(header: str) -> Token | None:
    """The living token of an Authorization header, noted as used; None where there is none.

    It is looked up by its digest, so how long that takes says nothing about the secret.
    """
    secret = header.partition(" ")[2].strip()
    token = Token.objects.alive().select_related("user").filter(digest=digest(secret)).first()
    if token is not None:
        _note(token)
    return token


def _note(token: Token) -> None:
    """Writes at most once a minute."""
    if token.last_used_at and timezone.now() - token.last_used_at < NOTED:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=Now() - NOTED)
    Token.objects.filter(stale, pk=token.pk).update(last_used_at=Now())
