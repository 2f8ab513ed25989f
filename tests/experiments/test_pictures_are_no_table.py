"""A question about pictures is refused at once, on the page as over the API, with the reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User, Workspace
from datasets.models import Dataset, DatasetVersion
from experiments import actions
from experiments.models import Experiment
from tests import builders
from tests.conftest import As
from tests.datasets.drawing import drawn
from tests.datasets.zips import packed
from web.problems import Invalid

REASON = "These models learn from tables, and this dataset holds pictures."


@pytest.fixture
def animals(dataset: Dataset, owner: User, tmp_path: Path) -> DatasetVersion:
    source = tmp_path / "zoo.zip"
    files = {
        f"{label}/{number}.png": drawn((number, 0, 0)) for label in ("cat", "dog") for number in range(20)
    }
    source.write_bytes(packed(files))
    return builders.version(dataset, builders.read(source, tmp_path), by=owner)


@pytest.mark.parametrize("target", ["label", "image", "file", "nothing"])
def test_no_column_of_an_image_set_can_be_asked_about(
    target: str, animals: DatasetVersion, owner: User, workspace: Workspace
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_experiment(
            workspace=workspace,
            name="Which animal?",
            version=animals,
            spec={"target": target},
            metric=None,
            by=owner,
        )
    assert (refused.value.code, refused.value.field) == ("not_a_table", "dataset_version")
    assert refused.value.detail.startswith(REASON)


def test_the_api_says_why(animals: DatasetVersion, owner: User, api: Callable[[User | None], Client]) -> None:
    body = {"name": "Which animal?", "dataset_version": str(animals.pk), "target": "label"}
    answer = api(owner).post("/api/v1/workspaces/field-lab/experiments/", body)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(REASON)


def test_the_page_says_why_and_starts_nothing(animals: DatasetVersion, owner: User, as_: As) -> None:
    address = f"{reverse('new_experiment', args=['field-lab'])}?version={animals.pk}"
    browser = as_(owner)
    assert REASON in browser.get(address).content.decode()
    answer = browser.post(address, {"target": "label", "algo": "dummy", "name": "Which animal?"})
    assert answer.status_code in (409, 422)
    assert REASON in answer.content.decode()
    assert not Experiment.objects.exists()
