"""A person sees what another way of reading would change, then has the same bytes read so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.models import User
from datasets import actions, tasks
from datasets.models import DatasetVersion
from datasets.readers import trial
from tests.datasets.conftest import Sent
from web.problems import Away, Forbidden, Invalid, Refused

pytestmark = pytest.mark.django_db(transaction=True)
EUROPE = "day;price;note\n" + "".join(
    f"{day:02}.03.2024;{day},5;a, b, c, d, e, f, g, h, {day}\n" for day in range(1, 29)
)
Api = Callable[[User], APIClient]


def names(trial: dict[str, Any]) -> list[str]:
    return [column["name"] for column in trial["columns"]]


def test_a_trial_shows_the_first_rows_and_what_changes(ingest: Sent, owner: User) -> None:
    version = ingest("".join(f"{place},word\n" for place in range(30)))
    found = actions.try_reading(version=version, options={"header": True}, by=owner)
    assert names(found) == ["0", "word"]
    assert found["changes"] == ["`column_1` is called `0`.", "`column_2` is called `word`."]
    assert found["rows"][:2] == [[1, "word"], [2, "word"]]
    assert (len(found["rows"]), found["is_part"], found["problem"]) == (20, False, None)
    assert DatasetVersion.objects.count() == 1


def test_fewer_columns_are_counted_and_named(ingest: Sent, owner: User) -> None:
    version = ingest(EUROPE)
    commas = actions.try_reading(version=version, options={"delimiter": ",", "header": False}, by=owner)
    assert commas["changes"][0] == "3 columns become 10."


def test_a_reading_that_cannot_be_is_told_with_its_reason(ingest: Sent, owner: User) -> None:
    found = actions.try_reading(version=ingest(EUROPE), options={"delimiter": "|"}, by=owner)
    assert (found["problem"]["code"], found["columns"], found["changes"]) == ("too_few_columns", [], [])


def test_only_the_beginning_of_a_long_file_is_read(ingest: Sent, owner: User) -> None:
    version = ingest("place,text\n" + "".join(f'{place},"one\ntwo"\n' for place in range(90_000)))
    found = actions.try_reading(version=version, options={"kinds": {"text": "text"}}, by=owner)
    assert (found["is_part"], found["problem"]) == (True, None)


def test_a_version_that_could_not_be_read_is_tried_as_well(ingest: Sent, owner: User) -> None:
    version = ingest("a:b\n1:2\n3:4\n5:6\n")
    assert version.problem_code == "too_few_columns"
    found = actions.try_reading(version=version, options={"delimiter": ":"}, by=owner)
    assert (names(found), found["changes"], found["problem"]) == (["a", "b"], [], None)


def test_who_may_not_change_a_dataset_may_not_try(ingest: Sent, viewer: User) -> None:
    with pytest.raises(Forbidden):
        actions.try_reading(version=ingest(EUROPE), options={}, by=viewer)


def test_a_trial_needs_its_bytes_and_a_child(
    ingest: Sent, owner: User, settings: Settings, tmp_path: Path
) -> None:
    version = ingest(EUROPE)
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    with pytest.raises(Away):
        actions.try_reading(version=version, options={}, by=owner)
    version.original_sha256 = "0" * 64
    with pytest.raises(Refused, match="are gone"):
        actions.try_reading(version=version, options={}, by=owner)


def test_a_trial_through_the_api(ingest: Sent, api: Api, owner: User, viewer: User) -> None:
    address = f"/api/v1/dataset-versions/{ingest(EUROPE).pk}/try/"
    answer = api(owner).post(address, {"options": {"header": False}}, format="json")
    assert (answer.status_code, names(answer.json())) == (200, ["column_1", "column_2", "column_3"])
    assert api(owner).post(address, {"options": {"colour": 1}}, format="json").status_code == 422
    assert api(viewer).post(address, {}, format="json").status_code == 403


def test_the_same_bytes_are_read_again_through_the_api(ingest: Sent, api: Api, owner: User) -> None:
    version = ingest(EUROPE)
    address = f"/api/v1/datasets/{version.dataset_id}/versions/"
    body = {"version": str(version.pk), "options": {"drop": ["note"]}}
    answer = api(owner).post(address, body, format="json")
    assert (answer.status_code, answer.json()["number"], answer.json()["note"]) == (202, 2, "Left out note.")
    again = DatasetVersion.objects.get(pk=answer.json()["id"])
    assert again.original_sha256 == version.original_sha256
    body["version"] = str(answer.json()["dataset"])
    assert api(owner).post(address, body, format="json").status_code == 422


def test_what_was_chosen_before_stays_chosen(ingest: Sent, owner: User) -> None:
    first = ingest(EUROPE, header=True, drop=["note"])
    second = actions.read_again(version=first, options={"delimiter": ";", "drop": ["day"]}, by=owner)
    assert second.options == {"header": True, "delimiter": ";", "drop": ["note", "day"]}
    assert second.note == "Read again: separated by semicolon. Left out day."
    third = actions.read_again(version=second, options={"drop": None, "header": None}, by=owner)
    assert third.options == {"delimiter": ";"}
    assert third.note == "Read again: the names found out. Took back note, day."


def test_reading_again_in_the_same_way_is_refused(ingest: Sent, owner: User) -> None:
    version = ingest(EUROPE, header=True)
    with pytest.raises(Refused, match="in just this way"):
        actions.read_again(version=version, options={"header": "true"}, by=owner)
    with pytest.raises(Invalid):
        actions.read_again(version=version, options={"header": "perhaps"}, by=owner)


def test_what_failed_may_be_read_once_more_in_the_same_way(ingest: Sent, owner: User) -> None:
    again = actions.read_again(version=ingest("one\n1\n2\n"), options={}, by=owner)
    assert again.note == "Version 1, read once more."
    tasks.ingest(str(again.pk))
    again.refresh_from_db()
    assert again.problem_code == "too_few_columns"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252"])
def test_a_long_text_is_cut_at_the_end_of_a_row(tmp_path: Path, encoding: str) -> None:
    rows = "".join(f'{place},"é, first\nsecond\n{"x" * 50}"\n' for place in range(20_000))
    source = tmp_path / "source"
    source.write_bytes(("place,text\n" + rows).encode(encoding))
    head = trial._beginning(source, tmp_path).read_bytes().decode(encoding)
    assert trial.HEAD - 1000 < len(head.encode(encoding)) <= trial.HEAD
    assert head.endswith('x"\n')
    assert rows.startswith(head.removeprefix("place,text\n"))
