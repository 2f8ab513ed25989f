"""What data takes on the disk is counted once, said everywhere, and bounded."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT
from pytest_django.fixtures import Settings

from accounts.models import User
from datasets import files, storage
from datasets.models import Dataset, DatasetVersion
from tests import builders
from tests.conftest import Api

HERE = "/api/v1/workspaces/field-lab/datasets/"
Program = Callable[[User | None], Api]


def test_bytes_that_versions_share_count_once(
    api: Program, owner: User, version: DatasetVersion, penguins: builders.Read
) -> None:
    second = builders.version(version.dataset, penguins, by=owner)
    DatasetVersion.objects.filter(pk=second.pk).update(thumbs_size=700)
    size, table = version.original_size, version.parquet_size or 0
    body = api(owner).get(f"/api/v1/datasets/{version.dataset_id}/").json()
    expected = {"original": size, "table": 2 * table, "thumbs": 700, "total": size + 2 * table + 700}
    assert body["storage"] == expected
    one = api(owner).get(f"/api/v1/dataset-versions/{version.pk}/").json()
    assert one["storage"] == {"original": size, "table": table, "thumbs": 0, "total": size + table}
    assert storage.of_workspace(version.dataset.workspace).total == expected["total"]


def test_the_sizes_are_those_on_the_disk(version: DatasetVersion) -> None:
    original, table = (
        files.path_of(key).stat().st_size for key in (version.original_key, version.parquet_key)
    )
    assert storage.of([version]) == storage.Storage(original, table, 0)


def test_the_same_file_is_found_by_its_checksum(
    api: Program, owner: User, viewer: User, stranger: User, version: DatasetVersion
) -> None:
    Dataset.objects.create(workspace=version.dataset.workspace, name="Other", created_by=owner)
    found = api(viewer).get(HERE, {"sha256": version.original_sha256}).json()
    assert [one["name"] for one in found["results"]] == ["Penguins"]
    assert api(viewer).get(HERE, {"sha256": hashlib.sha256(b"other").hexdigest()}).json()["count"] == 0
    assert api(stranger).get(HERE, {"sha256": version.original_sha256}).status_code == 404
    DatasetVersion.objects.filter(pk=version.pk).update(deleted_at="2024-01-01T00:00:00Z")
    assert api(viewer).get(HERE, {"sha256": version.original_sha256}).json()["count"] == 0


@pytest.mark.parametrize("wrong", ["abc", "x" * 64, "\x00"])
def test_a_checksum_that_is_none_is_refused(api: Program, owner: User, wrong: str) -> None:
    answer = api(owner).get(HERE, {"sha256": wrong})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "sha256")


def test_a_file_that_no_longer_fits_is_refused_and_leaves_nothing(
    api: Program, owner: User, version: DatasetVersion, settings: Settings
) -> None:
    settings.MAX_STORAGE = storage.of_workspace(version.dataset.workspace).total + 5
    body: dict[str, Any] = {"file": SimpleUploadedFile("more.csv", b"a,b\n1,2\n3,4\n")}
    answer = api(owner).post(HERE, body, content_type=MULTIPART_CONTENT)
    assert answer.status_code == 409
    assert answer.json()["code"] == "quota_exceeded"
    assert Dataset.objects.count() == 1
    assert not list(files.path_of("uploads").glob("*"))
    assert [path.name for path in files.path_of(version.original_key).parent.iterdir()] == [
        version.original_sha256
    ]
