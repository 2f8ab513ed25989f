"""What is deleted lies in the trash, comes back from there, and in the end really leaves the disk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import quotas
from accounts.models import User, Workspace
from datasets import files, holders, storage, tasks, trash
from datasets.models import Dataset, DatasetVersion
from experiments.models import Experiment, Run
from experiments.states import State
from tests import builders
from tests.conftest import Api, As
from web.problems import Forbidden, Refused

pytestmark = pytest.mark.django_db(transaction=True)
Program = Callable[[User | None], Api]


@pytest.fixture
def program(api: Program, editor: User) -> Api:
    return api(editor)


@pytest.fixture
def second(version: DatasetVersion, penguins: builders.Read, owner: User) -> DatasetVersion:
    """The same bytes as another version of the same dataset, with a Parquet of its own."""
    return builders.version(version.dataset, penguins, by=owner)


def bytes_of(version: DatasetVersion) -> list[bool]:
    """Whether its original and its table are on the disk."""
    return [files.path_of(key).exists() for key in (version.original_key, version.parquet_key)]


def wait(days: float) -> None:
    """Time goes by for all that was deleted."""
    for kind in (Dataset, DatasetVersion):
        kind.objects.exclude(deleted_at=None).update(deleted_at=timezone.now() - timedelta(days=days))


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_deleted_dataset_lies_in_the_trash_and_comes_back_whole(
    program: Api, editor: User, second: DatasetVersion
) -> None:
    here = f"/api/v1/datasets/{second.dataset_id}/"
    assert program.delete(here).status_code == 204
    (item,) = program.get("/api/v1/workspaces/field-lab/trash/").json()["results"]
    assert (item["kind"], item["id"], item["name"]) == ("dataset", str(second.dataset_id), "Penguins")
    assert (item["deleted_by"], item["kept"]) == (editor.display_name, None)
    assert item["size"] == storage.of_dataset(second.dataset).total
    assert program.post(f"{here}restore/").json()["latest_version"]["number"] == 2
    assert program.get(here).status_code == 200
    assert program.get("/api/v1/workspaces/field-lab/trash/").json()["count"] == 0


def test_a_deleted_version_is_left_out_of_everything_until_it_comes_back(
    program: Api, version: DatasetVersion, second: DatasetVersion
) -> None:
    here, whole = f"/api/v1/dataset-versions/{second.pk}/", f"/api/v1/datasets/{second.dataset_id}/"
    assert program.delete(here).status_code == 204
    assert program.get(here).status_code == 404
    assert program.get(f"{here}file/").status_code == 404
    body = program.get(whole).json()
    assert body["latest_version"]["number"] == 1
    assert [one["number"] for one in body["versions"]] == [1]
    assert program.get(f"{whole}versions/").json()["count"] == 1
    (item,) = program.get("/api/v1/workspaces/field-lab/trash/").json()["results"]
    assert (item["kind"], item["name"]) == ("version", "Penguins v2")
    assert program.post(f"{here}restore/").status_code == 200
    assert program.get(whole).json()["latest_version"]["number"] == 2


def test_numbers_are_not_given_twice(program: Api, second: DatasetVersion, owner: User) -> None:
    from datasets import actions

    program.delete(f"/api/v1/dataset-versions/{second.pk}/")
    again = actions.read_again(
        version=second.dataset.all_versions.get(), options={"delimiter": ";"}, by=owner
    )
    assert again.number == 3


def test_the_only_version_stays(program: Api, version: DatasetVersion) -> None:
    assert refusal(program.delete(f"/api/v1/dataset-versions/{version.pk}/")) == (409, "last_version")


def test_a_dataset_that_comes_back_leaves_what_was_deleted_before_it(
    program: Api, second: DatasetVersion
) -> None:
    whole = f"/api/v1/datasets/{second.dataset_id}/"
    program.delete(f"/api/v1/dataset-versions/{second.pk}/")
    program.delete(whole)
    assert program.get("/api/v1/workspaces/field-lab/trash/").json()["count"] == 1
    program.post(f"{whole}restore/")
    assert [item["name"] for item in trash_of(program)] == ["Penguins v2"]


def trash_of(program: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = program.get("/api/v1/workspaces/field-lab/trash/").json()["results"]
    return found


@pytest.mark.parametrize(("days", "is_there"), [(6.9, True), (7.1, False)])
def test_the_disk_is_free_after_seven_days(
    version: DatasetVersion, owner: User, days: float, is_there: bool
) -> None:
    files.path_of(version.thumbs_key).write_bytes(b"small pictures")
    trash.remove_dataset(dataset=version.dataset, by=owner)
    wait(days)
    tasks.sweep()
    assert bytes_of(version) == [is_there, is_there]
    assert files.path_of(version.thumbs_key).exists() == is_there
    assert Dataset.objects.exists() == is_there


def test_a_version_goes_alone_and_leaves_the_bytes_it_shared(
    version: DatasetVersion, second: DatasetVersion, owner: User
) -> None:
    trash.remove_version(version=version, by=owner)
    wait(8)
    tasks.sweep()
    assert bytes_of(version) == [True, False]
    assert bytes_of(second) == [True, True]
    trash.remove_dataset(dataset=second.dataset, by=owner)
    trash.purge_dataset(dataset=second.dataset, by=owner)
    assert bytes_of(second) == [False, False]


def test_bytes_stay_while_something_in_the_trash_still_needs_them(
    version: DatasetVersion, second: DatasetVersion, owner: User
) -> None:
    trash.remove_version(version=version, by=owner)
    trash.purge_version(version=version, by=owner)
    trash.remove_dataset(dataset=second.dataset, by=owner)
    assert bytes_of(second) == [True, True]


def test_the_quota_counts_the_trash_until_it_is_emptied(
    program: Api, version: DatasetVersion, workspace: Workspace, settings: Settings
) -> None:
    whole, size = f"/api/v1/datasets/{version.dataset_id}/", storage.of_workspace(workspace).total
    assert size == version.original_size + (version.parquet_size or 0)
    settings.MAX_STORAGE = size
    program.delete(whole)
    assert "empty the trash" in (quotas.why_no_more_storage(workspace, 1) or "")
    assert program.post(f"{whole}purge/").status_code == 204
    assert bytes_of(version) == [False, False]
    assert storage.of_workspace(workspace).total == 0
    assert quotas.why_no_more_storage(workspace, size) is None


def test_what_a_run_reads_cannot_be_deleted_and_the_run_is_named(
    program: Api, run: Run, second: DatasetVersion
) -> None:
    version = run.experiment.dataset_version
    for address in (f"datasets/{version.dataset_id}/", f"dataset-versions/{version.pk}/"):
        answer = program.delete(f"/api/v1/{address}")
        assert refusal(answer) == (409, "in_use")
        assert f"The run “{run.name} of {run.experiment.name}” still needs it." in answer.json()["detail"]
    assert program.delete(f"/api/v1/dataset-versions/{second.pk}/").status_code == 204


def test_what_experiments_were_made_with_waits_in_the_trash_for_them(
    program: Api, run: Run, owner: User
) -> None:
    from experiments import actions

    version, experiment = run.experiment.dataset_version, run.experiment
    Run.objects.update(state=State.CANCELLED, finished_at=timezone.now())
    builders.experiment(version, by=owner)
    whole = f"/api/v1/datasets/{version.dataset_id}/"
    assert program.delete(whole).status_code == 204
    wait(30)
    tasks.sweep()
    assert bytes_of(version) == [True, True]
    (item,) = trash_of(program)
    assert item["kept"].startswith("2 experiments were made with it: “Which species?”, “Which species?”.")
    assert item["goes_at"] is None
    assert refusal(program.post(f"{whole}purge/")) == (409, "in_use")
    assert program.get(f"/api/v1/experiments/{experiment.pk}/").status_code == 200
    for one in Experiment.objects.all():
        actions.remove_experiment(experiment=one, by=owner)
    tasks.sweep()
    assert bytes_of(version) == [False, False]


def test_no_question_is_asked_of_a_version_in_the_trash(
    program: Api, version: DatasetVersion, second: DatasetVersion
) -> None:
    program.delete(f"/api/v1/dataset-versions/{version.pk}/")
    body = {"name": "Late", "dataset_version": str(version.pk), "task": "classification", "target": "species"}
    assert program.post("/api/v1/workspaces/field-lab/experiments/", body).status_code == 404
    assert not Experiment.objects.exists()


@pytest.mark.parametrize("verb", ["restore", "purge"])
def test_who_may_only_look_sees_the_trash_and_changes_nothing(
    api: Program, as_: As, viewer: User, stranger: User, owner: User, second: DatasetVersion, verb: str
) -> None:
    trash.remove_version(version=second, by=owner)
    assert len(trash_of(api(viewer))) == 1
    address = f"dataset-versions/{second.pk}/{verb}/"
    assert api(viewer).post(f"/api/v1/{address}").status_code == 403
    assert api(stranger).post(f"/api/v1/{address}").status_code == 404
    as_(viewer).post(f"/{address}")
    assert DatasetVersion.objects.exclude(deleted_at=None).get() == second
    with pytest.raises(Forbidden):
        trash.remove_dataset(dataset=second.dataset, by=viewer)


def test_the_page_of_the_trash_gives_back_and_lets_go(
    as_: As, editor: User, viewer: User, version: DatasetVersion, second: DatasetVersion
) -> None:
    browser = as_(editor)
    assert "Nothing was deleted lately" in browser.get("/w/field-lab/trash/").content.decode()
    gone = browser.post(f"/dataset-versions/{second.pk}/delete/", follow=True).content.decode()
    assert "Deleted version 2." in gone
    page = browser.get("/w/field-lab/trash/").content.decode()
    assert "can be had back for 7 days" in page
    assert page.count("Penguins v2") >= 2
    assert f"/dataset-versions/{second.pk}/restore/" in page
    assert "/restore/" not in as_(viewer).get("/w/field-lab/trash/").content.decode()
    back = browser.post(f"/dataset-versions/{second.pk}/restore/", follow=True).content.decode()
    assert "Penguins v2 is back." in back
    browser.post(f"/datasets/{version.dataset_id}/delete/")
    assert f"/datasets/{version.dataset_id}/purge/" in browser.get("/w/field-lab/trash/").content.decode()
    done = browser.post(f"/datasets/{version.dataset_id}/purge/", follow=True).content.decode()
    assert "Penguins is gone." in done
    assert not Dataset.objects.exists()
    only = browser.post(f"/datasets/{version.dataset_id}/restore/")
    assert only.status_code == 404


def test_the_trash_takes_few_queries_however_full(
    as_: As, editor: User, version: DatasetVersion, django_assert_max_num_queries: Any
) -> None:
    Dataset.objects.bulk_create(
        Dataset(
            workspace=version.dataset.workspace, name=f"Old {n}", created_by=editor, deleted_at=timezone.now()
        )
        for n in range(40)
    )
    browser = as_(editor)
    with django_assert_max_num_queries(14):
        assert browser.get("/w/field-lab/trash/").content.decode().count("Old 7") >= 1


def test_an_experiment_that_came_a_moment_ago_is_not_left_without_its_data(
    version: DatasetVersion, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.experiment(version, by=owner)
    trash.remove_dataset(dataset=version.dataset, by=owner)
    monkeypatch.setattr(holders, "_HOLDERS", [])  # as if it had come after the look
    with pytest.raises(Refused) as caught:
        trash.purge_dataset(dataset=version.dataset, by=owner)
    assert caught.value.code == "in_use"
    wait(8)
    tasks.sweep()
    assert bytes_of(version) == [True, True]


def test_what_came_back_at_the_last_moment_is_not_let_go(version: DatasetVersion, owner: User) -> None:
    trash.remove_dataset(dataset=version.dataset, by=owner)
    seen_in_the_trash = Dataset.objects.get()
    trash.restore_dataset(dataset=version.dataset, by=owner)
    with pytest.raises(Refused) as caught:
        trash.purge_dataset(dataset=seen_in_the_trash, by=owner)
    assert caught.value.code == "not_in_trash"
    assert bytes_of(version) == [True, True]


def test_what_has_gone_for_good_cannot_come_back(second: DatasetVersion, owner: User) -> None:
    trash.remove_version(version=second, by=owner)
    seen_in_the_trash = DatasetVersion.objects.select_related("dataset__workspace").get(pk=second.pk)
    trash.purge_version(version=second, by=owner)
    with pytest.raises(Refused) as caught:
        trash.restore_version(version=seen_in_the_trash, by=owner)
    assert caught.value.status == 410


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ([], None),
        (["a"], "The model “a” was made with it. Go."),
        (["a", "b"], "2 models were made with it: “a”, “b”. Go."),
        (["a", "b", "c", "d", "e"], "5 models were made with it: “a”, “b”, “c” and 2 more. Go."),
    ],
)
def test_a_sentence_names_the_first_of_what_holds(
    version: DatasetVersion, names: list[str], says: str | None
) -> None:
    found = [holders.Hold(version.pk, "model", name, "Go.") for name in names]
    assert holders.said(found, "was made with") == says
