"""Reads the ledger for leads: what is held, what was set aside, which running numbers are missing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import F

from chotxanh.devices.models import Device
from chotxanh.domain.kinds import Answer
from chotxanh.ledger.logs import missing_numbers
from chotxanh.ledger.models import Entry, Log, SetAside
from chotxanh.staff.models import Member

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


@dataclass(frozen=True)
class Gap:
    """Running numbers that a device gave out and this server never saw."""

    device_name: str
    log: UUID
    first: int
    last: int


def held_entries() -> list[HeldEntry]:
    """Return the entries that wait for a decision, oldest first."""
    entries = list(
        Entry.objects.filter(answer=Answer.HELD)
        .exclude(problem="refused")
        .order_by("received_at", "id")[:MOST]
    )
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


def set_aside_entries() -> list[SetAside]:
    """Return what was set aside as forged or unreadable, newest first."""
    return list(SetAside.objects.order_by("-received_at", "-id")[:MOST])


def gaps() -> list[Gap]:
    """Return the missing running numbers of every log."""
    found = []
    logs = list(Log.objects.filter(seen__lt=F("highest_seq")).order_by("id"))
    devices = Device.objects.in_bulk({log.device for log in logs})
    for log in logs:
        name = str(devices.get(log.device, ""))
        found += [Gap(name, log.id, first, last) for first, last in missing_numbers(log)]
    return found[:MOST]


def _summary(body: str) -> str:
    facts = msgspec.json.decode(body, type=dict[str, msgspec.Raw]).get("facts", msgspec.Raw(b"{}"))
    return bytes(facts).decode()[:SUMMARY_LENGTH]
