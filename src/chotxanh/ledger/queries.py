"""Reads the ledger for leads: what is held, what was set aside, which running numbers are missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from chotxanh.domain.kinds import Answer
from chotxanh.ledger.judging import WAITS_FOR_SHIFT
from chotxanh.ledger.models import Entry, Log, SetAside
from chotxanh.ledger.shifts import ENDED, STARTED
from chotxanh.protocol.kinds import kinds_where
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.models import Member

MOST = 200
SUMMARY_LENGTH = 400


@dataclass(frozen=True)
class HeldEntry:
    """An authentic entry that waits for a lead; `facts_summary` holds no personal data. Times are UTC."""

    id: UUID
    kind: str
    effective_at: datetime
    received_at: datetime
    device_name: str
    actor_name: str
    problem: str
    facts_summary: str

    @property
    def is_waiting(self) -> bool:
        """Whether it settles by itself once its actor's shift arrives."""
        return self.problem == WAITS_FOR_SHIFT


@dataclass(frozen=True)
class Gap:
    """Running numbers that a device gave out and this server never saw."""

    device_name: str
    log: UUID
    first: int
    last: int


def undecided() -> QuerySet[Entry]:
    """Return the held entries that a lead can admit or refuse."""
    return _held().exclude(kind__in=_without_ruling()).exclude(problem="kind_unknown")


def count_of_held_without_ruling() -> int:
    """Return how many held entries no lead decides on: clocks, ends of shifts, kinds not known yet."""
    return _held().count() - undecided().count()


def held_entries() -> list[HeldEntry]:
    """Return the entries that wait for a decision, oldest first, then those that only wait for their shift."""
    entries = list(undecided().order_by("received_at", "id")[:MOST])
    entries.sort(key=lambda entry: entry.problem == WAITS_FOR_SHIFT)
    devices = Device.objects.in_bulk({entry.device for entry in entries})
    actors = Member.objects.in_bulk({entry.actor for entry in entries if entry.actor})
    return [
        HeldEntry(
            entry.id,
            entry.kind,
            entry.effective_at,
            entry.received_at,
            str(devices.get(entry.device, "")),
            str(actors[entry.actor]) if entry.actor in actors else "",
            entry.problem,
            _summary(entry.body),
        )
        for entry in entries
    ]


def devices_off_duty(devices: Collection[UUID]) -> dict[UUID, datetime]:
    """Return those of these devices whose last shift has ended, with when (UTC)."""
    devices_of_logs = dict(Log.objects.filter(device__in=devices).values_list("id", "device"))
    boundaries = Entry.objects.filter(
        log__in=devices_of_logs, kind__in=(STARTED, ENDED), answer=Answer.APPLIED
    ).order_by("seq")
    last = {log: (kind, at) for log, kind, at in boundaries.values_list("log", "kind", "effective_at") if log}
    by_device: dict[UUID, tuple[str, datetime]] = {}
    for log, found in sorted(last.items(), key=lambda each: each[1][1]):
        by_device[devices_of_logs[log]] = found
    return {device: at for device, (kind, at) in by_device.items() if kind == ENDED}


def device_names_of(entries: Collection[UUID]) -> dict[UUID, str]:
    """Return the name of the device that made each of these entries."""
    devices = dict(Entry.objects.filter(id__in=entries).values_list("id", "device"))
    names = dict(Device.objects.filter(id__in=set(devices.values())).values_list("id", "name"))
    return {entry: names.get(device, "") for entry, device in devices.items()}


def set_aside_entries() -> list[SetAside]:
    """Return what was set aside as forged or unreadable, newest first."""
    return list(SetAside.objects.order_by("-received_at", "-id")[:MOST])


def gaps() -> list[Gap]:
    """Return the missing running numbers of every log."""
    found = []
    logs = list(Log.objects.filter(has_gaps=True).order_by("id"))
    devices = Device.objects.in_bulk({log.device for log in logs})
    for log in logs:
        name = str(devices.get(log.device, ""))
        found += [Gap(name, log.id, first, last) for first, last in log.gaps]
    return found[:MOST]


def _without_ruling() -> frozenset[str]:
    """A ruling on these changes nothing: nothing follows from them, or only the server may decide."""
    return kinds_where(lambda row: not row.can_admit or row.who.is_device or row.who.is_nodes_alone)


def _held() -> QuerySet[Entry]:
    return Entry.objects.filter(answer=Answer.HELD).exclude(problem="refused")


def _summary(body: str) -> str:
    facts = msgspec.json.decode(body, type=dict[str, msgspec.Raw]).get("facts", msgspec.Raw(b"{}"))
    return bytes(facts).decode()[:SUMMARY_LENGTH]
