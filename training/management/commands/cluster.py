"""One django-q2 cluster, as the worker host starts it: tied to the host, and its processes to each other."""

import os
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_q.cluster import Cluster
from django_q.conf import Conf

from sandbox import kernel


class Command(BaseCommand):
    help = "Runs the cluster that Q_CLUSTER_NAME names. `manage.py work` starts it."
    requires_system_checks = []  # they load every page, which no worker needs

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("host", type=int, help="The process that started this one.")

    def handle(self, *args: Any, **options: Any) -> None:
        self._tie_to(options["host"])
        # A fork is tied to its parent too, so that no sentinel or worker is left behind when one is killed.
        os.register_at_fork(after_in_child=lambda: kernel.die_with_parent(signal.SIGTERM))
        cluster = Cluster()
        # Its own handler waits for the sentinel, for ever when that got the same SIGTERM first.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        cluster.start()
        self.stdout.write(f"The cluster {Conf.CLUSTER_NAME} runs.")

    def _tie_to(self, host: int) -> None:
        kernel.die_with_parent(signal.SIGTERM)
        if os.getppid() != host:  # it ended before it was tied to
            raise SystemExit(0)
