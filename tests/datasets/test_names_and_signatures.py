"""What people bring is named so that it can be shown, and taken only where it may be a table."""

import bz2
import io
import lzma
import pickle
import sqlite3
import tarfile
import unicodedata
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import names, signatures
from datasets.options import clean
from web.problems import Invalid

TEXT = st.text(st.characters(exclude_characters="\x00"), max_size=400)


@given(TEXT)
def test_any_name_becomes_one_that_can_be_shown(raw: str) -> None:
    shown = names.clean_file_name(raw)
    assert 1 <= len(shown) <= 255
    assert shown == shown.strip()
    assert not set(shown) & set("/\\\r\n\t\x7f\u202e\u2066")
    assert shown not in (".", "..")


@given(TEXT)
def test_cleaning_twice_changes_no_more(raw: str) -> None:
    once = names.clean_file_name(raw)
    assert names.clean_file_name(once) == once


@given(st.lists(TEXT, max_size=30))
def test_columns_get_names_of_their_own(raw: list[str]) -> None:
    made = names.column_names(raw)
    assert len(made) == len(raw)
    assert len({name.casefold() for name in made}) == len(made)
    for name in made:
        assert name.strip() == name != ""
        assert not name.startswith(("=", "+", "-", "@", "|"))
        assert not any(unicodedata.category(letter) == "Cc" for letter in name)


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("titanic.csv", "titanic"),
        ("a.b.csv", "a.b"),
        (".csv", ".csv"),
        ("no ending", "no ending"),
        ("file", "file"),
    ],
)
def test_a_dataset_is_called_like_its_file(file: str, title: str) -> None:
    assert names.title_of(file) == title


@given(st.binary(max_size=64), st.sampled_from(["", *signatures.READABLE]))
def test_any_beginning_can_be_looked_at(head: bytes, ending: str) -> None:
    reason = signatures.why_not_bytes(head, ending)
    assert reason is None or "ave the table as CSV" in reason


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<%{"), max_size=64
    )
)
def test_plain_words_are_never_taken_for_something_else(text: str) -> None:
    assert signatures.why_not_bytes(text.encode()) is None


@pytest.mark.parametrize(
    "text", [b"BMI,age\n20,30\n", b"MZ,b\n1,2\n", b"RIFF,b\n1,2\n", b"PAR1,score\n", b"GIF8,x\n"]
)
def test_words_that_look_like_a_signature_are_words(text: bytes) -> None:
    assert signatures.why_not_bytes(text) is None


def _pickled(protocol: int) -> list[bytes]:
    things: tuple[object, ...] = ([1, 2], {"a": 1}, {}, [], [[]], Path("x"), [[1], [2]], {1: {2: 3}})
    return [pickle.dumps(thing, protocol) for thing in things]


def _joblib(compress: object) -> bytes:
    file = io.BytesIO()
    joblib.dump({"weights": np.zeros(500)}, file, compress=compress)
    return file.getvalue()


def _numpy() -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def _arrow() -> list[bytes]:
    table = pa.table({"a": [1, 2]})
    made = []
    for opened in (pa.ipc.new_file, pa.ipc.new_stream):
        sink = pa.BufferOutputStream()
        with opened(sink, table.schema) as writer:
            writer.write_table(table)
        made.append(sink.getvalue().to_pybytes())
    return made


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("a.csv"))
    return file.getvalue()


def _sqlite() -> bytes:
    with sqlite3.connect(":memory:") as con:
        con.execute("CREATE TABLE a (b)")
        return con.serialize()


