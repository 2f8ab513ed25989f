"""Who watches a run sees every event once and in order, whatever happens to the hints."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings as site
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.urls import path, re_path

from accounts.models import Membership, User
from experiments import actions, consumers, events
from experiments.consumers import Nowhere, RunSocket, WorkspaceSocket
from experiments.events import Event
from experiments.models import Experiment, Run
from tests import builders
from training import queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


class QuickRunSocket(RunSocket):
    rejoin, look_again, deaf = 0.5, 0.3, 0.2


class QuickWorkspaceSocket(WorkspaceSocket):
    rejoin, look_again, deaf, calm = 0.5, 0.3, 0.2, 0.01


class PatientRunSocket(RunSocket):
    """Reads again only after so long that a test would notice: here hints must bring the news."""

    rejoin = 60.0


def doors(run_socket: type[RunSocket]) -> Any:
    return URLRouter(
        [
            path("ws/runs/<str:run>/", run_socket.as_asgi()),
            path("ws/workspaces/<str:slug>/", QuickWorkspaceSocket.as_asgi()),
            re_path(r"", Nowhere.as_asgi()),
        ]
    )


@asynccontextmanager
async def socket(
    address: str, user: Any, kind: type[RunSocket] = QuickRunSocket
) -> AsyncIterator[WebsocketCommunicator]:
    communicator = WebsocketCommunicator(doors(kind), address)
    communicator.scope["user"] = user
    accepted, _ = await communicator.connect()
    assert accepted
    try:
        yield communicator
    finally:
        await communicator.disconnect()
        await database_sync_to_async(connections.close_all)()  # or it outlives the test's database


async def numbers(watching: WebsocketCommunicator, count: int) -> list[int]:
    return [(await watching.receive_json_from(3))["seq"] for _ in range(count)]


async def code_of(watching: WebsocketCommunicator, seconds: float = 3) -> int:
    while True:
        message = await watching.receive_output(seconds)
        if message["type"] == "websocket.close":
            return int(message["code"])


async def happens(run: Run, count: int = 1) -> None:
    told = [Event("epoch", {"epoch": n}) for n in range(count)]
    await database_sync_to_async(events.note)(run, *told)


async def test_what_has_happened_comes_first_then_what_happens(run: Run, owner: User) -> None:
    await happens(run, 2)
    async with socket(f"/ws/runs/{run.pk}/", owner, PatientRunSocket) as watching:
        first = await watching.receive_json_from(3)
        assert (first["seq"], first["kind"], set(first)) == (1, "state", {"seq", "kind", "at", "data"})
        assert await numbers(watching, 2) == [2, 3]
        await happens(run)
        assert await numbers(watching, 1) == [4]


async def test_after_a_reload_it_goes_on_where_it_was(run: Run, owner: User) -> None:
    await happens(run, 9)
    async with socket(f"/ws/runs/{run.pk}/?after=7", owner) as watching:
        assert await numbers(watching, 3) == [8, 9, 10]
        assert await watching.receive_nothing(0.2)


async def test_a_long_story_comes_whole(run: Run, owner: User) -> None:
    await happens(run, consumers.PAGE + 20)
    async with socket(f"/ws/runs/{run.pk}/", owner) as watching:
        assert await numbers(watching, consumers.PAGE + 21) == list(range(1, consumers.PAGE + 22))


async def test_many_writers_are_seen_without_gap_or_double(run: Run, owner: User) -> None:
    async with socket(f"/ws/runs/{run.pk}/", owner) as watching:
        await asyncio.gather(*[happens(run, 3) for _ in range(20)])
        assert await numbers(watching, 61) == list(range(1, 62))
        assert await watching.receive_nothing(0.2)


async def test_when_redis_forgets_nothing_is_missed(run: Run, owner: User) -> None:
    async with socket(f"/ws/runs/{run.pk}/?after=1", owner) as watching:
        await asyncio.sleep(0.2)
        redis.from_url(site.REDIS_URL).flushdb()
        await happens(run)
        assert await numbers(watching, 1) == [2]
        await asyncio.sleep(0.7)  # it has joined again
        await happens(run)
        assert await numbers(watching, 1) == [3]


async def test_without_redis_news_come_all_the_same(run: Run, owner: User, settings: Any) -> None:
    away = {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": ["unix:///nowhere.sock"]}}
    settings.CHANNEL_LAYERS = {"default": away}
    async with socket(f"/ws/runs/{run.pk}/?after=1", owner, PatientRunSocketWithoutRedis) as watching:
        await happens(run)
        assert await numbers(watching, 1) == [2]


class PatientRunSocketWithoutRedis(PatientRunSocket):
    deaf = 0.2


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/ws/runs/{run}/?after=-1", 4400),
        ("/ws/runs/{run}/?after=x", 4400),
        ("/ws/runs/{run}/?after=", 4400),
        ("/ws/runs/{run}/?after=1000000000000000000000000000000", 4400),
        ("/ws/runs/not-a-uuid/", 4404),
        ("/ws/runs/5e03d19d-6376-4afe-8b31-9a544fbb612c/", 4404),
        ("/ws/workspaces/nowhere/", 4404),
        ("/ws/workspaces/a%00b/", 4404),
        ("/ws/anything/else/", 4404),
    ],
)
async def test_an_address_that_leads_nowhere_says_so(run: Run, owner: User, address: str, code: int) -> None:
    async with socket(address.format(run=run.pk), owner) as watching:
        assert await code_of(watching) == code


async def test_a_stranger_finds_nothing_and_nobody_is_asked_to_sign_in(run: Run, stranger: User) -> None:
    for address in (f"/ws/runs/{run.pk}/", "/ws/workspaces/field-lab/"):
        async with socket(address, stranger) as watching:
            assert await code_of(watching) == 4404
        async with socket(address, AnonymousUser()) as watching:
            assert await code_of(watching) == 4401


async def test_who_leaves_the_workspace_sees_no_more(run: Run, editor: User) -> None:
    async with (
        socket(f"/ws/runs/{run.pk}/", editor) as watching,
        socket("/ws/workspaces/field-lab/", editor) as beside,
    ):
        await numbers(watching, 1)
        await database_sync_to_async(Membership.objects.filter(user=editor).delete)()
        assert await code_of(watching) == 4403
        assert await code_of(beside) == 4403


async def test_who_is_switched_off_sees_no_more(run: Run, editor: User) -> None:
    async with socket(f"/ws/runs/{run.pk}/", editor) as watching:
        await database_sync_to_async(User.objects.filter(pk=editor.pk).update)(is_active=False)
        assert await code_of(watching) == 4403


async def test_a_run_that_is_removed_is_gone(run: Run, owner: User) -> None:
    async with socket(f"/ws/runs/{run.pk}/", owner) as watching:
        await numbers(watching, 1)
        await database_sync_to_async(Run.objects.filter(pk=run.pk).delete)()
        assert await code_of(watching) == 4404


@pytest.mark.parametrize(
    "frame", [{"text_data": "{}"}, {"bytes_data": b"\0" * 10}, {"text_data": "x" * 70_000}]
)
async def test_a_client_has_nothing_to_say(run: Run, owner: User, frame: Any) -> None:
    async with socket(f"/ws/runs/{run.pk}/", owner) as watching:
        await numbers(watching, 1)
        await watching.send_to(**frame)
        assert await code_of(watching) == 4400


async def test_one_person_has_so_many_sockets(run: Run, owner: User, editor: User, settings: Any) -> None:
    settings.MAX_SOCKETS = 2
    address = f"/ws/runs/{run.pk}/"
    async with socket(address, owner) as one, socket(address, owner) as two, socket(address, owner) as three:
        assert await code_of(three) == 4429
        assert await numbers(one, 1) == await numbers(two, 1) == [1]
        async with socket(address, editor) as theirs:
            assert await numbers(theirs, 1) == [1]
    async with socket(address, owner) as again:
        assert await numbers(again, 1) == [1]


async def test_a_workspace_tells_which_run_has_news(experiment: Experiment, owner: User) -> None:
    run = await database_sync_to_async(builders.run)(experiment, by=owner)
    async with socket("/ws/workspaces/field-lab/", owner) as watching:
        first = await watching.receive_json_from(3)
        assert (first["kind"], first["data"]["id"], first["data"]["status"]) == ("run", str(run.pk), "queued")
        claimed = await database_sync_to_async(queue.claim)("w")
        await happens(claimed, 3)
        second = await watching.receive_json_from(3)
        while second["data"]["epoch"] is None:
            second = await watching.receive_json_from(3)
        assert (second["data"]["status"], second["data"]["epoch"]["epoch"]) == ("running", 2)
        await database_sync_to_async(actions.cancel_run)(run=claimed, by=owner)
        assert (await watching.receive_json_from(3))["data"]["status"] == "cancelled"


async def test_coming_and_going_leaves_nothing_open(run: Run, owner: User) -> None:
    async def come_and_go() -> tuple[int, int]:
        for _ in range(20):
            async with socket(f"/ws/runs/{run.pk}/", owner) as watching:
                await numbers(watching, 1)
        return len(list(Path("/proc/self/fd").iterdir())), len(asyncio.all_tasks())

    assert await come_and_go() == await come_and_go()
