"""Who may do what with datasets. No reason means yes."""

from accounts import permissions
from accounts.models import Workspace
from accounts.permissions import Person
from datasets.models import Dataset, DatasetVersion

UNFINISHED = ("queued", "running")


def why_not_add(user: Person, workspace: Workspace) -> str | None:
    """For uploading into a workspace."""
    return permissions.why_not_edit(user, workspace)


def why_not_change(user: Person, dataset: Dataset) -> str | None:
    """For renaming a dataset and for adding a version."""
    return permissions.why_not_edit(user, dataset.workspace)


def why_not_remove(user: Person, dataset: Dataset) -> str | None:
    return permissions.why_not_edit(user, dataset.workspace)


def why_in_use(dataset: Dataset) -> str | None:
    """Why the data must stay for now: runs that are not finished read it."""
    busy = DatasetVersion.objects.filter(dataset=dataset, experiments__runs__state__in=UNFINISHED)
    if not busy.exists():
        return None
    return "Runs that are not finished use this dataset. Wait for them or cancel them, then delete it."
