"""What data takes on the disk: each original once in a workspace, and beside it what was read from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Workspace
from datasets.models import Dataset, DatasetVersion, VersionQuerySet


@dataclass(frozen=True)
class Storage:
    """Bytes: of the files as they came, of the tables and of the small pictures made from them."""

    original: int = 0
    table: int = 0
    thumbs: int = 0

    @property
    def total(self) -> int:
        return self.original + self.table + self.thumbs


def of(versions: Iterable[DatasetVersion]) -> Storage:
    """What these versions of one workspace take together; bytes that they share count once."""
    held = list(versions)
    originals = {version.original_sha256: version.original_size for version in held}
    return Storage(
        sum(originals.values()),
        sum(version.parquet_size or 0 for version in held),
        sum(version.thumbs_size or 0 for version in held),
    )


def of_dataset(dataset: Dataset) -> Storage:
    """With its versions in the trash, which take room until they are gone."""
    return of(sized(DatasetVersion.objects.filter(dataset=dataset)))


def sized(versions: VersionQuerySet) -> VersionQuerySet:
    """No more of each than its sizes."""
    return versions.only("dataset_id", "original_sha256", "original_size", "parquet_size", "thumbs_size")


def of_workspace(workspace: Workspace) -> Storage:
    """With what lies in the trash."""
    return of(sized(DatasetVersion.objects.filter(dataset__workspace=workspace)))
