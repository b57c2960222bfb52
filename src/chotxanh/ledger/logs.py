"""Running numbers: locks the logs of a batch, finds numbers used twice, and keeps the gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from chotxanh.domain.gaps import Range, count_in, without
from chotxanh.ledger.models import Entry, Log
from chotxanh.protocol.envelope import Body
from chotxanh.storage.lookups import lookup_ahead
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.rows import Table, as_json, insert_missing, upsert
from chotxanh.storage.vendors import is_postgresql


class _Log(NamedTuple):
    id: UUID
    device: UUID
    highest_seq: int
    gaps: Any
    missing: int
    doubtful_seq: int
    latest_at: datetime | None


_LOGS = Table(Log, _Log)
MOST_GAPS = 100


@dataclass
class LockedLogs:
    """The logs of a batch, locked until the transaction ends, so that two batches of one log follow each other."""

    logs: dict[UUID, _Log]

    @property
    def highest(self) -> dict[UUID, int]:
        """The highest running number known of each log; 0 of one that is new."""
        return {id: log.highest_seq for id, log in self.logs.items()}

    @property
    def doubtful(self) -> dict[UUID, int]:
        """The highest running number of each log that ever came with a time in doubt; 0 if none did."""
        return {id: log.doubtful_seq for id, log in self.logs.items()}

    def latest(self, log: UUID) -> datetime | None:
        """Return the latest time (UTC) of a log's entries that their clock left in no doubt."""
        known = self.logs.get(log)
        return known.latest_at if known else None

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

    def note_doubtful(self, log: UUID | None, seq: int | None) -> None:
        """Note that the time of an entry is in doubt; kept with what is noted last."""
        if log in self.logs and seq:
            known = self.logs[log]
            self.logs[log] = known._replace(doubtful_seq=max(known.doubtful_seq, seq))

    def note_certain(self, log: UUID, at: datetime) -> None:
        """Note the time (UTC) of an entry whose clock leaves no doubt; kept with what is noted last."""
        if log in self.logs:
            known = self.logs[log]
            self.logs[log] = known._replace(latest_at=max(at, known.latest_at or at))

    def note_seen(self, bodies: Sequence[Body]) -> dict[UUID, list[Range]]:
        """Note, last, the numbers of new entries; return, for each log, the first ranges still missing.

        The gaps are kept with the log: one that is never filled costs later batches nothing.
        """
        numbers: dict[UUID, list[int]] = {}
        for body in bodies:
            if body.log in self.logs and body.seq:
                numbers.setdefault(body.log, []).append(body.seq)
        for id, seen in numbers.items():
            self.logs[id] = _after(self.logs[id], seen)
        upsert(_LOGS, [self.logs[id]._replace(gaps=as_json(self.logs[id].gaps)) for id in numbers])
        return {
            id: [(first, last) for first, last in log.gaps[:MOST_GAPS]]
            for id, log in self.logs.items()
            if log.gaps
        }


def lock_logs(bodies: Iterable[Body]) -> Ahead[LockedLogs]:
    """Lock the logs that these entries belong to, in sorted order: those that are there."""
    tail = "ORDER BY id FOR UPDATE" if is_postgresql() else ""
    asked = lookup_ahead(_LOGS, "id", sorted(_devices_of_logs(bodies)), tail=tail)
    return lambda: LockedLogs({log.id: log for log in asked()})


def make_missing_logs(bodies: Iterable[Body], locked: LockedLogs) -> bool:
    """Make the logs of these entries that are new; say whether there were any: they are not locked yet."""
    devices = _devices_of_logs(bodies)
    new = [
        _Log(id, devices[id], 0, as_json([]), missing=0, doubtful_seq=0, latest_at=None)
        for id in sorted(devices.keys() - locked.logs.keys())
    ]
    insert_missing(_LOGS, new)
    return bool(new)


def _devices_of_logs(bodies: Iterable[Body]) -> dict[UUID, UUID]:
    return {body.log: body.device for body in bodies if body.seq is not None}


def _after(log: _Log, seen: Iterable[int]) -> _Log:
    gaps, highest = without([tuple(each) for each in log.gaps], log.highest_seq, seen)
    return log._replace(highest_seq=highest, gaps=gaps, missing=count_in(gaps))
