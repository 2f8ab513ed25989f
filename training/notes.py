"""What a child tells, on its way to the rows: bounded, in order, kept while the database is away."""

import time
from collections import deque
from typing import Any

from experiments import events
from experiments.events import Event, Superseded
from experiments.models import Run
from training.endings import Told
from training.patience import FAULTS, PAUSE, let_go

KINDS = frozenset({"stage", "fold", "iteration", "epoch", "log", "warning"})
"""What a child may say about a run. States are ours to tell."""
FASTEST = 0.1
"""Seconds from one writing to the next, so that a child that says much leaves the processor to itself."""
MOST_LINES = 2000
"""So many log lines become events; all of them stand in log.txt."""
MOST_WAITING = 20_000
"""So many events are kept while the database is away; then the oldest are let go."""


class Notes:
    """Hears the messages of one attempt and appends them as events. `told` keeps what it said of its end."""

    def __init__(self, run: Run) -> None:
        self.told = Told()
        self.superseded = False
        self._run = run
        self._lines = 0
        self._waiting: deque[Event] = deque(maxlen=MOST_WAITING)
        self._not_before = 0.0

    def hear(self, messages: list[dict[str, Any]]) -> None:
        """Takes messages {"kind", "data", "at"} and writes them down: at once after a silence."""
        for message in messages:
            self._take(message)
        if time.monotonic() >= self._not_before:
            self.flush()

    def flush(self) -> bool:
        """Writes what waits; False while the database is away."""
        if not self._waiting or self.superseded:
            return True
        try:
            events.append(self._run.pk, self._run.attempt, list(self._waiting))
        except Superseded:
            self.superseded = True
        except FAULTS as error:
            let_go(error)
            self._not_before = time.monotonic() + PAUSE
            return False
        self._waiting.clear()
        self._not_before = time.monotonic() + FASTEST
        return True

    def rest(self) -> list[Event]:
        """What was heard and is not written yet, to be written with the move that ends the attempt."""
        return list(self._waiting)

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["kind"]
        if kind == "problem":
            self.told.problem = message["data"]
        elif kind == "crash":
            self.told.crash = message["data"]
        elif kind in KINDS and not self._is_too_much(kind):
            self._waiting.append(Event.told(message))

    def _is_too_much(self, kind: str) -> bool:
        if kind != "log":
            return False
        self._lines += 1
        if self._lines == MOST_LINES + 1:
            text = f"More than {MOST_LINES:,} lines were logged. All of them are in log.txt."
            self._waiting.append(Event("warning", {"message": text}))
        return self._lines > MOST_LINES
