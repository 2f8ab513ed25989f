"""Files made to hurt end as a sentence, soon, in little memory, and the next file is read as ever."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from pytest_django.fixtures import Settings

from accounts.models import User, Workspace
from datasets import children
from datasets.children import Told
from datasets.models import Status
from tests.conftest import Api
from tests.datasets import books
from tests.datasets.conftest import Sent
from tests.datasets.test_datasets_api import code, post_file
from tests.datasets.test_parquet import GOOD, bomb, encrypted, nested, parquet
from tests.datasets.test_spreadsheets import ENTITIES, FAR, REPEATED
from tests.datasets.zips import packed

SECONDS = 10
MEMORY = 10**9  # bytes of the child, with what it shares with the zygote

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Hostile:
    """A file and how it has to end; `name` for the ending that it carries."""

    what: str
    make: Callable[[], bytes | str]
    code: str
    name: str


def _sheet(part: bytes) -> bytes:
    return books.with_part(books.xlsx(), {"xl/worksheets/sheet1.xml": books.SHEET % part})


def _many_rows() -> bytes:
    """A row of one cell, four hundred thousand times, without saying where each stands, and one wide row."""
    cell = b"<c><v>1</v></c>"
    return b"<row>" + cell * 16_384 + b"</row>" + (b"<row>" + cell + b"</row>") * 400_000


def _repeated() -> bytes:
    return books.with_part(books.ods(), {"content.xml": REPEATED})


def _entities() -> bytes:
    return books.with_part(books.xlsx(), {"xl/sharedStrings.xml": ENTITIES})


def _zeros() -> bytes:
    return books.with_part(books.xlsx(), {"xl/worksheets/sheet1.xml": bytes(2**27)})


def _noise() -> bytes:
    return GOOD[:200] + bytes(300) + b"\xff\xff\x00\x00PAR1"


def _wide() -> bytes:
    return parquet(pa.table({f"k{place}": [1, 2] for place in range(20_000)}))


FILES = [
    Hostile("cells far apart", lambda: _sheet(FAR), "sheet_too_large", "a.xlsx"),
    Hostile(
        "cells that repeat",
        _repeated,
        "sheet_too_large",
        "a.ods",
    ),
    Hostile(
        "entities",
        _entities,
        "spreadsheet_broken",
        "a.xlsx",
    ),
    Hostile(
        "a sheet of zeros",
        _zeros,
        "zip_ratio",
        "a.xlsx",
    ),
    Hostile("a password", lambda: books.compound("EncryptedPackage"), "encrypted", "a.xlsx"),
    Hostile("an old workbook cut off", lambda: books.xls()[:3000], "spreadsheet_broken", "a.xls"),
    Hostile("a workbook cut off", lambda: books.xlsx()[:3000], "zip_corrupt", "a.xlsx"),
    Hostile("Parquet that grows", bomb, "parquet_ratio", "a.parquet"),
    Hostile("Parquet cut off", lambda: GOOD[:-9], "parquet_broken", "a.parquet"),
    Hostile("Parquet that is only its sign", lambda: b"PAR1", "parquet_broken", "a.parquet"),
    Hostile(
        "a footer of noise",
        _noise,
        "parquet_broken",
        "a.parquet",
    ),
    Hostile("ten lists deep", lambda: nested(10), "parquet_too_deep", "a.parquet"),
    Hostile("encrypted Parquet", lambda: encrypted(footer=False), "encrypted", "a.parquet"),
    Hostile("JSON without a bottom", lambda: "[" * 100_000, "json_too_deep", "a.json"),
    Hostile("NaN", lambda: '[{"a": 1, "b": 2}, {"a": NaN}]', "json_nan", "a.json"),
    Hostile("the same key twice", lambda: '{"a": 1, "a": 2}\n{"a": 1}\n', "json_duplicate_key", "a.jsonl"),
    Hostile("a scalar", lambda: "42", "json_no_table", "a.json"),
    Hostile("one bad line", lambda: '{"a": 1, "b": 2}\n' * 50 + "{\n", "json_broken", "a.ndjson"),
    Hostile("a record without end", lambda: '[{"a": "' + "x" * 50_000_000, "field_too_long", "a.json"),
    Hostile(
        "so many columns",
        _wide,
        "too_many_columns",
        "a.parquet",
    ),
]


@pytest.fixture
def child(warm: Path, tmp_path: Path) -> Callable[[Hostile], Told]:
    """Reads a file in a child as the platform does, whatever would keep it from being uploaded."""

    def _child(file: Hostile) -> Told:
        source, data = tmp_path / file.name, file.make()
        source.write_bytes(data.encode() if isinstance(data, str) else data)
        limits = {"columns": 10_000, "memory": 4 * 10**9, "threads": 2, "unpacked": 2 * 10**10}
        kwargs = {"source": str(source), "options": {}, "name": file.name, "limits": limits}
        with children.folder() as place:
            job = children.job(
                "datasets.readers.ingest.ingest", kwargs, place, source, children.limits(60, 4 * 10**9), 2
            )
            return children.run(job)

    return _child


@pytest.mark.parametrize("file", FILES, ids=[file.what for file in FILES])
def test_a_hostile_file_ends_soon_with_its_code(child: Callable[[Hostile], Told], file: Hostile) -> None:
    began = time.monotonic()
    told = child(file)
    assert told.problem is not None, (told.crash, told.ending)
    assert told.problem["code"] == file.code
    assert time.monotonic() - began < SECONDS
    assert told.ending is not None
    assert told.ending.peak_memory < MEMORY


def test_a_workbook_that_ends_its_reader_is_told_as_damaged(child: Callable[[Hostile], Told]) -> None:
    told = child(Hostile("wide and long", lambda: _sheet(_many_rows()), "spreadsheet_broken", "a.xlsx"))
    assert told.ending is not None
    assert told.ending.reason == "memory" or (told.problem or {})["code"] == "spreadsheet_broken"


def test_nothing_stays_and_the_next_file_is_read_as_ever(ingest: Sent, settings: Settings) -> None:
    bad = ingest(_sheet(FAR), "far.xlsx")
    assert (bad.status, bad.problem_code) == (Status.FAILED, "sheet_too_large")
    good = ingest(books.xlsx(), "good.xlsx")
    assert (good.status, good.format, good.rows) == (Status.READY, "xlsx", 4)
    assert list(Path(settings.WORK_DIR).iterdir()) == []


@pytest.fixture
def program(api: Callable[[User | None], Api], owner: User, workspace: Workspace) -> Api:
    return api(owner)


WRONG = [
    b"\x89PNG\r\n\x1a\n" + bytes(90),
    b"\x7fELF\x02\x01" + bytes(90),
    packed({"a.csv": "a,b"}),
    books.xlsx(),
]


@pytest.mark.parametrize("data", WRONG, ids=["picture", "program", "zip", "workbook"])
@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_what_is_called_wrong_is_refused_before_it_is_taken(program: Api, data: bytes, ending: str) -> None:
    assert code(post_file(program, data, f"file.{ending}")) == (415, "type_mismatch")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", books.xlsx()),
        ("renamed.xlsx", books.xls()),
        ("renamed.xls", books.xlsx()),
        ("text.xls", b"a,b\n1,2\n3,4\n"),
        ("a.ods", books.ods()),
        ("a.parquet", GOOD),
        ("a.json", b'[{"a": 1, "b": 2}, {"a": 3, "b": 4}]'),
        ("records.txt", b'{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n'),
        ("without", GOOD),
    ],
)
def test_what_can_be_read_is_taken_and_read(ingest: Sent, name: str, data: bytes) -> None:
    version = ingest(data, name)
    assert (version.status, version.problem_detail) == (Status.READY, "")
