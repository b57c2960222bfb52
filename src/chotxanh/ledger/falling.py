"""Times that fall while the running numbers of a log grow: of such an entry it is not certain when it was written (B2).

Of two entries of one log the one with the higher number was written later, whatever their clocks say.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from chotxanh.domain.clocks import GREATEST_SKEW
from chotxanh.domain.marks import Mark
from chotxanh.ledger.logs import LockedLogs
from chotxanh.ledger.models import Entry
from chotxanh.protocol.envelope import Body

Certain = Sequence[tuple[Body, datetime]]


def falling_among(logs: LockedLogs, certain: Certain) -> set[UUID]:
    """Return which of these new entries are dated well before one of their log with a lower number.

    `certain` are those whose own clock leaves no doubt, each with its time (UTC). Nearly always they come in order,
    and nothing is asked.
    """
    found = set()
    for log, entries in _by_log(certain).items():
        latest, highest, written = logs.latest(log), logs.highest.get(log, 0), None
        for seq, at, id in sorted(entries):
            before = latest if seq > highest else _latest_below(log, seq)
            bounds = [bound for bound in (before, written) if bound is not None]
            if bounds and at < max(bounds) - GREATEST_SKEW:
                found.add(id)
            written = max(at, written or at)
    return found


def doubt_behind(logs: LockedLogs, certain: Certain) -> list[Entry]:
    """Doubt what is stored behind these new entries and dated well before them, saved; they came late themselves."""
    doubted: dict[UUID, Entry] = {}
    for log, entries in _by_log(certain).items():
        for seq, at, _ in entries:
            if seq < logs.highest.get(log, 0):
                doubted.update((entry.id, entry) for entry in _dated_before(log, seq, at))
    for entry in doubted.values():
        entry.marks |= int(Mark.TIME_DOUBTFUL)
        entry.earliest_at = entry.effective_at  # until it is bound
    Entry.objects.bulk_update(doubted.values(), ["marks", "earliest_at"])
    return list(doubted.values())


def _by_log(certain: Certain) -> dict[UUID, list[tuple[int, datetime, UUID]]]:
    found: dict[UUID, list[tuple[int, datetime, UUID]]] = defaultdict(list)
    for body, at in certain:
        if body.seq is not None:
            found[body.log].append((body.seq, at, body.id))
    return found


def _latest_below(log: UUID, seq: int) -> datetime | None:
    below = Entry.objects.filter(log=log, seq__lt=seq, unsettled_boot=None)
    latest: datetime | None = below.aggregate(latest=Max("effective_at"))["latest"]
    return latest


def _dated_before(log: UUID, seq: int, at: datetime) -> list[Entry]:
    behind = Entry.objects.filter(log=log, seq__gt=seq, unsettled_boot=None, earliest_at=None)
    return list(behind.filter(effective_at__lt=at - GREATEST_SKEW))
