"""Runs of devices' counters whose time is in doubt: found, and settled once each by a lead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.kinds import Answer
from chotxanh.domain.problems import Problem
from chotxanh.ledger.anchors import MEASURED
from chotxanh.ledger.entries import ClockReason, ClockSettled
from chotxanh.ledger.models import Entry
from chotxanh.ledger.receiving import moment_of_entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import Body, body_decoder
from chotxanh.protocol.kinds import kinds_where
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.models import Member

Devices = Collection[UUID] | None  # None: whatever device
LISTED_FOR = timedelta(days=30)  # said in the texts


@dataclass(frozen=True)
class DoubtfulBoot:
    """One run of a counter, by its first and last entry in doubt.

    `skew` is by how much the wall clock was ahead (negative: behind), where the device measured that, then or later.
    """

    log: UUID
    boot: UUID
    count: int
    first: Entry
    last: Entry
    skew: timedelta | None

    @property
    def likely_at(self) -> datetime:
        """When the last entry was probably written (UTC): as was measured, or as the device says."""
        return self.last.occurred_at - (self.skew or timedelta())

    def anchor_at(self, written_at: datetime) -> int:
        """Return the true time at the counter's zero (Unix ms), if the last entry was written at `written_at` (UTC).

        Raises Problem("time_out_of_bounds") where an entry would lie outside what is certain of it.
        """
        anchor = unix_ms(written_at) - _counter(self.last)
        for entry in (self.first, self.last):
            at = written_at - timedelta(milliseconds=_counter(self.last) - _counter(entry))
            # People name minutes.
            if not _whole_minute(entry.earliest_at or at) <= at <= entry.received_at:
                raise Problem("time_out_of_bounds")
        return anchor


def doubtful_boots(devices: Devices, now: datetime) -> "QuerySet[Any, Any]":
    """Return the runs of counters in doubt of these devices in what arrived lately (UTC `now`), the last first.

    What nobody settled counts at its bounds for good: who reads the list does not read all that ever was in doubt.
    The rows have `device`, `log`, `unsettled_boot`, `count`, and `began` and `ended` as the device says (UTC).
    """
    entries = _in_doubt().filter(received_at__gt=now - LISTED_FOR)
    if devices is not None:
        entries = entries.filter(device__in=devices)
    boots = entries.order_by().values("device", "log", "unsettled_boot")
    counted = boots.annotate(count=Count("id"), began=Min("occurred_at"), ended=Max("occurred_at"))
    return counted.order_by("-ended", "log", "unsettled_boot")


def doubtful_boot(log: UUID, boot: UUID, devices: Devices) -> DoubtfulBoot | None:
    """Return one run of a counter in doubt; None where it is not, or no more, or of another device than these."""
    entries = _in_doubt().filter(log=log, unsettled_boot=boot)
    if devices is not None:
        entries = entries.filter(device__in=devices)
    first, last = entries.order_by("seq").first(), entries.order_by("-seq").first()
    if first is None or last is None:
        return None
    return DoubtfulBoot(log, boot, entries.count(), first, last, _skew(last))


def settle_clock(
    boot: DoubtfulBoot, written_at: datetime, reason: ClockReason, member: Member, now: datetime
) -> None:
    """Record a lead's word: the last entry of a run was written at `written_at` (UTC); all others follow from it.

    Raises Problem: `time_out_of_bounds`, `actor_not_allowed`.
    """
    device = Device.objects.get(id=boot.last.device)
    facts = ClockSettled(
        log=boot.log,
        boot=boot.boot,
        anchor=boot.anchor_at(written_at),
        reason=reason,
        facility=device.facility or None,
        site=device.site or None,
    )
    record_deeds([Deed(facts, actor=member.id)], now)


def _in_doubt() -> QuerySet[Entry]:
    """Deeds of people whose time is in doubt; what a device says of its own clock concerns nobody."""
    in_doubt = Entry.objects.filter(earliest_at__isnull=False, unsettled_boot__isnull=False)
    found = in_doubt.filter(actor__isnull=False, answer=Answer.APPLIED)
    of_devices = kinds_where(lambda row: row.who.is_device)
    return found.exclude(body="").exclude(kind__in=of_devices)


def _skew(last: Entry) -> timedelta | None:
    body = _body(last)
    if body.clock is None or body.clock.anchor is not None:
        return body.occurred_at - moment_of_entry(body, last.received_at).effective_at
    measured = Entry.objects.filter(log=last.log, kind=MEASURED, seq__gt=last.seq, answer=Answer.APPLIED)
    after = measured.order_by("seq").first()
    return after.occurred_at - after.effective_at if after else None


def _counter(entry: Entry) -> int:
    clock = _body(entry).clock
    return clock.mono if clock else 0


def _body(entry: Entry) -> Body:
    body: Body = body_decoder.decode(entry.body)
    return body


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
