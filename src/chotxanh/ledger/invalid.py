"""What was sent and never counts: alarms about reused numbers, wrong contents, and what nobody vouches for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from chotxanh.domain.kinds import Answer
from chotxanh.ledger.gaps import Devices
from chotxanh.ledger.models import ALARMING, Entry, SetAside


@dataclass(frozen=True)
class Alarm:
    """Numbers that a device signed twice: how often for each problem, first and last when (UTC).

    `new` are those that no lead has looked into.
    """

    device: UUID
    problems: tuple[tuple[str, int], ...]
    new: int
    first_at: datetime
    last_at: datetime


def alarmed_devices(devices: Devices) -> "QuerySet[Any, Any]":
    """Return, a row for each device, its alarms: those nobody has looked into first, then the latest."""
    return (
        _alarms(devices)
        .values("device")
        .annotate(
            new=Count("id", filter=Q(looked_into_at=None)),
            first_at=Min("received_at"),
            last_at=Max("received_at"),
        )
        .order_by("-new", "-last_at", "device")
    )


def count_alarms(devices: Devices) -> int:
    """Return how many devices have alarms that no lead has looked into."""
    return _alarms(devices).filter(looked_into_at=None).values("device").distinct().count()


def alarms_of(rows: Collection[dict[str, Any]]) -> list[Alarm]:
    """Return the alarms of these rows with their problems, in one statement."""
    alarms = SetAside.objects.filter(problem__in=ALARMING, device__in=[row["device"] for row in rows])
    counted = alarms.order_by().values_list("device", "problem").annotate(count=Count("id"))
    problems: dict[UUID, list[tuple[str, int]]] = {}
    for device, problem, count in counted.order_by("problem"):
        problems.setdefault(device, []).append((problem, count))
    return [
        Alarm(row["device"], tuple(problems[row["device"]]), row["new"], row["first_at"], row["last_at"])
        for row in rows
    ]


@dataclass(frozen=True)
class Look:
    """A lead looks, at `now`, into the alarms of a device that a page showed: those until `last_at` (UTC)."""

    device: UUID
    last_at: datetime
    member: UUID
    now: datetime


def note_looked_into(look: Look, devices: Devices) -> int:
    """Write down that a lead looked into alarms; return how many were new. One that came later stays new."""
    new = _alarms(devices).filter(device=look.device, looked_into_at=None, received_at__lte=look.last_at)
    return new.update(looked_into_by=look.member, looked_into_at=look.now)


def rejected_entries(devices: Devices) -> QuerySet[Entry]:
    """Return what an enrolled device signed but nobody may record so: wrong contents."""
    entries = Entry.objects.filter(answer=Answer.REJECTED)
    return entries if devices is None else entries.filter(device__in=devices)


def rejected_together(devices: Devices) -> "QuerySet[Any, Any]":
    """Return a row for each device, officer, kind and problem of what was rejected, the latest first."""
    return _together(rejected_entries(devices), "device", "actor", "kind", "problem")


def set_aside(devices: Devices) -> QuerySet[SetAside]:
    """Return what was kept aside as forged or unreadable; alarms are not among it."""
    kept = SetAside.objects.exclude(problem__in=ALARMING)
    return kept if devices is None else kept.filter(device__in=devices)


def aside_together(devices: Devices) -> "QuerySet[Any, Any]":
    """Return a row for each problem of what was set aside, the latest first."""
    return _together(set_aside(devices), "problem")


def _together(rows: "QuerySet[Any]", *columns: str) -> "QuerySet[Any, Any]":
    counted = rows.order_by().values(*columns)
    times = {"first_at": Min("received_at"), "last_at": Max("received_at")}
    together: QuerySet[Any, Any] = counted.annotate(count=Count("id"), **times)
    return together.order_by("-last_at", *columns)


def _alarms(devices: Devices) -> QuerySet[SetAside]:
    alarms = SetAside.objects.filter(problem__in=ALARMING).order_by()
    return alarms if devices is None else alarms.filter(device__in=devices)
