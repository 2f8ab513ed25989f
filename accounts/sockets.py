"""Who opens a WebSocket: a browser from our own pages, or a program with a token in its header."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http.request import split_domain_port, validate_host

from accounts import tokens

Scope = MutableMapping[str, Any]
Channel = Callable[..., Awaitable[Any]]
App = Callable[[Scope, Channel, Channel], Awaitable[Any]]


def who_is_there(app: App) -> App:
    """Puts the person into `scope["user"]` (nobody: AnonymousUser); a wrong origin or token is a 403."""
    with_session: App = AuthMiddlewareStack(app)

    async def ask(scope: Scope, receive: Channel, send: Channel) -> Any:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        door = await _door(headers, scope)
        if door == "session":
            return await with_session(scope, receive, send)
        return await (_refuse if door == "closed" else app)(scope, receive, send)

    return ask


async def _refuse(scope: Scope, receive: Channel, send: Channel) -> None:
    """Closed before it was accepted: the handshake ends with 403."""
    await receive()
    await send({"type": "websocket.close"})


async def _door(headers: dict[bytes, str], scope: Scope) -> str:
    header = headers.get(b"authorization", "")
    if b"origin" in headers and not _is_ours(headers):
        return "closed"
    if header:
        token = await database_sync_to_async(tokens.find)(header) if tokens.is_token(header) else None
        scope["user"] = token.user if token else AnonymousUser()
        return "open" if token else "closed"
    if f"{settings.SESSION_COOKIE_NAME}=" in headers.get(b"cookie", ""):
        return "session" if _is_ours(headers) else "closed"
    scope["user"] = AnonymousUser()
    return "open"


def _is_ours(headers: dict[bytes, str]) -> bool:
    """A browser says where the page came from; another site's page must not speak with our cookie."""
    host = headers.get(b"host", "")
    domain, _ = split_domain_port(host.lower())
    return urlsplit(headers.get(b"origin", "")).netloc == host and validate_host(
        domain, settings.ALLOWED_HOSTS
    )
