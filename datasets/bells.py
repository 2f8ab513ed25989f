"""Rings the clusters. Rows are written first; a ring that is lost costs seconds, never work."""

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
    ring_for("datasets.tasks.ingest", str(version_id))


def ring_for(task: str, *ids: str, cluster: str = "short") -> None:
    """Rings one cluster for one task by its dotted name; never fails and never waits long."""
    try:
        async_task(task, *ids, cluster=cluster, broker=_broker(cluster, os.getpid()))
    except (redis.RedisError, OSError) as error:
        log.warning("The doorbell does not ring (%s); the beat finds the work.", type(error).__name__)


@cache
def _broker(cluster: str, process: int) -> Broker:
    """One connection for each cluster and process, that gives up soon."""
    broker = get_broker(cluster)
    broker.connection = redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 1),
    )
    return broker
