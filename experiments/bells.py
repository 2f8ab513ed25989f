"""Redis only hints. Rows are written first; a hint that is lost costs seconds, never work."""

import asyncio
import logging
import os
import threading
from functools import cache
from typing import Any

import redis
from channels.layers import get_channel_layer
from django.conf import settings
from django_q.brokers import Broker, get_broker
from django_q.tasks import async_task
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger("training")

PATIENCE = 2.0
"""Seconds that Redis may take; nobody waits longer."""
MOST_UNDERWAY = 200
"""So many hints may be on their way at once; the next ones are dropped, for the rows are there."""


def ring() -> None:
    """Says to the training cluster that there may be work. The beat says it again where this fails."""
    try:
        async_task("training.tasks.wake", cluster="training", broker=_broker(os.getpid()))
    except (redis.RedisError, OSError) as error:
        log.warning("The doorbell does not ring (%s); the beat finds the work.", type(error).__name__)


@cache
def _broker(process: int) -> Broker:
    """One connection for each process, that gives up soon."""
    broker = get_broker("training")
    broker.connection = redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 1),
    )
    return broker


def run_group(run_id: Any) -> str:
    return f"run.{run_id}"


def workspace_group(workspace_id: Any) -> str:
    return f"workspace.{workspace_id}"


def hint(run_id: Any, workspace_id: Any, seq: int) -> None:
    """Says to who watches that a run has news up to `seq`. Returns at once; never fails."""
    news = {"type": "news", "run": str(run_id), "seq": seq}
    _hints(os.getpid()).send([run_group(run_id), workspace_group(workspace_id)], news)


class _Hints:
    """A thread that talks to the channel layer, so that whoever writes rows never waits for Redis."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._underway = threading.Semaphore(MOST_UNDERWAY)
        threading.Thread(target=self._loop.run_forever, name="hints", daemon=True).start()

    def send(self, groups: list[str], message: dict[str, Any]) -> None:
        if self._underway.acquire(blocking=False):
            asyncio.run_coroutine_threadsafe(self._send(groups, message), self._loop)

    async def _send(self, groups: list[str], message: dict[str, Any]) -> None:
        layer = get_channel_layer()
        try:
            async with asyncio.timeout(PATIENCE):
                for group in groups:
                    await layer.group_send(group, message)
        except (redis.RedisError, OSError, TimeoutError) as error:
            log.warning("A hint did not get through (%s); watchers read the rows.", type(error).__name__)
        finally:
            self._underway.release()


@cache
def _hints(process: int) -> _Hints:
    return _Hints()
