"""Reads the sums: a day at each post and site, what waits now, and since when they lag behind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.worker.models import DirtyKey
from chotxanh.registers.staff.leading import Led
from chotxanh.results.followups.waiting import overdue_tubes
from chotxanh.results.people import COUNTED
from chotxanh.statistics.hours import Sums
from chotxanh.statistics.models import HourAtPost

ONE_DAY = timedelta(days=1)


@dataclass
class SiteDay:
    """A site's day: its sums, those of each post, and what is to be done there now."""

    day: Sums = field(default_factory=Sums)
    posts: dict[UUID, Sums] = field(default_factory=dict)
    waiting: int = 0
    overdue: int = 0
    recalls: int = 0


def day_of(now: datetime) -> tuple[datetime, datetime]:
    """Return the beginning and the end of Viet Nam's day (UTC+7) in which `now` lies."""
    begins = datetime.combine(now.astimezone(VIETNAM).date(), time(), VIETNAM)
    return begins, begins + ONE_DAY


def site_days(led: Led, now: datetime) -> dict[str, SiteDay]:
    """Return each site's day up to `now` (UTC), where anything happened or waits, in four queries."""
    found: dict[str, SiteDay] = defaultdict(SiteDay)
    for site, post, sums in _sums_by_post(led, now):
        found[site].posts[post] = sums
        found[site].day = found[site].day.plus(sums)
    for site, count in _still(led, "waiting"):
        found[site].waiting = count
    for site, count in _still(led, "recalls"):
        found[site].recalls = count
    for site, count in _by_site(led.within(overdue_tubes()), Count("tube")):
        found[site].overdue = count
    return dict(found)


def behind_since(now: datetime, tolerated: timedelta) -> datetime | None:
    """Return since when (UTC) the sums lag behind; None while that is less than `tolerated`."""
    late = DirtyKey.objects.filter(name=COUNTED, noted_at__lt=now - tolerated)
    # What was appended first: to look for the earliest would read all that waits, and the more the later they are.
    return late.order_by("id").values_list("noted_at", flat=True).first()


def _sums_by_post(led: Led, now: datetime) -> Iterable[tuple[str, UUID, Sums]]:
    begins, ends = day_of(now)
    hours = led.within(HourAtPost.objects.filter(hour__gte=begins, hour__lt=ends))
    totals = {f"total_{name}": Sum(name) for name in Sums._fields}
    for row in hours.order_by().values("site", "post").annotate(**totals):
        yield row["site"], row["post"], Sums(*(row[f"total_{name}"] for name in Sums._fields))


def _still(led: Led, name: str) -> Iterable[tuple[str, int]]:
    """Sum what is not over yet of whichever day, at each site; hours where nothing is left are not read."""
    return _by_site(led.within(HourAtPost.objects.filter(**{f"{name}__gt": 0})), Sum(name))


def _by_site(rows: "QuerySet[Any]", total: Any) -> Iterable[tuple[str, int]]:
    found: Iterable[tuple[str, int]] = rows.order_by().values_list("site").annotate(total=total)
    return found
