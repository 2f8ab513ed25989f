"""The PostgreSQL and Redis that an installation runs itself when it is given none."""

from mltrainer.embedded.postgres import Postgres
from mltrainer.embedded.redis import Redis
from mltrainer.embedded.server import CannotStartError

__all__ = ["CannotStartError", "Postgres", "Redis"]
