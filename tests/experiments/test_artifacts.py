"""What a run leaves is put in its place before a row names it, and served only as it was stored."""

import os
from pathlib import Path

import pytest

from datasets import files
from experiments import artifacts
from experiments.artifacts import Corrupt, NotUsable
from experiments.models import Artifact, Run


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A folder as a child leaves it."""
    (tmp_path / "figures").mkdir()
    for name in ("model.zip", "log.txt", "figures/roc.json", "figures/roc.svg", "secret.txt"):
        (tmp_path / name).write_text(f'{{"title": "{name}"}}')
    return tmp_path


def kept(run: Run, job: Path) -> dict[str, Artifact]:
    return {artifact.name: artifact for artifact in artifacts.publish(run, 1, job)}


def test_only_what_is_listed_is_kept(run: Run, job: Path) -> None:
    found = kept(run, job)
    assert set(found) == {"model.zip", "log.txt", "figures/roc.json"}
    assert artifacts.path_of(found["log.txt"]).read_text() == '{"title": "log.txt"}'


def test_links_lead_nowhere(run: Run, job: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "roc.json").write_text("secret")
    (job / "metrics.json").symlink_to(outside / "roc.json")
    os.link(outside / "roc.json", job / "split.parquet")
    (job / "figures" / "roc.json").unlink()
    (job / "figures" / "roc.svg").unlink()
    (job / "figures").rmdir()
    (job / "figures").symlink_to(outside)
    assert set(kept(run, job)) == {"model.zip", "log.txt"}


def test_a_folder_or_a_pipe_is_no_file(run: Run, job: Path) -> None:
    (job / "metrics.json").mkdir()
    os.mkfifo(job / "split.parquet")
    assert set(kept(run, job)) == {"model.zip", "log.txt", "figures/roc.json"}


def test_what_is_too_large_is_refused_and_leaves_nothing(
    run: Run, job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(artifacts.LARGEST, "model.zip", 3)
    with pytest.raises(NotUsable, match=r"model\.zip"):
        artifacts.publish(run, 1, job)
    assert not files.path_of(run.folder_key).exists()


def test_an_attempt_that_died_in_between_is_replaced(run: Run, job: Path) -> None:
    kept(run, job)
    (job / "log.txt").write_text("again")
    assert artifacts.path_of(kept(run, job)["log.txt"]).read_text() == "again"


def test_changed_bytes_are_never_served(run: Run, job: Path) -> None:
    artifact = kept(run, job)["model.zip"]
    files.path_of(artifact.key).write_text("something else")
    with pytest.raises(Corrupt) as corrupt:
        artifacts.path_of(artifact)
    assert (corrupt.value.status, corrupt.value.code) == (409, "artifact_corrupt")


def test_lost_bytes_are_corrupt_too(run: Run, job: Path) -> None:
    artifact = kept(run, job)["model.zip"]
    files.path_of(artifact.key).unlink()
    with pytest.raises(Corrupt):
        artifacts.path_of(artifact)


def test_a_figure_is_its_data(run: Run, job: Path) -> None:
    Artifact.objects.bulk_create(kept(run, job).values())
    assert artifacts.figure(run, "roc") == {"title": "figures/roc.json"}
    assert artifacts.figure(run, "residuals") is None


def test_attempts_that_no_row_names_are_tidied(run: Run, job: Path) -> None:
    artifacts.publish(run, 1, job)
    Artifact.objects.bulk_create(artifacts.publish(run, 2, job))
    artifacts.tidy(run, 2)
    assert [path.name for path in files.path_of(run.folder_key).iterdir()] == ["2"]
