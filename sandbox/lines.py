"""What the child tells: one JSON line an event, cleaned where it is written and judged where it is read."""

from __future__ import annotations

import json
import math
import os
import re
import threading
import time
from collections.abc import Callable
from typing import Any

LONGEST = 64 * 1024
"""Bytes of one line with its newline."""
BURST = 1000
"""So many messages pass at once before the rate counts."""
RATE = 200.0
"""Messages a second that pass for long; above it only the newest of each kind is kept."""
KINDS = 16
"""So many kinds are kept back at most, which bounds what is held to 1 MB."""

# NUL and lone surrogates, escaped. The child's own writer escapes neither, so they are never an honest line.
_UNFIT = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])", re.IGNORECASE)

Tell = Callable[[str, dict[str, Any]], None]


def clean(value: Any) -> Any:
    """The value as JSON has it: numbers that are not finite become None, arrays become lists.

    TypeError for what has no such form.
    """
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.replace("\0", "�").encode(errors="replace").decode()
    if isinstance(value, dict):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    return _clean_many(value)


def _clean_many(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    if hasattr(value, "tolist"):  # numpy's numbers and arrays
        return clean(value.tolist())
    raise TypeError(f"A {type(value).__name__} cannot be told; numbers, text, lists and dicts can.")


class Teller:
    """The child's end of the pipe. Safe to call from several threads of one process."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._lock = threading.Lock()

    def __call__(self, kind: str, data: dict[str, Any]) -> None:
        """Write one line. ValueError when it is longer than 64 KiB; waits while the pipe is full."""
        message = {"kind": kind, "data": clean(data), "at": time.time()}
        line = json.dumps(message, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        if len(line) > LONGEST:
            raise ValueError(f"A message of {len(line)} bytes is longer than {LONGEST}.")
        with self._lock:
            while line:
                line = line[os.write(self._file, line) :]


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")


def read_line(line: bytes) -> dict[str, Any] | None:
    """The message in the line, or None where there is none."""
    if len(line) > LONGEST or _UNFIT.search(line):
        return None
    try:
        message = json.loads(line.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return message if _is_message(message) else None


def _is_message(message: object) -> bool:
    if not isinstance(message, dict):
        return False
    at = message.get("at")
    return (
        isinstance(message.get("kind"), str)
        and isinstance(message.get("data"), dict)
        and isinstance(at, int | float)
        and math.isfinite(at)
    )


class Reader:
    """Turns the bytes of a child, which may be hostile, into a bounded number of messages.

    While the child keeps to the rate every message passes at once. Above it, the newest of each kind waits
    for its turn and the older ones are counted in `dropped`, as is every line that holds no message.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.dropped = 0
        self._clock = clock
        self._budget = float(BURST)
        self._since = clock()
        self._partial = b""
        self._skipping = False
        self._held: dict[str, dict[str, Any]] = {}

    @property
    def flooded(self) -> bool:
        """Whether messages are being held back."""
        return bool(self._held)

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """The messages that these bytes complete, oldest first; b"" lets held ones pass when it is time."""
        self._refill()
        passed = self._release()
        for line in self._lines(data):
            self._hold(read_line(line))
            passed += self._release()
        return passed

    def rest(self) -> list[dict[str, Any]]:
        """What is still held, once the child has ended. Half a line is a dropped line."""
        if self._partial or self._skipping:
            self.dropped += 1
        self._partial, self._skipping = b"", False
        held, self._held = list(self._held.values()), {}
        return held

    def _lines(self, data: bytes) -> list[bytes]:
        *lines, self._partial = (self._partial + data).split(b"\n")
        if self._skipping and lines:
            self.dropped += 1
            self._skipping = False
            lines = lines[1:]
        if len(self._partial) >= LONGEST:
            self._skipping = True
        if self._skipping:
            self._partial = b""
        return lines

    def _hold(self, message: dict[str, Any] | None) -> None:
        if message is None:
            self.dropped += 1
            return
        kind = message["kind"]
        crowded = kind not in self._held and len(self._held) >= KINDS
        oldest = next(iter(self._held)) if crowded else kind
        if self._held.pop(oldest, None) is not None:
            self.dropped += 1
        self._held[kind] = message

    def _release(self) -> list[dict[str, Any]]:
        passed = []
        while self._held and self._budget >= 1:
            self._budget -= 1
            passed.append(self._held.pop(next(iter(self._held))))
        return passed

    def _refill(self) -> None:
        now = self._clock()
        self._budget = min(BURST, self._budget + RATE * (now - self._since))
        self._since = now
