"""Who may do what with datasets. No reason means yes."""

from accounts import permissions
from accounts.models import Workspace
from accounts.permissions import Person
from datasets import holders
from datasets.holders import Hold
from datasets.models import Dataset, DatasetVersion, VersionQuerySet


def why_not_add(user: Person, workspace: Workspace) -> str | None:
    """For uploading into a workspace."""
    return permissions.why_not_edit(user, workspace)


def why_not_change(user: Person, dataset: Dataset) -> str | None:
    """For renaming a dataset and for adding a version."""
    return permissions.why_not_edit(user, dataset.workspace)


def why_not_remove(user: Person, dataset: Dataset) -> str | None:
    """For the trash: deleting a dataset or a version, having it back, and letting it go for good."""
    return permissions.why_not_edit(user, dataset.workspace)


def why_not_cancel(user: Person, version: DatasetVersion) -> str | None:
    """For stopping the reading of a version."""
    return permissions.why_not_edit(user, version.dataset.workspace)


def why_in_use(versions: VersionQuerySet) -> str | None:
    """Why these must stay where they are for now: something reads them this moment."""
    found = holders.holds(versions.values_list("pk", flat=True))
    return holders.said([hold for hold in found if hold.is_busy], "still needs")


def why_kept(versions: VersionQuerySet) -> str | None:
    """Why these cannot go for good."""
    return said_kept(holders.holds(versions.values_list("pk", flat=True)))


def said_kept(found: list[Hold]) -> str | None:
    """What was made with data keeps it: a result whose data is gone cannot be looked up."""
    return holders.said([hold for hold in found if not hold.is_busy], "was made with")
