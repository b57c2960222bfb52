"""The calendar: asks each daily job once for every day in Viet Nam (UTC+7), days that were missed included."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_clock import MOST_BEHIND, behind_by
from chotxanh.ledger.worker.errands import note_errands
from chotxanh.ledger.worker.models import DailyJob
from chotxanh.ledger.worker.registry import Daily, dailies
from chotxanh.storage.rows import Table, add_missing

ONE_DAY = timedelta(days=1)
# After a longer standstill somebody says that the clock is right: what the calendar erases does not come back.
MOST_MISSED = 7 * ONE_DAY


class _Row(NamedTuple):
    name: str
    last_day: date


_JOBS = Table(DailyJob, _Row)


def ask_for_days(now: datetime) -> bool:
    """Ask for every day that became due by `now` (UTC); say whether there was one. Without any it only reads.

    By a clock that is behind, or a week and more ahead of the last day that was asked for, nothing is due.
    """
    if behind_by(now) > MOST_BEHIND:
        return False
    return _ask_for_days(now, lambda last: _today(now) - last <= MOST_MISSED)


def go_on(now: datetime) -> bool:
    """Ask for every day that was missed, however many: somebody has looked, and the clock is right."""
    return _ask_for_days(now, lambda _last: True)


def waits_since(now: datetime) -> date | None:
    """Return the last day that was asked for, where the calendar waits for somebody to look at the clock."""
    asked = {job.name for job in dailies()}  # a job that a release dropped is asked for no more
    last = min((day for name, day in _last_days().items() if name in asked), default=None)
    return last if last is not None and _today(now) - last > MOST_MISSED else None


def _ask_for_days(now: datetime, may_go_on: Callable[[date], bool]) -> bool:
    known = _last_days()
    has_asked = False
    for job in dailies():
        last = known.get(job.name)
        if last is None or last > _today(now) + ONE_DAY:  # asked for by a clock that was ahead
            last = _begin(job, now)
        if not may_go_on(last):
            continue
        due = _due_days(job, last, now)
        if due:
            has_asked |= _ask(job, last, due)
    return has_asked


def _last_days() -> dict[str, date]:
    return dict(DailyJob.objects.values_list("name", "last_day"))


def _begin(job: Daily, now: datetime) -> date:
    """Know a job that is new, or begins anew: its first day is today."""
    yesterday = _today(now) - ONE_DAY
    add_missing(_JOBS, [_Row(job.name, yesterday)])
    DailyJob.objects.filter(name=job.name, last_day__gt=_today(now) + ONE_DAY).update(last_day=yesterday)
    return yesterday


def _today(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()


def _due_days(job: Daily, last: date, now: datetime) -> list[date]:
    days = [last + ONE_DAY * number for number in range(1, (_today(now) - last).days + 1)]
    return [day for day in days if _begins(job, day) <= now]


def _begins(job: Daily, day: date) -> datetime:
    return datetime.combine(day, time(job.at_hour), VIETNAM)


def _ask(job: Daily, last: date, days: list[date]) -> bool:
    """Ask for these days, unless another worker just did."""

    def ask() -> bool:
        mine = DailyJob.objects.filter(name=job.name, last_day=last)
        if not mine.update(last_day=days[-1]):
            return False
        note_errands({(job.name, day.isoformat()): _begins(job, day) for day in days}, is_rebuilding=False)
        return True

    return in_one_transaction(ask)
