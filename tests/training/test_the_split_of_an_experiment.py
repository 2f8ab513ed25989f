"""The first run that succeeds deals the rows; all later ones of its experiment take what it dealt."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accounts.models import User
from datasets import files
from datasets.models import DatasetVersion
from experiments import actions, artifacts, splits
from experiments.models import Artifact, Experiment, Run
from experiments.states import State
from tests import builders
from training import queue, supervisor

pytestmark = [pytest.mark.usefixtures("warm"), pytest.mark.django_db(transaction=True)]


def trained(experiment: Experiment, by: User, **settings: Any) -> Run:
    run = builders.run(experiment, by=by, **settings)
    claimed = queue.claim("this-host:1")
    assert claimed is not None
    supervisor.supervise(claimed)
    run.refresh_from_db()
    experiment.refresh_from_db()
    return run


def split_of(run: Run) -> Path:
    return artifacts.path_of(run.artifacts.get(name="split.parquet"))


def rewrite(experiment: Experiment, table: pd.DataFrame) -> None:
    """Has another table stand as the split of the experiment, as if it had been kept."""
    beside = files.path_of("beside.parquet")
    table.to_parquet(beside)
    sha256 = files.digest(beside)
    files.publish(beside, f"{experiment.folder_key}/{sha256}.parquet")
    Experiment.objects.filter(pk=experiment.pk).update(split_sha256=sha256)


def test_there_is_none_before_a_run_succeeded(experiment: Experiment) -> None:
    assert splits.of(experiment) is None


def test_the_first_run_keeps_its_split_with_the_experiment(experiment: Experiment, owner: User) -> None:
    run = trained(experiment, owner)
    kept = splits.of(experiment)
    assert run.state == State.SUCCEEDED, run.problem
    assert kept is not None
    assert kept.read_bytes() == split_of(run).read_bytes()
    assert experiment.split_sha256 == run.artifacts.get(name="split.parquet").sha256


def test_a_run_takes_what_is_kept(experiment: Experiment, owner: User) -> None:
    part = ["test", "train", "train", "train"] * 86
    table = pd.DataFrame({"row": range(344), "part": part, "fold": pd.array([pd.NA] * 344, dtype="Int64")})
    rewrite(experiment, table)
    run = trained(experiment, owner)
    assert run.state == State.SUCCEEDED, run.problem
    assert list(pd.read_parquet(split_of(run))["part"]) == part
    assert run.metrics["rows"]["test"] == 86


@pytest.mark.parametrize(
    "spec",
    [
        {"split": {"kind": "time", "column": "body_mass_g"}, "validation": {"kind": "time", "folds": 3}},
        {"validation": {"kind": "repeated", "folds": 3, "repeats": 2}},
        {"split": {"kind": "group", "column": "island"}},
    ],
    ids=["time", "repeated", "group"],
)
def test_each_kind_of_split_is_the_same_in_the_next_run(
    version: DatasetVersion, owner: User, spec: dict[str, Any]
) -> None:
    question = {"task": "regression", "target": "bill_length_mm", **spec}
    experiment = builders.experiment(version, by=owner, **question)
    first = trained(experiment, owner, algo="linear_regression")
    second = trained(experiment, owner, algo="ridge")
    assert second.state == State.SUCCEEDED, second.problem
    assert split_of(first).read_bytes() == split_of(second).read_bytes()


def test_it_stays_when_the_first_run_is_removed(experiment: Experiment, owner: User) -> None:
    run = trained(experiment, owner)
    whole = split_of(run).read_bytes()
    actions.remove_run(run=run, by=owner)
    kept = splits.of(experiment)
    assert kept is not None
    assert kept.read_bytes() == whole


def test_it_goes_with_the_experiment(experiment: Experiment, owner: User) -> None:
    trained(experiment, owner)
    folder = files.path_of(experiment.folder_key)
    assert list(folder.iterdir())
    actions.remove_experiment(experiment=experiment, by=owner)
    assert not folder.exists()


def test_a_run_that_fails_keeps_none(experiment: Experiment, owner: User) -> None:
    artifacts.parquet(experiment.dataset_version).write_bytes(b"PAR1 but no table")
    assert trained(experiment, owner).state == State.FAILED
    assert splits.of(experiment) is None
    assert not files.path_of(experiment.folder_key).exists()


def test_a_split_of_other_rows_ends_the_run_in_a_sentence(experiment: Experiment, owner: User) -> None:
    rewrite(experiment, pd.DataFrame({"row": range(5), "part": "train", "fold": 1}))
    run = trained(experiment, owner)
    assert (run.state, run.problem_code) == (State.FAILED, "split_unfit")
    assert "does not fit its rows" in run.problem_detail
    assert "Start a new experiment" in run.problem_detail


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_split_that_is_not_what_was_kept_ends_the_run(
    experiment: Experiment, owner: User, how: str
) -> None:
    rewrite(experiment, pd.DataFrame({"row": range(344)}))
    experiment.refresh_from_db()
    kept = splits.of(experiment)
    assert kept is not None
    kept.unlink()
    if how == "changed":
        kept.write_bytes(b"something else")
    run = trained(experiment, owner)
    assert (run.state, run.problem_code) == (State.FAILED, "split_changed")
    assert run.problem_detail.endswith("Start a new experiment.")


def test_the_first_one_to_end_names_it(experiment: Experiment, owner: User) -> None:
    one, other = (builders.run(experiment, by=owner) for _ in range(2))
    for run, sha256 in ((one, "a" * 64), (other, "b" * 64)):
        splits.name(run, [Artifact(run=run, name="split.parquet", sha256=sha256)])
    experiment.refresh_from_db()
    assert experiment.split_sha256 == "a" * 64


def test_other_files_name_nothing(experiment: Experiment, owner: User) -> None:
    run = builders.run(experiment, by=owner)
    splits.name(run, [Artifact(run=run, name="log.txt", sha256="a" * 64)])
    experiment.refresh_from_db()
    assert experiment.split_sha256 == ""


def test_nothing_stays_of_an_experiment_that_was_removed_meanwhile(
    experiment: Experiment, owner: User
) -> None:
    run = trained(experiment, owner)
    late = Run.objects.select_related("experiment").get(pk=run.pk)
    left = list(late.artifacts.all())
    place = split_of(run)
    whole = place.read_bytes()
    actions.remove_experiment(experiment=experiment, by=owner)
    late.experiment.split_sha256 = ""  # as the attempt saw it when it began
    place.parent.mkdir(parents=True)
    place.write_bytes(whole)
    splits.put(late, left)
    assert list(files.path_of(late.experiment.folder_key).iterdir())
    assert splits.tidy(late)
    assert not files.path_of(late.experiment.folder_key).exists()


def test_what_an_experiment_still_has_is_left_alone(experiment: Experiment, owner: User) -> None:
    run = trained(experiment, owner)
    assert not splits.tidy(run)
    assert splits.of(experiment) is not None
