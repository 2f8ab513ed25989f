"""`manage.py work`: the worker host in the foreground, until SIGTERM or Ctrl-C."""

import logging
import signal
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sandbox import walls
from training.host import Host

LEVELS = ("none", "limits", "full")


class Command(BaseCommand):
    help = "Reads datasets and trains runs, until it is stopped."
    requires_system_checks = []  # they load every page, which no worker needs

    def handle(self, *args: Any, **options: Any) -> None:
        self._say_walls()
        Path(settings.WORK_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        host = Host()

        def stop(number: int, frame: FrameType | None) -> None:
            host.ask_to_stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        host.run()

    def _say_walls(self) -> None:
        standing = walls.available()
        level = walls.level(standing)
        logging.getLogger("training").info(
            "Jobs run behind these walls: %s (level %s).", ", ".join(standing) or "none", level
        )
        wanted = settings.SANDBOX_REQUIRED
        if wanted not in LEVELS:
            raise CommandError(f"SANDBOX_REQUIRED is {wanted!r}. Choose one of {', '.join(LEVELS)}.")
        if LEVELS.index(level) < LEVELS.index(wanted):
            raise CommandError(
                f"This system offers the walls of level {level}, and SANDBOX_REQUIRED asks for {wanted}. "
                "Use a newer Linux, or ask for less."
            )
