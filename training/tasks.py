"""What the clusters run: doorbells that carry at most an id, and are safe to answer twice."""

import logging
import os
import re
import shutil
import socket
import sys
import time
from pathlib import Path

from django.conf import settings

from datasets import tasks as datasets
from experiments import bells, explaining
from experiments.models import Run
from training import cache, health, queue, stopping, supervisor

log = logging.getLogger("training")
ZYGOTE_SECONDS = 20.0
"""So long a worker waits for a zygote that is being started, before it leaves the work to a later ring."""
JOB_FOLDER = re.compile(r"run-([0-9a-f-]{36})-([0-9]+)")


def wake() -> None:
    """There may be work: trains runs until none may start. After a long while it lets a new ring go on."""
    enough = time.monotonic() + settings.RUN_SECONDS
    with stopping.listening() as is_stopping:
        while health.wait_for_zygote(ZYGOTE_SECONDS, is_stopping) and time.monotonic() < enough:
            run = queue.claim(worker_name())
            if run is None or not supervisor.supervise(run, is_stopping):
                break
        if time.monotonic() >= enough:
            bells.ring()
        if is_stopping():
            sys.exit(0)


def beat() -> None:
    """Every few seconds: takes back what lost workers held, tidies, and rings again where work waits."""
    queue.reap()
    datasets.sweep()
    explaining.sweep()
    sweep_folders()
    cache.sweep()
    if queue.waiting().exists():
        bells.ring()


def canary(cluster: str, token: str) -> None:
    """A sign of life: this cluster still takes tasks."""
    health.hear(cluster, token)


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def sweep_folders() -> None:
    """Removes the job folders of attempts that nobody holds any more."""
    for folder in Path(settings.WORK_DIR).glob("run-*"):
        named = JOB_FOLDER.fullmatch(folder.name)
        is_young = time.time() - folder.stat().st_mtime < settings.LEASE.total_seconds()
        if named and not is_young and not Run.objects.held(named[1], int(named[2])).exists():
            shutil.rmtree(folder, ignore_errors=True)
