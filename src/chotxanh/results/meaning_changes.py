"""Decides again what stands where what results mean has changed: whoever had a positive, a slice a transaction."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from chotxanh.domain.pools import ResultValue
from chotxanh.keys.ring import hold_key_ring
from chotxanh.ledger.applying import decide_again
from chotxanh.ledger.feed.writing import write_feed_last
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.worker.registry import Outcome, Task
from chotxanh.registers.rules.models import Meaning
from chotxanh.results.models import TubeResult
from chotxanh.specimens.models import CollectionMember

SLICE = 200


def decide_by_new_meaning(task: Task, now: datetime) -> Outcome:
    """Decide again about everybody of whose tubes a positive is said; what is so already records nothing.

    A rule that is not known yet does so when it comes, with its repeal. Nothing else is touched: a negative means the
    same by every set.
    """
    rule = Meaning.objects.filter(id=task.key.partition("/")[0]).first()
    if rule is not None:
        for tubes in _slices(_positives()):
            people = CollectionMember.objects.filter(tube__in=tubes).values_list("person_code", flat=True)
            _decide(set(people), now)
    return Outcome()


def _positives() -> QuerySet[TubeResult]:
    """Return what may be a positive, whenever it was read: what a correction said is younger than its reading."""
    return TubeResult.objects.filter(Q(value=ResultValue.POSITIVE) | Q(line_seen=True) | Q(is_disputed=True))


def _slices(results: QuerySet[TubeResult]) -> Iterator[list[str]]:
    after = ""
    while part := list(results.filter(key__gt=after).order_by("key").values_list("key", "tube")[:SLICE]):
        after = part[-1][0]
        yield [tube for _, tube in part]


def _decide(people: set[str], now: datetime) -> None:
    def write() -> None:
        with write_feed_last(now), in_ledger(is_alone=False), hold_key_ring():
            decide_again(people, now)

    in_one_transaction(write)
