"""The worker's backlog: what waits, what is paused, what was given up, and whether anybody works at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from chotxanh.ledger.worker.errands import SURELY_AHEAD, is_dated_ahead, is_free
from chotxanh.ledger.worker.models import DirtyKey, Errand

# An errand is run within a second; one that is due much longer says that no worker runs.
BEHIND_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class NamedCount:
    """How many errands of a name wait, are paused, or were given up, and why the last of these failed."""

    name: str
    waiting: int
    paused: int
    given_up: int
    problem: str


@dataclass(frozen=True)
class Backlog:
    """All errands by name; `behind_since` (UTC) is set where what is due is not being done."""

    counts: tuple[NamedCount, ...]
    behind_since: datetime | None

    @property
    def paused(self) -> int:
        """How many errands wait for a person to release them."""
        return sum(each.paused for each in self.counts)

    @property
    def given_up(self) -> int:
        """How many errands failed too often."""
        return sum(each.given_up for each in self.counts)


def backlog(now: datetime) -> Backlog:
    """Return what the worker has before it at `now` (UTC), in four queries."""
    is_given_up = Q(gave_up_at__isnull=False)
    counted = (
        Errand.objects.order_by()
        .values("name")
        .annotate(
            waiting=Count("id", filter=Q(is_paused=False) & ~is_given_up),
            paused=Count("id", filter=Q(is_paused=True) & ~is_given_up),
            given_up=Count("id", filter=is_given_up),
        )
    )
    failed = Errand.objects.filter(is_given_up).order_by("gave_up_at").values_list("name", "problem")
    problems = dict(failed[:1000])
    counts = sorted(
        (NamedCount(**each, problem=problems.get(each["name"], "")) for each in counted),
        key=lambda each: each.name,
    )
    return Backlog(tuple(counts), behind_since(now))


def behind_since(now: datetime) -> datetime | None:
    """Return since when (UTC) something due is not being done; None while the worker keeps up.

    Since when is not known of what a clock that was ahead has dated: a worker takes it up within a second.
    """
    late = now - BEHIND_AFTER
    is_late, is_ahead = Q(due_at__lt=late), is_dated_ahead(now, SURELY_AHEAD)
    found = Errand.objects.filter(is_late | is_ahead, is_paused=False, gave_up_at=None).aggregate(
        at=Min("due_at", filter=is_late & is_free(now)), ahead=Count("id", filter=is_ahead)
    )
    moments = [
        found["at"],
        late if found["ahead"] else None,
        DirtyKey.objects.filter(noted_at__lt=late).aggregate(at=Min("noted_at"))["at"],
    ]
    return min((each for each in moments if each is not None), default=None)


def release_paused() -> int:
    """Let the errands that a rebuild paused run; return how many."""
    return Errand.objects.filter(is_paused=True).update(is_paused=False)


def try_again(now: datetime) -> int:
    """Let the errands that were given up begin anew at `now` (UTC); return how many."""
    given_up = Errand.objects.filter(gave_up_at__isnull=False)
    return given_up.update(gave_up_at=None, attempts=0, due_at=now, leased_until=None)
