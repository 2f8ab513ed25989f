"""The sockets: rows are read after the last number sent, so a lost hint delays news and loses none."""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import redis
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError
from django.db.models import Q
from django.utils import timezone

from accounts.models import User, Workspace
from experiments import bells
from experiments.models import Run, RunEvent
from experiments.states import TERMINAL

log = logging.getLogger("training")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BAD_REQUEST, NOBODY, REVOKED, NOT_FOUND, TOO_MANY = 4400, 4401, 4403, 4404, 4429
LARGEST_NUMBER = 2**63 - 1
PAGE = 500
"""So many rows are read and sent at a time."""

_open_sockets: Counter[Any] = Counter()


class Closing(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Watcher:
    """One socket of one person. Subclasses say what may be watched, and tell what is new.

    A client that stops reading is dropped by the server's own ping within a minute; until then at most the
    rows of what it watches wait for it.
    """

    rejoin = 15.0
    """Seconds after which rows are read and groups are joined again, hint or no hint."""
    look_again = 60.0
    """Seconds after which it is asked again whether this person may watch."""
    deaf = 2.0
    """Seconds between two looks while Redis is away."""
    calm = 0.0
    """Seconds that must lie between two looks."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self.user: User | AnonymousUser = scope.get("user") or AnonymousUser()
        self._news = asyncio.Event()
        self._hears = False
        self._is_over = False
        self._layer: Any = get_channel_layer()
        self._channel = ""

    @classmethod
    def as_asgi(cls) -> Any:
        """The application for a route; routes are typed for views, hence Any."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await cls(scope, receive, send).serve()

        return app

    async def serve(self) -> None:
        """From the handshake to the end. It is accepted first, because only then can a code be told."""
        await self._receive()
        await self._send({"type": "websocket.accept"})
        _open_sockets[self.user.pk] += 1
        try:
            await self._watch()
        except Closing as closing:
            with suppress(OSError):
                await self._send({"type": "websocket.close", "code": closing.code})
        finally:
            _open_sockets[self.user.pk] -= 1
            if not _open_sockets[self.user.pk]:
                del _open_sockets[self.user.pk]

    async def _watch(self) -> None:
        if not self.user.is_authenticated:
            raise Closing(NOBODY)
        if _open_sockets[self.user.pk] > settings.MAX_SOCKETS:
            raise Closing(TOO_MANY)
        self.read_address()
        await database_sync_to_async(self.find)()
        telling = asyncio.create_task(self._tell())
        hearing = [asyncio.create_task(self._hear_client()), asyncio.create_task(self._listen())]
        try:
            done, _ = await asyncio.wait([telling, *hearing], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await self._end(telling, *hearing)

    async def _end(self, telling: asyncio.Task[None], *hearing: asyncio.Task[None]) -> None:
        """A query that is under way may finish, so that its connection is closed in order."""
        self._is_over = True
        self._news.set()
        await asyncio.wait([telling], timeout=self.deaf)
        for task in (telling, *hearing):
            task.cancel()
        await self._leave()

    def read_address(self) -> None:
        """Takes what the address says. Raises Closing."""
        raise NotImplementedError

    def find(self) -> None:
        """Finds what is watched. Raises Closing with NOT_FOUND when this person does not see it."""
        raise NotImplementedError

    def look(self) -> None:
        """Asks again. Raises Closing."""
        raise NotImplementedError

    @property
    def group(self) -> str:
        """Where the hints come from."""
        raise NotImplementedError

    async def catch_up(self) -> None:
        """Tells everything that is new."""
        raise NotImplementedError

    async def say(self, seq: int, kind: str, at: datetime, data: dict[str, Any]) -> None:
        """Sends one message."""
        text = json.dumps({"seq": seq, "kind": kind, "at": at.isoformat(), "data": data}, allow_nan=False)
        await self._send({"type": "websocket.send", "text": text})

    def current_user(self) -> User | None:
        """The person as they are now, not as they were at the handshake."""
        return User.objects.filter(pk__in=[self.user.pk], is_active=True).first()

    async def _hear_client(self) -> None:
        """Returns when the client has gone. It has nothing to say: what it sends ends the socket."""
        message = await self._receive()
        if message["type"] == "websocket.receive":
            raise Closing(BAD_REQUEST)

    async def _tell(self) -> None:
        looked = time.monotonic()
        while not self._is_over:
            self._news.clear()
            try:
                if time.monotonic() - looked >= self.look_again:
                    await database_sync_to_async(self.look)()
                    looked = time.monotonic()
                await self.catch_up()
            except (DatabaseError, InterfaceError):
                log.warning("A socket cannot read its rows now; it tries again.")
            await asyncio.sleep(self.calm)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.rejoin if self._hears else self.deaf):
                    await self._news.wait()

    async def _listen(self) -> None:
        """Hears hints; joins again and again, because Redis forgets groups when it restarts."""
        self._channel = await self._layer.new_channel()
        while not self._is_over:
            try:
                async with asyncio.timeout(self.deaf):
                    await self._layer.group_add(self.group, self._channel)
                self._hears = True
                self._news.set()
                await self._hear_hints()
            except (redis.RedisError, OSError, TimeoutError):
                self._hears = False
                await asyncio.sleep(self.deaf)

    async def _hear_hints(self) -> None:
        # The channel layer can swallow a cancellation while it waits, hence the flag.
        with suppress(TimeoutError):
            async with asyncio.timeout(self.rejoin):
                while not self._is_over:
                    await self._layer.receive(self._channel)
                    self._news.set()

    async def _leave(self) -> None:
        """No more hints are sent here."""
        if self._hears:
            with suppress(redis.RedisError, OSError, TimeoutError):
                async with asyncio.timeout(self.deaf):
                    await self._layer.group_discard(self.group, self._channel)


class RunSocket(Watcher):
    """`/ws/runs/<id>/?after=<seq>`: the events of one run after a number."""

    def read_address(self) -> None:
        try:
            self.run_id = UUID(self.scope["url_route"]["kwargs"]["run"])
        except ValueError:
            raise Closing(NOT_FOUND) from None
        given = parse_qs(self.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        after = given.get("after", ["0"])[-1]
        if not (after.isascii() and after.isdigit() and len(after) < 20 and int(after) <= LARGEST_NUMBER):
            raise Closing(BAD_REQUEST)
        self.after = int(after)

    def find(self) -> None:
        if not Run.objects.visible_to(self.user).filter(pk=self.run_id).exists():
            raise Closing(NOT_FOUND)

    def look(self) -> None:
        user = self.current_user()
        if user is None or not Run.objects.visible_to(user).filter(pk=self.run_id).exists():
            raise Closing(REVOKED if Run.objects.filter(pk=self.run_id).exists() else NOT_FOUND)

    @property
    def group(self) -> str:
        return bells.run_group(self.run_id)

    async def catch_up(self) -> None:
        while rows := await database_sync_to_async(self._rows)():
            for seq, kind, at, data in rows:
                await self.say(seq, kind, at, data)
                self.after = seq

    def _rows(self) -> list[tuple[int, str, datetime, dict[str, Any]]]:
        later = RunEvent.objects.filter(run_id=self.run_id).after(self.after)
        return list(later.values_list("seq", "kind", "at", "data")[:PAGE])


class WorkspaceSocket(Watcher):
    """`/ws/workspaces/<slug>/`: which run of a workspace has news: `{"kind": "run", "data": {…}}`."""

    calm = 0.1
    recent = timedelta(minutes=5)
    """A run that ended so long ago is no news any more."""

    def read_address(self) -> None:
        self.slug = self.scope["url_route"]["kwargs"]["slug"]
        if "\x00" in self.slug:  # no text in the database holds it
            raise Closing(NOT_FOUND)
        self.told: dict[UUID, int] = {}

    def find(self) -> None:
        workspace = Workspace.objects.visible_to(self.user).filter(slug=self.slug).first()
        if workspace is None:
            raise Closing(NOT_FOUND)
        self.workspace_id = workspace.pk

    def look(self) -> None:
        user = self.current_user()
        if user is None or not Workspace.objects.visible_to(user).filter(pk=self.workspace_id).exists():
            exists = Workspace.objects.filter(pk=self.workspace_id).exists()
            raise Closing(REVOKED if exists else NOT_FOUND)

    @property
    def group(self) -> str:
        return bells.workspace_group(self.workspace_id)

    async def catch_up(self) -> None:
        for run, epoch in await database_sync_to_async(self._changed)():
            await self.say(run.last_seq, "run", timezone.now(), _brief(run, epoch))

    def _changed(self) -> list[tuple[Run, dict[str, Any] | None]]:
        lively = ~Q(state__in=TERMINAL) | Q(finished_at__gt=timezone.now() - self.recent)
        runs = list(
            Run.objects.filter(lively, experiment__workspace=self.workspace_id).defer("spec", "metrics")
        )
        changed = [run for run in runs if self.told.get(run.pk) != run.last_seq]
        self.told = {run.pk: run.last_seq for run in runs}
        return list(zip(changed, _epochs(changed), strict=True))


def _epochs(runs: list[Run]) -> list[dict[str, Any] | None]:
    """The newest epoch of each run, None where it has none."""
    newest = RunEvent.objects.filter(run__in=runs, kind="epoch").order_by("run_id", "-seq").distinct("run_id")
    found: dict[Any, dict[str, Any]] = dict(newest.values_list("run_id", "data")) if runs else {}
    return [found.get(run.pk) for run in runs]


def _brief(run: Run, epoch: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "id": str(run.pk),
        "name": run.name,
        "status": run.state,
        "experiment": str(run.experiment_id),
        "attempt": run.attempt,
        "score": run.score,
        "epoch": epoch,
    }


class Nowhere(Watcher):
    """Any other address: there is nothing to watch."""

    def read_address(self) -> None:
        raise Closing(NOT_FOUND)
