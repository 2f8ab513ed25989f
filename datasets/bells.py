"""Rings the cluster of short tasks. Rows are written first; a ring that is lost costs seconds, never work."""

import logging
import os
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django_q.brokers import Broker, get_broker
from django_q.tasks import async_task
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger("datasets")

PATIENCE = 2.0
"""Seconds that Redis may take; nobody waits longer."""


def ring(version_id: Any) -> None:
    """Says that a file waits to be read. The sweep says it again where this fails."""
    try:
        async_task("datasets.tasks.ingest", str(version_id), broker=_broker(os.getpid()))
    except (redis.RedisError, OSError) as error:
        log.warning("The doorbell does not ring (%s); the sweep finds the file.", type(error).__name__)


@cache
def _broker(process: int) -> Broker:
    """One connection for each process, that gives up soon."""
    broker = get_broker()
    broker.connection = redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 1),
    )
    return broker
