"""Programs make datasets, look at them and take them away."""

import base64
import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User, Workspace
from datasets import files, tasks
from datasets.models import Dataset, DatasetVersion, Status, Upload
from experiments.models import Run
from tests.conftest import EXAMPLES, Api

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/api/v1/workspaces/field-lab/datasets/"
Program = Callable[[User | None], Api]
PENGUINS = (EXAMPLES / "penguins.csv").read_bytes()


def post_file(
    program: Api, data: bytes = PENGUINS, name: str = "penguins.csv", to: str = HERE, **fields: str
) -> Any:
    file = io.BytesIO(data)
    file.name = name
    return Client.post(program, to, {"file": file, **fields})


def upload(program: Api, data: bytes = PENGUINS, name: str = "penguins.csv") -> str:
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    made = program.post(
        "/api/v1/uploads/", headers={"Upload-Length": str(len(data)), "Upload-Metadata": told}
    )
    place = made["Location"]
    headers = {"Upload-Offset": "0"}
    program.generic("PATCH", place, data, "application/offset+octet-stream", headers=headers)
    found: str = made.json()["id"]
    return found


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


@pytest.fixture
def program(api: Program, owner: User) -> Api:
    return api(owner)


def test_a_small_file_becomes_a_dataset(program: Api) -> None:
    made = post_file(program)
    assert made.status_code == 202
    body = made.json()
    assert (body["name"], body["latest_version"]["status"]) == ("penguins", "ingesting")
    assert body["latest_version"]["sha256"] == hashlib.sha256(PENGUINS).hexdigest()
    assert body["latest_version"]["size"] == len(PENGUINS)


def test_a_finished_upload_becomes_a_dataset_once(program: Api) -> None:
    pk = upload(program)
    assert program.post(HERE, {"upload": pk, "name": "Birds"}).json()["name"] == "Birds"
    assert not Upload.objects.exists()
    assert list(files.path_of("uploads").iterdir()) == []
    assert program.post(HERE, {"upload": pk}).status_code == 422


def test_an_unfinished_upload_does_not(program: Api) -> None:
    made = program.post(
        "/api/v1/uploads/", headers={"Upload-Length": "10", "Upload-Metadata": "filename eC5jc3Y="}
    )
    assert code(program.post(HERE, {"upload": made.json()["id"]})) == (409, "upload_incomplete")
    assert not Dataset.objects.exists()


def test_once_read_it_tells_its_columns(program: Api, warm: object) -> None:
    body = post_file(program).json()
    tasks.ingest(body["latest_version"]["id"])
    version = program.get(f"/api/v1/datasets/{body['id']}/").json()["latest_version"]
    assert (version["status"], version["rows"], version["problem"]) == ("ready", 344, None)
    species = version["columns"][0]
    assert (species["name"], species["kind"], species["unique"], species["missing"]) == (
        "species",
        "category",
        3,
        0,
    )
    assert species["top"][0] == ["Adelie", 152]
    assert {made["what"] for made in version["decisions"]} >= {
        "Separator",
        "Encoding",
        "Missing",
        "Rows kept",
    }


def test_the_rows_come_page_by_page(program: Api, version: DatasetVersion, warm: object) -> None:
    address = f"/api/v1/dataset-versions/{version.pk}/preview/"
    body = program.get(address, {"offset": 342, "limit": 5}).json()
    assert body["count"] == 344
    assert body["columns"][0] == "species"
    assert len(body["results"]) == 2
    assert body["results"][-1][0] == "Gentoo"
    assert program.get(address).json()["results"][3][2] is None


@pytest.mark.parametrize(
    "query", ["offset=-1", "offset=x", "limit=201", "limit=-5", "offset=1e9", "limit=%00"]
)
def test_a_page_of_rows_is_asked_for_in_numbers(program: Api, version: DatasetVersion, query: str) -> None:
    assert code(program.get(f"/api/v1/dataset-versions/{version.pk}/preview/?{query}")) == (
        400,
        "invalid_query",
    )


def test_without_a_zygote_rows_come_later(
    program: Api, version: DatasetVersion, settings: Settings, tmp_path: Any
) -> None:
    settings.ZYGOTE_SOCKET = tmp_path / "nobody.sock"
    response = program.get(f"/api/v1/dataset-versions/{version.pk}/preview/")
    assert code(response) == (503, "unavailable")
    assert response["Retry-After"] == "5"


