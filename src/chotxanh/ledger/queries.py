"""Reads the ledger for people: which device made an entry, who took one back, whose shift has ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chotxanh.domain.kinds import Answer
from chotxanh.ledger.applying import stored_payload
from chotxanh.ledger.entries import REMARKS, RemarkRow
from chotxanh.ledger.models import Entry, Log
from chotxanh.ledger.shifts import ENDED, STARTED
from chotxanh.registers.devices.models import Device
from chotxanh.storage.lookups import lookup


@dataclass(frozen=True)
class Withdrawal:
    """Who took an entry back, when (UTC), and for which of the reasons of `entry.withdrawn`."""

    actor: UUID | None
    at: datetime
    reason: str


def known_entries(ids: Collection[UUID]) -> set[UUID]:
    """Return those of these entries that are recorded here."""
    return set(Entry.objects.filter(id__in=ids).values_list("id", flat=True))


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


def withdrawals_of(entries: Collection[UUID]) -> dict[UUID, Withdrawal]:
    """Return who took each of these withdrawn entries back, when and why; of several, the first.

    The reason of one whose text lies in an archive is `archived`.
    """
    remarks = lookup(REMARKS, "entry", entries, tail="AND what = 'withdrawn'")
    first: dict[UUID, RemarkRow] = {}
    for remark in sorted(remarks, key=lambda each: (each.at, each.id), reverse=True):
        first[remark.entry] = remark
    said = Entry.objects.in_bulk([remark.id for remark in first.values()])
    return {
        entry: Withdrawal(remark.actor, remark.at, _reason_of(said[remark.id]))
        for entry, remark in first.items()
    }


def _reason_of(said: Entry) -> str:
    return str(stored_payload(said)[1].facts.reason) if said.body else "archived"
