"""The wizard's columns: dates are used, free text waits to be asked for, and both may be read otherwise."""

from typing import Any

import pytest

from datasets.models import DatasetVersion
from experiments.forms.columns import request, table
from experiments.forms.posted import Posted


def _version() -> DatasetVersion:
    kinds = {"y": "category", "day": "datetime", "message": "text", "age": "integer"}
    columns = [{"name": name, "kind": kind, "missing": 0} for name, kind in kinds.items()]
    return DatasetVersion(rows=100, columns=columns)


def _asked(**sent: Any) -> dict[str, Any]:
    version = _version()
    posted = Posted({"for": ["y"], **sent} if sent else {})
    return request(table(version, "y", posted, {}), version, "y", {})


def test_dates_are_used_and_texts_are_not_unless_someone_wants_them() -> None:
    assert _asked() == {"drop": ["message"], "kinds": {}}


@pytest.mark.parametrize(
    ("sent", "kinds"),
    [
        ({}, {"message": "text"}),
        ({"kind-2": ["categorical"]}, {"message": "categorical"}),
        (
            {"kind-1": ["date"], "kind-3": ["date"]},
            {"message": "text", "age": "date"},
        ),
        ({"kind-2": ["text"]}, {"message": "text"}),
    ],
    ids=["as read", "as category", "as date", "as text"],
)
def test_a_column_is_read_as_someone_says(sent: dict[str, Any], kinds: dict[str, str]) -> None:
    assert _asked(use=["day", "message", "age"], **sent) == {"drop": [], "kinds": kinds}


def test_dates_and_texts_can_be_chosen_as_kinds_and_say_what_they_are() -> None:
    rows = {row.name: row for row in table(_version(), "y", Posted({}), {})}
    assert {"date", "text"} <= {value for value, _ in rows["age"].options}
    assert (rows["day"].used, rows["day"].note) == (True, "")
    assert "left out unless you use it" in rows["message"].note
