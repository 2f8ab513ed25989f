"""The database may be away for a while: nothing is given up for that, it is tried again."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection

log = logging.getLogger("training")
T = TypeVar("T")

FAULTS = (DatabaseError, InterfaceError)
"""What a query may raise; `let_go` tells which of them mean that the database is away."""
PAUSE = 1.0
"""Seconds between two tries."""


def is_away(error: BaseException | None) -> bool:
    """Whether it says that the database is away.

    psycopg raises a plain DatabaseError when the server ends while it works on a query.
    """
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def let_go(error: Exception) -> None:
    """Drops a connection that is no good any more; the next query opens another. Raises any other fault."""
    if not is_away(error):
        raise error
    connection.close()


def until_done(write: Callable[[], T], give_up: Callable[[], bool]) -> T | None:
    """The result of a write that may be repeated; None when it was given up while the database was away."""
    while True:
        try:
            return write()
        except FAULTS as error:
            let_go(error)
            log.warning("The database is away. What is to be written waits.")
        if give_up():
            return None
        time.sleep(PAUSE)
