"""Running numbers that devices gave out and this server never saw, by log."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet, Sum

from chotxanh.ledger.models import Log

Devices = Collection[UUID] | None  # None: whatever device


def logs_with_gaps(devices: Devices) -> QuerySet[Log]:
    """Return the logs in which numbers are missing, those that miss most first."""
    logs = Log.objects.filter(missing__gt=0).order_by("-missing", "id")
    return logs if devices is None else logs.filter(device__in=devices)


def count_missing(devices: Devices) -> int:
    """Return how many numbers are missing."""
    found: int | None = logs_with_gaps(devices).aggregate(all=Sum("missing"))["all"]
    return found or 0
