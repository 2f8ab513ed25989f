"""What a run leaves behind: allow-listed files, put in their place before a row names them."""

import json
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datasets import files
from datasets.models import DatasetVersion
from experiments.models import Artifact, Run
from web.problems import Refused

MB = 2**20
LARGEST = {
    "model.zip": 2048 * MB,
    "metrics.json": 16 * MB,
    "predictions.parquet": 1024 * MB,
    "worst_rows.parquet": 16 * MB,
    "split.parquet": 1024 * MB,
    "log.txt": 64 * MB,
}
"""The files that a run may leave, each with its most bytes."""
FIGURE = re.compile(r"[a-z0-9_]{1,60}\.(json|png)")
LARGEST_FIGURE = 8 * MB
MOST_FIGURES = 40
TYPES = {
    ".zip": "application/zip",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
}


class NotUsable(Exception):
    """What the run left cannot be kept; the text is for the person."""


class Corrupt(Refused):
    """The bytes are not those that were stored, so they are not given out."""

    code = "artifact_corrupt"

    def __init__(self, artifact: Artifact) -> None:
        super().__init__(
            f"{artifact.name} was changed after it was stored, so it is not served. Train again."
        )


def publish(run: Run, attempt: int, folder: Path, only: tuple[str, ...] = ()) -> list[Artifact]:
    """Copies what a run may leave from its job folder into its place; the rows are not saved yet.

    The files of one attempt appear together, in a folder of their own. `only` narrows them to these names.
    Raises NotUsable for a file that is too large.
    """
    found = {name: path for name, path in _found(folder) if not only or name in only}
    for name, path in found.items():
        _check_size(name, path)
    stored = files.publish_folder(found, f"{run.folder_key}/{attempt}")
    return [
        Artifact(run=run, attempt=attempt, name=name, size=file.size, sha256=file.sha256, key=file.key)
        for name, file in stored.items()
    ]


def _found(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in LARGEST:
        if _is_file(folder / name):
            yield name, folder / name
    figures = folder / "figures"
    if not figures.is_symlink() and figures.is_dir():
        drawn = sorted(path for path in figures.iterdir() if FIGURE.fullmatch(path.name) and _is_file(path))
        for path in drawn[:MOST_FIGURES]:
            yield f"figures/{path.name}", path


def _is_file(path: Path) -> bool:
    """A plain file with one name: the child may have made links."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _check_size(name: str, path: Path) -> None:
    largest = LARGEST.get(name, LARGEST_FIGURE)
    if path.stat().st_size > largest:
        raise NotUsable(f"{name} is larger than {largest // MB} MB. Choose a smaller model.")


def path_of(artifact: Artifact) -> Path:
    """Where the bytes lie, once they are seen to be the right ones. Raises Corrupt."""
    path = files.path_of(artifact.key)
    if not path.is_file() or files.digest(path) != artifact.sha256:
        raise Corrupt(artifact)
    return path


def content_type(artifact: Artifact) -> str:
    return TYPES.get(Path(artifact.name).suffix, "application/octet-stream")


def figure(run: Run, name: str) -> dict[str, Any] | None:
    """One figure's data: {"title", "description", "kind", "data", "plotly"}; None when there is none."""
    artifact = run.artifacts.filter(name=f"figures/{name}.json").first()
    if artifact is None:
        return None
    found: dict[str, Any] = json.loads(path_of(artifact).read_bytes())
    return found


def parquet(version: DatasetVersion) -> Path:
    """The table of a version, as the child reads it."""
    return files.path_of(version.parquet_key)


def tidy(run: Run, attempt: int) -> None:
    """Removes the files that no row names, of attempts up to this one, and what is half put in its place."""
    named = set(Artifact.objects.filter(run_id=run.pk).values_list("attempt", flat=True))
    for number in set(range(1, attempt + 1)) - named:
        files.remove_folder(f"{run.folder_key}/{number}")
    for half in files.path_of(run.folder_key).glob(".*"):
        shutil.rmtree(half, ignore_errors=True)