NEVER = [
    *(("a Python pickle", made) for protocol in range(6) for made in _pickled(protocol)),
    ("a Python pickle", _joblib(0)),
    ("a joblib pickle or another packed file", _joblib(("zlib", 3))),
    ("a NumPy array", _numpy()),
    *(zip(("an Arrow file", "an Arrow stream"), _arrow(), strict=True)),
    ("a tar archive", _tar()),
    ("a SQLite database", _sqlite()),
    ("a bzip2 archive", bz2.compress(b"a,b")),
    ("an xz archive", lzma.compress(b"a,b")),
    ("an HDF5 file", b"\x89HDF\r\n\x1a\n"),
    ("a PNG picture", b"\x89PNG\r\n\x1a\n"),
    ("a JPEG picture", b"\xff\xd8\xff\xe0"),
    ("a program", b"\x7fELF\x02\x01"),
    ("a program", b"MZ\x90\x00\x03\x00"),
    ("a RAR archive", b"Rar!\x1a\x07\x01\x00"),
    ("a 7-Zip archive", b"7z\xbc\xaf\x27\x1c"),
    ("a PDF document", b"%PDF-1.7"),
    ("an encrypted Parquet file", b"PARE\x15\x04\x15"),
    ("an empty zip archive", b"PK\x05\x06" + b"\0" * 18),
    ("a DuckDB database", b"\x01" * 8 + b"DUCK\x40\x00"),
    ("a recording or a picture", b"\x00\x00\x00\x20ftypisom"),
    ("a web page or a drawing", b"  <html>"),
    ("a web page or a drawing", b"\xef\xbb\xbf<svg "),
]


@pytest.mark.parametrize(("what", "head"), NEVER)
def test_some_files_are_never_taken_whatever_they_are_called(what: str, head: bytes) -> None:
    for ending in ("", "csv", "zip", "parquet"):
        assert f"this is {what}, not" in (signatures.why_not_bytes(head, ending) or "nothing")


BEGINNINGS = {
    "text": b"a,b\n1,2\n",
    "zip": b"PK\x03\x04\x14\x00",
    "office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "gzip": b"\x1f\x8b\x08\x00",
    "zstd": b"\x28\xb5\x2f\xfd\x00",
    "parquet": b"PAR1\x15\x04\x15\x00",
}


@pytest.mark.parametrize("family", BEGINNINGS)
@pytest.mark.parametrize("ending", ["", *signatures.READABLE])
def test_a_name_has_to_fit_the_bytes(family: str, ending: str) -> None:
    reason = signatures.why_not_bytes(BEGINNINGS[family], ending)
    fits = not ending or family in signatures.READABLE[ending]
    assert (reason is None) == fits
    assert fits or f"its name ends in .{ending}." in str(reason)


def test_a_few_bytes_do_not_prove_a_text() -> None:
    assert signatures.why_not_bytes(b"PA", "parquet", whole=False) is None
    assert signatures.why_not_bytes(b"PA", "parquet")
    assert signatures.why_not_bytes(b"PK\x03\x04", "csv", whole=False)


@pytest.mark.parametrize(
    ("head", "ending", "expected"),
    [
        (b'{"a": 1}\n{"a": 2}', "txt", True),
        (b'\xef\xbb\xbf [ {"a": 1}]', "", True),
        (b"{}", "", True),
        (b"[1, 2]", "json", True),
        (b"[a],[b]\n1,2\n", "csv", False),
        (b"{a},b\n1,2\n", "", False),
        (b"a,b\n1,2\n", "", False),
    ],
)
def test_records_are_told_from_tables(head: bytes, ending: str, expected: bool) -> None:
    assert signatures.is_json(head, ending) is expected


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({}, {}),
        ({"delimiter": None, "encoding": ""}, {}),
        ({"delimiter": "tab"}, {"delimiter": "\t"}),
        ({"encoding": "Latin1"}, {"encoding": "iso8859-1"}),
        ({"encoding": "UTF-16"}, {"encoding": "utf-16-le"}),
        ({"header": "false"}, {"header": False}),
    ],
)
def test_choices_are_kept_in_our_own_words(sent: dict[str, object], kept: dict[str, object]) -> None:
    assert clean(sent) == kept


@pytest.mark.parametrize("mark", ["", '"', "'", "\n", "a", "5", ".", "§", "\x00", ",,"])
def test_not_every_sign_parts_cells(mark: str) -> None:
    if mark == "":
        assert clean({"delimiter": mark}) == {}
        return
    with pytest.raises(Invalid) as caught:
        clean({"delimiter": mark})
    assert caught.value.field == "options.delimiter"
