"""A claim is a lease: whoever works on a row holds it for a while and renews it by the database's clock."""

from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.visibility import VisibleQuerySet

M = TypeVar("M", bound="Leased", covariant=True)


class LeasedQuerySet(VisibleQuerySet[M]):
    def expired(self) -> Self:
        """Rows that somebody held and did not renew in time."""
        return self.filter(lease_expires_at__lt=Now())

    def free(self) -> Self:
        return self.filter(Q(lease_expires_at=None) | Q(lease_expires_at__lt=Now()))

    def take(self, worker: str, **moves: Any) -> int:
        """Writes a new lease on these rows: the attempt goes up and fences off whoever held them before."""
        return self.update(
            worker=worker, attempt=F("attempt") + 1, lease_expires_at=Now() + settings.LEASE, **moves
        )

    def held(self, pk: Any, attempt: int) -> Self:
        """The row, if this attempt still owns it; every write on its behalf goes through here."""
        return self.filter(pk=pk, attempt=attempt).exclude(lease_expires_at=None)

    def renew(self, pk: Any, attempt: int) -> bool:
        """The heartbeat. False: somebody else owns the row by now."""
        return self.held(pk, attempt).update(lease_expires_at=Now() + settings.LEASE) == 1


class Leased(models.Model):
    """Work that one worker at a time may do."""

    attempt = models.PositiveIntegerField(default=0, editable=False)
    worker = models.CharField(max_length=120, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
