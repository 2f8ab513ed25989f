"""A file becomes typed Parquet and a profile, whatever its format."""

import json
from pathlib import Path
from typing import Any

from datasets import profile
from datasets.knowledge.look import look
from datasets.readers import choices, formats, writing
from datasets.tables import Tell, Work


def ingest(
    tell: Tell, *, source: str, out: str, options: dict[str, Any], limits: dict[str, int], name: str = ""
) -> None:
    """Writes `table.parquet` and `profile.json` into `out`. Raises CannotRead with a code and a sentence."""
    work = Work(Path(source), Path(out), tell, limits, options, name)
    table = formats.reader_of(work)(work)
    target = work.parquet
    said = [*table.decisions, *choices.apply(table, options)]
    writing.write(table, target, tell)
    if options.get("duplicates") == "leave_out":
        said += writing.leave_out_copies(table, target, tell)
    found = profile.describe(table.con, table.columns, table.rows, tell)
    tell("progress", {"stage": "findings"})
    body = {"rows": table.rows, "columns": found, "decisions": said, "format": table.format}
    body |= look(table.con, target, found, table.rows)
    (work.folder / "profile.json").write_text(json.dumps(body, allow_nan=False), encoding="utf-8")
    table.con.close()
