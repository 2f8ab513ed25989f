"""The worker host: keeps the zygote and two clusters running, going by their signs of life."""

import logging
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django_q.tasks import async_task

from sandbox import zygote as sandbox_zygote
from training import health

log = logging.getLogger("training")

PRELOAD = ("engine.warm", "datasets.warm")
CANARY_SECONDS = 30.0
RING_SECONDS = 15.0
PATIENCE = 90.0
"""Seconds for which a canary may stay unanswered."""
BACK_OFF = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a part that ended is started again: longer each time, until it has lived for a while."""
SETTLED = 60.0
"""Seconds after which a part counts as started well."""
MERCY = 8.0
"""Seconds that parts have to end by themselves."""
TICK = 0.25


class Part:
    """A process with a group of its own that is kept running."""

    def __init__(self, name: str, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.name = name
        self._start = start
        self._process: subprocess.Popen[bytes] | None = None
        self._tries = 0
        self._started = 0.0
        self._not_before = 0.0

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep(self) -> bool:
        """Starts it where it does not run and it is time to; True when it was started now."""
        now = time.monotonic()
        if self.is_running or now < self._not_before:
            return False
        if self._process is not None:
            log.warning("%s has ended (%s). It is started again.", self.name, self._process.returncode)
            self._end_group()
        self._tries = 0 if now - self._started > SETTLED else self._tries
        self._process, self._started = self._start(), now
        self._tries += 1
        self._not_before = now + BACK_OFF[min(self._tries, len(BACK_OFF) - 1)]
        return True

    def ask_to_stop(self) -> None:
        """SIGTERM to the whole group."""
        self._signal(signal.SIGTERM)

    def stop(self, deadline: float) -> None:
        """Waits for its end until the deadline (monotonic), then ends the whole group."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        while _lives(self._process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        self._end_group()

    def _end_group(self) -> None:
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def _signal(self, number: int) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class Cluster(Part):
    """A django-q2 cluster. It looks healthy even when it takes no tasks, so only answered canaries count."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The cluster {name}", lambda: _start_cluster(name))
        self.cluster = name
        self._token = ""
        self._is_known = False
        self._unanswered_since: float | None = None

    def keep(self) -> bool:
        started = super().keep()
        if started:
            self._unanswered_since = None
        return started

    def send_canary(self) -> None:
        """Raises redis.RedisError and OSError while Redis is away; that is not the cluster's fault."""
        if health.last_heard(self.cluster) == self._token or health.is_full(self.cluster):
            self._unanswered_since = None
        self._token = secrets.token_hex(8)
        async_task("training.tasks.canary", self.cluster, self._token, cluster=self.cluster)
        if self._unanswered_since is None:
            self._unanswered_since = time.monotonic()

    def is_forgotten(self) -> bool:
        """Whether Redis has lost what this cluster answered, as when it was started again."""
        was_known, self._is_known = self._is_known, health.last_heard(self.cluster) is not None
        return was_known and not self._is_known

    def listen(self) -> None:
        """Ends a cluster that has not answered for too long; the next `keep` starts it again."""
        since = self._unanswered_since
        if since is None or time.monotonic() - since < PATIENCE:
            return
        if health.last_heard(self.cluster) == self._token or health.is_full(self.cluster):
            self._unanswered_since = None
            return
        log.error("%s takes no tasks any more. It is started again.", self.name)
        self._unanswered_since = None
        self.ask_to_stop()
        self.stop(time.monotonic() + MERCY)


def _start_cluster(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "cluster", str(os.getpid())],
        env={**os.environ, "Q_CLUSTER_NAME": name},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _start_zygote() -> subprocess.Popen[bytes]:
    return sandbox_zygote.start(Path(settings.ZYGOTE_SOCKET), PRELOAD, settings.HOME_DIR / "zygote.log")


class Zygote(Part):
    """The zygote ends its own children, and is tied to this process by itself."""

    def __init__(self) -> None:
        super().__init__("The process that starts jobs", _start_zygote)

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)


class Host:
    """Keeps the parts running until it is asked to stop."""

    def __init__(self) -> None:
        self._zygote = Zygote()
        self._clusters = [Cluster(name) for name in health.CLUSTERS]
        self._is_asked_to_stop = False
        self._has_tables = False
        self._next_canary = self._next_ring = 0.0

    def ask_to_stop(self) -> None:
        self._is_asked_to_stop = True

    def run(self) -> None:
        """Returns when everything has stopped."""
        try:
            while not self._is_asked_to_stop:
                self._tick()
                time.sleep(TICK)
        finally:
            self._stop()

    def _tick(self) -> None:
        self._zygote.keep()
        # Its imports take longest, so it starts while the database still gets its tables.
        self._has_tables = self._has_tables or health.has_tables()
        if self._has_tables:
            self._keep_clusters()

    def _keep_clusters(self) -> None:
        for cluster in self._clusters:
            cluster.keep()
        now = time.monotonic()
        try:
            forgotten = [cluster for cluster in self._clusters if cluster.is_forgotten()]
            if forgotten or now >= self._next_canary:
                self._next_canary = now + CANARY_SECONDS
                self._send_canaries()
            if now >= self._next_ring:
                self._next_ring = now + RING_SECONDS
                async_task("training.tasks.beat", cluster="short")
            for cluster in self._clusters:
                cluster.listen()
        except (redis.RedisError, DatabaseError, OSError) as error:
            connection.close()
            log.warning("No bell can be rung now (%s).", type(error).__name__)
            time.sleep(1)

    def _send_canaries(self) -> None:
        for cluster in self._clusters:
            cluster.send_canary()

    def _stop(self) -> None:
        deadline = time.monotonic() + MERCY
        for cluster in self._clusters:
            cluster.ask_to_stop()
        for cluster in self._clusters:
            cluster.stop(deadline)
        self._zygote.ask_to_stop()
        self._zygote.stop(deadline + 1)
