"""Running numbers: locks the logs of a batch, finds numbers used twice, and names the gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, Window
from django.db.models.functions import Lag

from chotxanh.ledger.models import Entry, Log
from chotxanh.protocol.envelope import Body
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, insert_missing, upsert

_LOGS = Table(Log, ("id", "device", "highest_seq", "seen"))
MOST_GAPS = 100


@dataclass
class LockedLogs:
    """The logs of a batch, locked until the transaction ends, so that two batches of one log follow each other."""

    logs: dict[UUID, Log]

    @property
    def ids(self) -> list[UUID]:
        """The identifiers of the locked logs."""
        return list(self.logs)

    def is_of_device(self, body: Body) -> bool:
        """Say whether the entry's log belongs to its device; a log is one device's for ever."""
        log = self.logs.get(body.log)
        return log is None or log.device == body.device

    def taken_numbers(self, bodies: Sequence[Body]) -> set[tuple[UUID, int]]:
        """Return the running numbers among these that other entries already hold."""
        wanted = Q()
        for id, log in self.logs.items():
            numbers = [body.seq for body in bodies if body.log == id and (body.seq or 0) <= log.highest_seq]
            if numbers:
                wanted |= Q(log=id, seq__in=numbers)
        if not wanted:
            return set()
        return {
            (log, seq) for log, seq in Entry.objects.filter(wanted).values_list("log", "seq") if log and seq
        }

    def note_seen(self, bodies: Sequence[Body]) -> dict[UUID, list[tuple[int, int]]]:
        """Count new entries and return, for each log, the ranges of running numbers still missing."""
        for body in bodies:
            log = self.logs.get(body.log)
            if log and body.seq:
                log.highest_seq = max(log.highest_seq, body.seq)
                log.seen += 1
        upsert(_LOGS, [(log.id, log.device, log.highest_seq, log.seen) for log in self.logs.values()])
        return {id: missing_numbers(log) for id, log in self.logs.items() if log.seen < log.highest_seq}


def lock_logs(bodies: Iterable[Body]) -> LockedLogs:
    """Lock the logs that these entries belong to, in sorted order, making those that are new."""
    devices = {body.log: body.device for body in bodies if body.seq is not None}
    if not devices:
        return LockedLogs({})
    ids = sorted(devices)
    locked = _locked(ids)
    if len(locked) < len(ids):
        insert_missing(_LOGS, [(id, devices[id], 0, 0) for id in ids if id not in locked])
        locked = _locked(ids)
    return LockedLogs(locked)


def missing_numbers(log: Log) -> list[tuple[int, int]]:
    """Return the missing running numbers of a log as inclusive ranges, the first MOST_GAPS of them."""
    before = Window(Lag("seq", default=0), order_by="seq")
    edges = Entry.objects.filter(log=log.id).annotate(before=before).filter(seq__gt=F("before") + 1)
    ranges = edges.order_by("seq").values_list("before", "seq")[:MOST_GAPS]
    return [(before + 1, number - 1) for before, number in ranges if number is not None]


def _locked(ids: Sequence[UUID]) -> dict[UUID, Log]:
    tail = "ORDER BY id FOR UPDATE" if connection.vendor == "postgresql" else ""
    return {log.id: log for log in map(_log, lookup(_LOGS, "id", ids, tail=tail))}


def _log(row: tuple[Any, ...]) -> Log:
    id, device, highest_seq, seen = row
    return Log(id=id, device=device, highest_seq=highest_seq, seen=seen)
