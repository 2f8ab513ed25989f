"""The database may be away for a while: nothing is given up for that, it is tried again."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger("training")
T = TypeVar("T")

AWAY = (OperationalError, InterfaceError)
PAUSE = 1.0
"""Seconds between two tries."""


def let_go() -> None:
    """Drops a connection that is no good any more; the next query opens another."""
    connection.close()


def until_done(write: Callable[[], T], give_up: Callable[[], bool]) -> T | None:
    """The result of a write that may be repeated; None when it was given up while the database was away."""
    while True:
        try:
            return write()
        except AWAY:
            let_go()
            log.warning("The database is away. What is to be written waits.")
        if give_up():
            return None
        time.sleep(PAUSE)
