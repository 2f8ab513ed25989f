"""Can work be done? The only sign of life of a cluster that counts is a task that it answered."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now

from datasets.models import DatasetVersion
from experiments.models import Run
from sandbox import zygote

CLUSTERS = ("short", "training")
PAUSE = 0.25
FRESH = 120
"""Seconds for which an answered canary says that its cluster lives."""


def hear(cluster: str, token: str) -> None:
    """Keeps that this host's cluster has answered."""
    cache.set(_key(cluster), token, FRESH)
    cache.set(f"canary:{cluster}", token, FRESH)


def last_heard(cluster: str) -> str | None:
    """The token of the newest canary that this host's cluster answered."""
    token: str | None = cache.get(_key(cluster))
    return token


def _key(cluster: str) -> str:
    return f"canary:{cluster}:{socket.gethostname()}"


def is_full(cluster: str) -> bool:
    """Whether every place of this host's cluster holds a live lease, so that a canary has to wait."""
    mine = {"worker__startswith": f"{socket.gethostname()}:", "lease_expires_at__gt": Now()}
    if cluster == "training":
        return Run.objects.filter(**mine).count() >= int(settings.RUN_SLOTS)
    return DatasetVersion.objects.filter(**mine).count() >= int(settings.Q_CLUSTER["workers"])


def has_tables() -> bool:
    """Whether the database answers and has every table as this release needs it."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        connection.close()
        return False


def parts() -> dict[str, bool]:
    """Each part that work needs, and whether it answers."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database,
        "redis": _redis,
        **{f"cluster_{name}": lambda name=name: _cluster(name) for name in CLUSTERS},  # type: ignore[misc]
        "zygote": _zygote,
    }
    return {name: _answers(check) for name, check in checks.items()}


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, redis.RedisError, zygote.NotReady, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _redis() -> bool:
    return cache.get("nothing") is None


def _cluster(name: str) -> bool:
    return cache.get(f"canary:{name}") is not None


def wait_for_zygote(seconds: float, stopping: Callable[[], bool]) -> bool:
    """Whether jobs can be started, now or within these seconds. Nothing is claimed before."""
    deadline = time.monotonic() + seconds
    while not stopping():
        if _answers(_zygote):
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(PAUSE)
    return False


def _zygote() -> bool:
    return bool(zygote.ping(Path(settings.ZYGOTE_SOCKET), timeout=2))
