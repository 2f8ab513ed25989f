"""Logs that an administrator can trust: one line for each thing, and nothing a client sends can forge one."""

import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from mltrainer.away import is_away

PROBES = ("/healthz", "/readyz")
FORGING = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What ends a line or turns its direction, a plain space apart."""
ALWAYS = ("timestamp", "level", "logger", "event", "exception")


def formatter() -> logging.Formatter:
    """The formatter of every handler. The middleware's own lines come through logging as all others do."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            without_probes,
            without_absence,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=True),
        structlog.processors.format_exc_info,
    ]
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(processors=[*shared, remove_meta, line])


def request_number() -> str:
    """The number of the request that is being answered, as the log has it; empty outside of requests."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def without_probes(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """A probe that says "not ready" is an answer and no fault; it comes every few seconds."""
    if str(event.get("request", "")).rpartition(" ")[2] in PROBES and "exc_info" not in event:
        raise structlog.DropEvent
    return event


def without_absence(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """The database or Redis is away: a line that says so and no traceback; the answer is 503."""
    lost = sys.exc_info()[1]
    if "exc_info" in event and is_away(lost):
        return {**event, "exc_info": None, "code": 503, "lost": type(lost).__name__}
    return event


def line(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """Time, level, place, sentence, facts; a traceback below it, set in, so that no line of it looks real."""
    head = f"{event['timestamp']} {event['level'].upper()} {event['logger']} {event['event']}"
    facts = [f"{key}={value}" for key, value in event.items() if key not in ALWAYS and value is not None]
    return "\n".join([plain(" ".join([head, *facts])), *_traceback(event.get("exception"))])


def plain(text: str) -> str:
    """The text on one line: what would end it or turn it around is written as its code."""
    return FORGING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _traceback(text: str | None) -> Iterator[str]:
    for piece in (text or "").splitlines():
        yield f"    | {plain(piece)}"
