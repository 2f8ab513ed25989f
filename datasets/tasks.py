"""What the cluster of short tasks does for datasets: doorbells that carry one id, safe to answer twice."""

import os
import socket

from datasets import reading, sweeping, targets
from datasets.models import DatasetVersion, Status


def ingest(version_id: str) -> None:
    """A file may wait to be read. Does nothing where somebody else reads it or it is read."""
    reading.read(version_id, worker=f"{socket.gethostname()}:{os.getpid()}")


def look(version_id: str, target: str) -> None:
    """What a column is as the answer is worked out before anybody waits for it. Does nothing where it is."""
    version = DatasetVersion.objects.filter(pk=version_id, status=Status.READY).first()
    if version is not None:
        targets.leaks(version, target)


def sweep() -> None:
    """Every few seconds: rings again for what waits, and removes what nobody needs."""
    sweeping.sweep()
