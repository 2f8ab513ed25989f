"""A page of rows, read in a child, so that the web process never opens a person's file."""

import json
from dataclasses import dataclass
from typing import Any

from datasets import children, files
from datasets.models import DatasetVersion
from sandbox.parent import JobRefused, ZygoteGone
from web.problems import Away, Refused

MOST = 200
SECONDS = 20.0
MEMORY = 2 * 2**30


@dataclass(frozen=True)
class Rows:
    """`cells` holds one list for each row, in the order of the columns, from row `offset` on."""

    offset: int
    cells: list[list[Any]]


def rows(version: DatasetVersion, offset: int, limit: int, columns: list[str] | None = None) -> Rows:
    """Rows from `offset` on, of these columns or of all.

    Raises Refused where there is no table, Away where no child starts.
    """
    if not version.is_ready:
        raise Refused("The rows can be shown once the file is read.", code="not_ready")
    source = files.path_of(version.parquet_key)
    if not source.exists():
        raise Refused("The rows of this version are gone. Upload the file again.", code="file_gone")
    kwargs = {"parquet": str(source), "offset": offset, "limit": limit, "columns": columns}
    try:
        with children.folder() as place:
            job = children.job(
                "datasets.readers.rows.preview", kwargs, place, source, children.limits(SECONDS, MEMORY)
            )
            if not children.run(job).is_done:
                raise Refused("These rows cannot be shown.", code="preview_failed")
            return Rows(offset, json.loads((place / "rows.json").read_bytes()))
    except (ZygoteGone, JobRefused) as error:
        raise Away("Rows cannot be shown right now. They can again in a few seconds.") from error
