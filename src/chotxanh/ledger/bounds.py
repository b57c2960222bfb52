"""Between what times an entry was written whose clock is in doubt, as its log tells: such a time disputes nothing."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from msgspec.structs import replace

from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark
from chotxanh.ledger.applying import bounds_of, stored_happening
from chotxanh.ledger.models import Entry, Shift
from chotxanh.ledger.remarking import mark_authority
from chotxanh.protocol.kinds import Happening

Item = Happening[Any, Any]
NONE_KNOWN: Mapping[UUID, int] = MappingProxyType({})


def bind_times(awake: dict[UUID, Item], doubtful: Mapping[UUID, int]) -> None:
    """Bound the doubtful times among `awake`, and anew those of their logs on which something certain now bears.

    A time lies not before the last certain one of its log with a lower number, at the least not before the ticket of
    its shift was issued; and not after its receipt. Who was not authorised at any time between is marked so: a clock
    that was put back gives nobody a right. `doubtful` are the highest numbers in doubt of the logs that were asked
    about: what came after them bears on nothing.
    """
    lowest: dict[UUID, int] = {}
    for item in awake.values():
        if item.log and item.seq and _may_bear(item, doubtful.get(item.log)):
            lowest[item.log] = min(item.seq, lowest.get(item.log, item.seq))
    if not lowest:
        return
    bound = []
    for entry in _in_doubt(lowest):
        earliest = _earliest(entry)
        if earliest != entry.earliest_at or entry.id in awake:
            entry.earliest_at = earliest
            bound.append(entry)
    mark_authority(bound)
    Entry.objects.bulk_update(bound, ["earliest_at", "marks"])
    for entry in bound:
        known = awake.get(entry.id)
        awake[entry.id] = (
            replace(known, between=bounds_of(entry), marks=Mark(entry.marks))
            if known is not None
            else stored_happening(entry)
        )


def _may_bear(item: Item, last_doubtful: int | None) -> bool:
    """Say whether an entry is in doubt itself, or stands below one of its log that may be."""
    if Mark.TIME_DOUBTFUL in item.marks or last_doubtful is None:
        return True
    return item.seq is not None and item.seq < last_doubtful


def _in_doubt(lowest: Mapping[UUID, int]) -> QuerySet[Any]:
    """Return what is applied and in doubt from these numbers on, each with the last certain time and shift below it."""
    wanted = Q()
    for log, seq in lowest.items():
        wanted |= Q(log=log, seq__gte=seq)
    below = Entry.objects.filter(log=OuterRef("log"), answer=Answer.APPLIED)
    certain = below.filter(seq__lt=OuterRef("seq"), earliest_at=None).order_by("-seq")
    shift = Shift.objects.filter(log=OuterRef("log"), seq__lte=OuterRef("seq"), issued_at__isnull=False)
    found: QuerySet[Any] = Entry.objects.filter(wanted, answer=Answer.APPLIED, earliest_at__isnull=False)
    found = found.annotate(
        certain_at=Subquery(certain.values("effective_at")[:1]),
        issued_at=Subquery(shift.order_by("-seq").values("issued_at")[:1]),
    )
    return found.exclude(body="").order_by("log", "seq")


def _earliest(entry: Any) -> datetime:
    """Without a shift and a certain time it is as the device says: a lead let it in."""
    times = [time for time in (entry.certain_at, entry.issued_at) if time is not None]
    earliest: datetime = max(times, default=entry.effective_at)
    received_at: datetime = entry.received_at
    return min(earliest, received_at)
