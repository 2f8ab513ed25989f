"""The beginning of a file read in another way, to see what would change. In the child."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasets import names, signatures
from datasets.problems import CannotRead
from datasets.readers import text
from datasets.readers.ingest import ingest
from datasets.readers.jsontext import are_lines_in
from datasets.tables import Tell

HEAD = 1024 * 1024  # bytes of a text that are read
FILES = 100  # of an archive of pictures or texts
ROWS = 20
TRIED = 1000  # ends of lines that may be the last
LONGEST = 500  # letters of a cell

Options = Mapping[str, Any]


def trial(
    tell: Tell,
    *,
    source: str,
    out: str,
    readings: list[Options],
    limits: dict[str, int],
    name: str = "",
) -> None:
    """Writes `trial.json` into `out`: {"columns", "rows", "decisions", "problem", "before", "is_part"}.

    `readings`: the options to try; then, if there is one, those of the reading that it is compared with, the
    columns of which come as "before".
    """
    folder = Path(out)
    head = _beginning(Path(source), folder, name)
    limits = {**limits, "tried": FILES}
    told = [_read(head, folder / str(place), options, limits, name) for place, options in enumerate(readings)]
    before = told[1]["columns"] if len(told) > 1 else []
    body = {**told[0], "before": before, "is_part": head != Path(source)}
    (folder / "trial.json").write_text(json.dumps(body, allow_nan=False), encoding="utf-8")


def _read(head: Path, folder: Path, options: Options, limits: dict[str, int], name: str) -> dict[str, Any]:
    folder.mkdir()
    try:
        ingest(_ignore, source=str(head), out=str(folder), options=dict(options), limits=limits, name=name)
    except CannotRead as error:
        return {"columns": [], "rows": [], "decisions": [], "problem": error.problem}
    found = json.loads((folder / "profile.json").read_bytes())
    columns = [{key: column[key] for key in ("name", "kind", "type")} for column in found["columns"]]
    rows = _first_rows(folder / "table.parquet")
    return {"columns": columns, "rows": rows, "decisions": found["decisions"], "problem": None}


def _ignore(kind: str, data: dict[str, Any]) -> None:
    """How far a trial is, nobody asks."""


def _first_rows(parquet: Path) -> list[list[Any]]:
    import pyarrow.parquet as pq

    rows = next(pq.ParquetFile(parquet).iter_batches(batch_size=ROWS)).to_pylist()
    return [[_shown(value) for value in row.values()] for row in rows]


def _shown(value: Any) -> Any:
    """What JSON can carry."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, bytes):
        return "picture"
    return str(value) if len(str(value)) <= LONGEST else str(value)[:LONGEST] + "…"


def _beginning(source: Path, folder: Path, name: str = "") -> Path:
    """The whole lines at the beginning of a long text; the file itself where it is short, or no lines."""
    with source.open("rb") as file:
        data = file.read(HEAD)
        is_whole = not file.read(1)
    if is_whole or signatures.family_of(data[: signatures.HEAD]) != signatures.TEXT:
        return source
    if signatures.is_json(data[: signatures.HEAD], names.ending_of(name)) and not are_lines_in(data):
        return source  # its reader stops after a few records by itself
    head = folder / "head"
    head.write_bytes(data[: _last_end(data)])
    return head


def _last_end(data: bytes) -> int:
    """Where the last line ends that ends outside quotes, as far as can be told."""
    end, quote = (mark.encode(text.wide_encoding(data) or "ascii") for mark in ("\n", '"'))
    last = place = _end_before(data, end, len(data))
    for _ in range(TRIED):
        if place <= 0 or data.count(quote, 0, place) % 2 == 0:
            break
        place = _end_before(data, end, place - len(end))
    return place if place > 0 else max(last, 0) or len(data) - len(data) % 4


def _end_before(data: bytes, end: bytes, place: int) -> int:
    """Where the line end before a place ends; in UTF-16 it begins at a whole letter. 0: there is none."""
    found = data.rfind(end, 0, place)
    while found % len(end) and found > 0:
        found = data.rfind(end, 0, found + len(end) - 1)
    return found + len(end) if found >= 0 else 0
