"""The calendar: asks each daily job once for every day in Viet Nam (UTC+7), days that were missed included."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.worker.errands import note_errands
from chotxanh.ledger.worker.models import DailyJob
from chotxanh.ledger.worker.registry import Daily, dailies
from chotxanh.storage.rows import Table, add_missing

ONE_DAY = timedelta(days=1)


class _Row(NamedTuple):
    name: str
    last_day: date


_JOBS = Table(DailyJob, _Row)


def ask_for_days(now: datetime) -> bool:
    """Ask for every day that became due by `now` (UTC); say whether there was one. Without any it only reads."""
    known = _last_days()
    has_asked = False
    for job in dailies():
        last = known.get(job.name)
        if last is None:
            last = _begin(job, now)
        due = _due_days(job, last, now)
        if due:
            has_asked |= _ask(job, last, due)
    return has_asked


def _last_days() -> dict[str, date]:
    return dict(DailyJob.objects.values_list("name", "last_day"))


def _begin(job: Daily, now: datetime) -> date:
    """Know a new job: its first day is today."""
    yesterday = now.astimezone(VIETNAM).date() - ONE_DAY
    add_missing(_JOBS, [_Row(job.name, yesterday)])
    return yesterday


def _due_days(job: Daily, last: date, now: datetime) -> list[date]:
    today = now.astimezone(VIETNAM).date()
    days = [last + ONE_DAY * number for number in range(1, (today - last).days + 1)]
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
