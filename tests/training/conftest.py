"""Short leases, so that what takes a minute in the product takes a moment here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from experiments.models import Run
from training import queue


@pytest.fixture(autouse=True)
def _short_leases(settings: Any) -> None:
    settings.LEASE = timedelta(seconds=3)
    settings.BEAT_SECONDS = 0.5


@pytest.fixture
def claimed(run: Run) -> Run:
    """The run, held by a worker."""
    found = queue.claim("this-host:1")
    assert found is not None
    return found


@pytest.fixture
def expire() -> Callable[[Run], None]:
    """Lets the lease of a run pass, as when its worker has died."""

    def pass_(run: Run) -> None:
        Run.objects.filter(pk=run.pk).update(lease_expires_at=Now() - timedelta(seconds=1))

    return pass_