def test_the_original_comes_back_byte_for_byte(program: Api, version: DatasetVersion) -> None:
    response = program.get(f"/api/v1/dataset-versions/{version.pk}/file/")
    assert b"".join(response) == PENGUINS
    assert response["Content-Disposition"] == 'attachment; filename="penguins.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_profile_says_which_column_is_likely_the_answer(program: Api, version: DatasetVersion) -> None:
    body = program.get(f"/api/v1/dataset-versions/{version.pk}/profile/").json()
    assert (body["rows"], body["suggested_target"]) == (344, "species")


def test_the_same_file_twice_is_stored_once(program: Api) -> None:
    first, second = post_file(program).json(), post_file(program).json()
    assert first["latest_version"]["note"] == ""
    assert "penguins, version 1" in second["latest_version"]["note"]
    assert len(list(files.path_of(str(Workspace.objects.get().pk)).rglob("originals/*"))) == 1


def test_a_new_version_follows_the_last(program: Api, version: DatasetVersion) -> None:
    address = f"/api/v1/datasets/{version.dataset.pk}/versions/"
    made = post_file(program, b"a,b\n1,2\n3,4\n", "more.csv", to=address)
    assert (made.status_code, made.json()["number"]) == (202, 2)
    assert [known["number"] for known in program.get(address).json()["results"]] == [2, 1]


