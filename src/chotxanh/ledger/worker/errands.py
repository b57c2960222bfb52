"""The outbox: errands are asked while recording, leased by one worker each, and end with their outcome.

The effect runs outside any transaction; its outcome and the end of the row are one short transaction, guarded by
the lease. So a worker killed at any point neither loses nor doubles what is recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.worker.models import Errand
from chotxanh.ledger.worker.registry import (
    Outcome,
    Task,
    asked_by_rebuild,
    meant_for_at_once,
    owed,
    paused_by_rebuild,
)
from chotxanh.storage.rows import Table, add_missing
from chotxanh.storage.statements import say
from chotxanh.storage.vendors import is_postgresql

MOST_ATTEMPTS = 12
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
# No pause and no lease of a worker reaches so far: what does is of a clock that was ahead.
SURELY_AHEAD = 2 * LONGEST_PAUSE
LONGEST_PROBLEM = 60
OWED = "owed"

Asked = Mapping[tuple[str, str], datetime | None]


class _Row(NamedTuple):
    name: str
    key: str
    due_at: datetime
    attempts: int
    is_paused: bool
    problem: str


_ERRANDS = Table(Errand, _Row)
# To wait for a worker's row here could close a ring: the worker may wait for a lock that recording holds.
_DELETE = """
    WITH free AS MATERIALIZED (
        SELECT id FROM ledger_errand JOIN unnest(%s, %s) AS settled(name, key) USING (name, key)
        ORDER BY id FOR UPDATE OF ledger_errand SKIP LOCKED
    )
    DELETE FROM ledger_errand AS errand USING free WHERE errand.id = free.id"""


@dataclass(frozen=True)
class InHand:
    """An errand that this worker holds until `leased_until` (UTC), which nobody else can have given it."""

    id: int
    task: Task
    leased_until: datetime


def note_errands(asked: Asked, *, is_rebuilding: bool) -> None:
    """Write what recording decided: errands (name, key) with the time they are due, None for those now settled.

    An errand that waits already stays as it is. What is meant for at once is due by this machine's clock, if that is
    before the time of receipt. Called under the locks of what decides about the errand.
    """
    settled = sorted(each for each, due_at in asked.items() if due_at is None)
    if settled:
        _delete(settled)
    paused = paused_by_rebuild() if is_rebuilding else frozenset()
    wanted = asked_by_rebuild() if is_rebuilding else {name for name, _ in asked}
    at_once, here = meant_for_at_once(), timezone.now()
    add_missing(
        _ERRANDS,
        [
            _Row(name, key, min(due_at, here) if name in at_once else due_at, 0, name in paused, "")
            for (name, key), due_at in sorted(asked.items(), key=lambda each: each[0])
            if due_at is not None and name in wanted
        ],
    )


def ask_for_owed(now: datetime) -> bool:
    """Ask for errands of which there is something to do and none waits (UTC `now`); say whether there was one.

    A database that was rebuilt by an older release, or put back, may have lost what it asked for.
    """
    names = owed()
    there = set(Errand.objects.filter(name__in=names).values_list("name", flat=True)) if names else set()
    missing = {(name, OWED): now for name in names if name not in there}
    if missing:
        in_one_transaction(lambda: note_errands(missing, is_rebuilding=False))
    return bool(missing)


def lease_next(names: list[str], now: datetime, lease_for: timedelta) -> InHand | None:
    """Take the errand that is due longest; None if there is none. Without work it only reads."""
    ready = Errand.objects.filter(name__in=names, is_paused=False, gave_up_at=None, due_at__lte=now)
    free = ready.filter(is_free(now))
    if not free.exists():
        return None
    return in_one_transaction(lambda: _take_first(free, now + lease_for))


def is_free(now: datetime) -> Q:
    """Return the condition that no worker holds an errand at `now` (UTC): its lease ran out, or is of a clock ahead."""
    ran_out, of_a_clock_ahead = Q(leased_until__lte=now), Q(leased_until__gt=now + SURELY_AHEAD)
    return Q(leased_until=None) | ran_out | of_a_clock_ahead


def is_dated_ahead(now: datetime, by: timedelta) -> Q:
    """Return the condition that an errand is meant for at once and due later than so long after `now` (UTC)."""
    return Q(name__in=meant_for_at_once(), due_at__gt=now + by)


def bring_back(now: datetime, by: timedelta) -> bool:
    """Let what a clock that was ahead by more than so long has dated be done now (UTC); say whether there was any."""
    ahead = Errand.objects.filter(is_dated_ahead(now, by), gave_up_at=None)
    leased = Errand.objects.filter(leased_until__gt=now + by)
    if not (ahead.exists() or leased.exists()):
        return False
    return in_one_transaction(lambda: bool(ahead.update(due_at=now) + leased.update(leased_until=None)))


def finish(held: InHand, outcome: Outcome) -> bool:
    """Record what came of an errand and end it; False if it is not this worker's any more: nothing is recorded."""
    return in_one_transaction(lambda: _finish(held, outcome))


def postpone(held: InHand, problem: str, now: datetime) -> None:
    """Give an errand that failed back: it is due again after a pause that doubles, or given up at last."""
    has_given_up = held.task.attempt >= MOST_ATTEMPTS
    mine = Errand.objects.filter(id=held.id, leased_until=held.leased_until)
    mine.update(
        leased_until=None,
        problem=problem[:LONGEST_PROBLEM],
        due_at=now + pause_after(held.task.attempt),
        gave_up_at=now if has_given_up else None,
    )


def pause_after(attempt: int) -> timedelta:
    """Return how long an errand waits after its `attempt`-th failure."""
    return min(FIRST_PAUSE * (1 << min(attempt - 1, MOST_ATTEMPTS)), LONGEST_PAUSE)


def _take_first(free: QuerySet[Errand], until: datetime) -> InHand | None:
    """Lease the first row that no other worker is just taking; SQLite has one writer, so there it is the first."""
    found = free.select_for_update(skip_locked=True).order_by("due_at", "id").first()
    if found is None:
        return None
    Errand.objects.filter(id=found.id).update(leased_until=until, attempts=found.attempts + 1)
    return InHand(found.id, Task(found.name, found.key, found.attempts + 1), until)


def _finish(held: InHand, outcome: Outcome) -> bool:
    with in_ledger(is_alone=False):  # before the row's lock: a rebuild holds the ledger and deletes here
        return _end_row(held, outcome)


def _end_row(held: InHand, outcome: Outcome) -> bool:
    mine = Errand.objects.filter(id=held.id, leased_until=held.leased_until, gave_up_at=None)
    if not mine.select_for_update().values_list("id", flat=True).first():
        return False
    if outcome.write is not None:
        outcome.write()
    row = Errand.objects.filter(id=held.id)
    if outcome.again_at is None:
        row.delete()
    else:
        row.update(due_at=outcome.again_at, leased_until=None, attempts=0, problem="")
    return True


def _delete(settled: list[tuple[str, str]]) -> None:
    """End errands by their names and keys, but for one that a worker is just ending by itself."""
    if is_postgresql():
        say(_DELETE, [list(column) for column in zip(*settled, strict=True)])
        return
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM ledger_errand WHERE name = %s AND key = %s", settled)
