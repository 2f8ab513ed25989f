"""A program asks for rows: sorted, filtered, searched, with some columns, as a page and as a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from accounts.models import User
from datasets.models import DatasetVersion, Status
from tests.conftest import As

Program = Callable[[User | None], Any]


@pytest.fixture
def ask(api: Program, viewer: User, version: DatasetVersion, warm: Path) -> Callable[..., Any]:
    """The rows of the penguins, as a viewer's program asks for them."""
    client = api(viewer)

    def _ask(what: str = "preview/", **query: Any) -> Any:
        return client.get(f"/api/v1/dataset-versions/{version.pk}/{what}", query)

    return _ask


def test_a_page_of_rows_is_filtered_sorted_and_has_the_columns_asked_for(ask: Callable[..., Any]) -> None:
    where = [json.dumps(["island", "eq", "Dream"]), json.dumps(["body_mass_g", "gt", 4500])]
    columns = json.dumps(["body_mass_g", "species"])
    body = ask(where=where, sort="-body_mass_g", columns=columns, limit=2).json()
    assert (body["count"], body["total"], body["limit"], body["offset"]) == (4, 344, 2, 0)
    assert body["columns"] == ["body_mass_g", "species"]
    assert body["results"] == [[4800, "Chinstrap"], [4650, "Adelie"]]
    rest = ask(where=where, sort="-body_mass_g", columns=columns, limit=9, offset=2).json()
    assert len({*body["rows"], *rest["rows"]}) == 4


def test_the_place_of_a_row_leads_back_to_it(ask: Callable[..., Any]) -> None:
    found = ask(sort="-body_mass_g", limit=1).json()
    alone = ask(offset=found["rows"][0], limit=1).json()
    assert alone["results"] == found["results"]
    assert alone["rows"] == found["rows"]


def test_rows_are_found_by_a_text_in_them(ask: Callable[..., Any]) -> None:
    assert ask(q="gentoo").json()["count"] == 124


@pytest.mark.parametrize("what", ["preview/", "rows.csv"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"where": '["nowhere","eq",1]'}, "where"),
        ({"where": "island"}, "where"),
        ({"sort": "nowhere"}, "sort"),
        ({"q": "a\x00"}, "q"),
        ({"columns": '["nowhere"]'}, "columns"),
        ({"filter": "x"}, None),
    ],
)
def test_what_rows_cannot_be_asked_is_refused(
    ask: Callable[..., Any], what: str, query: dict[str, str], field: str | None
) -> None:
    answer = ask(what, **query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ([field] if field else [])


def test_rows_leave_as_a_file_with_nothing_left_behind(ask: Callable[..., Any]) -> None:
    answer = ask(
        "rows.csv", where='["species","eq","Gentoo"]', columns='["sex","body_mass_g"]', sort="-body_mass_g"
    )
    lines = b"".join(answer).decode().splitlines()
    assert (lines[0], len(lines)) == ("sex,body_mass_g", 125)
    assert lines[1] == "MALE,6300"
    assert "attachment" in answer["Content-Disposition"]
    assert "Penguins v1.csv" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert not list(Path(django_settings.WORK_DIR).glob("*"))


def test_a_page_offers_the_same_file(as_: As, viewer: User, version: DatasetVersion, warm: Path) -> None:
    address = f"/dataset-versions/{version.pk}/rows.csv"
    answer = as_(viewer).get(address, {"where": '["sex","eq","FEMALE"]'})
    assert len(b"".join(answer).splitlines()) == 166
    refused = as_(viewer).get(address, {"where": '["body_mass_g","eq","heavy"]'}, follow=True)
    assert "“body_mass_g” is compared with a number" in refused.content.decode()


def test_a_version_that_is_not_read_has_no_rows(ask: Callable[..., Any], version: DatasetVersion) -> None:
    DatasetVersion.objects.filter(pk=version.pk).update(status=Status.INGESTING)
    for what in ("preview/", "rows.csv"):
        assert (ask(what).status_code, ask(what).json()["code"]) == (409, "not_ready")


def test_a_table_that_is_broken_is_said_to_be(ask: Callable[..., Any], version: DatasetVersion) -> None:
    from datasets import files

    files.path_of(version.parquet_key).write_bytes(b"PAR1 and then nothing")
    assert ask().json()["code"] == "preview_failed"
    files.remove(version.parquet_key)
    assert ask().json()["code"] == "file_gone"
