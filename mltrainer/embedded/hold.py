"""One process at a time: a lock that ends with its holder, however that one dies."""

import fcntl
import os
from pathlib import Path
from typing import Self


class HeldError(Exception):
    """Somebody living holds it; the text is the note that they left."""


class Hold:
    """A lock on a file. While it is held, the file says by whom."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self, note: str) -> Self:
        """Take it and leave a note. Raises HeldError, with the holder's note, when another process has it."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise HeldError(self.path.read_text().strip()) from None
        os.truncate(file, 0)
        os.write(file, note.encode())
        self._file = file
        return self

    def release(self) -> None:
        """Let go; letting go twice is fine."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
