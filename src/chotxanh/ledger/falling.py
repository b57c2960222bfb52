"""Times that fall while the running numbers of a log grow: of such an entry it is not certain when it was written (B2).

Of two entries of one log the one with the higher number was written later, whatever their clocks say. What nobody here
can read says nothing of others.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.db.models import Max, QuerySet

from chotxanh.domain.clocks import GREATEST_SKEW
from chotxanh.domain.marks import Mark
from chotxanh.ledger.logs import LockedLogs
from chotxanh.ledger.models import Entry
from chotxanh.protocol.envelope import Body

Certain: TypeAlias = Sequence[tuple[Body, datetime]]
# A running number, the time (UTC), the entry.
Dated: TypeAlias = tuple[int, datetime, UUID]


def falling_among(logs: LockedLogs, certain: Certain) -> set[UUID]:
    """Return which of these new entries are dated well before one of their log with a lower number.

    `certain` are those whose own clock leaves no doubt, each with its time (UTC). Nearly always they come in order,
    and nothing is asked.
    """
    found = set()
    for log, entries in _by_log(certain).items():
        highest = logs.highest.get(log, 0)
        written, between = _stored_around(log, [each for each in entries if each[0] < highest])
        for seq, at, id in sorted([*entries, *between]):
            if seq > highest:
                written = _later(written, logs.latest(log))
            if written is not None and at < written - GREATEST_SKEW:
                found.add(id)
            written = _later(written, at)
    return found & {body.id for body, _ in certain}


def doubt_behind(logs: LockedLogs, certain: Certain) -> list[Entry]:
    """Doubt what is stored behind these new entries and dated well before them, saved; they came late themselves."""
    doubted = []
    for log, entries in _by_log(certain).items():
        late = [each for each in entries if each[0] < logs.highest.get(log, 0)]
        doubted += [entry for entry in _dated_before(log, late) if _is_behind(entry, late)]
    for entry in doubted:
        entry.marks |= int(Mark.TIME_DOUBTFUL)
        entry.earliest_at = entry.effective_at  # until it is bound
    Entry.objects.bulk_update(doubted, ["marks", "earliest_at"])
    return doubted


def _by_log(certain: Certain) -> dict[UUID, list[Dated]]:
    found: dict[UUID, list[Dated]] = defaultdict(list)
    for body, at in certain:
        if body.seq is not None:
            found[body.log].append((body.seq, at, body.id))
    return found


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _certain_of(log: UUID) -> QuerySet[Entry]:
    return Entry.objects.filter(log=log, unsettled_boot=None, unread=None)


def _stored_around(log: UUID, late: Sequence[Dated]) -> tuple[datetime | None, list[Dated]]:
    """Return the latest time stored below all of these, and what is stored between them."""
    if not late:
        return None, []
    low, high = min(late)[0], max(late)[0]
    below = _certain_of(log).filter(seq__lt=low).aggregate(latest=Max("effective_at"))
    between = _certain_of(log).filter(seq__gt=low, seq__lt=high)
    stored = [(seq, at, id) for seq, at, id in between.values_list("seq", "effective_at", "id") if seq]
    return below["latest"], stored


def _dated_before(log: UUID, late: Sequence[Dated]) -> list[Entry]:
    """Return what may have to be doubted for one of these."""
    if not late:
        return []
    bound = max(at for _, at, _ in late) - GREATEST_SKEW
    behind = _certain_of(log).filter(seq__gt=min(late)[0], effective_at__lt=bound)
    return list(behind.filter(earliest_at=None).exclude(body=""))


def _is_behind(entry: Entry, late: Sequence[Dated]) -> bool:
    number = entry.seq or 0
    return any(seq < number and entry.effective_at < at - GREATEST_SKEW for seq, at, _ in late)
