"""What the cluster of short tasks does for runs: doorbells that carry one id, safe to answer twice."""

import os
import socket

from experiments import explaining


def explain(explanation_id: str) -> None:
    """An explanation may wait to be made. Does nothing where somebody else makes it or it is made."""
    explaining.work(int(explanation_id), worker=f"{socket.gethostname()}:{os.getpid()}")