def test_how_to_read_it_can_be_chosen(program: Api) -> None:
    options = json.dumps({"delimiter": "semicolon", "encoding": "latin-1", "header": False})
    made = post_file(program, options=options).json()
    assert made["latest_version"]["options"] == {"delimiter": ";", "encoding": "iso8859-1", "header": False}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"delimeter": ";"}, "unknown_field"),
        ({"delimiter": "ab"}, "invalid"),
        ({"delimiter": "7"}, "invalid"),
        ({"encoding": "klingon"}, "invalid"),
        ({"header": "perhaps"}, "invalid"),
        ([], "invalid"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_and_nothing_stays(
    program: Api, options: Any, expected: str
) -> None:
    assert code(post_file(program, options=json.dumps(options))) == (422, expected)
    assert not Dataset.objects.exists()
    assert not Upload.objects.exists()
    assert list(files.path_of("uploads").iterdir()) == []


def test_an_empty_file_is_refused(program: Api) -> None:
    assert code(post_file(program, b"")) == (422, "file_empty")


def test_a_picture_named_csv_is_refused(program: Api) -> None:
    assert code(post_file(program, b"\x89PNG\r\n\x1a\n" + b"\0" * 100)) == (415, "type_mismatch")


@pytest.mark.parametrize("body", [[], {"upload": "x"}, {}, {"upload": None}])
def test_a_body_that_names_no_upload_is_refused(program: Api, body: Any) -> None:
    assert program.post(HERE, body).status_code == 422


def test_a_workspace_that_is_full_takes_no_more(program: Api, settings: Settings) -> None:
    settings.MAX_STORAGE = len(PENGUINS) + 100
    assert post_file(program).status_code == 202
    assert code(post_file(program, PENGUINS[:-10])) == (409, "quota_exceeded")
    assert Dataset.objects.count() == 1


def test_storage_is_part_of_what_is_used(program: Api, version: DatasetVersion) -> None:
    lines = program.get("/api/v1/me/usage/").json()["results"]
    storage = next(line for line in lines if line["name"] == "storage")
    assert storage["used"] == version.original_size + (version.parquet_size or 0)


def test_a_dataset_can_be_renamed(program: Api, dataset: Dataset) -> None:
    address = f"/api/v1/datasets/{dataset.pk}/"
    assert program.generic("PATCH", address, {"name": "Birds <b>"}).json()["name"] == "Birds <b>"
    assert program.generic("PATCH", address, {"name": "  "}).status_code == 422
    assert program.generic("PATCH", address, {"name": "x" * 121}).status_code == 422


def test_a_deleted_dataset_is_gone_for_everyone(program: Api, version: DatasetVersion) -> None:
    address = f"/api/v1/datasets/{version.dataset.pk}/"
    assert program.delete(address).status_code == 204
    assert program.get(address).status_code == 404
    assert program.delete(address).status_code == 404
    assert program.get(f"/api/v1/dataset-versions/{version.pk}/file/").status_code == 404
    assert program.get(HERE).json()["count"] == 0


def test_data_that_a_run_needs_stays(program: Api, run: Run) -> None:
    dataset = run.experiment.dataset_version.dataset
    assert code(program.delete(f"/api/v1/datasets/{dataset.pk}/")) == (409, "in_use")
    assert Dataset.objects.visible_to(run.owner).filter(pk=dataset.pk).exists()


def test_the_list_is_paged_and_searched(program: Api, workspace: Workspace, owner: User) -> None:
    for number in range(60):
        Dataset.objects.create(workspace=workspace, name=f"table {number}", created_by=owner)
    assert len(program.get(HERE).json()["results"]) == 50
    assert program.get(HERE, {"q": "TABLE 7"}).json()["count"] == 1
    assert program.get(HERE, {"page": "2"}).json()["count"] == 60


@pytest.mark.parametrize("query", ["page=-1", "page=x", "page=0", "page=1000000000000", "q=%00"])
def test_a_page_that_cannot_be_is_refused(program: Api, query: str) -> None:
    assert program.get(f"{HERE}?{query}").status_code == 400


@pytest.mark.parametrize("query", ["ordering=password", "created_by__password__startswith=a"])
def test_nothing_leaks_through_filters_that_do_not_exist(program: Api, dataset: Dataset, query: str) -> None:
    assert "password" not in program.get(f"{HERE}?{query}").content.decode()


def test_a_list_asks_the_same_questions_for_ten_as_for_one(
    program: Api, workspace: Workspace, owner: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        Dataset.objects.create(workspace=workspace, name=f"table {number}", created_by=owner)
    with django_assert_max_num_queries(8):
        program.get(HERE)


READ_ADDRESSES = [
    "/api/v1/datasets/{dataset}/",
    "/api/v1/datasets/{dataset}/versions/",
    "/api/v1/dataset-versions/{version}/",
    "/api/v1/dataset-versions/{version}/profile/",
    "/api/v1/dataset-versions/{version}/preview/",
    "/api/v1/dataset-versions/{version}/file/",
    HERE,
]


@pytest.mark.parametrize("address", READ_ADDRESSES)
def test_a_stranger_finds_nothing_and_nobody_is_asked_to_sign_in(
    api: Program, stranger: User, version: DatasetVersion, address: str
) -> None:
    address = address.format(dataset=version.dataset.pk, version=version.pk)
    assert api(stranger).get(address).status_code == 404
    assert api(None).get(address).status_code == 401


def test_a_viewer_looks_but_does_not_change(api: Program, viewer: User, version: DatasetVersion) -> None:
    program, address = api(viewer), f"/api/v1/datasets/{version.dataset.pk}/"
    assert program.get(address).status_code == 200
    assert code(post_file(program)) == (403, "forbidden")
    assert code(post_file(program, to=f"{address}versions/")) == (403, "forbidden")
    assert code(program.generic("PATCH", address, {"name": "Mine"})) == (403, "forbidden")
    assert code(program.delete(address)) == (403, "forbidden")
    assert not Upload.objects.exists()


def test_a_stranger_uploads_to_no_workspace_but_their_own(api: Program, stranger: User, owner: User) -> None:
    assert post_file(api(stranger)).status_code == 404
    assert not Upload.objects.exists()


def test_an_upload_of_somebody_else_cannot_be_used(api: Program, editor: User, program: Api) -> None:
    pk = upload(program)
    assert api(editor).post(HERE, {"upload": pk}).status_code == 422
    assert not Dataset.objects.exists()


@pytest.mark.parametrize("pk", ["7", "not-a-uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "..%2f..%2fetc"])
def test_what_is_no_id_is_not_found(program: Api, pk: str) -> None:
    assert program.get(f"/api/v1/datasets/{pk}/").status_code == 404


def test_state_and_owner_in_a_body_are_ignored(program: Api, dataset: Dataset, owner: User) -> None:
    body = {"name": "Birds", "created_by": "someone", "workspace": "elsewhere", "deleted_at": "2020-01-01"}
    assert program.generic("PATCH", f"/api/v1/datasets/{dataset.pk}/", body).status_code == 200
    dataset.refresh_from_db()
    assert (dataset.name, dataset.created_by, dataset.deleted_at) == ("Birds", owner, None)


def test_a_failed_version_says_why(program: Api, warm: object) -> None:
    body = post_file(program, b"a,b\n", "x.csv").json()
    tasks.ingest(body["latest_version"]["id"])
    version = program.get(f"/api/v1/dataset-versions/{body['latest_version']['id']}/").json()
    assert version["status"] == Status.FAILED
    assert version["problem"]["code"] == "no_rows"
    assert code(program.get(f"{version['url']}profile/")) == (409, "not_ready")
