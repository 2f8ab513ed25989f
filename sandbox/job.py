"""What to run: a function by name, its directory, and how much it may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Limits:
    """How much one job may use. None means no limit."""

    memory_bytes: int | None = None
    """Of the whole group of processes, shared pages counted by share."""
    cpu_seconds: int | None = None
    """Of one process, all its threads together."""
    file_bytes: int | None = None
    """Of one file, the log included."""
    processes: int | None = None
    """In the group at once, the child included."""
    wall_seconds: float | None = None


@dataclass(frozen=True)
class Job:
    """One call: `function(tell, **kwargs)`, made in `directory`, the only place it may write to.

    `function` is a dotted name such as "engine.work.train"; `kwargs` must fit into JSON; `directory` must
    exist; `readable` are the other files and folders it may read; `threads` is its share of the cores.
    """

    function: str
    kwargs: dict[str, Any]
    directory: Path
    readable: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)
    threads: int = 1

    @property
    def log(self) -> Path:
        """The file that takes the child's standard output and errors."""
        return self.directory / "log.txt"

    def to_json(self) -> dict[str, Any]:
        """The job as it travels to the zygote; paths become absolute."""
        return {
            "function": self.function,
            "kwargs": self.kwargs,
            "directory": str(self.directory.resolve()),
            "readable": [str(path.resolve()) for path in self.readable],
            "limits": asdict(self.limits),
            "threads": self.threads,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Job:
        """The job as the zygote reads it; KeyError or TypeError where it is not one."""
        return cls(
            function=data["function"],
            kwargs=data["kwargs"],
            directory=Path(data["directory"]),
            readable=tuple(Path(path) for path in data["readable"]),
            limits=Limits(**data["limits"]),
            threads=data["threads"],
        )
