"""Redis only hints. Rows are written first; a hint that is lost costs seconds, never work."""

import asyncio
import logging
import os
import threading
from functools import cache
from typing import Any

import redis
from channels.layers import get_channel_layer

from datasets import bells
from datasets.bells import PATIENCE

log = logging.getLogger("training")

MOST_UNDERWAY = 200
"""So many hints may be on their way at once; the next ones are dropped, for the rows are there."""


def ring() -> None:
    """Says to the training cluster that there may be work. The beat says it again where this fails."""
    bells.ring_for("training.tasks.wake", cluster="training")


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
