"""Rows of a version, read in a child, so that the web process never opens a person's file."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets import children, files
from datasets.asking import Asked
from datasets.models import DatasetVersion
from sandbox.parent import JobRefused, ZygoteGone
from web.problems import Away, Refused

MOST = 200
MOST_IN_A_FILE = 1_000_000
SECONDS = 20.0
SECONDS_OF_A_FILE = 60.0
MEMORY = 2 * 2**30
EVERYTHING = Asked()
NOT_READY = "The rows can be shown once the file is read."


@dataclass(frozen=True)
class Rows:
    """A page of rows. `numbers` says where in the file each lies, from 0; `count` how many fit in all.

    `cells` holds one list for each row, in the order of the columns. A picture is {"thumb": its address}.
    """

    offset: int
    cells: list[list[Any]]
    numbers: list[int]
    count: int


def rows(
    version: DatasetVersion,
    offset: int,
    limit: int,
    columns: list[str] | None = None,
    asked: Asked = EVERYTHING,
) -> Rows:
    """The rows from `offset` on that were asked for, of these columns or of all.

    Raises Refused where there is no table, Away where no child starts.
    """
    source = table_of(version)
    kwargs = {"parquet": str(source), "page": (offset, limit), "columns": columns, **asked.words}
    with answered("datasets.readers.rows.preview", kwargs, (source,)) as place:
        found = json.loads((place / "rows.json").read_bytes())
    cells = [[_cell(version, cell) for cell in row] for row in found["cells"]]
    return Rows(offset, cells, found["numbers"], found["count"])


def picked(version: DatasetVersion, numbers: list[int], columns: list[str]) -> list[list[Any]]:
    """The cells of these columns in the rows with these numbers, in their order. Raises as `rows` does."""
    source = table_of(version)
    kwargs = {"parquet": str(source), "numbers": numbers, "columns": columns}
    with answered("datasets.readers.rows.pick", kwargs, (source,)) as place:
        found = json.loads((place / "rows.json").read_bytes())
    return [[_cell(version, cell) for cell in row] for row in found["cells"]]


@contextmanager
def sheet(
    version: DatasetVersion, columns: list[str] | None = None, asked: Asked = EVERYTHING
) -> Iterator[Path]:
    """All rows that were asked for as a file of CSV, which is gone afterwards unless it is held open.

    Raises as `rows` does, and Refused where they are too many.
    """
    source = table_of(version)
    kwargs = {"parquet": str(source), "most": MOST_IN_A_FILE, "columns": columns, **asked.words}
    with answered("datasets.readers.rows.export", kwargs, (source,), SECONDS_OF_A_FILE) as place:
        yield place / "rows.csv"


def table_of(version: DatasetVersion) -> Path:
    """Where its Parquet lies. Raises Refused where there is none."""
    if not version.is_ready:
        raise Refused(NOT_READY, code="not_ready")
    source = files.path_of(version.parquet_key)
    if not source.exists():
        raise Refused("The rows of this version are gone. Upload the file again.", code="file_gone")
    return source


@contextmanager
def answered(
    function: str, kwargs: Mapping[str, Any], sources: tuple[Path, ...], seconds: float = SECONDS
) -> Iterator[Path]:
    """The folder with what a child found in these files. Raises Refused with its reason, or Away."""
    limits = children.limits(seconds, MEMORY)
    try:
        with children.folder() as place:
            told = children.run(children.job(function, kwargs, place, sources, limits))
            if told.problem:
                raise Refused(told.problem["detail"], code=told.problem["code"])
            if not told.is_done:
                raise _stopped(told)
            yield place
    except (ZygoteGone, JobRefused) as error:
        raise Away("Rows cannot be shown right now. They can again in a few seconds.") from error


def _stopped(told: children.Told) -> Refused:
    if told.ending is not None and told.ending.reason in ("wall", "cpu"):
        return Refused("This takes too long. Ask for fewer columns or with a filter.", code="time_limit")
    return Refused("These rows cannot be shown.", code="preview_failed")


def _cell(version: DatasetVersion, cell: Any) -> Any:
    if isinstance(cell, dict):
        return {"thumb": f"{version.get_absolute_url()}thumbs/{cell['thumb']}/"}
    return cell
