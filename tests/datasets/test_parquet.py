"""Parquet brings its types along, and nothing that it says of itself is believed unchecked."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

from datasets.problems import CannotRead
from tests.datasets.conftest import Read, column, decision

Refuse = Callable[..., CannotRead]


def parquet(table: pa.Table, **more: Any) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made, **more)
    return made.getvalue()


def of(cells: Any, **other: Any) -> bytes:
    """A table of keys and one column more."""
    return parquet(pa.table({"key": [f"k{place}" for place in range(len(cells))], "value": cells, **other}))


AT = datetime(2024, 1, 2, 3, 4, 5)
TYPES: list[tuple[str, Any, str, list[str]]] = [
    *((f"int{bits}", pa.array([1, None, 3], f"int{bits}"), "int64", ["1", "3"]) for bits in (8, 16, 32, 64)),
    *(
        (f"uint{bits}", pa.array([1, None, 3], f"uint{bits}"), "int64", ["1", "3"])
        for bits in (8, 16, 32, 64)
    ),
    ("uint64 beyond", pa.array([2**63 + 5, None, 3], "uint64"), "string", ["9223372036854775813", "3"]),
    ("float32", pa.array([0.5, None, 2.0], "float32"), "float64", ["0.5", "2.0"]),
    ("float64", pa.array([0.1, None, 2.0]), "float64", ["0.1", "2.0"]),
    ("not finite", pa.array([0.5, float("nan"), float("inf")]), "float64", ["0.5"]),
    ("decimal", pa.array([Decimal("1.25"), None, Decimal("2.50")]), "float64", ["1.25", "2.5"]),
    ("bool", pa.array([True, None, False]), "bool", ["true", "false"]),
    (
        "date",
        pa.array([date(2024, 1, 2), None, date(2024, 3, 4)]),
        "datetime",
        ["2024-01-02 00:00:00", "2024-03-04 00:00:00"],
    ),
    *(
        (f"timestamp {unit}", pa.array([AT, None, AT], pa.timestamp(unit)), "datetime", [str(AT)])
        for unit in ("s", "ms", "us", "ns")
    ),
    (
        "zoned",
        pa.array([AT.replace(tzinfo=UTC), None, None], pa.timestamp("us", "Europe/Rome")),
        "datetime",
        [str(AT)],
    ),
    ("time", pa.array([time(1, 2), None, time(3, 4)]), "string", ["01:02:00", "03:04:00"]),
    ("text", pa.array(["007", "", "NA"]), "string", ["007", "NA"]),
    ("large text", pa.array(["x", None, "y"], pa.large_string()), "string", ["x", "y"]),
    ("dictionary", pa.array(["x", None, "y"]).dictionary_encode(), "string", ["x", "y"]),
    ("words as bytes", pa.array([b"x", None, b"y"]), "string", ["x", "y"]),
    ("list", pa.array([[1, 2], None, []]), "string", ["[1,2]", "[]"]),
    ("structure", pa.array([{"a": 1}, None, {"a": None}]), "string", ['{"a":1}', '{"a":null}']),
    ("map", pa.array([[("a", 1)], None, None], pa.map_(pa.string(), pa.int64())), "string", ['{"a":1}']),
    ("nothing", pa.array([None, None, None]), "string", []),
    ("duration", pa.array([timedelta(seconds=1), None, None]), "int64", ["1000000"]),
]


@pytest.mark.parametrize(("what", "cells", "type_", "examples"), TYPES, ids=[case[0] for case in TYPES])
def test_each_type_of_parquet_has_one_of_ours(
    read: Read, what: str, cells: Any, type_: str, examples: list[str]
) -> None:
    profile = read(of(cells), empty_columns="keep")
    found = column(profile, "value")
    assert (found["type"], found["examples"]) == (type_, examples)
    assert (profile["format"], profile["rows"]) == ("parquet", 3)


def test_what_is_not_finite_is_missing_and_said(read: Read) -> None:
    found = column(read(of(pa.array([0.5, float("nan"), float("-inf")]))), "value")
    assert found["missing"] == 2
    assert "2 values that are not finite were read as missing" in found["reason"]


def test_a_column_of_bytes_is_left_out_and_named(read: Read) -> None:
    profile = read(of(pa.array([b"\xff\x00", None, b"x"]), other=[1, 2, 3]))
    assert [column["name"] for column in profile["columns"]] == ["key", "other"]
    assert decision(profile, "Left out")["names"] == [{"from": "value", "to": ""}]


def test_words_that_mean_missing_are_only_those_that_somebody_names(read: Read) -> None:
    cells = pa.array(["NA", "", "x"])
    assert column(read(of(cells)), "value")["missing"] == 1
    assert column(read(of(cells), missing=["NA", ""]), "value")["missing"] == 2


def test_the_same_name_twice_is_told_apart(read: Read) -> None:
    table = pa.Table.from_arrays([pa.array([1, 2]), pa.array([3, 4])], ["a", "a"])
    assert len({column["name"] for column in read(parquet(table))["columns"]}) == 2


def test_rows_keep_their_order_over_many_groups(read: Read) -> None:
    table = pa.table({"a": list(range(5000)), "b": [str(-number) for number in range(5000)]})
    profile = read(parquet(table, row_group_size=100))
    written = pq.read_table(profile["folder"] / "table.parquet")
    assert written["a"].to_pylist() == list(range(5000))


def nested(depth: int) -> bytes:
    kind: Any = pa.int64()
    value: Any = 1
    for _ in range(depth):
        kind, value = pa.list_(kind), [value]
    return of(pa.array([value, value], kind))


def bomb(rows: int = 120_000_000) -> bytes:
    """Hundreds of millions of rows in some kilobytes."""
    cells = pa.nulls(20_000_000, pa.int64())
    made = io.BytesIO()
    with pq.ParquetWriter(made, pa.schema([("a", pa.int64())]), compression="zstd") as writer:
        for _ in range(rows // len(cells)):
            writer.write_table(pa.table({"a": cells}), row_group_size=len(cells))
    return made.getvalue()


class _Keys(pe.KmsClient):  # type: ignore[misc]
    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        return key_bytes

    def unwrap_key(self, wrapped_key: bytes, master_key_identifier: str) -> bytes:
        return wrapped_key


def encrypted(*, footer: bool) -> bytes:
    how = pe.EncryptionConfiguration("key", column_keys={"key": ["a"]}, plaintext_footer=not footer)
    secret = pe.CryptoFactory(lambda _: _Keys()).file_encryption_properties(pe.KmsConnectionConfig(), how)
    made = io.BytesIO()
    table = pa.table({"a": [1, 2], "b": [3, 4]})
    with pq.ParquetWriter(made, table.schema, encryption_properties=secret) as writer:
        writer.write_table(table)
    return made.getvalue()


GOOD = of(pa.array([1.5, 2.5, 3.5]))
FOOTER = int.from_bytes(GOOD[-8:-4], "little")
REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("magic only", lambda: b"PAR1", "parquet_broken"),
    ("magic twice", lambda: b"PAR1PAR1", "parquet_broken"),
    ("cut off", lambda: GOOD[:-20], "parquet_broken"),
    ("a footer of noise", lambda: GOOD[: -8 - FOOTER] + bytes(FOOTER) + GOOD[-8:], "parquet_broken"),
    ("a footer that is too long", lambda: GOOD[:-8] + b"\xff\xff\xff\x7fPAR1", "parquet_broken"),
    ("pages of zeros", lambda: b"PAR1" + bytes(60) + GOOD[64:], "parquet_broken"),
    ("ten lists deep", lambda: nested(10), "parquet_too_deep"),
    ("no rows", lambda: of(pa.array([], "int64")), "no_rows"),
    ("one row", lambda: of(pa.array([1])), "too_few_rows"),
    ("one column", lambda: parquet(pa.table({"a": [1, 2]})), "too_few_columns"),
    ("no columns", lambda: parquet(pa.table({})), "no_rows"),
    (
        "too many columns",
        lambda: parquet(pa.table({f"k{place}": [1] for place in range(10_001)})),
        "too_many_columns",
    ),
    ("encrypted columns", lambda: encrypted(footer=False), "encrypted"),
    ("an encrypted footer", lambda: encrypted(footer=True), "type_mismatch"),
]


@pytest.mark.parametrize(("what", "data", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_cannot_be_trusted_is_refused(
    refused: Refuse, what: str, data: Callable[[], bytes], code: str
) -> None:
    problem = refused(data())
    assert problem.code == code
    assert problem.detail.endswith(".")


@pytest.mark.parametrize("depth", [1, 3])
def test_lists_in_lists_become_text(read: Read, depth: int) -> None:
    assert column(read(nested(depth)), "value")["examples"] == ["[" * depth + "1" + "]" * depth]
