"""A file on its way in and out again, as the contract has it."""

from accounts.models import User, Workspace
from datasets import actions, files, uploads
from datasets.models import DatasetVersion
from tests.conftest import EXAMPLES

PENGUINS = EXAMPLES / "penguins.csv"


def add(workspace: Workspace, by: User) -> DatasetVersion:
    size = PENGUINS.stat().st_size
    with PENGUINS.open("rb") as file, uploads.taken(file=file, name="p.csv", size=size, by=by) as upload:
        version = actions.create_dataset(workspace=workspace, upload=upload, by=by).latest_version
    assert version is not None
    return version


def test_the_same_file_again_leaves_the_bytes_that_a_reader_holds(workspace: Workspace, owner: User) -> None:
    first = files.path_of(add(workspace, owner).original_key)
    inode = first.stat().st_ino
    second = files.path_of(add(workspace, owner).original_key)
    assert (second, second.stat().st_ino) == (first, inode)
    assert first.read_bytes() == PENGUINS.read_bytes()
