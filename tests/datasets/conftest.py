"""How sentences about datasets send a file and have it read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User, Workspace
from datasets import actions, tasks, uploads
from datasets.models import Dataset, DatasetVersion
from datasets.problems import CannotRead
from datasets.readers import ingest as reader

LIMITS = {"columns": 10_000, "memory": 2**30, "threads": 1}
Read = Callable[..., dict[str, Any]]
Sent = Callable[..., DatasetVersion]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads bytes in this process; the profile, with the folder of the results as "folder"."""
    number = iter(range(100))

    def _read(data: bytes | str | Path, **options: Any) -> dict[str, Any]:
        folder = tmp_path / str(next(number))
        folder.mkdir()
        source = data if isinstance(data, Path) else folder / "source"
        if not isinstance(data, Path):
            source.write_bytes(data.encode() if isinstance(data, str) else data)
        ignore: Callable[[str, dict[str, Any]], None] = lambda kind, told: None  # noqa: E731
        reader.ingest(ignore, source=str(source), out=str(folder), options=options, limits=LIMITS)
        return {**json.loads((folder / "profile.json").read_text()), "folder": folder}

    return _read


@pytest.fixture
def refused(read: Read) -> Callable[..., CannotRead]:
    """Why bytes cannot be read."""

    def _refused(data: bytes | str | Path, **options: Any) -> CannotRead:
        with pytest.raises(CannotRead) as caught:
            read(data, **options)
        return caught.value

    return _refused


def column(profile: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(column for column in profile["columns"] if column["name"] == name)
    return found


def decision(profile: dict[str, Any], what: str) -> dict[str, Any]:
    found: dict[str, Any] = next(made for made in profile["decisions"] if made["what"] == what)
    return found


@pytest.fixture
def send(workspace: Workspace, owner: User, tmp_path: Path) -> Callable[..., Dataset]:
    """A dataset whose file has arrived and waits to be read."""

    def _send(data: bytes | str | Path, name: str = "table.csv", **options: Any) -> Dataset:
        source = data if isinstance(data, Path) else tmp_path / name
        if not isinstance(data, Path):
            source.write_bytes(data.encode() if isinstance(data, str) else data)
        with source.open("rb") as file:
            size = source.stat().st_size
            with uploads.taken(file=file, name=source.name, size=size, by=owner) as upload:
                return actions.create_dataset(workspace=workspace, upload=upload, by=owner, options=options)

    return _send


@pytest.fixture
def ingest(send: Callable[..., Dataset], warm: Path) -> Sent:
    """The version that becomes of a file, read by a real child."""

    def _ingest(data: bytes | str | Path, name: str = "table.csv", **options: Any) -> DatasetVersion:
        version = send(data, name, **options).latest_version
        assert version is not None
        tasks.ingest(str(version.pk))
        version.refresh_from_db()
        return version

    return _ingest
