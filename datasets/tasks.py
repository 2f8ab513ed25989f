"""What the cluster of short tasks does for datasets: doorbells that carry one id, safe to answer twice."""

import os
import socket

from datasets import reading, sweeping


def ingest(version_id: str) -> None:
    """A file may wait to be read. Does nothing where somebody else reads it or it is read."""
    reading.read(version_id, worker=f"{socket.gethostname()}:{os.getpid()}")


def sweep() -> None:
    """Every few seconds: rings again for what waits, and removes what nobody needs."""
    sweeping.sweep()
