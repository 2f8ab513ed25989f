"""Who opens a WebSocket: our own pages by session, programs by token, nobody else."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections
from django.test import Client

from accounts import actions
from accounts.models import User
from accounts.sockets import who_is_there

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]
HOST = (b"host", b"localhost:8000")
OURS = (b"origin", b"http://localhost:8000")


async def greet(scope: Any, receive: Any, send: Any) -> None:
    """Accepts everybody and says who it saw."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": getattr(scope["user"], "email", "nobody")})


async def seen(*headers: tuple[bytes, bytes], path: str = "/ws/") -> str:
    """Whom the application saw; "closed" where the handshake is refused."""
    socket = WebsocketCommunicator(who_is_there(greet), path, headers=[HOST, *headers])
    connected, _ = await socket.connect()
    answer = str(await socket.receive_from()) if connected else "closed"
    await sync_to_async(connections.close_all)()  # the communicator keeps those of its thread open
    return answer


@pytest.fixture
def olive(transactional_db: None) -> User:
    return User.objects.create_user("olive@example.org")


@pytest.fixture
def cookie(olive: User) -> tuple[bytes, bytes]:
    browser = Client()
    browser.force_login(olive, "allauth.account.auth_backends.AuthenticationBackend")
    return (b"cookie", b"theme=dark; sessionid=" + browser.cookies["sessionid"].value.encode())


@pytest.fixture
def secret(olive: User) -> str:
    return actions.create_token(user=olive, name="x")[1]


async def test_our_own_page_is_the_person_of_its_session(cookie: tuple[bytes, bytes]) -> None:
    assert await seen(cookie, OURS) == "olive@example.org"


@pytest.mark.parametrize(
    "origin",
    [
        (),
        ((b"origin", b"http://evil.example"),),
        ((b"origin", b"null"),),
        ((b"origin", b"http://localhost:8000.evil.example"),),
        ((b"origin", b"http://localhost:9000"),),
    ],
)
async def test_a_session_from_another_or_no_origin_is_refused(
    cookie: tuple[bytes, bytes], origin: tuple[tuple[bytes, bytes], ...]
) -> None:
    assert await seen(cookie, *origin) == "closed"


async def test_a_strange_host_is_refused_even_where_the_origin_agrees(cookie: tuple[bytes, bytes]) -> None:
    strange = [(b"host", b"evil.example"), (b"origin", b"http://evil.example"), cookie]
    socket = WebsocketCommunicator(who_is_there(greet), "/ws/", headers=strange)
    assert (await socket.connect())[0] is False


async def test_a_page_of_another_site_is_refused_even_with_a_token(secret: str) -> None:
    token = (b"authorization", f"Bearer {secret}".encode())
    assert await seen(token, (b"origin", b"http://evil.example")) == "closed"


async def test_a_program_needs_no_origin(secret: str) -> None:
    assert await seen((b"authorization", f"Bearer {secret}".encode())) == "olive@example.org"


@pytest.mark.parametrize("header", [b"Bearer mlt_wrong_token", b"Bearer", b"Basic eDp5", b"\xff\xfe"])
async def test_a_wrong_token_is_refused(olive: User, header: bytes) -> None:
    assert await seen((b"authorization", header)) == "closed"


async def test_a_wrong_token_is_not_saved_by_a_good_session(cookie: tuple[bytes, bytes]) -> None:
    assert await seen(cookie, OURS, (b"authorization", b"Bearer wrong")) == "closed"


async def test_a_token_in_the_address_is_nobodys(secret: str) -> None:
    assert await seen(path=f"/ws/?token={secret}") == "nobody"


async def test_without_anything_one_is_nobody(transactional_db: None) -> None:
    assert await seen() == "nobody"


async def test_an_ended_session_is_nobodys(cookie: tuple[bytes, bytes], olive: User) -> None:
    await database_sync_to_async(User.objects.filter(pk=olive.pk).update)(is_active=False)
    assert await seen(cookie, OURS) == "nobody"
