"""What a person chooses for a table is done to it, whatever its format, and said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets.problems import CannotRead
from tests.datasets.conftest import Read, column, decision

TABLE = {
    "age": [22, 38, -1, 35, 22],
    "fare": [7.25, 71.5, 8.0, 53.0, 7.25],
    "sex": ["male", "female", "unknown", "female", "male"],
    "empty": [None, None, None, None, None],
    "day": ["2020-01-01", "2020-01-02", "?", "2020-01-04", "2020-01-01"],
}


@pytest.fixture(params=["csv", "parquet"])
def stored(request: pytest.FixtureRequest, read: Read, tmp_path: Path) -> Callable[..., Any]:
    """Reads the table above as CSV or as Parquet; the profile, with the stored rows as "table"."""

    def _stored(**options: Any) -> dict[str, Any]:
        path = tmp_path / f"table.{request.param}"
        if request.param == "parquet":
            types = [pa.int64(), pa.float64(), pa.string(), pa.string(), pa.string()]
            arrays = [pa.array(cells, kind) for cells, kind in zip(TABLE.values(), types, strict=True)]
            pq.write_table(pa.table(arrays, names=list(TABLE)), path)
        else:
            rows = zip(*TABLE.values(), strict=True)
            lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
            path.write_text("\n".join([",".join(TABLE), *lines]) + "\n")
        profile = read(path, **options)
        return {**profile, "table": pq.read_table(profile["folder"] / "table.parquet").to_pydict()}

    return _stored


def test_columns_can_be_left_out(stored: Callable[..., Any]) -> None:
    found = stored(drop=["fare", "day"])
    assert list(found["table"]) == ["age", "sex"]
    assert decision(found, "Left out")["names"] == ["fare", "day"]


def test_columns_without_a_value_are_left_out_and_it_is_said(stored: Callable[..., Any]) -> None:
    found = stored()
    assert "empty" not in found["table"]
    assert decision(found, "Empty columns")["value"] == "1 left out"
    assert decision(found, "Empty columns")["names"] == ["empty"]


def test_columns_without_a_value_can_be_kept(stored: Callable[..., Any]) -> None:
    found = stored(empty_columns="keep")
    assert found["table"]["empty"] == [None] * 5
    assert column(found, "empty")["kind"] == "constant"


def test_values_of_a_column_can_be_read_as_missing(stored: Callable[..., Any]) -> None:
    found = stored(missing_values={"age": ["-1"], "sex": ["unknown"]})
    assert found["table"]["age"] == [22, 38, None, 35, 22]
    assert found["table"]["sex"][2] is None
    assert column(found, "age")["min"] == 22
    assert decision(found, "Missing in `age`")["value"] == "“-1”"


def test_rows_that_are_copies_can_be_left_out(stored: Callable[..., Any]) -> None:
    found = stored(duplicates="leave_out")
    assert found["rows"] == len(found["table"]["age"]) == 4
    assert found["table"]["age"] == [22, 38, -1, 35]
    assert decision(found, "Copied rows")["value"] == "1 left out"
    assert stored()["rows"] == 5


@pytest.mark.parametrize(
    ("name", "kind", "kept_as", "values", "lost"),
    [
        ("age", "category", "string", ["22", "38", "-1", "35", "22"], 0),
        ("age", "number", "float64", [22.0, 38.0, -1.0, 35.0, 22.0], 0),
        ("fare", "integer", "int64", [None, None, 8, 53, None], 3),
        ("sex", "number", "float64", [None] * 5, 5),
        ("sex", "boolean", "bool", [None] * 5, 5),
        ("age", "boolean", "bool", [None] * 5, 5),
    ],
)
def test_a_kind_can_be_chosen_and_what_it_costs_is_said(
    stored: Callable[..., Any], name: str, kind: str, kept_as: str, values: list[Any], lost: int
) -> None:
    found = stored(kinds={name: kind})
    facts = column(found, name)
    assert (facts["kind"], facts["type"]) == (kind, kept_as)
    assert facts["reason"].startswith("You chose it")
    assert (f"{lost} values" in facts["reason"]) == bool(lost)
    assert found["table"][name] == values or facts["type"] == "int64"


@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        ({"drop": ["nobody"]}, "unknown_column", "drop"),
        ({"kinds": {"nobody": "text"}}, "unknown_column", "kinds"),
        ({"missing_values": {"nobody": ["1"]}}, "unknown_column", "missing_values"),
        ({"drop": ["age", "fare", "sex", "day"]}, "too_few_columns", "drop"),
        ({"kinds": {"age": "image"}}, "kind_mismatch", "kinds"),
    ],
)
def test_what_cannot_be_done_is_refused(
    stored: Callable[..., Any], options: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(CannotRead) as refused:
        stored(**options)
    assert (refused.value.code, refused.value.field) == (code, field)
