"""Who learns and who tests in an experiment: dealt by its first run that succeeds, kept for later ones."""

from collections.abc import Iterable
from pathlib import Path

from datasets import files
from experiments.models import Artifact, Experiment, Run

NAME = "split.parquet"


class Changed(Exception):
    """The kept split is not the one that was kept; the text is for the person."""

    def __init__(self) -> None:
        super().__init__(
            "The stored split of this experiment was changed or is gone, so its runs could not be compared. "
            "Start a new experiment."
        )


def of(experiment: Experiment) -> Path | None:
    """Where the split lies, seen to be the right one; None before a run succeeded. Raises Changed."""
    if not experiment.split_sha256:
        return None
    path = files.path_of(_key(experiment, experiment.split_sha256))
    if not path.is_file() or files.digest(path) != experiment.split_sha256:
        raise Changed
    return path


def put(run: Run, left: Iterable[Artifact]) -> None:
    """Keeps the bytes of the first run's split with its experiment, so that they outlive the run."""
    for artifact in _splits(run, left):
        files.adopt(artifact.key, _key(run.experiment, artifact.sha256))


def name(run: Run, left: Iterable[Artifact]) -> None:
    """Names it as the split of the experiment, where that has none yet. The bytes are in their place."""
    for artifact in _splits(run, left):
        nameless = Experiment.objects.filter(pk=run.experiment_id, split_sha256="")
        nameless.update(split_sha256=artifact.sha256)


def tidy(run: Run) -> bool:
    """Removes what was put beside an experiment that was removed meanwhile; True where it was."""
    is_gone = not Experiment.objects.filter(pk=run.experiment_id).exists()
    if is_gone:
        files.remove_folder(run.experiment.folder_key)
    return is_gone


def _splits(run: Run, left: Iterable[Artifact]) -> list[Artifact]:
    found = [artifact for artifact in left if artifact.name == NAME]
    return [] if found and run.experiment.split_sha256 else found


def _key(experiment: Experiment, sha256: str) -> str:
    return f"{experiment.folder_key}/{sha256}.parquet"
